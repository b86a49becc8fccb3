import { chatMetaSchema } from "@hi-stranger/core/schema/chat-meta";
import { messageSchema } from "@hi-stranger/core/schema/message";
import { policyStateSchema } from "@hi-stranger/core/schema/policy-state";
import { userProfileSchema } from "@hi-stranger/core/schema/user-profile";
import { errorKindsByCode } from "@hi-stranger/core/errors";
import { describe, expect, it } from "vitest";
import { createApi, json, routes } from "../support/api.ts";

describe("the API's documents", () => {
  it("describe every route in OpenAPI 3.1, and all its references lead somewhere", async () => {
    const api = await createApi("live");
    const answer = await api.fetch("/api/openapi.json");
    const document = await json<{
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
      components: { schemas: Record<string, unknown> };
    }>(answer);
    expect(document.openapi).toBe("3.1.0");
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      expect(operation?.operationId).toBe(route.id);
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(Object.keys(route.answers)),
      );
    }
    const operationIds = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(operationIds).size).toBe(operationIds.length);
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name ?? "");
    }
  });

  it("show each route and each problem on the reference page, which needs no script", async () => {
    const api = await createApi("live");
    const answer = await api.fetch("/api/docs");
    const page = await answer.text();
    for (const { id } of routes) expect(page).toContain(`id="${id}"`);
    for (const code of Object.keys(errorKindsByCode))
      expect(page).toContain(`id="problem-${code}"`);
    expect(page).not.toContain("<script");
    const nonce = /nonce-([\w-]+)/.exec(answer.headers.get("Content-Security-Policy") ?? "")?.[1];
    expect(page).toContain(`nonce="${nonce}"`);
  });

  it.each([userProfileSchema, chatMetaSchema, policyStateSchema, messageSchema])(
    "give the schema of a $title as JSON Schema",
    async (schema) => {
      const api = await createApi("prototype");
      const written = JSON.parse(JSON.stringify(schema)) as { readonly $id: string };
      const answer = await api.fetch(written.$id);
      expect(answer.headers.get("Content-Type")).toContain("application/schema+json");
      expect(await json(answer)).toEqual(written);
    },
  );
});
