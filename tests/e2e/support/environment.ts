/** What `run.ts` hands to the tests, by environment variables, as they run in other processes. */

export interface Environment {
  /** A server in LIVE mode. */
  readonly liveUrl: string;
  /** A server in prototype mode. */
  readonly prototypeUrl: string;
  readonly chromePath: string;
  readonly tokens: Tokens;
}

export interface Tokens {
  readonly full: string;
  readonly readOnly: string;
  readonly importOnly: string;
  readonly deleteAndRead: string;
  readonly expired: string;
}

const name = "HI_E2E";

export function readEnvironment(): Environment {
  const text = process.env[name];
  if (text === undefined) throw new Error("run the tests with `node tests/e2e/run.ts`");
  return JSON.parse(text) as Environment;
}

export function toVariables(environment: Environment): Record<string, string> {
  return { [name]: JSON.stringify(environment) };
}

/** Where `npm test` wants a report in JSON; null when somebody runs the tests by hand. */
export function reportFile(): string | null {
  return process.env["PLAYWRIGHT_JSON_OUTPUT_FILE"] ?? null;
}
