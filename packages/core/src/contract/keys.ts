/** The endpoints of the keyring and of rotating its keys. No answer holds a key. */
import Type from "typebox";
import { keyPurposes } from "../crypto/keyring.ts";
import { rotationPurposes } from "./rotation-purposes.ts";
import type { Route } from "./route.ts";

/**
 * `waiting`: every server is getting to know the new key, and none uses it. `moving`: new things are
 * made with it, and what there is moves. `switching`: the index by the new key takes the place of the
 * old one. `stuck`: what is left can't be moved. `finished`: a query has shown that nothing is left.
 */
export const rotationStates = ["waiting", "moving", "switching", "stuck", "finished"] as const;
export type RotationState = (typeof rotationStates)[number];

const closed = { additionalProperties: false };
const instant = () => Type.String({ format: "date-time" });
const orNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

const keySchema = Type.Object(
  {
    purpose: Type.Enum([...keyPurposes]),
    version: Type.Integer({ minimum: 1 }),
    is_active: Type.Boolean({ description: "Whether new things are made with it." }),
    fingerprint: Type.String({ description: "16 hexadecimal digits that tell keys apart." }),
    uses: orNull(
      Type.Integer({ minimum: 0, description: "How many rows it opens; null where none is kept." }),
    ),
    is_retirable: Type.Boolean({
      description: "Whether a finished rotation has left it without use, so that it may go.",
    }),
  },
  closed,
);
export type KeyInfo = Type.Static<typeof keySchema>;

const rotationSchema = Type.Object(
  {
    rotation_id: Type.String(),
    purpose: Type.Enum([...rotationPurposes]),
    from_version: orNull(Type.Integer()),
    to_version: orNull(Type.Integer()),
    state: Type.Enum([...rotationStates]),
    done: Type.Integer({ minimum: 0, description: "Rows that this pass has seen." }),
    total: Type.Integer({ minimum: 0, description: "Rows when the pass began." }),
    failed: Type.Integer({ minimum: 0, description: "Of those done, rows that don't open." }),
    left_over: orNull(
      Type.Integer({ minimum: 0, description: "Rows on an old key when a pass last ended." }),
    ),
    started_at: instant(),
    updated_at: instant(),
    ready_at: Type.String({ format: "date-time", description: "When `waiting` ends." }),
    finished_at: orNull(instant()),
  },
  closed,
);
export type RotationInfo = Type.Static<typeof rotationSchema>;

export const listKeys = {
  id: "listKeys",
  method: "GET",
  path: "/api/admin/keys",
  summary: "The versions of every key, and what still uses them",
  action: "keys.manage",
  query: Type.Object({}, closed),
  answers: {
    200: {
      description: "All of them, by purpose and version.",
      schema: Type.Object({ keys: Type.Array(keySchema) }, closed),
    },
  },
  errors: ["not_supported"],
} as const satisfies Route;

export const startKeyRotation = {
  id: "startKeyRotation",
  method: "POST",
  path: "/api/admin/keys/rotations",
  summary: "Start a rotation, or find the one that goes on",
  description:
    "`kek` and `index` rotate to the newest version of the keyring, `dek` gives every person a new key. A rotation that was left in the middle goes on, one that is stuck tries again. " +
    "It goes on by itself, minute by minute; `POST /api/admin/keys/rotations/{id}/batches` makes it go on at once.",
  action: "keys.manage",
  repeat: "by_key",
  body: {
    contentTypes: ["application/json"],
    maxBytes: 256,
    schema: Type.Object({ purpose: Type.Enum([...rotationPurposes]) }, closed),
  },
  answers: {
    200: { description: "It is under way already.", schema: rotationSchema },
    201: { description: "Started.", schema: rotationSchema },
  },
  errors: [
    "invalid_body",
    "unsupported_media_type",
    "body_too_large",
    "rotation_impossible",
    "not_supported",
  ],
} as const satisfies Route;

export const listKeyRotations = {
  id: "listKeyRotations",
  method: "GET",
  path: "/api/admin/keys/rotations",
  summary: "The rotations, finished ones too",
  description: "A finished one is the record that nothing used its old key any more.",
  action: "keys.manage",
  query: Type.Object({}, closed),
  answers: {
    200: {
      description: "At most a hundred, newest first.",
      schema: Type.Object({ rotations: Type.Array(rotationSchema) }, closed),
    },
  },
  errors: ["not_supported"],
} as const satisfies Route;

export const runKeyRotation = {
  id: "runKeyRotation",
  method: "POST",
  path: "/api/admin/keys/rotations/{id}/batches",
  summary: "Move some rows to the new key",
  description: "Call it again until `state` is `finished` or `stuck`. Several may call it at once.",
  action: "keys.manage",
  repeat: "harmless",
  params: Type.Object({ id: Type.String({ pattern: "^rot_[0-9a-z]{26}$" }) }, closed),
  answers: {
    200: {
      description: "How far it is.",
      schema: Type.Object(
        {
          rotation: rotationSchema,
          failed_subjects: Type.Array(Type.String(), {
            description: "At most ten whose rows don't open.",
          }),
        },
        closed,
      ),
    },
  },
  errors: ["rotation_not_found", "not_supported"],
} as const satisfies Route;
