/** What happens to keys and roles, as it stands in the audit log. */
import type { RotationInfo } from "@hi-stranger/core/contract/keys";
import type { RoleGrant } from "@hi-stranger/core/contract/roles";
import type { AuditActor, AuditLog } from "./audit.ts";

const system = { kind: "system" } as const;

/** Enters that a rotation was started by `actor`, or has finished. */
export async function enterRotation(
  audit: AuditLog,
  { purpose, to_version: version, state, total }: RotationInfo,
  actor: AuditActor = system,
): Promise<void> {
  await audit.append({
    actor,
    action: state === "finished" ? "keys.rotated" : "keys.rotation_started",
    subject: null,
    outcome: "done",
    detail: { purpose, count: total, ...(version === null ? {} : { version }) },
  });
}

/** Enters that a person got a role, or lost it. */
export async function enterRole(
  audit: AuditLog,
  action: "role.granted" | "role.revoked",
  { actor, ...grant }: Pick<RoleGrant, "person_id" | "role"> & { readonly actor: AuditActor },
): Promise<void> {
  const subject = { kind: "person", id: grant.person_id } as const;
  await audit.append({ actor, action, subject, outcome: "done", detail: { role: grant.role } });
}
