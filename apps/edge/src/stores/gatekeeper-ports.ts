/** The port to the objects that stand over callers. */
import type { Answer, Question, Revocation } from "../gatekeeper/messages.ts";

/** Finds a caller's object by `name`. Both throw when it can't be reached. */
export interface Gatekeepers {
  ask(name: string, question: Question): Promise<Answer>;
  revoke(name: string, revocation: Revocation): Promise<void>;
}
