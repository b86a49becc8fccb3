/**
 * What is kept of a request with an idempotency key: names and ciphertexts that tell nobody who sent
 * it, what it said or what it got (docs/envelope.md).
 *
 *     name         <version>.<base64url(HMAC-SHA-256(name key, LP(caller's kind, caller's id, route, key)))>
 *     fingerprint  base64url(HMAC-SHA-256(request key, LP(name, method, path, query, body)))
 *     answer       oa1.<base64url(IV 12 ‖ ciphertext ‖ tag 16)>
 *
 * The answer's key is derived from the caller and the idempotency key too, which only the client
 * has: whoever has the database and the keyring still can't read it.
 */
import { fromBase64Url, toBase64Url } from "@hi-stranger/core/codec/bytes";
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import {
  gcmIvByteLength,
  gcmKeyByteLength,
  openGcm,
  sealGcm,
} from "@hi-stranger/core/crypto/aes-gcm";
import { deriveBytes } from "@hi-stranger/core/crypto/hkdf";
import { type Keyring, rootKey } from "@hi-stranger/core/crypto/keyring";
import { keyLabels } from "@hi-stranger/core/crypto/labels";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import { type Principal, idOf } from "../policy/principal.ts";

const prefix = "oa1.";

/** Whose key it is, where it was sent, and the key. */
export interface OwnKey {
  readonly principal: Principal;
  readonly routeId: string;
  readonly key: string;
}

/** What makes two requests the same. */
export interface OnceRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** As JSON. */
  readonly body: string;
}

/** Where an answer is kept. */
export interface AnswerPlace {
  readonly name: string;
  readonly fingerprint: string;
}

export interface OnceSeals {
  nameOf(own: OwnKey): Promise<string>;
  fingerprintOf(name: string, request: OnceRequest): Promise<string>;
  seal(own: OwnKey, place: AnswerPlace, answer: string): Promise<string>;
  /** Null when it was sealed for another key or place, or changed. */
  open(own: OwnKey, place: AnswerPlace, sealed: string): Promise<string | null>;
}

export interface OnceSealOptions {
  readonly environment: string;
  /** @throws {StoreError} when there is no keyring. */
  readonly requireKeyring: () => Keyring;
  readonly subtle: SubtleCrypto;
  readonly fillRandom: FillRandom;
}

const encoder = new TextEncoder();

export function createOnceSeals(options: OnceSealOptions): OnceSeals {
  const { environment, subtle } = options;
  const macKeysByLabel = new Map<string, Promise<CryptoKey>>();

  async function derive(info: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const keyring = options.requireKeyring();
    const root = await rootKey(subtle, keyring, "session", keyring.activeByPurpose.session);
    const salt = new Uint8Array();
    return deriveBytes(subtle, root, { hash: "SHA-256", salt, info, byteLength: gcmKeyByteLength });
  }

  async function makeMacKey(label: string): Promise<CryptoKey> {
    const bytes = await derive(lengthPrefixed(label, environment));
    const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
    const key = await subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
    bytes.fill(0);
    return key;
  }

  async function mac(label: string, parts: readonly string[]): Promise<string> {
    const making = macKeysByLabel.get(label) ?? makeMacKey(label);
    macKeysByLabel.set(label, making);
    const key = await making;
    return toBase64Url(new Uint8Array(await subtle.sign("HMAC", key, lengthPrefixed(...parts))));
  }

  const partsOf = ({ principal, routeId, key }: OwnKey) => [
    principal.kind,
    idOf(principal),
    routeId,
    key,
  ];

  const answerKeyOf = (own: OwnKey) =>
    derive(lengthPrefixed(keyLabels.onceAnswer, environment, ...partsOf(own)));

  const boundTo = ({ name, fingerprint }: AnswerPlace) =>
    lengthPrefixed(keyLabels.onceAnswer, environment, name, fingerprint);

  return {
    async nameOf(own) {
      const version = options.requireKeyring().activeByPurpose.session;
      return `${version}.${await mac(keyLabels.onceName, partsOf(own))}`;
    },
    fingerprintOf: (name, { method, path, query, body }) =>
      mac(keyLabels.onceRequest, [name, method, path, query, body]),
    async seal(own, place, answer) {
      const key = await answerKeyOf(own);
      const iv = new Uint8Array(gcmIvByteLength);
      options.fillRandom(iv);
      const plaintext = new Uint8Array(encoder.encode(answer));
      const sealed = await sealGcm(subtle, { key, iv, additionalData: boundTo(place) }, plaintext);
      key.fill(0);
      const bytes = new Uint8Array(iv.length + sealed.length);
      bytes.set(iv);
      bytes.set(sealed, iv.length);
      return prefix + toBase64Url(bytes);
    },
    async open(own, place, text) {
      const bytes = text.startsWith(prefix) ? fromBase64Url(text.slice(prefix.length)) : null;
      if (!bytes) return null;
      const key = await answerKeyOf(own);
      const iv = bytes.slice(0, gcmIvByteLength);
      const sealed = bytes.slice(gcmIvByteLength);
      const opened = await openGcm(subtle, { key, iv, additionalData: boundTo(place) }, sealed);
      key.fill(0);
      return opened && new TextDecoder().decode(opened);
    },
  };
}
