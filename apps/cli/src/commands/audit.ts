/** `hi audit`: shows and verifies a store's audit log. */
import { AuditFault } from "@hi-stranger/core/audit/fault";
import type { AuditReport } from "@hi-stranger/core/audit/verify";
import type { AuditEntry } from "@hi-stranger/core/contract/audit";
import {
  type AuditAction,
  type AuditOutcome,
  auditActions,
  auditOutcomes,
} from "@hi-stranger/core/contract/audit-words";
import type { ListAuditQuery } from "@hi-stranger/sdk/audit-client";
import { type Command, InvalidArgumentError } from "commander";
import { withAuditClient } from "../audit/with-audit-client.ts";
import { type AddCommand, type Run, examples } from "../command.ts";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatCount, formatCountOf, formatTable, withoutControls } from "../format.ts";
import { readChoice, readInteger } from "../option-values.ts";
import { createProgressBar } from "../progress-bar.ts";

interface ListOptions {
  readonly limit: number;
  readonly action?: AuditAction;
  readonly outcome?: AuditOutcome;
  readonly since?: string;
  readonly until?: string;
}

interface VerifyOptions {
  readonly key?: string;
}

const maxPage = 1_000;
const headings = ["SEQ", "AT", "ACTION", "OUTCOME", "ACTOR", "SUBJECT", "DETAIL"];

export const addAuditCommand: AddCommand = (program, run) => {
  const audit = program
    .command("audit")
    .summary("show and verify the audit log")
    .description(
      `Show and verify a store's audit log: who did what, by pseudonyms. It takes a token with the scope audit:read, or the operator's secret when there is no token.`,
    );
  addList(audit, run);
  audit
    .command("verify")
    .summary("verify the audit log")
    .description(
      `Verify the audit log: that no entry was changed, added, removed or moved, and that each day is what was signed at its end. The exit code is 9 when it isn't.`,
    )
    .option(
      "--key <public key>",
      "trust this key alone, known from before, and not the store's word",
      readKey,
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi audit verify", "verify all of it"],
        ["npx hi audit verify --json", "with the numbers, for a program to read"],
      ),
    )
    .action(run(verify));
};

function addList(audit: Command, run: Run): void {
  audit
    .command("list")
    .summary("list entries, the newest first")
    .description(
      `List entries, the newest first: as a table, or with --json each on a line of its own.`,
    )
    .option("--limit <n>", "how many at most", readInteger(1, 1_000_000), 20)
    .option("--action <action>", "only of this, such as session.begun", readChoice(auditActions))
    .option(
      "--outcome <outcome>",
      `only of this: ${auditOutcomes.join(", ")}`,
      readChoice(auditOutcomes),
    )
    .option("--since <time>", "only entered then or later, such as 2026-11-22", readTime)
    .option("--until <time>", "only entered before", readTime)
    .addHelpText(
      "after",
      examples(
        ["npx hi audit list", "the last twenty"],
        [
          "npx hi audit list --action access.refused --since 2026-11-01",
          "who was refused this month",
        ],
      ),
    )
    .action(run(list));
}

async function list(context: Context, options: ListOptions): Promise<void> {
  const { output, signal } = context;
  const { limit, ...filter } = options;
  let shown = 0;
  await withAuditClient(context, async (client) => {
    const query: ListAuditQuery = { ...filter, order: "newest", limit: Math.min(limit, maxPage) };
    for await (const page of client.entries(query, { signal })) {
      const items = page.slice(0, limit - shown);
      if (items.length > 0) await show(context, items, shown === 0);
      shown += items.length;
      if (shown >= limit) break;
    }
  });
  if (!output.isJson && shown === 0) output.note("There is no such entry.");
}

async function show(
  { output }: Context,
  items: readonly AuditEntry[],
  isFirst: boolean,
): Promise<void> {
  if (output.isJson) {
    await output.write(items.map((item) => `${JSON.stringify(item)}\n`).join(""));
    return;
  }
  const table = formatTable(headings, items.map(toCells), (text) => output.style("bold", text));
  await output.line(isFirst ? table : table.slice(table.indexOf("\n") + 1));
}

async function verify(context: Context, { key }: VerifyOptions): Promise<void> {
  const { output, signal } = context;
  // It brings the schemas, which only this command needs.
  const { verifyAuditLog } = await import("@hi-stranger/sdk/verify-audit-log");
  const progress = createProgressBar(!output.isQuiet);
  try {
    const report = await withAuditClient(context, (client) =>
      verifyAuditLog(client, {
        publicKey: key ?? null,
        subtle: crypto.subtle,
        signal,
        onProgress: (fraction, count) =>
          progress.update({ fraction, count, done: formatCountOf(count, "entry", "entries") }),
      }),
    );
    progress.clear();
    if (output.isJson) await output.json({ ok: true, ...toJson(report) });
    else await output.line(describe(report));
  } catch (error) {
    throw error instanceof AuditFault ? toDamage(error) : error;
  } finally {
    progress.clear();
  }
}

function toDamage(fault: AuditFault): CliError {
  const { code, message, seq, day } = fault;
  return new CliError(code, `The audit log is damaged. ${message}`, {
    exitCode: exitCodes.damaged,
    hint: "Keep the database and the checkpoints as they are, and look into who could write to them.",
    members: { seq, day },
    cause: fault,
  });
}

function toJson(report: AuditReport): object {
  return {
    entry_count: report.entryCount,
    first_seq: report.firstSeq,
    last_seq: report.lastSeq,
    signed_seq: report.signedSeq,
    checkpoint_count: report.checkpointCount,
    last_day: report.lastDay,
  };
}

function describe(report: AuditReport): string {
  const { entryCount, firstSeq, lastSeq, signedSeq, lastDay } = report;
  const lines = [`The audit log is whole: ${formatCountOf(entryCount, "entry", "entries")}.`];
  if (firstSeq > 1) {
    lines.push(`Those up to ${formatCount(firstSeq - 1)} were pruned, as the log says.`);
  }
  lines.push(
    lastDay === null
      ? "No day is signed yet: the end of the log could be cut off without a trace."
      : `Signed through ${lastDay}; ${formatCountOf(lastSeq - signedSeq, "entry", "entries")} since.`,
  );
  return lines.join("\n");
}

function toCells(entry: AuditEntry): string[] {
  const detail = Object.entries(entry.detail).map(([name, value]) => `${name}=${String(value)}`);
  return [
    String(entry.seq),
    entry.at.replace("T", " ").slice(0, 19),
    entry.action,
    entry.outcome,
    entry.actor,
    entry.subject ?? "–",
    detail.join(" "),
  ].map(withoutControls);
}

/** Reads a day or a moment. */
function readTime(text: string): string {
  const epochMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(epochMs)) return new Date(epochMs).toISOString();
  throw new InvalidArgumentError("It takes a day such as 2026-11-22, or 2026-11-22T10:00:00Z.");
}

function readKey(text: string): string {
  if (/^[A-Za-z0-9_-]{43}$/.test(text)) return text;
  throw new InvalidArgumentError("A public key is 43 letters, digits, - and _.");
}
