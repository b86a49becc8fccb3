/** Who sends a request: by its bearer token or, without one, by the cookie of a session. */
import { isForPeople, ruleOf } from "@hi-stranger/core/contract/actions";
import type { Route } from "@hi-stranger/core/contract/route";
import { StoreError } from "@hi-stranger/core/errors";
import type { Context } from "../context.ts";
import { chooseActingPersona } from "../policy/acting-persona.ts";
import type { Principal } from "../policy/principal.ts";
import { accessCookie, readCookie } from "./cookies.ts";
import { requirePageOf } from "./page-of.ts";

/** Names the persona that a person acts as. */
const personaHeader = "HS-Persona";

/**
 * Tells who calls. What a browser sends along by itself counts for unsafe methods only when the
 * request also has what just a page of ours can know.
 *
 * `beforeLookup` is called before a token is looked up in the database, and may refuse.
 *
 * @throws {StoreError} `token_invalid`, `foreign_origin`, `csrf_token_invalid`, `persona_not_yours`
 */
export async function identify(
  route: Route,
  request: Request,
  { tokens, identity }: Pick<Context, "tokens" | "identity">,
  beforeLookup: () => Promise<void>,
): Promise<Principal> {
  const authorization = request.headers.get("Authorization");
  const accessToken = readCookie(request, accessCookie);
  const isByCookie = authorization === null && isForPeople(ruleOf(route.action));
  if (!identity || accessToken === null || !isByCookie) {
    return tokens.authenticate(authorization, beforeLookup);
  }
  const person = await identity.sessions.authenticate(accessToken);
  if (!person) return { kind: "anonymous" };
  if (route.method !== "GET") await requirePageOf(person.sessionId, request, identity);
  const actingAs = chooseActingPersona(person.personas, request.headers.get(personaHeader));
  if (actingAs === undefined) {
    throw new StoreError("persona_not_yours", "`HS-Persona` takes the id of one's own persona.");
  }
  return { kind: "person", ...person, actingAs };
}
