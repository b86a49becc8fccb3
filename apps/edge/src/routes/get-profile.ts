/** `GET /api/profiles/item`. */
import { getProfile } from "@hi-stranger/core/contract/profiles";
import { StoreError } from "@hi-stranger/core/errors";
import type { PublicProfile } from "@hi-stranger/core/schema/public-view";
import { jsonTextAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { toPublicLine } from "../services/public-line.ts";

export const getProfileEndpoint = endpoint(getProfile, async (call) => {
  const { request, context, query } = call;
  const wantsFresh = /\bno-cache\b/.test(request.headers.get("Cache-Control") ?? "");
  const stored = wantsFresh
    ? await context.getFreshProfile(query.id)
    : await context.profiles.get(query.id);
  if (!stored) throw new StoreError("profile_not_found", "No persona has this id.");
  const isWhole = call.may("profiles.readWhole", { kind: "profile", profileId: query.id });
  const line = isWhole ? stored.line : toPublicLine(stored.line, context.clock);
  const etag = isWhole ? `"${stored.rev}"` : publicEtag(stored.rev, line);
  if (matches(request.headers.get("If-None-Match"), etag)) {
    return new Response(null, { status: 304, headers: { ETag: etag } });
  }
  return jsonTextAnswer(line, { headers: { ETag: etag } });
});

/** The view has a tag of its own, which changes with the age in it too. */
function publicEtag(rev: number, line: string): string {
  const { profile } = JSON.parse(line) as PublicProfile;
  return `"${rev}-public-${profile.identity.age}"`;
}

/** Weak comparison of RFC 9110 section 13.1.2. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}
