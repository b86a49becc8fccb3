/** `GET /api/profiles`. */
import { type ListField, listProfiles } from "@hi-stranger/core/contract/profiles";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { type StoredProfile, toFacets } from "@hi-stranger/core/store/profile-store";
import { jsonTextAnswer } from "../http/answers.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import { endpoint } from "../http/endpoint.ts";
import { toPublicLine } from "../services/public-line.ts";

export const listProfilesEndpoint = endpoint(listProfiles, async (call) => {
  const { context, query } = call;
  const { limit = 100, cursor, fields, ...filter } = query;
  const page = await context.profiles.list({
    filter,
    limit,
    cursor: cursor === undefined ? null : decodeCursor(listProfiles.id, filter, cursor),
  });
  const names = fields?.split(",") as ListField[] | undefined;
  const seen = page.items.map((item) => {
    const resource = { kind: "profile", profileId: item.profileId } as const;
    if (call.may("profiles.readWhole", resource)) return item;
    return { ...item, line: toPublicLine(item.line, context.clock) };
  });
  const items = seen.map(names ? (item) => pick(item, names) : ({ line }) => line);
  const nextCursor =
    page.nextCursor === null ? null : encodeCursor(listProfiles.id, filter, page.nextCursor);
  // The records are JSON already; parsing them to write them again would double the work.
  return jsonTextAnswer(
    `{"items":[${items.join(",")}],"list_complete":${nextCursor === null},"next_cursor":${JSON.stringify(nextCursor)}}`,
  );
});

/** The asked parts of a record, as JSON text; a part that the record lacks is null. */
function pick({ profileId, rev, line }: StoredProfile, names: readonly ListField[]): string {
  // Of a public view only the birthday is missing, which is no part of its own.
  const profile = JSON.parse(line) as UserProfile;
  const parts: Record<ListField, unknown> = {
    id: profileId,
    rev,
    schema_version: profile.schema_version,
    created_at: profile.created_at,
    user_name: profile.profile.identity.user_name,
    ...toFacets(profile),
    profile,
  };
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, parts[name] ?? null])));
}
