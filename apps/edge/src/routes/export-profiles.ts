/** `GET /api/profiles/export`. */
import { exportProfiles } from "@hi-stranger/core/contract/profiles";
import type { ProfileStore } from "@hi-stranger/core/store/profile-store";
import { acceptsGzip } from "../http/compression.ts";
import { endpoint } from "../http/endpoint.ts";

/** Text read at once; ordinary records then take well under 1,000 queries a million. */
const pageBytes = 3_000_000;
/** Records in the first page, whose size nobody knows yet, and the most in any. */
const firstPageSize = 100;
const maxPageSize = 2_500;

export const exportProfilesEndpoint = endpoint(exportProfiles, async ({ request, context }) => {
  const headers = new Headers({
    "Content-Type": "application/x-ndjson",
    "Content-Disposition": 'attachment; filename="personas.ndjson"',
    Vary: "Accept-Encoding",
  });
  const lines = streamLines(context.profiles);
  if (!acceptsGzip(request.headers.get("Accept-Encoding"))) return new Response(lines, { headers });
  headers.set("Content-Encoding", "gzip");
  return new Response(lines.pipeThrough(new CompressionStream("gzip")), {
    headers,
    encodeBody: "manual",
  });
});

/** All records, a line each, in the order of their ids; a page is read when the reader is ready for it. */
function streamLines(profiles: ProfileStore): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let cursor: string | null = null;
  let limit = firstPageSize;
  return new ReadableStream({
    async pull(controller) {
      const page = await profiles.list({ filter: {}, cursor, limit });
      if (page.items.length > 0) {
        const text = page.items.map(({ line }) => `${line}\n`).join("");
        const pageSize = Math.floor((pageBytes * page.items.length) / text.length);
        limit = Math.min(Math.max(pageSize, 1), maxPageSize);
        controller.enqueue(encoder.encode(text) as Uint8Array<ArrayBuffer>);
      }
      cursor = page.nextCursor;
      if (cursor === null) controller.close();
    },
  });
}
