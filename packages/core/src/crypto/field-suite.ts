/** What the suites of encrypted fields have in common; see envelope.ts. */
import type { FillRandom } from "../codec/ids.ts";
import type { DataKey } from "./data-key.ts";

export interface FieldBox {
  readonly subtle: SubtleCrypto;
  readonly dataKey: DataKey;
  /** What the ciphertext is bound to. */
  readonly additionalData: Uint8Array<ArrayBuffer>;
}

export interface FieldSuite {
  /** Bytes of a body before its ciphertext. */
  readonly headByteLength: number;
  /** The body of a field. */
  seal(
    box: FieldBox,
    plaintext: Uint8Array<ArrayBuffer>,
    fillRandom: FillRandom,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** What a body of at least a head and a tag holds; null when it isn't of that box. */
  open(box: FieldBox, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null>;
}
