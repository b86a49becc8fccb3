/** Checks of the store: whether it answers, as what, and at what time. */
import { connect } from "node:net";
import { version } from "@hi-stranger/core/version";
import { type Ping, createClient } from "@hi-stranger/sdk/client";
import { isLoopback, toCliError } from "../errors.ts";
import { formatDuration } from "../format.ts";
import type { Finding } from "./check.ts";

const answerTimeoutMs = 5_000;
const maxSkewMs = 30_000;

export interface StoreAnswer {
  readonly findings: readonly Finding[];
  /** What the store said of itself, or null when no store of ours answered. */
  readonly ping: Ping | null;
}

/** Asks the store for a sign of life, and looks at what else the answer tells. */
export async function checkStore(url: string): Promise<StoreAnswer> {
  let serverMs = Number.NaN;
  const client = createClient({
    baseUrl: url,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      serverMs = Date.parse(response.headers.get("date") ?? "");
      return response;
    },
  });
  try {
    const ping = await client.ping({ signal: AbortSignal.timeout(answerTimeoutMs) });
    if (!isPing(ping)) return { findings: [await describeSilence(url, null)], ping: null };
    return {
      findings: [describeStore(url, ping), describeVersion(ping), ...checkClock(serverMs)],
      ping,
    };
  } catch (error) {
    return { findings: [await describeSilence(url, error)], ping: null };
  }
}

function isPing(value: unknown): value is Ping {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { ok?: unknown }).ok === true &&
    typeof (value as { version?: unknown }).version === "string"
  );
}

function describeStore(url: string, { mode, env }: Ping): Finding {
  const kind = mode === "live" ? "LIVE, in D1" : "prototype, in KV";
  return { check: "store", state: "good", text: `A store answers at ${url} (${kind}; ${env})` };
}

function describeVersion(ping: Ping): Finding {
  const check = "version";
  if (ping.version === version) {
    return { check, state: "good", text: `Store and hi are both version ${version}` };
  }
  return {
    check,
    state: "note",
    text: `The store is version ${ping.version} and hi is ${version}`,
    fix: "Should something fail, use the hi of the store's version.",
  };
}

function checkClock(serverMs: number): Finding[] {
  // Servers need not tell the time.
  if (Number.isNaN(serverMs)) return [];
  const skewMs = Date.now() - serverMs;
  if (Math.abs(skewMs) <= maxSkewMs) {
    return [
      { check: "clock", state: "good", text: "This machine's clock agrees with the store's" },
    ];
  }
  return [
    {
      check: "clock",
      state: "bad",
      text: `This machine's clock is ${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"} the store's`,
      fix: "Set the clock, best by NTP: tokens expire by it.",
    },
  ];
}

/** Why there is no store: nobody listens, somebody else does, or the way there is closed. */
async function describeSilence(url: string, error: unknown): Promise<Finding> {
  const check = "store";
  const address = new URL(url);
  const port = address.port || (address.protocol === "https:" ? "443" : "80");
  const isListening = isLoopback(url) && (await canConnect(address.hostname, Number(port)));
  if (isListening) {
    return {
      check,
      state: "bad",
      text: `Something listens on port ${port}, but it is no Hi Stranger store`,
      fix: "Stop it, or use another port: `npm start -- --port 8790` and `export HI_URL=http://localhost:8790`.",
    };
  }
  const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
  const text = isTimeout
    ? `${url} did not answer within ${answerTimeoutMs / 1000} s`
    : toCliError(error, url).message.replace(/\.$/, "");
  return {
    check,
    state: "bad",
    text,
    fix: isLoopback(url)
      ? "Start it: `npm start`. If it runs elsewhere: `export HI_URL=…`."
      : "Check HI_URL and the network.",
  };
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port, timeout: 1_000 });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
