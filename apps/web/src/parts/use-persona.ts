import { useEffect, useState } from "preact/hooks";
import { type Persona, toPersona } from "../state/persona-list.ts";
import type { OpenHome } from "../state/session.ts";

export type PersonaState =
  | { readonly status: "loading" | "missing" }
  | { readonly status: "ready"; readonly persona: Persona }
  | { readonly status: "failed"; readonly error: unknown };

/** The persona `id` of an open home: at once when the list has it, then as the store has it now. */
export function usePersona(open: OpenHome, id: string): { state: PersonaState; retry: () => void } {
  const [state, setState] = useState<PersonaState>(() => {
    const listed = open.list.listing.peek()?.items.find(({ profileId }) => profileId === id);
    return listed ? { status: "ready", persona: listed } : { status: "loading" };
  });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let isCurrent = true;
    if (attempt > 0) setState({ status: "loading" });
    open.store.get(id).then(
      (stored) => {
        if (!isCurrent) return;
        setState(stored ? { status: "ready", persona: toPersona(stored) } : { status: "missing" });
      },
      (error: unknown) => {
        if (isCurrent) setState({ status: "failed", error });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [open, id, attempt]);

  return { state, retry: () => setAttempt(attempt + 1) };
}
