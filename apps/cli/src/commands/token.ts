/** `hi token`: makes, lists and revokes the tokens that open a store. Needs the operator's secret. */
import { type Scope, scopes } from "@hi-stranger/core/contract/actions";
import type { TokenInfo } from "@hi-stranger/core/contract/service";
import { type Command, InvalidArgumentError } from "commander";
import type { AddCommand, Run } from "../command.ts";
import { examples } from "../command.ts";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatTable, withoutControls } from "../format.ts";
import { readSeconds, readTokenId } from "../option-values.ts";

interface CreateOptions {
  readonly name: string;
  readonly scope?: readonly Scope[];
  readonly ttl?: number;
}

const defaultScopes: readonly Scope[] = ["profiles:read", "profiles:import"];

export const addTokenCommand: AddCommand = (program, run) => {
  const token = program
    .command("token")
    .summary("make, list and revoke tokens")
    .description(
      `Make, list and revoke the tokens that open a store. It takes the operator's secret, from HI_OPERATOR_SECRET or, for a store on this machine, from apps/edge/.dev.vars.`,
    );
  addCreate(token, run);
  token
    .command("list")
    .summary("list the tokens there are")
    .description("List the tokens there are, without their secrets.")
    .addHelpText("after", examples(["npx hi token list", "all tokens, the newest first"]))
    .action(run(listTokens));
  token
    .command("revoke")
    .summary("make a token useless")
    .description("Make a token useless, within half a minute everywhere.")
    .argument("<id>", "the token's id, such as tok_…, of `hi token list`", readTokenId)
    .addHelpText(
      "after",
      examples(["npx hi token revoke tok_01kbxyz1s7me5c0a2v9zwbb4fq", "revoke a token"]),
    )
    .action(run(revokeToken));
};

function addCreate(token: Command, run: Run): void {
  token
    .command("create")
    .summary("make a token")
    .description("Make a token and print it. It is shown this once, so keep it.")
    .option("--name <name>", "what it is for, as `hi token list` shows it", "hi")
    .option(
      "--scope <scopes>",
      "what it may do: read, import, delete (personas), audit (read the audit log); repeat, or separate by commas (default: read,import)",
      collectScopes,
    )
    .option(
      "--ttl <duration>",
      "how long it lasts, from 1m to 365d (default: 30d)",
      readSeconds(60, 365 * 24 * 60 * 60),
    )
    .addHelpText(
      "after",
      examples(
        ["export HI_TOKEN=$(npx hi token create --quiet)", "make a token and use it from now on"],
        ["npx hi token create --name nightly-backup --scope read --ttl 90d", "one that only reads"],
      ),
    )
    .action(run(createToken));
}

async function createToken(context: Context, options: CreateOptions): Promise<void> {
  const { output, signal } = context;
  const { name, scope = defaultScopes, ttl } = options;
  const client = await context.openOperator();
  const created = await client.createToken(
    { name, scopes: [...scope], ...(ttl === undefined ? {} : { ttl_seconds: ttl }) },
    { signal },
  );
  if (output.isJson) {
    await output.json(created);
    return;
  }
  await output.line(created.token);
  output.note(
    `\nThis token may ${describeScopes(created.scopes)} until ${created.expires_at.slice(0, 10)}. ` +
      `It is shown this once.\nIts id is ${created.token_id}; \`hi token revoke\` takes that.\n` +
      "Set HI_TOKEN to it, and the other commands use it.",
  );
}

async function listTokens(context: Context): Promise<void> {
  const { output, signal } = context;
  const client = await context.openOperator();
  const { tokens } = await client.listTokens({ signal });
  if (output.isJson) {
    await output.write(tokens.map((token) => `${JSON.stringify(token)}\n`).join(""));
    return;
  }
  if (tokens.length === 0) {
    output.note("There is no token. Make one: npx hi token create");
    return;
  }
  const headings = ["ID", "NAME", "MAY", "CREATED", "EXPIRES", "LAST USED"];
  await output.line(
    formatTable(headings, tokens.map(toCells), (text) => output.style("bold", text)),
  );
}

async function revokeToken(context: Context, id: string): Promise<void> {
  const { output, signal } = context;
  const client = await context.openOperator();
  if (!(await client.revokeToken(id, { signal }))) {
    throw new CliError("token_not_found", `There is no token ${id}, or it is revoked already.`, {
      exitCode: exitCodes.notFound,
      hint: "`npx hi token list` shows those there are.",
    });
  }
  if (output.isJson) await output.json({ revoked: id });
  else output.note(`Revoked ${id}.`);
}

function toCells(token: TokenInfo): string[] {
  const isExpired = Date.parse(token.expires_at) <= Date.now();
  return [
    token.token_id,
    withoutControls(token.name),
    token.scopes.map(describeScope).join(", "),
    toDay(token.created_at),
    isExpired ? "expired" : toDay(token.expires_at),
    token.last_used_at === null ? "never" : toDay(token.last_used_at),
  ];
}

function toDay(instant: string): string {
  return instant.slice(0, 10);
}

/** What a token with these scopes may do, as words after "may". */
function describeScopes(all: readonly string[]): string {
  const verbs = all.filter((scope) => scope.startsWith("profiles:")).map(describeScope);
  const personas = verbs.length > 0 ? [`${verbs.join(" and ")} personas`] : [];
  const audit = all.includes("audit:read") ? ["read the audit log"] : [];
  return [...personas, ...audit].join(" and ");
}

function describeScope(scope: string): string {
  return scope === "audit:read" ? "audit" : scope.replace(/^profiles:/, "");
}

/** Adds the scopes of one `--scope` to those before; `read` is short for `profiles:read`. */
function collectScopes(text: string, before: readonly Scope[] | undefined): Scope[] {
  const wanted = text.split(",").map((name) => name.trim());
  const found = wanted.map((name) =>
    scopes.find((scope) => scope === name || describeScope(scope) === name),
  );
  if (found.includes(undefined)) {
    throw new InvalidArgumentError(`It takes ${scopes.map(describeScope).join(", ")}.`);
  }
  return [...new Set([...(before ?? []), ...(found as Scope[])])];
}
