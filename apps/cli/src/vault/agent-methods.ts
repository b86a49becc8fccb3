/**
 * What the agent does for each call. Everything that arrives is read strictly here; what is wrong with
 * it is a {@link ShapeError}, which ends the connection.
 */
import { ShapeError, countOf, objectWith, textOf } from "@hi-stranger/vault/header/strict-json";
import type { ChosenQuestion } from "@hi-stranger/vault/questions";
import { VaultError } from "@hi-stranger/vault/vault-error";
import type { Vault } from "@hi-stranger/vault/vault";
import { type AgentMethod, type ResultOf, maxPageItems, maxViolations } from "./agent-calls.ts";
import { recordKindNames } from "./record-kind-names.ts";
import { type RecordKind, openRecordKind } from "./record-kinds.ts";

/** Calls that are about what is in the vault. The others are about the agent itself. */
export type VaultMethod = Exclude<AgentMethod, "unlock" | "lock" | "status">;

export interface MethodInput {
  readonly vault: Vault;
  readonly params: unknown;
  /** Wiped by whoever calls. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  /** The byte strings that follow the request, for calls that take a stream. */
  readonly incoming: () => AsyncIterable<Uint8Array>;
  /** Sends byte strings before the reply, for calls that give a stream. */
  readonly send: (bytes: Uint8Array) => Promise<void>;
}

export interface MethodResult<Method extends AgentMethod> {
  readonly result: ResultOf<Method>;
  /** Wiped once they are sent. */
  readonly parts?: readonly Uint8Array[];
  /** Called when the reply reached nobody. */
  readonly undo?: () => Promise<void>;
}

type Handlers = {
  readonly [Method in VaultMethod]: (input: MethodInput) => Promise<MethodResult<Method>>;
};

/** A key or a cursor; what it means the store says. */
const keyText = /^.{1,512}$/;
/** The vault takes bundles of 512 MiB, which encryption makes a little larger. */
const maxBundleBytes = 520 * 1024 * 1024;
const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

const vaultMethods: Handlers = {
  async changePassphrase({ vault, parts }) {
    const [current, next] = takeParts(parts, 2);
    return { result: { notices: await vault.changePassphrase({ current, next }) } };
  },

  async renewRecoveryCode({ vault, parts }) {
    const [passphrase] = takeParts(parts, 1);
    const { recoveryCode, notices } = await vault.renewRecoveryCode({ passphrase });
    return { result: { notices }, parts: [recoveryCode] };
  },

  async getQuestions({ vault }) {
    return { result: { questions: await vault.getQuestions() } };
  },

  async setQuestions({ vault, params, parts }) {
    const { questions, threshold } = objectWith(params, ["questions", "threshold"]);
    const texts = Array.isArray(questions) ? questions : [];
    const [passphrase, ...answers] = takeParts(parts, texts.length + 1);
    const chosen = texts.map((text, index) => readQuestion(text, answers[index]));
    const choice =
      chosen.length === 0
        ? null
        : {
            questions: chosen,
            ...(threshold === null ? {} : { threshold: countOf(threshold) }),
          };
    return { result: { notices: await vault.setQuestions({ passphrase, choice }) } };
  },

  async getSecret({ vault, params }) {
    const value = await vault.records().secrets.get(nameOf(params));
    return { result: { isThere: value !== null }, parts: value ? [value] : [] };
  },

  async putSecret({ vault, params, parts }) {
    const [value] = takeParts(parts, 1);
    await vault.records().secrets.put(nameOf(params), value);
    return { result: {} };
  },

  async listSecrets({ vault, params }) {
    const { after } = objectWith(params, ["after"]);
    const all = await vault.records().secrets.list();
    const start = after === null ? 0 : all.findIndex(({ name }) => name === after) + 1;
    const secrets = all.slice(start, start + maxPageItems);
    return { result: { secrets, isLast: start + maxPageItems >= all.length } };
  },

  async deleteSecret({ vault, params }) {
    return { result: { isThere: await vault.records().secrets.delete(nameOf(params)) } };
  },

  async getRecord({ vault, params }) {
    const { kind, key } = objectWith(params, ["kind", "key"]);
    const line = await kindOf(vault, kind).get(textOf(key, keyText));
    return {
      result: { isThere: line !== null },
      parts: line === null ? [] : [encoder.encode(line)],
    };
  },

  async listRecords({ vault, params }) {
    const { kind, ...query } = objectWith(params, ["kind", "chatId", "cursor", "limit"]);
    const limit = countOf(query.limit);
    if (limit < 1 || limit > maxPageItems) throw new ShapeError("a limit out of bounds");
    const chatId = query.chatId === null ? null : textOf(query.chatId, keyText);
    const cursor = query.cursor === null ? null : textOf(query.cursor, keyText);
    const { lines, nextCursor } = await kindOf(vault, kind).list({ chatId, cursor, limit });
    const text = lines.map((line) => `${line}\n`).join("");
    return { result: { nextCursor }, parts: [encoder.encode(text)] };
  },

  async writeRecords({ vault, params, parts }) {
    const { kind } = objectWith(params, ["kind"]);
    const [bytes] = takeParts(parts, 1);
    const { counts, refused } = await kindOf(vault, kind).write(linesOf(bytes));
    const told = refused.map(({ index, line }) => ({
      index,
      violations: line.violations.slice(0, maxViolations),
    }));
    return { result: { counts, refused: told } };
  },

  async deleteRecord({ vault, params }) {
    const { kind, key } = objectWith(params, ["kind", "key"]);
    return { result: { isThere: await kindOf(vault, kind).delete(textOf(key, keyText)) } };
  },

  async exportBundle({ vault, send }) {
    for await (const bytes of vault.exportBundle()) await send(bytes);
    return { result: {} };
  },

  async importBundle({ vault, params, parts, incoming }) {
    const { secret } = objectWith(params, ["secret"]);
    const [bytes] = takeParts(parts, 1);
    if (secret !== "passphrase" && secret !== "code") throw new ShapeError("no kind of secret");
    const given = secret === "code" ? { code: bytes } : { passphrase: bytes };
    // All of it is here before the vault is asked, which does one thing at a time: whoever stalls
    // while sending keeps nobody waiting.
    const bundle = await gather(incoming());
    return { result: { counts: await vault.importBundle(bundle, given) } };
  },
};

/** What does the call `name`, if it is one of the vault's. */
export function findVaultMethod(
  name: string,
): ((input: MethodInput) => Promise<MethodResult<VaultMethod>>) | null {
  // Whatever is found under its own name answers what its name says.
  return Object.hasOwn(vaultMethods, name) ? vaultMethods[name as VaultMethod] : null;
}

/** The byte strings of a request, when it has just as many. */
function takeParts(parts: readonly Uint8Array<ArrayBuffer>[], count: 1): [Uint8Array<ArrayBuffer>];
function takeParts(
  parts: readonly Uint8Array<ArrayBuffer>[],
  count: 2,
): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
function takeParts(
  parts: readonly Uint8Array<ArrayBuffer>[],
  count: number,
): [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]];
function takeParts(
  parts: readonly Uint8Array<ArrayBuffer>[],
  count: number,
): readonly Uint8Array<ArrayBuffer>[] {
  if (parts.length !== count) throw new ShapeError("another number of byte strings");
  return parts;
}

function readQuestion(text: unknown, answer: Uint8Array | undefined): ChosenQuestion {
  if (!answer) throw new ShapeError("no answer");
  if (typeof text === "object" && text !== null && "customText" in text) {
    const { customText } = objectWith(text, ["customText"]);
    return { customText: textOf(customText, keyText), answer };
  }
  const { predefinedId } = objectWith(text, ["predefinedId"]);
  return { predefinedId: countOf(predefinedId), answer };
}

function nameOf(params: unknown): string {
  return textOf(objectWith(params, ["name"]).name, keyText);
}

function kindOf(vault: Vault, value: unknown): RecordKind {
  const kind = recordKindNames.find((name) => name === value);
  if (kind === undefined) throw new ShapeError("no kind of record");
  return openRecordKind(vault.records(), kind);
}

/** All of `chunks`, to be gone through once. */
async function gather(
  chunks: AsyncIterable<Uint8Array>,
): Promise<AsyncGenerator<Uint8Array, void>> {
  const gathered: Uint8Array[] = [];
  let byteLength = 0;
  for await (const chunk of chunks) {
    byteLength += chunk.length;
    if (byteLength > maxBundleBytes) throw new VaultError("invalid_bundle");
    gathered.push(chunk);
  }
  return drain(gathered);
}

/** `chunks` in their order, each let go as it is given. */
async function* drain(chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  chunks.reverse();
  for (let chunk = chunks.pop(); chunk; chunk = chunks.pop()) yield chunk;
}

/** The lines in `bytes`, each with its LF. */
function linesOf(bytes: Uint8Array): string[] {
  try {
    return decoder.decode(bytes).split("\n").slice(0, -1);
  } catch (cause) {
    throw new ShapeError("no UTF-8", { cause });
  }
}
