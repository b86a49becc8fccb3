/** The endpoints of one's own account: personal data and personas. */
import Type from "typebox";
import { personalDataSchema, personalFields } from "../schema/personal-data.ts";
import { profileId } from "../schema/record-ids.ts";
import { userProfileSchema } from "../schema/user-profile.ts";
import type { Route } from "./route.ts";

/** Most personas of one account. */
export const maxPersonas = 20;
const maxPersonaBytes = 128 * 1024;

const closed = { additionalProperties: false };

export const getPersonalData = {
  id: "getPersonalData",
  method: "GET",
  path: "/api/me/personal-data",
  summary: "One's own personal data",
  description: "Nobody else gets it, in no role.",
  action: "account.read",
  query: Type.Object({}, closed),
  answers: { 200: { description: "All of it.", schema: personalDataSchema } },
  errors: [],
} as const satisfies Route;

export const changePersonalData = {
  id: "changePersonalData",
  method: "PUT",
  path: "/api/me/personal-data",
  summary: "Change fields of one's own personal data",
  description: "Fields that aren't named stay as they are; null takes a field out.",
  action: "account.write",
  repeat: "harmless",
  body: {
    contentTypes: ["application/json"],
    maxBytes: 16_384,
    schema: Type.Object(
      {
        name: Type.Optional(personalFields.name),
        address: Type.Optional(personalFields.address),
        country: Type.Optional(personalFields.country),
        timezone: Type.Optional(personalFields.timezone),
        payment_ref: Type.Optional(personalFields.payment_ref),
      },
      closed,
    ),
  },
  answers: { 200: { description: "All of it, as it is now.", schema: personalDataSchema } },
  errors: ["invalid_body", "unsupported_media_type", "body_too_large"],
} as const satisfies Route;

export const listOwnProfiles = {
  id: "listOwnProfiles",
  method: "GET",
  path: "/api/me/profiles",
  summary: "One's own personas, whole",
  action: "profiles.keepOwn",
  query: Type.Object({}, closed),
  answers: {
    200: {
      description: "All of them, oldest first.",
      schema: Type.Object({ items: Type.Array(userProfileSchema) }, closed),
    },
  },
  errors: [],
} as const satisfies Route;

export const saveOwnProfile = {
  id: "saveOwnProfile",
  method: "POST",
  path: "/api/me/profiles",
  summary: "Make a persona, or change one of one's own",
  description: `A persona as \`user_profile.v1\`. Without \`profile_id\` it is a new one, with the id that the store gives it; with the id of one's own it replaces that. An account has ${maxPersonas} at most.`,
  action: "profiles.keepOwn",
  repeat: "by_key",
  body: {
    contentTypes: ["application/json"],
    maxBytes: maxPersonaBytes,
    schema: Type.Object(
      {
        ...userProfileSchema.properties,
        profile_id: Type.Optional(profileId()),
        created_at: Type.Optional(userProfileSchema.properties.created_at),
      },
      closed,
    ),
  },
  answers: {
    200: { description: "Changed.", schema: userProfileSchema },
    201: { description: "Made.", schema: userProfileSchema },
  },
  errors: [
    "invalid_body",
    "unsupported_media_type",
    "body_too_large",
    "profile_not_found",
    "too_many_personas",
  ],
} as const satisfies Route;
