import { useEffect, useState } from "preact/hooks";

export type Answer<T> =
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly error: unknown };

/** What `ask` gives, asked once for each `key` and again on `retry`; its signal is aborted with the part that asked. */
export function useAnswer<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  key: string,
): { answer: Answer<T>; retry: () => void } {
  const [answer, setAnswer] = useState<Answer<T>>({ status: "loading" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    ask(signal).then(
      (value) => {
        if (!signal.aborted) setAnswer({ status: "ready", value });
      },
      (error: unknown) => {
        if (!signal.aborted) setAnswer({ status: "failed", error });
      },
    );
    return () => controller.abort();
  }, [key, attempt]);
  return { answer, retry: () => setAttempt(attempt + 1) };
}
