/**
 * Imports in KV alone: the prototype's.
 *
 * KV has no compare-and-swap, so two requests that claim one key in the same instant may both run;
 * as an import is idempotent, they end with the same records. A process killed while it finishes
 * leaves some of the rows stored and a report that reads `incomplete`; sending again completes it.
 * There is no audit log in KV.
 */
import type { Clock } from "@hi-stranger/core/clock";
import { type ImportReport, reportTtlSeconds } from "@hi-stranger/core/contract/imports";
import { idempotencyTtlSeconds } from "@hi-stranger/core/contract/idempotency";
import type { ProfileRow, ProfileStore, WriteCounts } from "@hi-stranger/core/store/profile-store";
import { idempotencyKvKey, reportKvKey } from "./import-kv-keys.ts";
import type { FinishedImport, ImportStore } from "./ports.ts";
import { toRow } from "./profiles.kv.ts";

/** How long a claim lasts without a sign of life; KV keeps nothing for less than 60 s. */
const leaseMs = 15_000;
const minTtlSeconds = 60;
const stagingTtlSeconds = 60 * 60;
/** Rows kept back before they are written; KV takes them one by one anyway. */
const maxGroupBytes = 2_000_000;

/** A report with its lease, or a key's claim. */
interface Leased {
  readonly leaseUntil: number;
}

interface Bindings {
  readonly records: KVNamespace;
  readonly reports: KVNamespace;
  readonly replays: KVNamespace;
}

export function createKvImportStore(
  { records, reports, replays }: Bindings,
  profiles: ProfileStore,
  clock: Clock,
): ImportStore {
  const leases = new Map<string, number>();
  const stagedCounts = new Map<string, number>();

  async function putReport(report: ImportReport, leaseUntil: number): Promise<void> {
    await reports.put(reportKvKey(report.import_id), JSON.stringify(report), {
      expirationTtl: reportTtlSeconds,
      metadata: { leaseUntil } satisfies Leased,
    });
  }

  async function claim(report: ImportReport, key: { scope: string; key: string } | null) {
    const leaseUntil = clock.now() + leaseMs;
    leases.set(report.import_id, leaseUntil);
    await putReport(report, leaseUntil);
    if (key) {
      await replays.put(idempotencyKvKey(key), JSON.stringify({ leaseUntil } satisfies Leased), {
        expirationTtl: minTtlSeconds,
      });
    }
  }

  async function dropStaged(importId: string): Promise<void> {
    const count = stagedCounts.get(importId) ?? 0;
    stagedCounts.delete(importId);
    for (let seq = 0; seq < count; seq += 1) await records.delete(stagingKey(importId, seq));
  }

  /** Stores what was put aside, one part after the other: later lines win. */
  async function writeStaged(importId: string): Promise<WriteCounts> {
    const total = { inserted: 0, updated: 0, unchanged: 0 };
    for (let seq = 0; seq < (stagedCounts.get(importId) ?? 0); seq += 1) {
      const lines = (await records.get(stagingKey(importId, seq))) ?? "";
      const counts = await profiles.write(lines.split("\n").map(toRow));
      total.inserted += counts.inserted;
      total.updated += counts.updated;
      total.unchanged += counts.unchanged;
    }
    return total;
  }

  return {
    maxGroupBytes,
    async begin(report, key) {
      if (key) {
        const held = await replays.get<Leased | FinishedImport>(idempotencyKvKey(key), "json");
        if (held && "report" in held) return { kind: "finished", first: held };
        if (held && held.leaseUntil > clock.now()) {
          const retryAfterSeconds = Math.ceil((held.leaseUntil - clock.now()) / 1000);
          return { kind: "running", retryAfterSeconds };
        }
      }
      await claim(report, key);
      return { kind: "claimed" };
    },
    async keepAlive(report, key) {
      if ((leases.get(report.import_id) ?? 0) - clock.now() > leaseMs / 2) return;
      await claim(report, key);
    },
    write: (rows) => profiles.write(rows),
    async stage(importId, rows: readonly ProfileRow[]) {
      const seq = stagedCounts.get(importId) ?? 0;
      stagedCounts.set(importId, seq + 1);
      await records.put(stagingKey(importId, seq), rows.map(({ line }) => line).join("\n"), {
        expirationTtl: stagingTtlSeconds,
      });
    },
    async finish({ key, fingerprint, status, report, rows }) {
      const { import_id: importId } = report;
      const counts = rows === "staged" ? await writeStaged(importId) : await profiles.write(rows);
      const closed: ImportReport = {
        ...report,
        inserted: report.inserted + counts.inserted,
        updated: report.updated + counts.updated,
        unchanged: report.unchanged + counts.unchanged,
      };
      const first: FinishedImport = { fingerprint, status, report: closed };
      await dropStaged(importId);
      leases.delete(importId);
      await putReport(closed, 0);
      if (key) {
        await replays.put(idempotencyKvKey(key), JSON.stringify(first), {
          expirationTtl: idempotencyTtlSeconds,
        });
      }
      return closed;
    },
    discard: dropStaged,
    async abandon(report, key) {
      leases.delete(report.import_id);
      await dropStaged(report.import_id);
      await putReport(report, 0);
      if (key) await replays.delete(idempotencyKvKey(key));
    },
    async report(importId) {
      const { value, metadata } = await reports.getWithMetadata<ImportReport, Leased>(
        reportKvKey(importId),
        "json",
      );
      if (!value) return null;
      const isDead = value.state === "running" && (metadata?.leaseUntil ?? 0) <= clock.now();
      return isDead ? { ...value, state: "incomplete" } : value;
    },
  };
}

const stagingKey = (importId: string, seq: number) => `staging:${importId}:${seq}`;
