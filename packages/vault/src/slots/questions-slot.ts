/**
 * Slot Q: the VMK under the answers to the questions, together, and the device key.
 *
 * A secret of 32 random bytes is split into one share an answer (Shamir's scheme over GF(2^8)),
 * each masked as `masked-share.ts` says. HKDF of the secret and 32 bytes derived from the device key
 * gives the slot's key, so the files alone can't be guessed at. After Ellison, Hall, Milbert and
 * Schneier, "Protecting secret keys with personal entropy" (2000).
 *
 * Every set of as many answers as are needed is tried, whatever came of the ones before, so the
 * time tells nothing about which were right.
 */
import { combine, split } from "shamir-secret-sharing";
import { hkdfSha256 } from "@hi-stranger/core/crypto/hkdf";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import { toHex } from "@hi-stranger/core/codec/bytes";
import { concatBytes, copySecret, randomBytes, wipe } from "../secret-bytes.ts";
import { base64Text } from "../text/base64.ts";
import { normalizeAnswer } from "../text/answer-text.ts";
import { VaultError } from "../vault-error.ts";
import { keyByteLength } from "../vault-keys.ts";
import { deriveArgon2, saltByteLength } from "./argon2-parameters.ts";
import { type MaskedShare, shareByteLength } from "./masked-share.ts";
import type { Argon2Cost } from "./passphrase-slot.ts";
import { type QuestionsSlot, type SlotContext, unwrapVmk, wrapVmk } from "./slot.ts";

/** What each answer is derived with. */
export const answerCost: Argon2Cost = { memoryKib: 19 * 1024, passes: 2, parallelism: 1 };

export const minQuestionCount = 2;
export const maxQuestionCount = 8;
const setIdByteLength = 16;

export interface QuestionsInput {
  readonly vmk: Uint8Array<ArrayBuffer>;
  /** The answers as typed, in the order of the questions; the caller wipes them. */
  readonly answers: readonly Uint8Array[];
  readonly threshold: number;
  /** 32 bytes derived from the device key; the caller wipes them. */
  readonly deviceSecret: Uint8Array<ArrayBuffer>;
}

/** A slot, and the share masked by each answer, in their order. */
export async function sealQuestionsSlot(
  context: SlotContext,
  { vmk, answers, threshold, deviceSecret }: QuestionsInput,
): Promise<{ slot: QuestionsSlot; shares: readonly MaskedShare[] }> {
  const { fillRandom } = context;
  const setId = toHex(randomBytes(fillRandom, setIdByteLength));
  const head = { setId, threshold, count: answers.length };
  const secret = randomBytes(fillRandom, shareByteLength);
  const plainShares = await split(secret, answers.length, threshold);
  const shares: MaskedShare[] = [];
  for (const [index, share] of plainShares.entries()) {
    const kdf = { ...answerCost, salt: randomBytes(fillRandom, saltByteLength) };
    const masked = await maskWith(context, answers[index] ?? new Uint8Array(0), kdf, share);
    shares.push({ ...head, x: share[shareByteLength] ?? 0, kdf, masked });
  }
  const salt = randomBytes(fillRandom, saltByteLength);
  const key = await slotKey(context, secret, deviceSecret, salt);
  const box = await wrapVmk(context, binding({ ...head, salt }), key, vmk);
  wipe(secret, key, ...plainShares);
  return { slot: { ...head, salt, ...box }, shares };
}

export interface AnsweredShare {
  readonly share: MaskedShare;
  /** As typed; an answer that isn't known is empty. The caller wipes it. */
  readonly answer: Uint8Array;
}

export interface OpenedQuestions {
  /** The caller wipes it. */
  readonly vmk: Uint8Array<ArrayBuffer>;
  /** Whether every answer was right, not only as many as are needed. */
  readonly areAllRight: boolean;
}

/**
 * The VMK, or null when too few of the answers are right.
 *
 * @throws {VaultError} `damaged` when the shares aren't those of the slot, `hostile_parameters`.
 */
export async function openQuestionsSlot(
  context: SlotContext,
  slot: QuestionsSlot,
  answered: readonly AnsweredShare[],
  deviceSecret: Uint8Array<ArrayBuffer>,
): Promise<OpenedQuestions | null> {
  if (!isSetOf(slot, answered)) throw new VaultError("damaged", { parts: ["auth.db"] });
  const plainShares: Uint8Array[] = [];
  for (const { share, answer } of answered) {
    const y = await maskWith(context, answer, share.kdf, share.masked);
    plainShares.push(concatBytes(y, Uint8Array.of(share.x)));
    wipe(y);
  }
  let vmk: Uint8Array<ArrayBuffer> | null = null;
  let areAllRight = true;
  for (const chosen of combinations(plainShares, slot.threshold)) {
    const combined = await combine(chosen);
    const secret = copySecret(combined);
    wipe(combined);
    const key = await slotKey(context, secret, deviceSecret, slot.salt);
    const opened = await unwrapVmk(context, binding(slot), key, slot);
    wipe(secret, key);
    if (!opened) areAllRight = false;
    else if (vmk) wipe(opened);
    else vmk = opened;
  }
  wipe(...plainShares);
  return vmk && { vmk, areAllRight };
}

/** `share`'s first 32 bytes XOR Argon2id(answer): masks a share, and unmasks it. */
async function maskWith(
  { argon2id }: SlotContext,
  answer: Uint8Array,
  kdf: MaskedShare["kdf"],
  share: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const normalized = normalizeAnswer(answer)?.bytes ?? new Uint8Array(0);
  const result = await deriveArgon2(argon2id, normalized, kdf).finally(() => wipe(normalized));
  for (let index = 0; index < shareByteLength; index++) {
    result[index] = (result[index] ?? 0) ^ (share[index] ?? 0);
  }
  return result;
}

async function slotKey(
  { subtle }: SlotContext,
  secret: Uint8Array,
  deviceSecret: Uint8Array,
  salt: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const both = concatBytes(secret, deviceSecret);
  const info = lengthPrefixed("hs/vault/slot-q/v1");
  const key = await hkdfSha256(subtle, { key: both, salt, info, byteLength: keyByteLength });
  wipe(both);
  return key;
}

function binding({ setId, threshold, count, salt }: Omit<QuestionsSlot, "iv" | "wrapped">): {
  letter: "Q";
  canonicalKdf: string;
} {
  const canonicalKdf = `$hs-shares$k=${threshold},n=${count}$set=${setId}$${base64Text(salt)}`;
  return { letter: "Q", canonicalKdf };
}

/** Whether the shares are the slot's, each of them once. */
export function isSetOf(
  slot: QuestionsSlot,
  answered: readonly Pick<AnsweredShare, "share">[],
): boolean {
  const isOfSlot = answered.every(
    ({ share }) =>
      share.setId === slot.setId &&
      share.threshold === slot.threshold &&
      share.count === slot.count,
  );
  const coordinates = new Set(answered.map(({ share }) => share.x));
  return isOfSlot && answered.length === slot.count && coordinates.size === slot.count;
}

/** Every choice of `size` of `items`, in their order. */
function combinations<Item>(items: readonly Item[], size: number): Item[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) =>
    combinations(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]),
  );
}
