import { expect, it } from "vitest";
import { accessCookie, readCookie, setCookie } from "../../src/http/cookies.ts";

const withCookie = (cookie: string) =>
  new Request("https://hi.example/", { headers: { Cookie: cookie } });

it.each([
  ["__Host-hs_session=abc", "abc"],
  ["a=b; __Host-hs_session=abc; c=d", "abc"],
  ["a=b;__Host-hs_session=a=b", "a=b"],
  ["__Host-hs_session=first; __Host-hs_session=second", "first"],
  ["__Host-hs_session=", null],
  ["__Host-hs_session", null],
  ["x__Host-hs_session=abc", null],
  ["__host-hs_session=abc", null],
  ["hs_session=abc", null],
])("of the header %s the session's cookie is %j", (header, value) => {
  expect(readCookie(withCookie(header), accessCookie)).toBe(value);
});

it("a request without cookies has none", () => {
  expect(readCookie(new Request("https://hi.example/"), accessCookie)).toBeNull();
});

it("a cookie is for this host, over TLS, for no script and for no other site's writes", () => {
  expect(setCookie(accessCookie, "v", 600)).toBe(
    "__Host-hs_session=v; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax",
  );
});
