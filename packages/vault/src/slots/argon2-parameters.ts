/**
 * The parameters of Argon2id (RFC 9106) as they stand in a file: read with bounds, since a file may
 * ask for anything. Too little would let someone weaken a vault unnoticed, too much would exhaust
 * the machine, or keep it busy for half a minute. Nothing is derived before they are checked.
 */
import { base64Text, fromBase64Text } from "../text/base64.ts";
import type { Argon2id } from "../ports.ts";
import { VaultError } from "../vault-error.ts";

export interface Argon2Parameters {
  /** 19 MiB to 256 MiB. */
  readonly memoryKib: number;
  /** 1 to 4. */
  readonly passes: number;
  /** 1 to 4. */
  readonly parallelism: number;
  /** 16 bytes. */
  readonly salt: Uint8Array<ArrayBuffer>;
}

export const saltByteLength = 16;
const hashByteLength = 32;
const minMemoryKib = 19 * 1024;
const maxMemoryKib = 256 * 1024;
const maxPasses = 4;
const maxParallelism = 4;

/** @throws {VaultError} `hostile_parameters` when one is out of its bounds. */
export function checkArgon2Parameters(parameters: Argon2Parameters): void {
  const { memoryKib, passes, parallelism, salt } = parameters;
  const isWithin =
    isIntegerBetween(memoryKib, minMemoryKib, maxMemoryKib) &&
    isIntegerBetween(passes, 1, maxPasses) &&
    isIntegerBetween(parallelism, 1, maxParallelism) &&
    salt.length === saltByteLength;
  if (!isWithin) throw new VaultError("hostile_parameters");
}

/** The one spelling of the parameters, to which a slot is bound: the PHC string format's. */
export function canonicalArgon2({
  memoryKib,
  passes,
  parallelism,
  salt,
}: Argon2Parameters): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64Text(salt)}`;
}

/** A PHC string: the parameters and a hash. */
export function toPhc(parameters: Argon2Parameters, hash: Uint8Array): string {
  return `${canonicalArgon2(parameters)}$${base64Text(hash)}`;
}

/**
 * The parameters in a PHC string of ours, or null when it is none.
 *
 * @throws {VaultError} `hostile_parameters` when one is out of its bounds.
 */
export function parsePhc(
  text: string,
): { parameters: Argon2Parameters; hash: Uint8Array<ArrayBuffer> } | null {
  const match =
    /^\$argon2id\$v=19\$m=(\d{1,12}),t=(\d{1,12}),p=(\d{1,12})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
      text,
    );
  if (!match) return null;
  const [, memory, passes, parallelism, saltText, hashText] = match;
  const salt = fromBase64Text(saltText ?? "");
  const hash = fromBase64Text(hashText ?? "");
  if (!salt || !hash || hash.length !== hashByteLength) return null;
  const parameters = {
    memoryKib: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt,
  };
  checkArgon2Parameters(parameters);
  return { parameters, hash };
}

/** 32 bytes by Argon2id, after the parameters are checked; the caller wipes both byte strings. */
export async function deriveArgon2(
  argon2id: Argon2id,
  password: Uint8Array,
  parameters: Argon2Parameters,
): Promise<Uint8Array<ArrayBuffer>> {
  checkArgon2Parameters(parameters);
  return argon2id({ ...parameters, password, byteLength: hashByteLength });
}

function isIntegerBetween(value: number, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= minimum && value <= maximum;
}
