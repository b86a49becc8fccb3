/**
 * What a declaration of an endpoint says. The edge checks requests by it, the SDK takes its types
 * from it, and the OpenAPI document and the reference page are made of it.
 */
import type { Static, TObject, TSchema } from "typebox";
import type { ErrorCode } from "../errors.ts";
import type { Action } from "./actions.ts";
import type { LimitClass } from "./limit-classes.ts";

/** The one thing that a route is about, named by a parameter. */
export interface RouteResource {
  readonly kind: "profile";
  readonly in: "query" | "params";
  readonly name: string;
}

/** A body that a route takes. */
export interface RequestBody {
  readonly contentTypes: readonly string[];
  /** Most bytes as sent, counted while they arrive. */
  readonly maxBytes: number;
  /** Most bytes once unpacked, for bodies that may be compressed. */
  readonly maxUnpackedBytes?: number;
  /** The schema of a JSON body; NDJSON bodies have one for each line instead. */
  readonly schema?: TSchema;
  /** Whether the route does without one. */
  readonly isOptional?: true;
}

export interface Answer {
  readonly description: string;
  readonly contentType?: string;
  readonly schema?: TSchema;
}

/** What a repeat of a request does: see `idempotency.ts`. */
export type Repeat =
  /** It changes nothing more. */
  | "harmless"
  /** It acts again, as each request is meant to. */
  | "acts_again"
  /** With a key it gets the first answer. */
  | "by_key"
  /** The same, kept by the route itself, whose body is a stream. */
  | "by_key_of_its_own"
  | ShownOnce;

/** With a key, a repeat does nothing: the first answer is for one pair of eyes and isn't kept. */
export interface ShownOnce {
  /** The member of the answer that is kept, so that the repeat can name what was made. */
  readonly idMember: string;
  /** What to do when the first answer was lost. */
  readonly advice: string;
}

/** One endpoint. */
export interface Route {
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with `{name}` for parameters; `aliases` answer alike. */
  readonly path: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  /** What calling it is, which decides who may. */
  readonly action: Action;
  /** What it counts as for limits, where that doesn't follow from method and action. */
  readonly limit?: LimitClass;
  /** Given when some may call it for their own things alone. */
  readonly resource?: RouteResource;
  /** Of unsafe methods, and of these always. */
  readonly repeat?: Repeat;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly headers?: TObject;
  readonly body?: RequestBody;
  readonly answers: Readonly<Record<number, Answer>>;
  /** The codes of its own problems, beyond those any route has. */
  readonly errors: readonly ErrorCode[];
}

type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : Record<never, never>;

/** The query of a route, as the handler gets it. */
export type QueryOf<R extends Route> = StaticOf<R["query"]>;

/** The path parameters of a route. */
export type ParamsOf<R extends Route> = StaticOf<R["params"]>;

/** The JSON body of a route. */
export type BodyOf<R extends Route> =
  NonNullable<R["body"]> extends { schema: infer Schema }
    ? StaticOf<Schema> | (NonNullable<R["body"]> extends { isOptional: true } ? undefined : never)
    : never;

/** The JSON answer of a route for one status. */
export type AnswerOf<
  R extends Route,
  Status extends keyof R["answers"],
> = R["answers"][Status] extends { schema: infer Schema } ? StaticOf<Schema> : never;
