/** Bytes that count up from 0, for answers that are known beforehand. */
import type { FillRandom } from "@hi-stranger/core/codec/ids";

export function countedRandom(): FillRandom {
  let next = 0;
  return (bytes) => {
    for (let index = 0; index < bytes.length; index++) bytes[index] = next++ & 0xff;
  };
}

/** The bytes that `hex` spells. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
