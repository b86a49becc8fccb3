import { expect, it } from "vitest";
import { expectProblem } from "../support/api.ts";
import { openApp } from "../support/browser.ts";

const page = { Accept: "text/html,application/xhtml+xml" };
const secret = { ...page, Authorization: `Bearer hst_${"x".repeat(43)}` };

it.each(["preview", "production"] as const)(
  "in %s, somebody who typed an address is sent on to HTTPS",
  async (environment) => {
    const app = openApp({ HS_ENV: environment });
    const answer = await app.fetch(
      new Request("http://hi.example/personas?language=de", { headers: page }),
    );
    expect(answer.status).toBe(308);
    expect(answer.headers.get("Location")).toBe("https://hi.example/personas?language=de");
  },
);

it.each([
  ["a call of the API", "GET", {}],
  ["a call with a token, whatever it asks for", "GET", secret],
  ["a write", "POST", page],
])("in production, %s by plain HTTP is refused and not redirected", async (_, method, headers) => {
  const app = openApp({ HS_ENV: "production" });
  const request = new Request("http://hi.example/api/ping", { method, headers });
  const answer = await app.fetch(request);
  expect(answer.headers.has("Location")).toBe(false);
  await expectProblem(answer, "https_required");
});

it("a local server answers by plain HTTP", async () => {
  const answer = await openApp().fetch(new Request("http://localhost:8788/api/ping"));
  expect(answer.status).toBe(200);
});
