/** `GET /api/profiles/count`. */
import { countProfiles } from "@hi-stranger/core/contract/profiles";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const countProfilesEndpoint = endpoint(countProfiles, async ({ context }) =>
  jsonAnswer({ total: await context.profiles.count() }),
);
