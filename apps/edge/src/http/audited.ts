/**
 * Enters the use of powers in the audit log: of every action whose rule says so, by whoever calls, and
 * of all that a person may do by a role alone. No route does it by hand.
 */
import { ruleOf } from "@hi-stranger/core/contract/actions";
import type { Route } from "@hi-stranger/core/contract/route";
import type { ErrorCode } from "@hi-stranger/core/errors";
import type { Context } from "../context.ts";
import type { Principal } from "../policy/principal.ts";
import type { AuditAct } from "../services/audit.ts";
import { outcomeOf } from "../services/audit-log.ts";

export interface PowerUse {
  readonly route: Route;
  readonly context: Pick<Context, "audit">;
  readonly principal: Principal;
  /** Whether the caller uses a power; known for good once the route has done its work. */
  readonly isPrivileged: () => boolean;
}

/**
 * Does what the route does. A change by a power is noted before it begins; a look is entered before
 * its answer goes out. What can't be entered isn't done, or isn't answered.
 *
 * @throws {StoreError} `store_unavailable`, and whatever `perform` throws
 */
export async function audited(use: PowerUse, perform: () => Promise<Response>): Promise<Response> {
  const { audit } = use.context;
  if (!audit) return perform();
  if (use.route.method !== "GET" && use.isPrivileged()) return audit.during(actOf(use), perform);
  try {
    const answer = await perform();
    if (use.isPrivileged()) await audit.append({ ...actOf(use), outcome: "done" });
    return answer;
  } catch (error) {
    if (use.isPrivileged()) await audit.append({ ...actOf(use), outcome: outcomeOf(error) });
    throw error;
  }
}

/** Enters that somebody who is known was refused what only powers open. Strangers are the Gatekeeper's to count. */
export async function noteRefusal(
  { route, context, principal }: Omit<PowerUse, "isPrivileged">,
  code: ErrorCode,
): Promise<void> {
  if (!context.audit || principal.kind === "anonymous" || !ruleOf(route.action).isAudited) return;
  await context.audit.appendCounted({
    actor: principal,
    action: "access.refused",
    subject: null,
    outcome: "refused",
    detail: { route: route.id, access: route.action, code },
  });
}

function actOf({ route, principal }: PowerUse): AuditAct {
  const detail = { route: route.id, access: route.action };
  return { actor: principal, action: "admin.called", subject: null, detail };
}
