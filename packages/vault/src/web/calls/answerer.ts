/** The worker's side of the calls. */
import type { AnswerMessage, CallMessage } from "./call-messages.ts";
import { toCarriedError } from "./carried-error.ts";
import { moveBytes, wipeBytes } from "./moved-bytes.ts";

/** Does `method` of `port` with `input`. */
export type CallHandler = (
  port: string,
  method: string,
  input: readonly unknown[],
) => Promise<unknown>;

/** What a worker's scope is, as far as calls go. */
export interface AnswererScope {
  addEventListener(type: "message", listener: (event: MessageEvent<CallMessage>) => void): void;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/**
 * Begins calls in the order they come, and answers each when it is done: which of them have to wait
 * for one another is the handler's to say. The bytes of a call are wiped when it is answered.
 */
export function answerCalls(scope: AnswererScope, handle: CallHandler): void {
  scope.addEventListener("message", ({ data }) => {
    void answerOf(data, handle).then((answer) => post(scope, answer));
  });
}

function post(scope: AnswererScope, answer: AnswerMessage): void {
  const { value, buffers } = moveBytes(answer);
  try {
    scope.postMessage(value, buffers);
  } catch (error) {
    // What a handler gave can't travel, which is a mistake of ours: the page must not wait for ever.
    const failure: AnswerMessage = { id: answer.id, error: toCarriedError(error) };
    scope.postMessage(failure, []);
  }
}

async function answerOf(
  { id, port, method, input }: CallMessage,
  handle: CallHandler,
): Promise<AnswerMessage> {
  try {
    return { id, value: await handle(port, method, input) };
  } catch (error) {
    return { id, error: toCarriedError(error) };
  } finally {
    wipeBytes(input);
  }
}
