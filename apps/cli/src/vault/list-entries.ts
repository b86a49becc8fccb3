/** `hi vault list`: what is in an unlocked vault, as a table or as NDJSON. */
import { usageError } from "../errors.ts";
import { formatBytes, formatCountOf, formatTable, withoutControls } from "../format.ts";
import { maxPageItems } from "./agent-calls.ts";
import { callUnlocked } from "./agent-process.ts";
import type { KindOption } from "./entries.ts";
import { type KindName, type RecordKindName, nounsByKind } from "./record-kind-names.ts";
import { recordHeadings, toRecordCells } from "./record-tables.ts";
import type { VaultContext } from "./vault-context.ts";

export interface ListOptions extends KindOption {
  readonly limit: number;
  readonly all?: boolean;
  readonly chat?: string;
}

export async function listEntries(context: VaultContext, options: ListOptions): Promise<void> {
  const { output } = context;
  const { kind, chat = null } = options;
  const wanted = options.all === true ? Number.POSITIVE_INFINITY : options.limit;
  if (chat !== null && kind !== "messages" && kind !== "policies") {
    throw usageError("--chat is for messages and policies.");
  }
  const pages =
    kind === "secrets" ? secretPages(context, wanted) : recordPages(context, kind, chat, wanted);
  const headings = kind === "secrets" ? ["NAME", "SIZE"] : recordHeadings(kind);
  let shown = 0;
  let hasMore = false;
  for await (const page of pages) {
    hasMore = page.hasMore;
    if (output.isJson) await output.write(page.lines.map((line) => `${line}\n`).join(""));
    else if (page.lines.length > 0) {
      const table = formatTable(headings, page.cells, (text) => output.style("bold", text));
      await output.line(shown === 0 ? table : table.slice(table.indexOf("\n") + 1));
    }
    shown += page.lines.length;
  }
  const count = formatCountOf(shown, ...nounsByKind[kind]);
  if (shown === 0) output.note(`There is none. Keep one: npx hi vault put ${howToPut(kind)}`);
  else output.note(hasMore ? `\nThe first ${shown}. For more: --limit N or --all.` : `\n${count}.`);
}

interface EntryPage {
  /** Each entry as JSON. */
  readonly lines: readonly string[];
  readonly cells: readonly string[][];
  readonly hasMore: boolean;
}

async function* secretPages(
  { place, signal }: VaultContext,
  wanted: number,
): AsyncGenerator<EntryPage, void> {
  let after: string | null = null;
  for (let rest = wanted; rest > 0;) {
    const params: { readonly after: string | null } = { after };
    const { result } = await callUnlocked(place, { method: "listSecrets", params, signal });
    const secrets = result.secrets.slice(0, rest);
    yield {
      lines: secrets.map(({ name, byteLength }) =>
        JSON.stringify({ name, byte_length: byteLength }),
      ),
      cells: secrets.map(({ name, byteLength }) => [
        withoutControls(name),
        formatBytes(byteLength),
      ]),
      hasMore: !result.isLast || secrets.length < result.secrets.length,
    };
    if (result.isLast) return;
    rest -= secrets.length;
    after = secrets.at(-1)?.name ?? null;
  }
}

async function* recordPages(
  { place, signal }: VaultContext,
  kind: RecordKindName,
  chatId: string | null,
  wanted: number,
): AsyncGenerator<EntryPage, void> {
  let cursor: string | null = null;
  for (let rest = wanted; rest > 0;) {
    const params: {
      readonly kind: RecordKindName;
      readonly chatId: string | null;
      readonly cursor: string | null;
      readonly limit: number;
    } = { kind, chatId, cursor, limit: Math.min(rest, maxPageItems) };
    const { result, parts } = await callUnlocked(place, { method: "listRecords", params, signal });
    const text = Buffer.concat(parts).toString();
    const lines = text.split("\n").slice(0, -1);
    cursor = result.nextCursor;
    yield {
      lines,
      cells: lines.map((line) => toRecordCells(kind, line)),
      hasMore: cursor !== null,
    };
    if (cursor === null) return;
    rest -= lines.length;
  }
}

function howToPut(kind: KindName): string {
  return kind === "secrets" ? "NAME < FILE" : `--kind ${kind} FILE.ndjson`;
}
