/** `hi list`: personas in the order of their ids, as a table or as NDJSON. */
import type { Client, ListProfilesQuery } from "@hi-stranger/sdk/client";
import { type AddCommand, examples } from "../command.ts";
import type { Context } from "../context.ts";
import { formatCount, formatCountOf, formatTable, withoutControls } from "../format.ts";
import { readChoice, readInteger } from "../option-values.ts";

interface ListOptions extends Pick<
  ListProfilesQuery,
  "language" | "assertiveness" | "empathy" | "stress" | "regulation"
> {
  readonly limit: number;
  readonly all?: boolean;
}

type Filter = Omit<ListOptions, "limit" | "all">;

/** The parts of a persona that the table shows. */
interface Row {
  readonly id: string;
  readonly user_name: string;
  readonly language: string | null;
  readonly assertiveness: number;
  readonly empathy: number;
  readonly stress: number;
  readonly regulation: string;
  readonly created_at: string;
}

const pageSize = 1000;
/** Whoever wants more wants `--all`. */
const maxLimit = 1_000_000;
const rowFields = "id,user_name,language,assertiveness,empathy,stress,regulation,created_at";
const headings = ["ID", "NAME", "LANGUAGE", "ASSERTIVE", "EMPATHY", "STRESS", "MOOD", "CREATED"];

export const addListCommand: AddCommand = (program, run) => {
  const score = readInteger(1, 5);
  program
    .command("list")
    .summary("list personas")
    .description(
      `List personas in the order of their ids: as a table, or with --json each as a whole on a line of its own, which \`hi import\` takes.`,
    )
    .option("--limit <n>", "how many at most", readInteger(1, maxLimit), 20)
    .option("--all", "all of them")
    .option("--language <tag>", "only of this language, such as en or pt-BR")
    .option("--assertiveness <1-5>", "only of this assertiveness", score)
    .option("--empathy <1-5>", "only of this empathy", score)
    .option("--stress <1-5>", "only of this tolerance of stress", score)
    .option(
      "--regulation <mood>",
      "only of this mood: calm, sensitive or volatile",
      readChoice(["calm", "sensitive", "volatile"]),
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi list", "the first twenty"],
        ["npx hi list --language de --empathy 5", "German-speaking personas of great empathy"],
        ["npx hi list --all --regulation calm --json > calm.ndjson", "all calm ones, as a file"],
      ),
    )
    .action(run(listPersonas));
};

async function listPersonas(context: Context, options: ListOptions): Promise<void> {
  const { output, signal } = context;
  const client = await context.openClient();
  const { limit, all = false, ...filter } = options;
  const wanted = all ? Number.POSITIVE_INFINITY : limit;
  if (output.isJson) {
    for await (const { items } of readPages(client, filter, wanted, undefined, signal)) {
      await output.write(items.map((item) => `${JSON.stringify(item)}\n`).join(""));
    }
    return;
  }
  let shown = 0;
  let hasMore = false;
  for await (const page of readPages(client, filter, wanted, rowFields, signal)) {
    hasMore = page.hasMore;
    if (page.items.length === 0) continue;
    // Each page has columns of its own, so that a list of a million doesn't wait for its last.
    const table = formatTable(headings, (page.items as Row[]).map(toCells), (text) =>
      output.style("bold", text),
    );
    await output.line(shown === 0 ? table : table.slice(table.indexOf("\n") + 1));
    shown += page.items.length;
  }
  output.note(await describeEnd(client, filter, shown, hasMore, signal));
}

interface Page {
  readonly items: readonly unknown[];
  readonly hasMore: boolean;
}

/** Pages until `wanted` items were read or there are no more. */
async function* readPages(
  client: Client,
  filter: Filter,
  wanted: number,
  fields: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page, void> {
  let rest = wanted;
  let cursor: string | null = null;
  do {
    const query: ListProfilesQuery = {
      ...filter,
      limit: Math.min(rest, pageSize),
      ...(fields === undefined ? {} : { fields }),
      ...(cursor === null ? {} : { cursor }),
    };
    const page = await client.listProfiles(query, { signal });
    rest -= page.items.length;
    cursor = page.next_cursor;
    yield { items: page.items, hasMore: cursor !== null };
  } while (cursor !== null && rest > 0);
}

function toCells(row: Row): string[] {
  return [
    row.id,
    withoutControls(row.user_name),
    row.language ?? "–",
    String(row.assertiveness),
    String(row.empathy),
    String(row.stress),
    row.regulation,
    row.created_at.slice(0, 10),
  ];
}

async function describeEnd(
  client: Client,
  filter: Filter,
  shown: number,
  hasMore: boolean,
  signal: AbortSignal,
): Promise<string> {
  const isFiltered = Object.keys(filter).length > 0;
  if (shown === 0) return isFiltered ? "No persona is like that." : "The store is empty.";
  if (!hasMore) return `\n${formatCountOf(shown, "persona")}.`;
  if (isFiltered) return `\nThe first ${formatCount(shown)}. For more: --limit N or --all.`;
  const total = await client.countProfiles({ signal });
  return `\n${formatCount(shown)} of ${formatCountOf(total, "persona")}. For more: --limit N or --all.`;
}
