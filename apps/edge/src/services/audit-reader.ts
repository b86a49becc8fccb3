/** Shows the audit log and its checkpoints, as they travel. */
import { checkpointKey } from "@hi-stranger/core/audit/checkpoint";
import type { ChainedEntry } from "@hi-stranger/core/audit/entry";
import { toInstant } from "@hi-stranger/core/clock";
import { toBase64Url } from "@hi-stranger/core/codec/bytes";
import type {
  AuditCheckpoint,
  AuditDetail,
  AuditEntry,
  AuditKey,
} from "@hi-stranger/core/contract/audit";
import type { Keyring } from "@hi-stranger/core/crypto/keyring";
import { StoreError } from "@hi-stranger/core/errors";
import type { AuditCheckpointStore, AuditEntryStore, AuditQuery } from "../stores/audit-ports.ts";

export interface AuditPage<Item> {
  readonly items: readonly Item[];
  /** Whether nothing comes after them. */
  readonly isComplete: boolean;
}

export interface AuditReader {
  list(query: AuditQuery): Promise<AuditPage<AuditEntry>>;
  /** Days after `afterDay`, oldest first. @throws {StoreError} `store_unavailable` without bucket or keyring */
  checkpoints(afterDay: string | null, limit: number): Promise<AuditPage<AuditCheckpoint>>;
  /** The public halves of all keys that may have signed. @throws {StoreError} likewise */
  keys(): Promise<AuditKey[]>;
}

export interface AuditReaderOptions {
  readonly environment: string;
  readonly subtle: SubtleCrypto;
  readonly entries: AuditEntryStore;
  /** Null where the bucket is missing. */
  readonly checkpoints: AuditCheckpointStore | null;
  readonly requireKeyring: () => Keyring;
}

/** What ECMAScript has for dates, in milliseconds on both sides of 1970. */
const maxDateMs = 8.64e15;

export function createAuditReader(options: AuditReaderOptions): AuditReader {
  const { environment, subtle, entries, checkpoints, requireKeyring } = options;
  return {
    async list(query) {
      // One more than was asked for tells whether there is one.
      const found = await entries.list({ ...query, limit: query.limit + 1 });
      return {
        items: found.slice(0, query.limit).map(toWire),
        isComplete: found.length <= query.limit,
      };
    },

    async checkpoints(afterDay, limit) {
      if (!checkpoints) {
        throw new StoreError("store_unavailable", "This needs the binding AUDIT_CHECKPOINTS.");
      }
      const found = await checkpoints.list(afterDay, limit + 1);
      return { items: found.slice(0, limit), isComplete: found.length <= limit };
    },

    async keys() {
      const keyring = requireKeyring();
      const versions = [...keyring.rootsByPurpose.audit.keys()];
      return Promise.all(
        versions.map(async (version) => {
          const { publicKey } = await checkpointKey(subtle, keyring, environment, version);
          return { version, public_key: toBase64Url(publicKey) };
        }),
      );
    },
  };
}

/**
 * An entry as it travels. A row that somebody has damaged until it can't travel as it is travels as
 * something else: whoever verifies sees that it isn't what was hashed.
 */
function toWire({ atMs, detail, previousHash, ...entry }: ChainedEntry): AuditEntry {
  return {
    ...entry,
    at: toInstant(Math.abs(atMs) <= maxDateMs ? atMs : 0),
    action: entry.action as AuditEntry["action"],
    outcome: entry.outcome as AuditEntry["outcome"],
    detail: readDetail(detail),
    previous_hash: previousHash,
  };
}

function readDetail(text: string): AuditDetail {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
