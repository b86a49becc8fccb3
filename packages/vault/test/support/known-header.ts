/** A header of known bytes, as full as one gets. */
import type { HeaderPayload } from "../../src/header/header-payload.ts";
import { countedRandom } from "./counted-random.ts";

export function knownHeader(): HeaderPayload {
  const fillRandom = countedRandom();
  const take = (byteLength: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(byteLength);
    fillRandom(bytes);
    return bytes;
  };
  const box = () => ({ iv: take(12), wrapped: take(48) });
  return {
    vaultId: take(16),
    authSalt: take(16),
    vaultSalt: take(16),
    createdAt: "2026-01-02T03:04:05.678Z",
    epoch: 9,
    slots: {
      passphrase: {
        kdf: { memoryKib: 65_536, passes: 1, parallelism: 1, salt: take(16) },
        ...box(),
      },
      recovery: { salt: take(16), ...box() },
      questions: { setId: "0f".repeat(16), threshold: 4, count: 4, salt: take(16), ...box() },
    },
  };
}
