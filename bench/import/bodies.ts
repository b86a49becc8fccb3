/** The bodies of an import, and how they are sent. */
import { importBody } from "../lib/product.ts";
import { type RecordKind, recordLines, toBodies } from "../lib/records.ts";

/** Records to import beforehand, for each one that is measured. */
const warmUpShare = 0.2;

export interface Bodies {
  readonly warmUp: readonly Buffer[];
  readonly measured: readonly Buffer[];
  readonly rows: number;
  readonly warmUpRows: number;
}

export function makeBodies(kind: RecordKind, rows: number): Bodies {
  const warmUpRows = Math.ceil(rows * warmUpShare);
  return {
    warmUp: toBodies(recordLines(kind, 0, warmUpRows)),
    measured: toBodies(recordLines(kind, warmUpRows, warmUpRows + rows)),
    rows,
    warmUpRows,
  };
}

/** Sends bodies one after the other. */
export async function sendAll(url: string, token: string, bodies: readonly Buffer[]) {
  const sum = { inserted: 0, unchanged: 0 };
  for (const body of bodies) {
    const { inserted, unchanged } = await importBody(url, token, body);
    sum.inserted += inserted;
    sum.unchanged += unchanged;
  }
  return sum;
}
