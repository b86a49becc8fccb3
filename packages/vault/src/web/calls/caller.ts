/** The page's side of the calls. */
import type { AnswerMessage, CallMessage, EventMessage, WorkerMessage } from "./call-messages.ts";
import { fromCarriedError } from "./carried-error.ts";
import { moveBytes } from "./moved-bytes.ts";

/** A worker, as far as calls go. */
export interface CallWorker {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<WorkerMessage>) => void): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

export interface Caller {
  /** Bytes in `input` are moved: their arrays are zeros afterwards. Rejects with what the worker threw. */
  call(port: string, method: string, input: readonly unknown[]): Promise<unknown>;
  /** Ends the worker; calls that are not answered yet, and later ones, reject with `reason`. */
  end(reason: Error): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export function createCaller(
  worker: CallWorker,
  onEvent: (event: EventMessage["event"]) => void,
): Caller {
  const waitingById = new Map<number, Waiting>();
  let lastId = 0;
  let failure: Error | null = null;
  const rejectAll = (reason: Error) => {
    failure = reason;
    for (const { reject } of waitingById.values()) reject(reason);
    waitingById.clear();
  };
  const settle = (answer: AnswerMessage) => {
    const waiting = waitingById.get(answer.id);
    waitingById.delete(answer.id);
    if ("error" in answer) waiting?.reject(fromCarriedError(answer.error));
    else waiting?.resolve(answer.value);
  };
  worker.addEventListener("message", ({ data }) => {
    if ("event" in data) onEvent(data.event);
    else settle(data);
  });
  // A script that can't be loaded answers nothing.
  worker.addEventListener("error", ({ message }) => {
    rejectAll(new Error(`the vault's worker failed: ${message || "it could not be loaded"}`));
  });

  return {
    call: (port, method, input) =>
      new Promise((resolve, reject) => {
        if (failure) {
          reject(failure);
          return;
        }
        lastId += 1;
        const { value, buffers } = moveBytes({
          id: lastId,
          port,
          method,
          input,
        } satisfies CallMessage);
        waitingById.set(lastId, { resolve, reject });
        worker.postMessage(value, buffers);
      }),
    end(reason) {
      worker.terminate();
      rejectAll(reason);
    },
  };
}
