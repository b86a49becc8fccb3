/** The endpoints that make people moderators and admins. No answer holds an address. */
import Type from "typebox";
import { personId } from "../schema/record-ids.ts";
import { roles } from "./actions.ts";
import type { Route } from "./route.ts";

const closed = { additionalProperties: false };

const grantSchema = Type.Object(
  {
    person_id: personId(),
    role: Type.Enum([...roles]),
    granted_at: Type.String({ format: "date-time" }),
  },
  closed,
);
export type RoleGrant = Type.Static<typeof grantSchema>;

export const grantRole = {
  id: "grantRole",
  method: "POST",
  path: "/api/admin/roles",
  summary: "Give the person with an address a role",
  description: "Their session knows of it when it is next refreshed, within 10 minutes.",
  action: "roles.manage",
  repeat: "harmless",
  body: {
    contentTypes: ["application/json"],
    maxBytes: 2048,
    schema: Type.Object(
      { email: Type.String({ minLength: 3, maxLength: 254 }), role: Type.Enum([...roles]) },
      closed,
    ),
  },
  answers: {
    200: { description: "They have it already.", schema: grantSchema },
    201: { description: "Given.", schema: grantSchema },
  },
  errors: [
    "invalid_body",
    "unsupported_media_type",
    "body_too_large",
    "person_not_found",
    "not_supported",
  ],
} as const satisfies Route;

export const listRoles = {
  id: "listRoles",
  method: "GET",
  path: "/api/admin/roles",
  summary: "Who moderates and who administers",
  action: "roles.manage",
  query: Type.Object({}, closed),
  answers: {
    200: {
      description: "At most a thousand, by the person's id.",
      schema: Type.Object({ roles: Type.Array(grantSchema) }, closed),
    },
  },
  errors: ["not_supported"],
} as const satisfies Route;

export const revokeRole = {
  id: "revokeRole",
  method: "DELETE",
  path: "/api/admin/roles/{person}/{role}",
  summary: "Take a role from a person",
  description:
    "Ends their sessions too, since those know of it; requests may be let in for up to 10 seconds more.",
  action: "roles.manage",
  repeat: "harmless",
  params: Type.Object({ person: personId(), role: Type.Enum([...roles]) }, closed),
  answers: { 204: { description: "They don't have it any more." } },
  errors: ["role_not_found", "not_supported"],
} as const satisfies Route;
