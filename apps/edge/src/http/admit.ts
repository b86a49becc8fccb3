/** Lets requests in: tells who sends them, and holds them to their limits. */
import type { LimitClass } from "@hi-stranger/core/contract/limit-classes";
import { limitClassOf } from "@hi-stranger/core/contract/limit-classes";
import type { Route } from "@hi-stranger/core/contract/route";
import { normaliseEmail } from "@hi-stranger/core/crypto/email-address";
import { StoreError } from "@hi-stranger/core/errors";
import type { Context } from "../context.ts";
import type { Principal } from "../policy/principal.ts";
import type { Standing, Verdict } from "../services/gate.ts";
import type { LimitSubject } from "../services/limit-callers.ts";
import { identify } from "./identify.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { attemptsOf, callerOf, clientOf, failedOf, siteOf, subjectOf } from "./subjects.ts";

const standingsByRequest = new WeakMap<Request, Standing>();

/** Adds how the caller stands to an answer, if the request counted. */
export function addRateLimit(request: Request, headers: Headers): void {
  const standing = standingsByRequest.get(request);
  if (!standing) return;
  for (const [name, value] of Object.entries(rateLimitHeaders(standing))) headers.set(name, value);
}

/**
 * Tells who calls a route and lets them in.
 *
 * @throws {StoreError} what `identify` throws; `rate_limited`, `access_blocked`, `store_unavailable`;
 * `session_missing` for a session that was revoked
 */
export async function admit(route: Route, request: Request, context: Context): Promise<Principal> {
  const name = limitClassOf(route);
  let principal: Principal;
  try {
    principal = await identify(route, request, context, () => refuseBlocked(request, context));
  } catch (error) {
    if (error instanceof StoreError && error.status < 429) {
      await admitClient(request, context, name);
      if (error.code === "token_invalid")
        await note(attemptsOf(request), "failed_sign_in", context);
    }
    throw error;
  }
  await pass(request, context, await callerOf(route, principal, request, context), name);
  if (principal.kind === "person") {
    const { personId, sessionId } = principal;
    if (context.gate?.isRevoked(personId, sessionId)) {
      throw new StoreError("session_missing", "This session was ended. Sign in again.");
    }
  }
  return principal;
}

/** Lets in what no route takes, by where it comes from. @throws {StoreError} as {@link admit} does */
export function admitClient(
  request: Request,
  context: Context,
  name: LimitClass = "read",
): Promise<void> {
  return pass(request, context, clientOf(request), name);
}

/** Entries of a page that count as one request. */
const entriesPerRequest = 100;

export interface Admission {
  readonly route: Route;
  readonly principal: Principal;
  readonly request: Request;
  readonly context: Context;
}

/**
 * Counts a page of what `read` routes list as one request for each 100 entries asked for, of which
 * `admit` has counted the first.
 *
 * @throws {StoreError} `rate_limited`, `access_blocked`
 */
export async function admitPage(
  { route, principal, request, context }: Admission,
  query: object,
): Promise<void> {
  const entries = "limit" in query && typeof query.limit === "number" ? query.limit : 0;
  if (entries <= entriesPerRequest || limitClassOf(route) !== "read") return;
  const subject = await callerOf(route, principal, request, context);
  for (let counted = entriesPerRequest; counted < entries; counted += entriesPerRequest) {
    await pass(request, context, subject, "read");
  }
}

/**
 * Whether a mail to an address may go out; the same for one that has an account and one that hasn't.
 * No answer shows it, nor how the address stands: that would tell strangers whether it signs in now.
 *
 * @throws {StoreError} `rate_limited` when the deployment has sent all it may, `store_unavailable`
 */
export async function mayMail({ gate }: Context, email: string): Promise<boolean> {
  const address = normaliseEmail(email);
  // What is no address is refused for that.
  if (!gate || address === null) return true;
  const all = await gate.admit({ tier: "deployment", kind: "deployment", id: "" }, "sign_in");
  if (!all.isAdmitted) throw toError(all);
  const verdict = await gate.admit({ tier: "mail", kind: "mail", id: address }, "sign_in");
  if (!verdict.isAdmitted && verdict.code === "store_unavailable") throw toError(verdict);
  return verdict.isAdmitted;
}

/**
 * Notes a request that failed in a way of which nobody needs much. A link that isn't one counts as
 * asking for one does.
 *
 * @throws {StoreError} `rate_limited`, `access_blocked`, `store_unavailable` for such a link
 */
export async function noteFailure(
  error: unknown,
  principal: Principal,
  request: Request,
  context: Context,
): Promise<void> {
  if (!(error instanceof StoreError)) return;
  if (error.code === "link_invalid") {
    const subject = failedOf(principal, request);
    try {
      await pass(request, context, subject, "sign_in");
    } finally {
      await note(subject, "failed_sign_in", context);
    }
  } else if (error.status === 404) {
    await note(subjectOf(principal, request), "missing_id", context);
  }
}

/** Lets a request in; what counts for a network must pass its site too. */
async function pass(
  request: Request,
  { gate }: Context,
  subject: LimitSubject,
  name: LimitClass,
): Promise<void> {
  if (!gate) return;
  const verdict = await gate.admit(subject, name);
  standingsByRequest.set(request, verdict.standing);
  if (!verdict.isAdmitted) throw toError(verdict);
  const site = subject.tier === "address" ? siteOf(request) : null;
  const wider = site && (await gate.admit(site, name));
  if (!wider || wider.isAdmitted) return;
  standingsByRequest.set(request, wider.standing);
  throw toError(wider);
}

function toError(verdict: Extract<Verdict, { isAdmitted: false }>): StoreError {
  const { code, standing, retryAfterSeconds } = verdict;
  const details = {
    rate_limited: `Wait ${retryAfterSeconds} s; ${standing.limit.requests} requests of this kind are let in per ${standing.limit.windowSeconds} s.`,
    access_blocked: `Something unusual was noticed. Requests are let in again in ${retryAfterSeconds} s.`,
    store_unavailable: "What counts requests can't be reached; try again.",
  };
  return new StoreError(code, details[code], {
    headers: { "Retry-After": String(retryAfterSeconds) },
    members: code === "rate_limited" ? { "violated-policies": [standing.class] } : {},
  });
}

/** Whoever is blocked tries no tokens either. */
async function refuseBlocked(request: Request, { gate }: Context): Promise<void> {
  if (!(await gate?.isBlocked(attemptsOf(request)))) return;
  throw new StoreError("access_blocked", "Something unusual was noticed. Try again later.", {
    headers: { "Retry-After": "60" },
  });
}

async function note(
  subject: LimitSubject,
  signal: "failed_sign_in" | "missing_id",
  { gate }: Context,
): Promise<void> {
  await gate?.note(subject, signal);
}
