/**
 * The data map: everything that is kept anywhere, with what it is, whose it is and how it ends.
 *
 * `docs/data-map.md` is written from it by `npm run generate`. Tests compare it with the live
 * schema of the edge's databases and of the vault's, column by column and index by index: what the
 * map doesn't know, or knows and isn't there, fails. Encryption, export, erasure and retention will
 * read it too, so there is one answer to each of those questions.
 */
import { auditTables } from "./data-map/audit-tables.ts";
import { authTables } from "./data-map/auth-tables.ts";
import { identityTables } from "./data-map/identity-tables.ts";
import { edgeTables } from "./data-map/edge-tables.ts";
import type { Facts, MappedTable } from "./data-map/facts.ts";
import { gatekeeperTables } from "./data-map/gatekeeper-tables.ts";
import { keyTables } from "./data-map/key-tables.ts";
import { mappedKeys } from "./data-map/keys.ts";
import { signInTables } from "./data-map/sign-in-tables.ts";
import { vaultTables } from "./data-map/vault-tables.ts";

export const mappedTables: readonly MappedTable[] = [
  ...edgeTables,
  ...auditTables,
  ...identityTables,
  ...signInTables,
  ...keyTables,
  ...gatekeeperTables,
  ...vaultTables,
  ...authTables,
];

/** What holds for one column, its table's facts included. */
export function factsOfColumn(table: MappedTable, column: string): Facts & { holds: string } {
  const own = table.columns[column];
  if (own === undefined) throw new RangeError(`${table.table}.${column} is not in the data map`);
  return { ...table, ...(typeof own === "string" ? { holds: own } : own) };
}

/** The map as a page of Markdown. */
export function renderDataMap(): string {
  const tables = mappedTables.map((table) => {
    const rows = Object.keys(table.columns).map((column) => {
      const facts = factsOfColumn(table, column);
      return `| \`${column}\` | ${facts.holds} | ${describe(facts).join(" | ")} |`;
    });
    const indexes = Object.entries(table.indexes).map(
      ([name, columns]) => `\`${name}\` (${columns.join(", ")})`,
    );
    return [
      `### \`${table.database}\` · \`${table.table}\``,
      "",
      `${table.purpose}. ${indexes.length > 0 ? `Indexes: ${indexes.join(", ")}.` : "No index but its key."}`,
      "",
      `| column | holds | ${headings.join(" | ")} |`,
      `|${"---|".repeat(headings.length + 2)}`,
      ...rows,
    ].join("\n");
  });
  const keys = mappedKeys.map(
    (key) => `| \`${key.home}\` | \`${key.key}\` | ${key.purpose} | ${describe(key).join(" | ")} |`,
  );
  return `# Data map

Written from \`packages/core/src/data-map/\` by \`npm run generate\`. Tests compare it with the live databases.

## Tables

${tables.join("\n\n")}

## Keys

| home | key | holds | ${headings.join(" | ")} |
|${"---|".repeat(headings.length + 3)}
${keys.join("\n")}
`;
}

const headings = ["subject", "class", "protection", "export", "erasure", "kept"];

function describe(facts: Facts): string[] {
  return [
    facts.subject,
    facts.class,
    facts.protection,
    facts.export.isIncluded ? "yes" : `no: ${facts.export.why}`,
    facts.erasure.kind === "keep" ? `keep: ${facts.erasure.ground}` : facts.erasure.kind,
    facts.retention,
  ];
}
