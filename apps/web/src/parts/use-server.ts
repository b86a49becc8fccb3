import { useEffect, useState } from "preact/hooks";
import type { Ping } from "@hi-stranger/sdk/client";
import { askServer } from "../state/session.ts";

export interface Server {
  readonly ping: Ping | null;
  readonly error: unknown;
}

/** What the server that serves this page says it is; both null until it has answered. */
export function useServer(): Server {
  const [server, setServer] = useState<Server>({ ping: null, error: null });
  useEffect(() => {
    const controller = new AbortController();
    askServer(controller.signal).then(
      (ping) => setServer({ ping, error: null }),
      (error: unknown) => {
        if (!controller.signal.aborted) setServer({ ping: null, error });
      },
    );
    return () => controller.abort();
  }, []);
  return server;
}
