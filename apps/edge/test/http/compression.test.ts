import { describe, expect, it } from "vitest";
import { acceptsGzip, compressText } from "../../src/http/compression.ts";

describe("an Accept-Encoding header", () => {
  it.each(["gzip", "br, gzip;q=0.5", "GZIP ; q=1", "x-gzip"])("%s takes gzip", (header) => {
    expect(acceptsGzip(header)).toBe(true);
  });
  it.each([null, "", "br", "gzip;q=0", "gzip; q=0.000", "gzipped"])("%s doesn't", (header) => {
    expect(acceptsGzip(header)).toBe(false);
  });
});

describe("a local answer", () => {
  const request = (init: RequestInit = {}) =>
    new Request("http://localhost/", { headers: { "Accept-Encoding": "gzip" }, ...init });
  const answer = (type: string, init: ResponseInit = {}) =>
    new Response("text", { headers: { "Content-Type": type, ETag: '"1"' }, ...init });
  const compressed = (to: Request, given: Response) => {
    compressText(to, given);
    return given.headers.get("Content-Encoding");
  };

  it("of text is compressed, and its ETag made weak", () => {
    const page = answer("text/html; charset=utf-8");
    expect(compressed(request(), page)).toBe("gzip");
    expect(page.headers.get("ETag")).toBe('W/"1"');
    expect(page.headers.get("Vary")).toBe("Accept-Encoding");
  });

  it("goes as it is to who doesn't take gzip, but varies by that", () => {
    const page = answer("text/javascript");
    expect(compressed(request({ headers: {} }), page)).toBeNull();
    expect(page.headers.get("ETag")).toBe('"1"');
    expect(page.headers.get("Vary")).toBe("Accept-Encoding");
  });

  it("that is a picture, a 404 or for HEAD goes as it is", () => {
    expect(compressed(request(), answer("image/png"))).toBeNull();
    expect(compressed(request({ method: "HEAD" }), answer("text/css"))).toBeNull();
    const missing = new Response("", { status: 404, headers: { "Content-Type": "text/html" } });
    expect(compressed(request(), missing)).toBeNull();
  });
});
