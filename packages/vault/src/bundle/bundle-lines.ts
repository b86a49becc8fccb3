/**
 * What is inside a bundle: everything a person keeps, as a bulk file with one more kind,
 * `{"record":"secret","name":"…","value":"…"}`, whose value is base64url.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { createBulkReader } from "@hi-stranger/core/bulk/bulk-reader";
import { createBulkWriter } from "@hi-stranger/core/bulk/bulk-writer";
import { type TextHash, bulkKinds } from "@hi-stranger/core/bulk/bulk-format";
import { fromBase64Url, toBase64Url, toHex } from "@hi-stranger/core/codec/bytes";
import type { ByteSource } from "@hi-stranger/core/codec/byte-source";
import { readLines } from "@hi-stranger/core/codec/ndjson";
import { StoreError } from "@hi-stranger/core/errors";
import { readChatMetaLine } from "@hi-stranger/core/schema/chat-meta-line";
import { readMessageLine } from "@hi-stranger/core/schema/message-line";
import { readPolicyStateLine } from "@hi-stranger/core/schema/policy-state-line";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import type { RefusedLine } from "@hi-stranger/core/schema/record-line";
import { type ChatRow, toChatRow } from "@hi-stranger/core/store/chat-store";
import { type MessageRow, toMessageRow } from "@hi-stranger/core/store/message-store";
import { type PolicyRow, toPolicyRow } from "@hi-stranger/core/store/policy-store";
import { type ProfileRow, toProfileRow } from "@hi-stranger/core/store/profile-store";
import type { RecordPage } from "@hi-stranger/core/store/record-store";
import { ShapeError, objectWith, textOf } from "../header/strict-json.ts";
import type { RecordStores } from "../records/record-stores.ts";
import type { AllRows } from "../records/write-all.ts";
import { wipe } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";

const pageLimit = 500;
const kinds = [...bulkKinds, "secret"] as const;
type Kind = (typeof kinds)[number];

/** The lines, each with its LF. What is written meanwhile may be among them or not. */
export async function* exportLines(
  stores: RecordStores,
  createdAt: string,
): AsyncGenerator<string, void> {
  const writer = createBulkWriter<Kind>(createTextHash());
  yield writer.manifest({ created_at: createdAt });
  let cursor: string | null = null;
  do {
    const page = await stores.profiles.list({ filter: {}, cursor, limit: pageLimit });
    for (const { line } of page.items) yield writer.record("profile", line);
    cursor = page.nextCursor;
  } while (cursor !== null);
  const scans = [
    ["chat_meta", stores.chats],
    ["policy_state", stores.policies],
    ["message", stores.messages],
  ] as const;
  for (const [kind, store] of scans) {
    for await (const line of scanLines(store)) yield writer.record(kind, line);
  }
  for (const { name } of await stores.secrets.list()) {
    const value = await stores.secrets.get(name);
    if (!value) continue;
    yield writer.record("secret", JSON.stringify({ name, value: toBase64Url(value) }));
    wipe(value);
  }
  yield writer.end();
}

/**
 * Everything that `source` holds, once all of it is read and fits.
 *
 * @throws {VaultError} `invalid_bundle`.
 */
export async function importRows(source: ByteSource, maxTotalBytes: number): Promise<AllRows> {
  const reader = createBulkReader<Kind>(kinds, createTextHash());
  const rows = {
    profiles: [] as ProfileRow[],
    chats: [] as ChatRow[],
    policies: [] as PolicyRow[],
    messages: [] as MessageRow[],
    secrets: [] as { name: string; value: Uint8Array<ArrayBuffer> }[],
  };
  const add = (kind: Kind | null, text: string): void => {
    if (kind === "profile")
      rows.profiles.push(toProfileRow(accepted(readProfileLine(text, false))));
    else if (kind === "chat_meta")
      rows.chats.push(toChatRow(accepted(readChatMetaLine(text, false))));
    else if (kind === "policy_state") {
      rows.policies.push(toPolicyRow(accepted(readPolicyStateLine(text, false))));
    } else if (kind === "message") {
      rows.messages.push(toMessageRow(accepted(readMessageLine(text, false))));
    } else if (kind === "secret") rows.secrets.push(readSecret(text));
    else throw new VaultError("invalid_bundle");
  };
  try {
    for await (const { lines } of readLines(source, { maxTotalBytes })) {
      for (const line of lines) {
        if (typeof line !== "string") return reader.skip();
        if (line === "") continue;
        const read = reader.read(line);
        if (read) {
          const { kind, text } = accepted(read);
          add(kind, text);
        }
      }
    }
    reader.close();
    return rows;
  } catch (error) {
    wipe(...rows.secrets.map(({ value }) => value));
    const isMisshapen =
      error instanceof StoreError || error instanceof ShapeError || error instanceof SyntaxError;
    throw isMisshapen ? new VaultError("invalid_bundle", { cause: error }) : error;
  }
}

async function* scanLines(store: {
  scan(query: { cursor: string | null; limit: number }): Promise<RecordPage>;
}): AsyncGenerator<string, void> {
  let cursor: string | null = null;
  do {
    const page: RecordPage = await store.scan({ cursor, limit: pageLimit });
    for (const { line } of page.items) yield line;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

function accepted<Read extends object>(read: Read | RefusedLine): Read {
  if ("violations" in read) throw new VaultError("invalid_bundle");
  return read;
}

function readSecret(text: string): { name: string; value: Uint8Array<ArrayBuffer> } {
  const { name, value } = objectWith(JSON.parse(text), ["name", "value"]);
  const bytes = fromBase64Url(textOf(value, /^[A-Za-z0-9_-]*$/));
  if (!bytes) throw new ShapeError("not the bytes expected");
  return { name: textOf(name, /^/), value: bytes };
}

function createTextHash(): TextHash {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  return {
    update: (text) => void hash.update(encoder.encode(text)),
    hexDigest: () => toHex(hash.digest()),
  };
}
