/** Checks of the token: whether the store knows it, what it opens, and whether personas can be counted. */
import { StoreError } from "@hi-stranger/core/errors";
import type { Client, Ping } from "@hi-stranger/sdk/client";
import { formatCountOf } from "../format.ts";
import type { Finding } from "./check.ts";

/** Looks at what the token opens, by asking for things that change nothing. */
export async function checkToken(
  client: Client,
  hasToken: boolean,
  { mode }: Ping,
): Promise<Finding[]> {
  const count = await attempt(() => client.countProfiles());
  const findings: Finding[] = [];
  if (!hasToken) findings.push(describeNoToken(mode));
  else if (count.code === "token_invalid" || count.code === "token_expired") {
    return [describeBadToken(count.code)];
  } else findings.push(await describeScopes(client, count.code, mode));
  findings.push(describeCount(count));
  return findings;
}

function describeNoToken(mode: Ping["mode"]): Finding {
  if (mode === "prototype") {
    return { check: "token", state: "good", text: "No token is set, and the prototype needs none" };
  }
  return {
    check: "token",
    state: "bad",
    text: "No token is set, and the store opens nothing without one",
    fix: "export HI_TOKEN=$(npx hi token create --quiet)",
  };
}

function describeBadToken(code: string): Finding {
  return {
    check: "token",
    state: "bad",
    text: code === "token_expired" ? "The token has expired" : "The store does not know the token",
    fix: "export HI_TOKEN=$(npx hi token create --quiet)",
  };
}

/** Which scopes the token has: each is asked for something that can't be, which only who may ask learns. */
async function describeScopes(
  client: Client,
  readCode: string | null,
  mode: Ping["mode"],
): Promise<Finding> {
  const noReport = "imp_00000000000000000000000000";
  const [importCode, deleteCode] = await Promise.all([
    attempt(() => client.getImportReport(noReport)).then(({ code }) => code),
    // Not an id: the store refuses it after it has looked at the token, and before anything else.
    attempt(() => client.deleteProfile("none")).then(({ code }) => code),
  ]);
  const may = [
    ...(readCode === null ? ["read"] : []),
    ...(importCode === null ? ["import"] : []),
    ...(deleteCode === "invalid_parameter" ? ["delete"] : []),
  ];
  const check = "token";
  if (may.length > 0) {
    const what = mode === "live" ? "The token" : "What HI_TOKEN holds";
    return { check, state: "good", text: `${what} is valid: it may ${may.join(", ")}` };
  }
  return {
    check,
    state: "bad",
    text: "The token opens nothing of this store",
    fix: "export HI_TOKEN=$(npx hi token create --quiet)",
  };
}

function describeCount({ value, code, detail }: Attempt<number>): Finding {
  const check = "count";
  if (value !== null) {
    return { check, state: "good", text: `The store holds ${formatCountOf(value, "persona")}` };
  }
  if (code === "token_missing" || code === "scope_missing") {
    return {
      check,
      state: "skipped",
      text: "Personas can't be counted without a token for reading",
    };
  }
  return {
    check,
    state: "bad",
    text: `Personas can't be counted: ${detail}`,
    fix: "Look at what the store's log says.",
  };
}

interface Attempt<T> {
  readonly value: T | null;
  readonly code: string | null;
  readonly detail: string;
}

async function attempt<T>(ask: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await ask(), code: null, detail: "" };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { value: null, code: error.code, detail: error.detail };
  }
}
