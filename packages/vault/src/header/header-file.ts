/**
 * The header file: two copies of the header (offsets 0 and 4,096) and the identity (offset 8,192).
 *
 * A change writes the copy that isn't the newest, with the next generation, so at every moment one
 * whole copy is there. This write is what commits a change of secrets. The other copy then follows,
 * so that both say the same at rest: damage to either loses nothing, and no copy keeps a slot that
 * was replaced.
 */
import type { VaultFiles } from "../ports.ts";
import { concatBytes } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";
import {
  type HeaderCopy,
  type WholeCopy,
  copyByteLength,
  decodeHeaderCopy,
  encodeHeaderCopy,
  isAuthentic,
} from "./header-copy.ts";
import type { HeaderPayload, VaultIdentity } from "./header-payload.ts";
import { decodeIdentity, encodeIdentity, identityByteLength } from "./identity-record.ts";

const copyOffsets = [0, copyByteLength] as const;
const identityOffset = 2 * copyByteLength;

/** The header file as it was read. */
export interface HeaderFile {
  readonly copies: readonly [HeaderCopy, HeaderCopy];
  readonly identity: VaultIdentity | null;
}

/** A header to work with. */
export interface Header {
  readonly payload: HeaderPayload;
  readonly generation: number;
  /** Which copy holds it: the next change writes the other. */
  readonly newestCopy: 0 | 1;
}

interface HeaderPorts {
  readonly subtle: SubtleCrypto;
  readonly files: VaultFiles;
}

/** Reads the file, or answers null when there is no vault. */
export async function readHeaderFile({ subtle, files }: HeaderPorts): Promise<HeaderFile | null> {
  const bytes = await files.readHeader();
  if (!bytes) return null;
  const [first, second] = copyOffsets.map((offset) => bytes.slice(offset, offset + copyByteLength));
  const damaged = new Uint8Array(0);
  return {
    copies: [
      await decodeHeaderCopy(subtle, first ?? damaged),
      await decodeHeaderCopy(subtle, second ?? damaged),
    ],
    identity: await decodeIdentity(
      subtle,
      bytes.slice(identityOffset, identityOffset + identityByteLength + 1),
    ),
  };
}

/** The whole copies, the newest first; none when there is none. */
export function wholeCopies({ copies }: HeaderFile): WholeCopy[] {
  const whole = copies.flatMap((copy) => (copy.kind === "whole" ? [copy] : []));
  return whole.toSorted((left, right) => right.generation - left.generation);
}

/**
 * Why a copy is refused, `newer_version` before `hostile_parameters`; null when none is. Anyone can
 * make up such a copy, so it counts only where nothing else opens the vault.
 */
export function refusalOf({ copies }: HeaderFile): VaultError | null {
  const refusals = copies.flatMap((copy) => (copy.kind === "refused" ? [copy.error] : []));
  return refusals.find(({ code }) => code === "newer_version") ?? refusals[0] ?? null;
}

/** A header that is proven, and whether every copy is. */
export interface AuthenticHeader {
  readonly header: Header;
  readonly isEveryCopyAuthentic: boolean;
}

/**
 * The newest copy whose MAC holds, or null when none does.
 *
 * A copy whose MAC doesn't hold was damaged or changed; nothing it says is to be used, not even its
 * generation. It is the copy that is written next.
 */
export async function newestAuthentic(
  subtle: SubtleCrypto,
  macKey: Uint8Array<ArrayBuffer>,
  { copies }: HeaderFile,
): Promise<AuthenticHeader | null> {
  let newest: Header | null = null;
  let isEveryCopyAuthentic = true;
  for (const [index, copy] of copies.entries()) {
    if (copy.kind !== "whole" || !(await isAuthentic(subtle, macKey, copy))) {
      isEveryCopyAuthentic = false;
      continue;
    }
    if (newest && newest.generation > copy.generation) continue;
    const { payload, generation } = copy;
    newest = { payload, generation, newestCopy: index === 0 ? 0 : 1 };
  }
  return newest && { header: newest, isEveryCopyAuthentic };
}

/** Writes the whole file of a new vault: with this, the vault is there. */
export async function createHeaderFile(
  { subtle, files }: HeaderPorts,
  macKey: Uint8Array<ArrayBuffer>,
  payload: HeaderPayload,
): Promise<Header> {
  const first = await encodeHeaderCopy(subtle, macKey, 1, payload);
  const second = await encodeHeaderCopy(subtle, macKey, 2, payload);
  const identity = await encodeIdentity(subtle, payload);
  await files.writeHeader(0, concatBytes(first, second, identity));
  return { payload, generation: 2, newestCopy: 1 };
}

/** Writes `payload` into both copies, one after the other. */
export async function writeHeader(
  ports: HeaderPorts,
  macKey: Uint8Array<ArrayBuffer>,
  header: Header,
  payload: HeaderPayload,
): Promise<Header> {
  const first = await writeOlderCopy(ports, macKey, header, payload);
  return writeOlderCopy(ports, macKey, first, payload);
}

/** Writes `payload` into the copy that isn't the newest. Once this resolves, it is the newest. */
export async function writeOlderCopy(
  { subtle, files }: HeaderPorts,
  macKey: Uint8Array<ArrayBuffer>,
  header: Header,
  payload: HeaderPayload,
): Promise<Header> {
  const generation = header.generation + 1;
  if (!Number.isSafeInteger(generation)) throw new VaultError("damaged", { parts: ["header"] });
  const newestCopy = header.newestCopy === 0 ? 1 : 0;
  const bytes = await encodeHeaderCopy(subtle, macKey, generation, payload);
  await files.writeHeader(copyOffsets[newestCopy], bytes);
  return { payload, generation, newestCopy };
}

/** Writes the identity again, after it was found damaged. */
export async function writeIdentity(
  { subtle, files }: HeaderPorts,
  identity: VaultIdentity,
): Promise<void> {
  await files.writeHeader(identityOffset, await encodeIdentity(subtle, identity));
}
