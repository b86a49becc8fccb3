/** Requests to the product's API. */
import { randomUUID } from "node:crypto";
import { scopes } from "@hi-stranger/core/contract/actions";
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import { createClient } from "@hi-stranger/sdk/client";
import { request } from "undici";
import type { Usage } from "../workers/meter.ts";

/** A token that opens everything but the operator's routes. */
export async function createToken(baseUrl: string, operatorSecret: string): Promise<string> {
  const client = createClient({ baseUrl, token: operatorSecret });
  const { token } = await client.createToken({ name: "bench", scopes: [...scopes] });
  return token;
}

/** Sends one NDJSON body with its length and an idempotency key. @throws unless every line is stored. */
export async function importBody(
  baseUrl: string,
  token: string,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<ImportReport> {
  const answer = await request(`${baseUrl}/api/profiles/import`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/x-ndjson",
      "Content-Length": String(body.length),
      "Idempotency-Key": randomUUID(),
      ...headers,
    },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) {
    throw new Error(`the import answered ${answer.statusCode}: ${text.slice(0, 500)}`);
  }
  return JSON.parse(text) as ImportReport;
}

/** What a metered Worker has used since it was last asked. */
export async function takeUsage(baseUrl: string): Promise<Usage> {
  const answer = await request(`${baseUrl}/__meter`);
  return (await answer.body.json()) as Usage;
}
