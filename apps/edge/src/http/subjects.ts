/**
 * Whose requests a request counts with. What fails to sign in counts apart from all else of its
 * network, so that one who guesses there blocks nobody who is signed in or just reads.
 */
import { refreshSession } from "@hi-stranger/core/contract/identity";
import type { Route } from "@hi-stranger/core/contract/route";
import type { Context } from "../context.ts";
import { toClientNetwork, toClientSite } from "../policy/client-network.ts";
import type { Principal } from "../policy/principal.ts";
import type { LimitSubject } from "../services/limit-callers.ts";
import { readCookie, refreshCookie } from "./cookies.ts";
import { isFromPageOf } from "./page-of.ts";

/** Cloudflare sets it to where a request comes from, and lets nobody else's through. */
const addressHeader = "CF-Connecting-IP";
const noAddress = "none";

/** The network that a request comes from. */
export function clientOf(request: Request): LimitSubject {
  return { tier: "address", kind: "network", id: networkOf(request) };
}

/** The IPv6 site that the network is part of, whoever in it calls; null where there is none. */
export function siteOf(request: Request): LimitSubject | null {
  const site = toClientSite(addressOf(request));
  return site === null ? null : { tier: "site", kind: "network", id: site };
}

/** The same network as one that tries links and tokens. */
export function attemptsOf(request: Request): LimitSubject {
  return { tier: "address", kind: "attempts", id: networkOf(request) };
}

/** Whoever is known, or else the network. */
export function subjectOf(principal: Principal, request: Request): LimitSubject {
  switch (principal.kind) {
    case "anonymous":
      return clientOf(request);
    case "operator":
      return { tier: "service", kind: "operator", id: "" };
    case "token":
      return { tier: "service", kind: "token", id: principal.tokenId };
    case "person":
      return { tier: "person", kind: "person", id: principal.personId };
    default:
      return principal satisfies never;
  }
}

/** Who failed to sign in. */
export function failedOf(principal: Principal, request: Request): LimitSubject {
  return principal.kind === "anonymous" ? attemptsOf(request) : subjectOf(principal, request);
}

/** Whose limits a call of a route is held to; of those who go on with a session, the session's. */
export async function callerOf(
  route: Route,
  principal: Principal,
  request: Request,
  { identity }: Pick<Context, "identity">,
): Promise<LimitSubject> {
  if (principal.kind !== "anonymous") return subjectOf(principal, request);
  if (route.id === refreshSession.id) {
    // Both tokens' tags are enough, so that one that was made up, or stolen without the page's,
    // counts with its network, costs no look-up and leaves the session's owner alone.
    const sessionId = await identity?.sessions.sessionOf(readCookie(request, refreshCookie) ?? "");
    if (identity && sessionId && (await isFromPageOf(sessionId, request, identity))) {
      return { tier: "person", kind: "session", id: sessionId };
    }
    return clientOf(request);
  }
  return route.action === refreshSession.action ? attemptsOf(request) : clientOf(request);
}

function networkOf(request: Request): string {
  return toClientNetwork(addressOf(request)) ?? noAddress;
}

function addressOf(request: Request): string {
  return request.headers.get(addressHeader) ?? "";
}
