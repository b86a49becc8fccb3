/**
 * One share of the questions' secret, masked by one answer, as it stands in
 * `security_questions.answer_hash`:
 *
 *     $hs-masked-share$v=1$r=RULE,k=K,n=N,x=X$set=SETID$m=KIB,t=PASSES,p=LANES$SALT$MASKED
 *
 * RULE is the rule the answer is normalised by, K of N shares make the secret, X is the share's
 * coordinate (1 to 255), SETID names the set, SALT 16 bytes and MASKED 32 bytes of base64.
 *
 * MASKED is the share XOR Argon2id(answer, SALT), and nothing proves it right: every answer unmasks
 * some share, and each is as likely as the other. So no answer can be tested alone; only K of them
 * together give a secret that slot Q accepts or not.
 */
import { base64Text, fromBase64Text } from "../text/base64.ts";
import { answerRule } from "../text/answer-text.ts";
import { VaultError } from "../vault-error.ts";
import {
  type Argon2Parameters,
  checkArgon2Parameters,
  saltByteLength,
} from "./argon2-parameters.ts";

export const shareByteLength = 32;

export interface MaskedShare {
  readonly setId: string;
  readonly threshold: number;
  readonly count: number;
  /** The share's coordinate, 1 to 255. */
  readonly x: number;
  readonly kdf: Argon2Parameters;
  /** 32 bytes. */
  readonly masked: Uint8Array<ArrayBuffer>;
}

export function maskedShareToText(share: MaskedShare): string {
  const { setId, threshold, count, x, kdf, masked } = share;
  return [
    "",
    "hs-masked-share",
    "v=1",
    `r=${answerRule},k=${threshold},n=${count},x=${x}`,
    `set=${setId}`,
    `m=${kdf.memoryKib},t=${kdf.passes},p=${kdf.parallelism}`,
    base64Text(kdf.salt),
    base64Text(masked),
  ].join("$");
}

const pattern =
  /^\$hs-masked-share\$v=1\$r=1,k=(\d{1,3}),n=(\d{1,3}),x=(\d{1,3})\$set=([0-9a-f]{32})\$m=(\d{1,12}),t=(\d{1,12}),p=(\d{1,12})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/**
 * The share in `text`.
 *
 * @throws {VaultError} `damaged` when it is none, `hostile_parameters` when they are out of bounds.
 */
export function textToMaskedShare(text: string): MaskedShare {
  const match = pattern.exec(text);
  if (!match) throw damaged();
  const [, threshold, count, x, setId = "", memory, passes, lanes, saltText, maskedText] = match;
  const salt = fromBase64Text(saltText ?? "");
  const masked = fromBase64Text(maskedText ?? "");
  const coordinate = Number(x);
  const isInField = coordinate >= 1 && coordinate <= 255;
  if (salt?.length !== saltByteLength || masked?.length !== shareByteLength || !isInField) {
    throw damaged();
  }
  const kdf = {
    memoryKib: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    salt,
  };
  checkArgon2Parameters(kdf);
  return { setId, threshold: Number(threshold), count: Number(count), x: coordinate, kdf, masked };
}

function damaged(): VaultError {
  return new VaultError("damaged", { parts: ["auth.db"] });
}
