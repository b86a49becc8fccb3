/**
 * `personal_data.v1`: who is behind a person's personas. It is kept in `PII_DB` alone, encrypted
 * field by field, and travels to nobody but the person. The TypeBox schema below is the JSON Schema
 * (draft 2020-12) served at `/schemas/personal_data.v1.schema.json`.
 */
import Type from "typebox";
import { instant } from "./formats.ts";
import { cappedText, oneOf, recordHeader } from "./members.ts";
import { personId } from "./record-ids.ts";

export const personalDataVersion = "personal_data.v1";

/** What a person may change by themselves; null takes a field out. */
export const personalFields = {
  name: Type.Union([cappedText(200), Type.Null()]),
  address: Type.Union([cappedText(1000), Type.Null()]),
  country: Type.Union([Type.String({ format: "country" }), Type.Null()]),
  timezone: Type.Union([Type.String({ format: "timezone" }), Type.Null()]),
  /** A payment provider's token, never the number of a card. */
  payment_ref: Type.Union([
    Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_.:-]{2,127}$" }),
    Type.Null(),
  ]),
};

export const personalDataSchema = Type.Object(
  {
    schema_version: Type.Literal(personalDataVersion),
    person_id: personId(),
    email: Type.String({ minLength: 3, maxLength: 254 }),
    ...personalFields,
    verification_status: oneOf("unverified", "verified"),
    created_at: instant(),
    last_login_at: Type.Union([instant(), Type.Null()]),
  },
  recordHeader(
    personalDataVersion,
    "Personal data",
    "Who is behind a person's personas in Hi Stranger, as the person sees it.",
  ),
);

/** Personal data as the person gets it. */
export type PersonalData = Type.Static<typeof personalDataSchema>;
