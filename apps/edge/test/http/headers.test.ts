import { beforeAll, describe, expect, it } from "vitest";
import { addSecurityHeaders } from "../../src/http/headers.ts";
import { type Api, createApi } from "../support/api.ts";

const yearSeconds = 365 * 24 * 60 * 60;

/** The directives of a Content-Security-Policy (CSP Level 3), by their names. */
function directivesOf(headers: Headers): Map<string, string> {
  const policy = headers.get("Content-Security-Policy") ?? "";
  return new Map(
    policy.split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values.join(" ")];
    }),
  );
}

function pageHeaders(): Headers {
  const headers = new Headers();
  addSecurityHeaders(headers, "page");
  return headers;
}

describe("the headers of", () => {
  const headersByAnswer = new Map<string, Headers>([["the web app", pageHeaders()]]);
  let api: Api;
  beforeAll(async () => {
    api = await createApi("live");
    for (const path of ["/api/ping", "/api/docs", "/dev/mailbox", "/nothing/here.html"]) {
      headersByAnswer.set(path, (await api.fetch(path)).headers);
    }
  });

  it.each(["the web app", "/api/ping", "/api/docs", "/dev/mailbox", "/nothing/here.html"])(
    "%s hold browsers to TLS for a year at least, and let nobody frame, rebase or plug in",
    (name) => {
      const headers = headersByAnswer.get(name) ?? new Headers();
      const transport = headers.get("Strict-Transport-Security") ?? "";
      expect(Number(/max-age=(\d+)/.exec(transport)?.[1])).toBeGreaterThanOrEqual(yearSeconds);
      expect(transport).toContain("includeSubDomains");
      const directives = directivesOf(headers);
      // What a policy doesn't name falls back to `default-src`: plugins with it.
      expect(directives.get("default-src")).toBe("'none'");
      expect(directives.has("object-src")).toBe(false);
      expect(directives.get("base-uri")).toBe("'none'");
      expect(directives.get("frame-ancestors")).toBe("'none'");
      expect([...directives.values()].join(" ")).not.toMatch(/unsafe-|\*/);
    },
  );

  it("the web app let scripts come from our files alone, and text become code nowhere", () => {
    const directives = directivesOf(pageHeaders());
    expect(directives.get("script-src")).toBe("'self'");
    expect(directives.get("connect-src")).toBe("'self'");
    expect(directives.get("form-action")).toBe("'none'");
    expect(directives.get("require-trusted-types-for")).toBe("'script'");
  });

  it.each([
    ["/api/ping", "application/json; charset=utf-8"],
    ["/api/docs", "text/html; charset=utf-8"],
    ["/dev/mailbox", "text/html; charset=utf-8"],
    ["/nothing/here.html", "application/problem+json; charset=utf-8"],
  ])("%s name their type and their charset", (path, type) => {
    expect(headersByAnswer.get(path)?.get("Content-Type")?.toLowerCase()).toBe(type);
  });
});
