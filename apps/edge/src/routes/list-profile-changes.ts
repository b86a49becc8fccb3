/** `GET /api/profiles/changes`. */
import { listProfileChanges } from "@hi-stranger/core/contract/profiles";
import { jsonTextAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const listProfileChangesEndpoint = endpoint(
  listProfileChanges,
  async ({ context, query }) => {
    const page = await context.profiles.changes(query.since_rev ?? 0, query.limit ?? 100);
    const changes = page.changes.map(
      ({ profileId, rev, line }) =>
        `{"rev":${rev},"profile_id":${JSON.stringify(profileId)},"deleted":${line === null},"profile":${line}}`,
    );
    return jsonTextAnswer(
      `{"changes":[${changes.join(",")}],"next_since_rev":${page.nextSinceRev},"list_complete":${page.isComplete}}`,
    );
  },
);
