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
  /** Resolves when every call is answered. */
  idle(): Promise<void>;
  /** Whether the worker has ended, or never began. */
  hasEnded(): boolean;
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
  const idleListeners: (() => void)[] = [];
  let lastId = 0;
  let endReason: Error | null = null;
  const tellWhenIdle = () => {
    if (waitingById.size === 0) for (const tell of idleListeners.splice(0)) tell();
  };
  const end = (reason: Error) => {
    endReason = reason;
    worker.terminate();
    for (const { reject } of waitingById.values()) reject(reason);
    waitingById.clear();
    tellWhenIdle();
  };
  const settle = (answer: AnswerMessage) => {
    const waiting = waitingById.get(answer.id);
    waitingById.delete(answer.id);
    if ("error" in answer) waiting?.reject(fromCarriedError(answer.error));
    else waiting?.resolve(answer.value);
    tellWhenIdle();
  };
  worker.addEventListener("message", ({ data }) => {
    if ("event" in data) onEvent(data.event);
    else settle(data);
  });
  // A script that can't be loaded, or that broke, answers nothing.
  worker.addEventListener("error", ({ message }) => {
    end(new Error(`the vault's worker failed: ${message || "it could not be loaded"}`));
  });

  return {
    call: (port, method, input) =>
      new Promise((resolve, reject) => {
        if (endReason) {
          reject(endReason);
          return;
        }
        lastId += 1;
        const message: CallMessage = { id: lastId, port, method, input };
        const { value, buffers } = moveBytes(message);
        waitingById.set(lastId, { resolve, reject });
        worker.postMessage(value, buffers);
      }),
    idle: () =>
      new Promise((resolve) => {
        idleListeners.push(resolve);
        tellWhenIdle();
      }),
    hasEnded: () => endReason !== null,
    end,
  };
}
