/**
 * Judges a form by core's own reader, the one that every store's records pass through.
 *
 * The reader reports the first few violations. To show all of them at once, each field that is
 * wrong is replaced by one that is right and the record is read again, until nothing is left.
 * This module brings the schema along, so it is loaded when it is first needed.
 */
import { type ReadProfile, readProfile } from "@hi-stranger/core/schema/profile-line";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import type { Violation } from "@hi-stranger/core/schema/violations";
import { groups } from "../personas/fields.ts";
import { toPointer } from "./form-values.ts";

export type Verdict =
  | { readonly read: ReadProfile }
  /** By the JSON Pointer of the field, in the order of the form; "" for the record as a whole. */
  | { readonly violationsByPointer: ReadonlyMap<string, Violation> };

/** A record without fault, to put in the place of what is wrong. */
const sound: UserProfile["profile"] = {
  identity: { user_name: "a", gender: "f", birthday: "2000-01-01", age: 25 },
  intent: {
    expectations: ["advice"],
    conversation_goals: ["gain_advice"],
    values_and_beliefs: ["loyalty_trust"],
  },
  behavior: {
    social_energy: ["lead_conversations"],
    communication_style: ["open_direct"],
    conflict_response: "avoidant",
    support_style: "humor_distraction",
    assertiveness_level: 3,
    decision_style: "adaptive",
  },
  emotional: {
    emotional_needs: ["availability_trust"],
    maintenance_style: ["spontaneous_connection"],
    emotional_regulation: "calm",
    empathy_depth: 3,
    stress_tolerance: 3,
  },
  interests: { shared_lifestyle_type: ["relaxed_playful"], interests: ["a"] },
};

const pointers = groups.flatMap(({ name, fields }) =>
  fields.map((field) => toPointer(name, field)),
);

export function validate(candidate: unknown): Verdict {
  const first = readProfile(candidate);
  if (!("violations" in first)) return { read: first };
  const found = new Map<string, Violation>();
  const mended = structuredClone(candidate) as { profile: Record<string, Record<string, unknown>> };
  let result: ReturnType<typeof readProfile> = first;
  // Each round mends at least one field, so there are no more rounds than fields.
  for (let round = 0; round <= pointers.length && "violations" in result; round++) {
    let hasMended = false;
    for (const violation of result.violations) {
      const pointer = fieldOf(violation.path);
      if (found.has(pointer)) continue;
      found.set(pointer, violation);
      hasMended = mend(mended, pointer) || hasMended;
    }
    if (!hasMended) break;
    result = readProfile(mended);
  }
  const order = ["", ...pointers];
  return {
    violationsByPointer: new Map(
      [...found].sort(([left], [right]) => order.indexOf(left) - order.indexOf(right)),
    ),
  };
}

/** The field that a violation's place belongs to, or "". */
function fieldOf(path: string): string {
  return pointers.find((pointer) => path === pointer || path.startsWith(`${pointer}/`)) ?? "";
}

function mend(
  record: { profile: Record<string, Record<string, unknown>> },
  pointer: string,
): boolean {
  const [, , group = "", name = ""] = pointer.split("/");
  const place = record.profile[group];
  if (pointer === "" || !place) return false;
  const value = (sound as unknown as Record<string, Record<string, unknown>>)[group]?.[name];
  if (value === undefined) delete place[name];
  else place[name] = value;
  return true;
}
