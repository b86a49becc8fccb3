/** `PUT /api/me/personal-data`. */
import { changePersonalData } from "@hi-stranger/core/contract/me";
import { StoreError } from "@hi-stranger/core/errors";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import type { AuditAct } from "../services/audit.ts";
import { requirePerson } from "../policy/principal.ts";

const columns = ["name", "address", "country", "timezone", "payment_ref"] as const;

export const changePersonalDataEndpoint = endpoint(
  changePersonalData,
  async ({ context, principal, body }) => {
    const { people, audit } = context.requireIdentity();
    const { personId } = requirePerson(principal);
    const change: AuditAct = {
      actor: { kind: "person", personId },
      action: "personal_data.changed",
      subject: { kind: "person", id: personId },
      detail: { columns: columns.filter((column) => Object.hasOwn(body, column)) },
    };
    const data = await audit.during(change, async () => {
      const changed = await people.change(personId, body, context.clock.now());
      if (!changed) throw new StoreError("session_missing", "This account is no more.");
      return changed;
    });
    return jsonAnswer(data);
  },
);
