/**
 * What the product does to sessions and fields, many times a request, as a Worker's clock stands
 * still while it computes: `GET /STEP?count=N`. Keys are ready, as in an isolate that has served
 * for a while.
 */
import { fromBase64Url, toBase64Url } from "@hi-stranger/core/codec/bytes";
import { createIdSource, platformRandom } from "@hi-stranger/core/codec/ids";
import { systemClock } from "@hi-stranger/core/clock";
import { importDataKey } from "@hi-stranger/core/crypto/data-key";
import { openField, sealField } from "@hi-stranger/core/crypto/envelope";
import { createKeyring } from "@hi-stranger/core/crypto/keyring";
import { createAccessTokens } from "../../apps/edge/src/services/access-tokens.ts";
import { createSessionKeys } from "../../apps/edge/src/services/session-keys.ts";

type Step = () => Promise<void>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const { subtle } = crypto;
const ivByteLength = 12;
/** An address of some length. */
const plaintext = "Rua dos Rouxinóis 5, 2.º Esq., 1100-001 Lisboa, Portugal";

let building: Promise<Readonly<Record<string, Step>>> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const steps = await (building ??= buildSteps());
    const step = steps[pathname.slice(1)];
    if (!step) return new Response(Object.keys(steps).join("\n"), { status: 404 });
    for (let left = Number(searchParams.get("count") ?? 1); left > 0; left -= 1) await step();
    return new Response("done");
  },
};

async function buildSteps(): Promise<Readonly<Record<string, Step>>> {
  return { ...(await sessionSteps()), ...(await fieldSteps()) };
}

/** Verifying an access token, and an HMAC over the same bytes. */
async function sessionSteps(): Promise<Readonly<Record<string, Step>>> {
  const newId = createIdSource(systemClock);
  const keyring = createKeyring(platformRandom);
  const keys = createSessionKeys({ environment: "local", keyring, subtle });
  const tokens = createAccessTokens({ environment: "local", keys, clock: systemClock });
  const issue = () =>
    tokens.issue({
      personId: newId("psn"),
      sessionId: newId("sgn"),
      personas: [newId("usr"), newId("usr")],
      roles: [],
    });
  const { token } = await issue();
  // Twice as many as an isolate remembers: when one comes again, it is long forgotten.
  const others = await Promise.all(Array.from({ length: 2_000 }, issue));
  let next = 0;
  const key = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  const signed = encoder.encode(token.slice(0, token.lastIndexOf(".")));
  const signature = await subtle.sign("HMAC", key as CryptoKey, signed);
  return {
    "verify-session": async () => {
      if (!(await tokens.verify(token))) throw new Error("the token is not good");
    },
    "verify-new-session": async () => {
      const other = others[next++ % others.length];
      if (!other || !(await tokens.verify(other.token))) throw new Error("the token is not good");
    },
    "verify-hmac": async () => {
      if (!(await subtle.verify("HMAC", key as CryptoKey, signature, signed))) {
        throw new Error("the signature is not good");
      }
    },
  };
}

/** Encrypting and decrypting a field, and AES-256-GCM with base64url around it. */
async function fieldSteps(): Promise<Readonly<Record<string, Step>>> {
  const dek = new Uint8Array(32);
  platformRandom(dek);
  const newId = createIdSource(systemClock);
  const dataKey = await importDataKey(subtle, { dekId: newId("dek"), dekVersion: 1 }, dek);
  const personId = newId("psn");
  const place = {
    environment: "local",
    table: "personal_data",
    column: "address",
    rowId: personId,
    subjectId: personId,
    schemaVersion: "personal_data.v1",
  };
  const algorithm = { name: "AES-GCM", length: 256 };
  const key = (await subtle.generateKey(algorithm, false, ["encrypt", "decrypt"])) as CryptoKey;
  return {
    field: async () => {
      const options = { suite: "hs2", fillRandom: platformRandom } as const;
      const sealed = await sealField(subtle, dataKey, place, plaintext, options);
      expectSame(await openField(subtle, dataKey, place, sealed));
    },
    "aes-gcm": async () => {
      const iv = crypto.getRandomValues(new Uint8Array(ivByteLength));
      const parameters = { name: "AES-GCM", iv };
      const sealed = await subtle.encrypt(parameters, key, encoder.encode(plaintext));
      const bytes = new Uint8Array(ivByteLength + sealed.byteLength);
      bytes.set(iv);
      bytes.set(new Uint8Array(sealed), ivByteLength);
      const read = fromBase64Url(toBase64Url(bytes)) ?? new Uint8Array(0);
      const opening = { name: "AES-GCM", iv: read.subarray(0, ivByteLength) };
      const opened = await subtle.decrypt(opening, key, read.subarray(ivByteLength));
      expectSame(decoder.decode(opened));
    },
  };
}

function expectSame(text: string): void {
  if (text !== plaintext) throw new Error("it came out as something else");
}
