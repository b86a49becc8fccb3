/** A real vault in a temporary folder: real files, real ciphers, a key file, and clocks to be moved. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { toHex } from "@hi-stranger/core/codec/bytes";
import { createKeyFileStore } from "../../src/node/key-file.ts";
import { createNodePlatform } from "../../src/node/platform.ts";
import type { Argon2id, VaultPlatform } from "../../src/ports.ts";

/** A wall clock and a monotonic one, held still until moved, and the timers that wait for them. */
export interface TestTime {
  wallMs: number;
  epochId: string;
  /** Moves monotonic time on, and runs what was due. */
  pass(ms: number): void;
}

export interface TempVault {
  readonly folder: string;
  readonly keyFolder: string;
  readonly time: TestTime;
  readonly platform: VaultPlatform;
}

/** A place for a vault, gone after the test. */
export function tempVault(overrides: Partial<VaultPlatform> = {}): TempVault {
  const root = mkdtempSync(join(tmpdir(), "hi-vault-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "vault");
  const keyFolder = join(root, "keys");
  return { folder, keyFolder, ...platformOf(folder, keyFolder, overrides) };
}

/** Another process's view of the vault in `folder`. */
export function platformOf(
  folder: string,
  keyFolder: string,
  overrides: Partial<VaultPlatform> = {},
): { time: TestTime; platform: VaultPlatform } {
  const { time, ports } = createTestTime();
  const deviceKeys = createKeyFileStore(keyFolder, folder);
  // Collecting garbage at each lock takes longer than all else here; process/memory.test.ts needs it.
  const { collectGarbage: _, ...node } = createNodePlatform({ folder, deviceKeys });
  const platform = {
    ...node,
    ...ports,
    argon2id: takingTime(remembering(node.argon2id), time),
    ...overrides,
  };
  return { time, platform };
}

const derivedByInput = new Map<string, Uint8Array<ArrayBuffer>>();

/** Derives the same but once: tests open many copies of one vault, with the same few secrets. */
function remembering(argon2id: Argon2id): Argon2id {
  return async (input) => {
    const { password, salt, memoryKib, passes, parallelism, byteLength } = input;
    const cost = [memoryKib, passes, parallelism, byteLength];
    const name = [toHex(password), toHex(salt), ...cost].join(" ");
    const derived = derivedByInput.get(name) ?? (await argon2id(input));
    derivedByInput.set(name, derived);
    return derived.slice();
  };
}

/** A passphrase's derivation takes 50 ms of the test's time, so that one pass is what fits. */
function takingTime(argon2id: Argon2id, time: TestTime): Argon2id {
  return async (input) => {
    const result = await argon2id(input);
    if (input.memoryKib >= 64 * 1024) time.pass(50);
    return result;
  };
}

function createTestTime(): {
  time: TestTime;
  ports: Pick<VaultPlatform, "clock" | "monotonicClock" | "scheduler">;
} {
  let monotonicMs = 1_000;
  const timers = new Set<{ dueMs: number; task: () => void }>();
  const time: TestTime = {
    wallMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    epochId: "boot-1",
    pass(ms) {
      monotonicMs += ms;
      time.wallMs += ms;
      for (const timer of timers) {
        if (timer.dueMs > monotonicMs) continue;
        timers.delete(timer);
        timer.task();
      }
    },
  };
  return {
    time,
    ports: {
      clock: { now: () => time.wallMs },
      monotonicClock: {
        get epochId() {
          return time.epochId;
        },
        nowMs: () => monotonicMs,
      },
      scheduler: {
        after(delayMs, task) {
          const timer = { dueMs: monotonicMs + delayMs, task };
          timers.add(timer);
          return () => {
            timers.delete(timer);
          };
        },
      },
    },
  };
}

/** Text as the bytes in which secrets travel. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export const passphrase = "Wandering-Lantern-42";
export const otherPassphrase = "Quiet-Harbour-Stone-7";

/** Four questions, 2 predefined and 2 of one's own, with their answers in the same order. */
export const answers = ["Biscuit", "Lisbon", "The green bicycle", "Aunt Philippa"];

export function fourQuestions(threshold?: number) {
  const questions = [
    { predefinedId: 1, answer: utf8(answers[0] ?? "") },
    { predefinedId: 2, answer: utf8(answers[1] ?? "") },
    { customText: "What did I ride to school in the rain?", answer: utf8(answers[2] ?? "") },
    { customText: "Who taught me to whistle on a leaf?", answer: utf8(answers[3] ?? "") },
  ];
  return threshold === undefined ? { questions } : { questions, threshold };
}
