/** What a page and its vault worker say to each other. Either side only ever loads the other's types. */
import type { CarriedError } from "./carried-error.ts";

/** The page asks for `method` of `port`. */
export interface CallMessage {
  readonly id: number;
  readonly port: string;
  readonly method: string;
  readonly input: readonly unknown[];
}

/** The worker has done what the call of this id asked for. */
export type AnswerMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CarriedError };

/** The worker tells something that nobody asked. */
export interface EventMessage {
  readonly event: "locked";
}

export type WorkerMessage = AnswerMessage | EventMessage;
