/** `GET /api/profiles/item`. */
import { getProfile } from "@hi-stranger/core/contract/profiles";
import { StoreError } from "@hi-stranger/core/errors";
import { jsonTextAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const getProfileEndpoint = endpoint(getProfile, async ({ request, context, query }) => {
  const wantsFresh = /\bno-cache\b/.test(request.headers.get("Cache-Control") ?? "");
  const stored = wantsFresh
    ? await context.getFreshProfile(query.id)
    : await context.profiles.get(query.id);
  if (!stored) throw new StoreError("profile_not_found", "No persona has this id.");
  const etag = `"${stored.rev}"`;
  if (matches(request.headers.get("If-None-Match"), etag)) {
    return new Response(null, { status: 304, headers: { ETag: etag } });
  }
  return jsonTextAnswer(stored.line, { headers: { ETag: etag } });
});

/** Weak comparison of RFC 9110 section 13.1.2. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}
