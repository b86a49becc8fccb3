/** Which answers go compressed (RFC 9110 section 8.4). */

const textType = /^(?:text\/|application\/(?:javascript|json|manifest\+json)|image\/svg\+xml)/;

/** Whether an `Accept-Encoding` header takes gzip. */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  return (acceptEncoding ?? "").split(",").some((coding) => {
    const [name, ...parameters] = coding
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return (
      (name === "gzip" || name === "x-gzip") && !parameters.some((q) => /^q=0(\.0*)?$/.test(q))
    );
  });
}

/**
 * Marks a text for compression on its way out; the runtime does the rest. Deployed, Cloudflare's edge
 * compresses what the app's files hold, so only a local server needs this.
 */
export function compressText(request: Request, { status, headers }: Response): void {
  if (status !== 200 || request.method !== "GET") return;
  if (!textType.test(headers.get("Content-Type") ?? "")) return;
  headers.append("Vary", "Accept-Encoding");
  if (!acceptsGzip(request.headers.get("Accept-Encoding"))) return;
  headers.set("Content-Encoding", "gzip");
  headers.delete("Content-Length");
  const etag = headers.get("ETag");
  // The bytes differ now from those that the tag was made of.
  if (etag && !etag.startsWith("W/")) headers.set("ETag", `W/${etag}`);
}
