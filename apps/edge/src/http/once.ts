/**
 * Stands around the handlers of routes that keep answers for repeats, after the caller was let in:
 * see `repeat` of a route, and `services/once.ts`.
 */
import { waitUntil } from "cloudflare:workers";
import { shownOnce, toIdempotencyKey } from "@hi-stranger/core/contract/idempotency";
import type { Route } from "@hi-stranger/core/contract/route";
import { StoreError } from "@hi-stranger/core/errors";
import type { Context } from "../context.ts";
import type { Principal } from "../policy/principal.ts";
import type { KeptAnswer } from "../services/once.ts";
import { jsonTextAnswer } from "./answers.ts";

/** What it needs to know of a call. */
export interface OnceCall {
  readonly request: Request;
  readonly context: Pick<Context, "once">;
  readonly principal: Principal;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** Answers a call, or repeats the answer that was given to its key. @throws {StoreError} as `Once.run` does; `answer_not_kept` */
export async function once(
  route: Route,
  { request, context, principal, headers, body }: OnceCall,
  perform: () => Promise<Response>,
): Promise<Response> {
  const header = headers["Idempotency-Key"];
  const isKept = route.repeat === "by_key" || shownOnce(route) !== null;
  // In the prototype, what such routes do isn't there, and they say so.
  if (header === undefined || !isKept || !context.once) return perform();
  let first: Response | undefined;
  const { pathname: path, search: query } = new URL(request.url);
  const running = context.once.run(
    { principal, routeId: route.id, key: toIdempotencyKey(header) },
    { method: request.method, path, query, body: JSON.stringify(body ?? null) },
    async () => {
      const answer = await perform();
      const text = await answer.text();
      first = new Response(text, answer);
      return { status: answer.status, body: toKept(route, text) };
    },
  );
  // Goes on when the sender hangs up, so that there is an answer when they ask again.
  waitUntil(running.catch(() => undefined));
  const kept = await running;
  if (kept) return repeated(route, kept);
  if (!first) throw new TypeError("a key was neither answered nor repeated");
  return first;
}

/** All of an answer; of one that is shown once, the id of what was made. */
function toKept(route: Route, text: string): string {
  const shown = shownOnce(route);
  if (!shown) return text;
  const { [shown.idMember]: id } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ [shown.idMember]: id });
}

function repeated(route: Route, { status, body }: KeptAnswer): Response {
  const headers = { "Idempotency-Replayed": "true" };
  const shown = shownOnce(route);
  if (!shown) return jsonTextAnswer(body, { status, headers });
  const members = JSON.parse(body) as Record<string, unknown>;
  throw new StoreError(
    "answer_not_kept",
    `The first request with this key was carried out, and its answer was for then alone: it made ${String(members[shown.idMember])}. ${shown.advice}`,
    { members, headers },
  );
}
