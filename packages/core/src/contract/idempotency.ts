/**
 * Requests that are safe to repeat: the header `Idempotency-Key`, and what each route says of repeats.
 *
 * A client that got no answer can't know whether its request was carried out. Every unsafe route takes
 * the header and refuses one that is malformed; what a key does there is the route's `repeat`. Keys
 * are those of the caller: somebody else's is another key.
 */
import Type, { type TObject } from "typebox";
import type { ErrorCode } from "../errors.ts";
import type { Route, ShownOnce } from "./route.ts";

/** How long a key stands for its first request. */
export const idempotencyTtlSeconds = 24 * 60 * 60;

/** For the headers of a route: a string of RFC 8941 without escapes, or the same without quotes and spaces. */
export const idempotencyHeader = {
  "Idempotency-Key": Type.Optional(
    Type.String({
      maxLength: 258,
      pattern: '^(?:"[\\x21\\x23-\\x5b\\x5d-\\x7e ]{1,256}"|[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,256})$',
      description:
        "Makes the request safe to repeat: a quoted string or a bare token of up to 256 characters.",
    }),
  ),
};

const headersOfUnsafe = Type.Object(idempotencyHeader);

/** The headers that are checked where a route is called. One that declares its own says the key among them. */
export function headersOf({ method, headers }: Route): TObject | undefined {
  return headers ?? (method === "GET" ? undefined : headersOfUnsafe);
}

/** The key that a header brings, which is the same quoted or bare. */
export function toIdempotencyKey(header: string): string {
  return header.startsWith('"') ? header.slice(1, -1) : header;
}

/** How the route's answer is kept when it is for one pair of eyes; null for any other. */
export function shownOnce({ repeat }: Route): ShownOnce | null {
  return typeof repeat === "object" ? repeat : null;
}

/** What its `repeat` adds to the codes of a route. */
export function errorsOfRepeat(route: Route): ErrorCode[] {
  const { method, repeat } = route;
  const ofKey: ErrorCode[] =
    repeat === undefined || repeat === "harmless" || repeat === "acts_again"
      ? []
      : ["idempotency_in_progress", "idempotency_key_reused"];
  return [
    ...(method === "GET" ? [] : (["invalid_header"] as const)),
    ...ofKey,
    ...(shownOnce(route) ? (["answer_not_kept"] as const) : []),
  ];
}

/** What a repeat does, as a sentence in which backquotes mark code. */
export function tellRepeat({ repeat }: Route): string | undefined {
  if (typeof repeat === "object") {
    return `With \`Idempotency-Key\`, a repeat within 24 hours does nothing and answers 409 \`answer_not_kept\` with \`${repeat.idMember}\`.`;
  }
  switch (repeat) {
    case "harmless":
      return "A repeat changes nothing more, with or without `Idempotency-Key`.";
    case "acts_again":
      return "A repeat acts again, whatever its `Idempotency-Key`.";
    case "by_key":
    case "by_key_of_its_own":
      return "With `Idempotency-Key`, a repeat within 24 hours gets the first answer, and `Idempotency-Replayed: true`.";
    case undefined:
      return undefined;
    default:
      return repeat satisfies never;
  }
}
