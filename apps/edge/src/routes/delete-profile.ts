/** `DELETE /api/profiles/item`. */
import { deleteProfile } from "@hi-stranger/core/contract/profiles";
import { StoreError } from "@hi-stranger/core/errors";
import { endpoint } from "../http/endpoint.ts";
import type { AuditAct } from "../services/audit.ts";

export const deleteProfileEndpoint = endpoint(
  deleteProfile,
  async ({ context, principal, query }) => {
    const { profiles, identity, audit } = context;
    const remove = async () => {
      const isDeleted = await (identity?.personas ?? profiles).delete(query.id);
      if (!isDeleted) throw new StoreError("profile_not_found", "No persona has this id.");
    };
    const deletion: AuditAct = {
      actor: principal,
      action: "persona.deleted",
      subject: { kind: "persona", id: query.id },
      detail: {},
    };
    await (audit ? audit.during(deletion, remove) : remove());
    return new Response(null, { status: 204 });
  },
);
