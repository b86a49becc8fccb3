/**
 * The import that is under way. It belongs to the app, not to the screen, so that it goes on while
 * the person looks at something else.
 */
import { signal } from "@preact/signals";
import { systemClock } from "@hi-stranger/core/clock";
import { t } from "../i18n/translate.ts";
import { announce } from "../state/announcer.ts";
import type { OpenHome } from "../state/session.ts";
import { createGate, openFileSource } from "./import-file-source.ts";
import { type RefusedLog, createRefusedLog } from "./refused-log.ts";

/** Lines by what became of them; the refused ones are in the log. */
export interface ImportCounts {
  readonly lines: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Valid lines that found no room. */
  readonly unsaved: number;
}

export interface ImportRun extends ImportCounts {
  readonly home: OpenHome["home"];
  readonly file: File;
  readonly status: "running" | "paused" | "done" | "cancelled" | "failed";
  /** Bytes of the file whose lines have a verdict. */
  readonly bytesDone: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** Time it worked, without pauses. */
  readonly activeMs: number;
  readonly refused: RefusedLog;
  readonly refusedCount: number;
  /** The server's own reports. */
  readonly importIds: readonly string[];
  readonly error: unknown;
}

/** What an engine tells while it works. */
export interface ImportProgress extends Partial<ImportCounts> {
  readonly importIds?: readonly string[];
  /** Of what was read, how much has a verdict: 0 to 1, and 1 unless told. */
  readonly shareDone?: number;
}

export const importRun = signal<ImportRun | null>(null);

/** Signals fire at most this often while lines stream in. */
const drawIntervalMs = 100;

interface Controls {
  pause(): void;
  resume(): void;
  cancel(): void;
}

let controls: Controls | null = null;

export const pauseImport = () => controls?.pause();
export const resumeImport = () => controls?.resume();
export const cancelImport = () => controls?.cancel();

export function isUnderWay(run: ImportRun | null): boolean {
  return run?.status === "running" || run?.status === "paused";
}

/** Imports `file` into the home that is open. Resolves when it is over, however it ends. */
export async function startImport(open: OpenHome, file: File): Promise<void> {
  if (isUnderWay(importRun.value)) return;
  const gate = createGate();
  const canceller = new AbortController();
  const refused = createRefusedLog();
  const stopwatch = createStopwatch();
  let drawnAtMs = 0;
  let latest: Partial<ImportRun> = {};

  const draw = (part: Partial<ImportRun>) => {
    const run = importRun.value;
    if (!run) return;
    const activeMs = stopwatch.activeMs();
    importRun.value = { ...run, ...latest, refusedCount: refused.count, activeMs, ...part };
  };
  const onProgress = (part: Partial<ImportRun>) => {
    latest = { ...latest, ...part };
    if (performance.now() - drawnAtMs < drawIntervalMs) return;
    drawnAtMs = performance.now();
    draw({});
  };
  controls = {
    pause() {
      gate.pause();
      stopwatch.stop();
      draw({ status: "paused" });
    },
    resume() {
      stopwatch.start();
      draw({ status: "running" });
      gate.resume();
    },
    cancel() {
      canceller.abort();
      gate.resume();
    },
  };
  importRun.value = toNewRun(open, file, refused);
  addEventListener("beforeunload", keepPage);
  stopwatch.start();
  try {
    const { source, bytesRead } = await openFileSource(file, gate);
    const options = {
      source,
      refused,
      signal: canceller.signal,
      onProgress: ({ shareDone = 1, ...part }: ImportProgress) =>
        onProgress({ ...part, bytesDone: Math.floor(bytesRead() * shareDone) }),
    };
    // The engines bring the schema along, so they come when there is something to read.
    if (open.client) {
      const { importIntoLive } = await import("./live-import.ts");
      await importIntoLive({ ...options, client: open.client, file });
    } else {
      const { importIntoDevice } = await import("./device-import.ts");
      await importIntoDevice({ ...options, store: open.store });
    }
    stopwatch.stop();
    draw({ status: "done", bytesDone: file.size, finishedAt: new Date(systemClock.now()) });
  } catch (error) {
    stopwatch.stop();
    const isCancelled = canceller.signal.aborted;
    const ending = isCancelled
      ? { status: "cancelled" as const }
      : { status: "failed" as const, error };
    draw({ ...ending, finishedAt: new Date(systemClock.now()) });
  } finally {
    controls = null;
    removeEventListener("beforeunload", keepPage);
    open.list.forget();
    announce(describeEnd(refused.count, importRun.value?.unsaved ?? 0));
  }
}

function describeEnd(refused: number, unsaved: number): string {
  const end = t("import.announce.done", { count: refused });
  return unsaved === 0 ? end : `${end} ${t("import.unsaved.hint", { count: unsaved })}`;
}

export function clearImport(): void {
  if (!isUnderWay(importRun.value)) importRun.value = null;
}

function toNewRun(open: OpenHome, file: File, refused: RefusedLog): ImportRun {
  return {
    home: open.home,
    file,
    status: "running",
    bytesDone: 0,
    startedAt: new Date(systemClock.now()),
    finishedAt: null,
    activeMs: 0,
    refused,
    refusedCount: 0,
    importIds: [],
    lines: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    unsaved: 0,
    error: null,
  };
}

/** The browser asks before it closes a page that is still importing. */
function keepPage(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function createStopwatch() {
  let sumMs = 0;
  let startedMs: number | null = null;
  return {
    start(): void {
      startedMs ??= performance.now();
    },
    stop(): void {
      if (startedMs !== null) sumMs += performance.now() - startedMs;
      startedMs = null;
    },
    activeMs: () => sumMs + (startedMs === null ? 0 : performance.now() - startedMs),
  };
}
