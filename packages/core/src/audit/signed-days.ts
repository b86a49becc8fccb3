/** The days of an audit log, as its signed checkpoints have them. */
import { fromBase64Url } from "../codec/bytes.ts";
import type { AuditCheckpoint, AuditKey } from "../contract/audit.ts";
import { dayOf, endOfDay, isSignedBy } from "./checkpoint.ts";
import { type ChainedEntry, genesisHash, isHash } from "./entry.ts";
import { AuditFault } from "./fault.ts";

/** What the checkpoints came to. */
export interface Ending {
  readonly signedSeq: number;
  readonly count: number;
  readonly lastDay: string | null;
  readonly kept: readonly AuditCheckpoint[];
}

/** Holds entries, which come in their order, to their days. @throws {AuditFault} from each of its functions */
export interface SignedDays {
  /** Passes the days of which the log has nothing any more: `entry` is the first that it has. */
  skipTo(entry: ChainedEntry): Promise<void>;
  check(entry: ChainedEntry): Promise<void>;
  /** After the last entry, which is 0 for an empty log. */
  end(lastSeq: number): Promise<Ending>;
}

/** Reads checkpoints beside the entries; `keys` are those that are trusted. */
export function createSignedDays(
  subtle: SubtleCrypto,
  checkpoints: AsyncIterable<AuditCheckpoint>,
  keys: readonly AuditKey[],
): SignedDays {
  const rest = checkpoints[Symbol.asyncIterator]();
  let before: AuditCheckpoint | null = null;
  let current: AuditCheckpoint | null = null;
  let count = 0;
  let kept: AuditCheckpoint[] = [];

  async function advance(): Promise<void> {
    before = current ?? before;
    const next = await rest.next();
    current = next.done === true ? null : next.value;
    if (!current) return;
    await checkSignature(subtle, keys, current);
    checkSuccession(before, current);
    count += 1;
    kept.push(current);
  }

  return {
    async skipTo(entry) {
      await advance();
      while (current && current.last_seq < entry.seq - 1) {
        kept = [];
        await advance();
      }
      while (current && current.last_seq === entry.seq - 1) {
        checkHead(current, entry.previousHash);
        await advance();
      }
      if (entry.seq === 1 && entry.previousHash !== genesisHash) {
        throw new AuditFault("order_broken", "Entry 1 follows something.", 1);
      }
    },

    async check(entry) {
      const day = dayOf(entry.atMs);
      if (current && current.day !== day) {
        const told = `Entry ${entry.seq} is not of the day ${current.day} that it is signed for.`;
        throw new AuditFault("checkpoint_mismatch", told, entry.seq, current.day);
      }
      if (!current && before && before.day >= day) {
        const told = `Entry ${entry.seq} was entered after its day was signed.`;
        throw new AuditFault("checkpoint_mismatch", told, entry.seq, before.day);
      }
      while (current && current.last_seq === entry.seq) {
        checkHead(current, entry.hash);
        await advance();
      }
    },

    async end(lastSeq) {
      if (lastSeq === 0) await advance();
      if (current && current.last_seq > lastSeq) {
        const told = `Entries ${lastSeq + 1} to ${current.last_seq} are missing at the end.`;
        throw new AuditFault("end_missing", told, lastSeq + 1, current.day);
      }
      const last = current ?? before;
      return { signedSeq: last?.last_seq ?? 0, count, lastDay: last?.day ?? null, kept };
    },
  };
}

function checkHead(checkpoint: AuditCheckpoint, hash: string): void {
  if (checkpoint.head_hash === hash) return;
  const { last_seq: seq, day } = checkpoint;
  const told = `The entries up to ${seq} are not those that were signed for ${day}.`;
  throw new AuditFault("checkpoint_mismatch", told, seq, day);
}

/** Checks that each day has a checkpoint which goes on where that of the day before ends. */
function checkSuccession(before: AuditCheckpoint | null, { day, ...now }: AuditCheckpoint): void {
  const isWhole = now.last_seq - now.first_seq + 1 === now.count;
  const follows = before
    ? endOfDay(before.day) === Date.parse(day) && before.last_seq + 1 === now.first_seq
    : now.first_seq === 1;
  if (isWhole && follows && (!before || before.environment === now.environment)) return;
  const told = `The checkpoint of ${day} doesn't follow that of the day before.`;
  throw new AuditFault("checkpoint_missing", told, null, day);
}

async function checkSignature(
  subtle: SubtleCrypto,
  keys: readonly AuditKey[],
  checkpoint: AuditCheckpoint,
): Promise<void> {
  const key = keys.find(({ version }) => version === checkpoint.key_version);
  const publicKey = key ? fromBase64Url(key.public_key) : null;
  const { head_hash: head } = checkpoint;
  if (publicKey && isHash(head) && (await isSignedBy(subtle, publicKey, checkpoint))) return;
  const told = `The checkpoint of ${checkpoint.day} has no valid signature.`;
  throw new AuditFault("signature_invalid", told, null, checkpoint.day);
}
