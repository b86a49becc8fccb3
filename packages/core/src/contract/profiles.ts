/** The endpoints of personas. */
import Type from "typebox";
import { profileId } from "../schema/record-ids.ts";
import { userProfileSchema } from "../schema/user-profile.ts";
import { languageTag } from "../schema/formats.ts";
import type { Route } from "./route.ts";

/** Parts of a record that `fields` can ask a list for; `profile` is the whole of it. */
export const listFields = [
  "id",
  "rev",
  "schema_version",
  "created_at",
  "user_name",
  "language",
  "assertiveness",
  "empathy",
  "stress",
  "regulation",
  "profile",
] as const;
export type ListField = (typeof listFields)[number];

const closed = { additionalProperties: false };
const count = () => Type.Integer({ minimum: 0 });
const pageLimit = () =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 100,
      description: "Most entries in the page.",
    }),
  );
const score = () => Type.Optional(Type.Integer({ minimum: 1, maximum: 5 }));

export const getProfile = {
  id: "getProfile",
  method: "GET",
  path: "/api/profiles/item",
  summary: "One persona",
  description:
    "Strangers get it without its birthday; its owner, admins and tokens get it whole. `ETag` is the revision. Up to 60 s after a change another location may still answer the former one; `Cache-Control: no-cache` asks the database.",
  action: "profiles.read",
  query: Type.Object({ id: profileId() }, closed),
  answers: {
    200: { description: "The persona.", schema: userProfileSchema },
    304: { description: "It still has the revision of `If-None-Match`." },
  },
  errors: ["profile_not_found"],
} as const satisfies Route;

export const deleteProfile = {
  id: "deleteProfile",
  method: "DELETE",
  path: "/api/profiles/item",
  summary: "Delete a persona",
  action: "profiles.delete",
  repeat: "harmless",
  resource: { kind: "profile", in: "query", name: "id" },
  query: Type.Object({ id: profileId() }, closed),
  answers: { 204: { description: "It is gone; the change feed says so." } },
  errors: ["profile_not_found"],
} as const satisfies Route;

export const listProfiles = {
  id: "listProfiles",
  method: "GET",
  path: "/api/profiles",
  summary: "Personas in the order of their ids",
  description:
    "A page may hold fewer than `limit` entries although more follow (a rare filter reads a bounded number of rows): go on until `list_complete`.",
  action: "profiles.read",
  query: Type.Object(
    {
      limit: pageLimit(),
      cursor: Type.Optional(
        Type.String({
          maxLength: 1024,
          description: "`next_cursor` of the page before, with the same filters.",
        }),
      ),
      fields: Type.Optional(
        Type.String({
          maxLength: 256,
          pattern: `^(?:${listFields.join("|")})(?:,(?:${listFields.join("|")}))*$`,
          description: `Only these: ${listFields.join(", ")}. Without it, entries are whole personas.`,
        }),
      ),
      language: Type.Optional(languageTag()),
      assertiveness: score(),
      empathy: score(),
      stress: score(),
      regulation: Type.Optional(Type.Enum(["calm", "sensitive", "volatile"])),
    },
    closed,
  ),
  answers: {
    200: {
      description: "A page.",
      schema: Type.Object(
        {
          items: Type.Array(Type.Unknown({ description: "A persona, or the asked fields of it." })),
          list_complete: Type.Boolean(),
          next_cursor: Type.Union([Type.String(), Type.Null()]),
        },
        closed,
      ),
    },
  },
  errors: ["invalid_cursor"],
} as const satisfies Route;

export const countProfiles = {
  id: "countProfiles",
  method: "GET",
  path: "/api/profiles/count",
  summary: "How many personas there are",
  action: "profiles.read",
  query: Type.Object({}, closed),
  answers: {
    200: { description: "The exact number.", schema: Type.Object({ total: count() }, closed) },
  },
  errors: [],
} as const satisfies Route;

export const listProfileChanges = {
  id: "listProfileChanges",
  method: "GET",
  path: "/api/profiles/changes",
  summary: "What changed since a revision, in order, with deletions",
  description:
    "Deletions are told for 30 days. A follower that was away for longer compares its ids with the list's.",
  action: "profiles.readAll",
  query: Type.Object(
    {
      since_rev: Type.Optional(
        Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
      ),
      limit: pageLimit(),
    },
    closed,
  ),
  answers: {
    200: {
      description: "Each persona at most once, with its latest change.",
      schema: Type.Object(
        {
          changes: Type.Array(
            Type.Object(
              {
                rev: count(),
                profile_id: Type.String(),
                deleted: Type.Boolean(),
                profile: Type.Union([
                  Type.Unknown({ description: "The persona as it is now." }),
                  Type.Null(),
                ]),
              },
              closed,
            ),
          ),
          next_since_rev: count(),
          list_complete: Type.Boolean(),
        },
        closed,
      ),
    },
  },
  errors: [],
} as const satisfies Route;

export const exportProfiles = {
  id: "exportProfiles",
  method: "GET",
  path: "/api/profiles/export",
  summary: "Every persona as NDJSON",
  description: "Streamed in the order of the ids; gzip when `Accept-Encoding` asks for it.",
  action: "profiles.readAll",
  limit: "export",
  query: Type.Object({}, closed),
  answers: { 200: { description: "One persona a line.", contentType: "application/x-ndjson" } },
  errors: [],
} as const satisfies Route;
