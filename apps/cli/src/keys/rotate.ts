/** `hi keys rotate`: starts a rotation, or takes up the one that goes on, and brings it to its end. */
import { setTimeout as sleep } from "node:timers/promises";
import { fromInstant, systemClock } from "@hi-stranger/core/clock";
import type { RotationInfo } from "@hi-stranger/core/contract/keys";
import type { RotationPurpose } from "@hi-stranger/core/contract/rotation-purposes";
import type { Context } from "../context.ts";
import { CliError, InterruptedError } from "../errors.ts";
import { formatCount } from "../format.ts";
import { createProgressBar } from "../progress-bar.ts";

const longestWaitMs = 5_000;

/** Resolves when nothing is left on the old key. @throws {CliError} `rotation_stuck` */
export async function rotateKeys(context: Context, purpose: RotationPurpose): Promise<void> {
  const { output, signal } = context;
  const client = await context.openOperatorClient();
  const bar = createProgressBar(!output.isQuiet && !output.isJson);
  let rotation = await client.startKeyRotation({ purpose }, { signal });
  let failedSubjects: readonly string[] = [];
  try {
    while (rotation.state !== "finished" && rotation.state !== "stuck") {
      if (rotation.state === "waiting") await waitUntilReady(rotation, signal);
      const run = await client.runKeyRotation(rotation.rotation_id, { signal });
      ({ rotation } = run);
      failedSubjects = [...new Set([...failedSubjects, ...run.failed_subjects])];
      bar.update(progressOf(rotation));
    }
  } catch (error) {
    if (error instanceof InterruptedError) {
      output.note(
        `The store goes on by itself. To look on, or to speed it up: npx hi keys rotate ${purpose}`,
      );
    }
    throw error;
  } finally {
    bar.clear();
  }
  if (rotation.state === "stuck") throw stuck(rotation, failedSubjects);
  if (output.isJson) await output.json(rotation);
  else output.note(describeEnd(rotation));
}

/** The time is the store's: a clock that goes wrong here costs a request every few seconds. */
async function waitUntilReady({ ready_at: readyAt }: RotationInfo, signal: AbortSignal) {
  const leftMs = fromInstant(readyAt) - systemClock.now();
  const waitMs = Math.min(Math.max(leftMs, 250), longestWaitMs);
  try {
    await sleep(waitMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function progressOf({ state, done, total }: RotationInfo) {
  if (state === "waiting") {
    return { fraction: null, done: "until every server knows the new key", count: 0 };
  }
  const fraction = total === 0 ? null : Math.min(done / total, 1);
  const phase = state === "switching" ? "switched over" : "moved";
  return { fraction, done: `${formatCount(done)} ${phase}`, count: done };
}

function describeEnd({ purpose, from_version: from, to_version: to }: RotationInfo): string {
  if (to === null) return "Every person has a new data key, and nothing names an old one.";
  const next = `npx hi keys retire ${purpose} ${from}`;
  return `Everything is on version ${to} of ${purpose}, and nothing is left on version ${from}.\nNow: ${next}`;
}

function stuck(rotation: RotationInfo, failedSubjects: readonly string[]): CliError {
  const { purpose, left_over: leftOver } = rotation;
  const names = failedSubjects.length > 0 ? ` Of: ${failedSubjects.join(", ")}.` : "";
  return new CliError(
    "rotation_stuck",
    `${formatCount(leftOver ?? 0)} rows don't open and stay on the old key.${names}`,
    {
      hint: `See docs/keys.md, "When a rotation is stuck". Once they are mended or erased: npx hi keys rotate ${purpose}`,
      members: { rotation, failed_subjects: failedSubjects },
    },
  );
}
