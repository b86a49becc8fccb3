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
 * Answers calls one after the other, in the order they come, as the vault does one thing at a time.
 * The bytes of a call are wiped when it is answered.
 */
export function answerCalls(scope: AnswererScope, handle: CallHandler): void {
  let last: Promise<void> = Promise.resolve();
  scope.addEventListener("message", ({ data }) => {
    last = last.then(async () => {
      const answer = await answerOf(data, handle);
      const { value, buffers } = moveBytes(answer);
      try {
        scope.postMessage(value, buffers);
      } catch (error) {
        // What a handler gave can't travel, which is a mistake of ours: the page must not wait for ever.
        const failure: AnswerMessage = { id: data.id, error: toCarriedError(error) };
        scope.postMessage(failure, []);
      }
    });
  });
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
