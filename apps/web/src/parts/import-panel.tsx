/** Choosing a file, watching it go in, and what came of it. */
import { useState } from "preact/hooks";
import { formatDuration, formatInteger, formatPercent, t } from "../i18n/translate.ts";
import type { OpenHome } from "../state/session.ts";
import {
  type ImportRun,
  cancelImport,
  clearImport,
  importRun,
  isUnderWay,
  pauseImport,
  resumeImport,
  startImport,
} from "../transfer/import-run.ts";
import { saveRefusedLines, saveReport } from "../transfer/import-report.ts";
import { toPace } from "../transfer/pace.ts";
import { Icon } from "./icon.tsx";
import { ErrorNote } from "./problem-note.tsx";
import { RefusedTable } from "./refused-table.tsx";

export function ImportPanel({ open }: { readonly open: OpenHome }) {
  const run = importRun.value;
  if (!run) return <FileDrop onFile={(file) => void startImport(open, file)} />;
  return (
    <div class="run">
      <h3 class="run-title">{titleOf(run)}</h3>
      <RunProgress run={run} />
      <Counts run={run} />
      {isUnderWay(run) ? (
        <RunControls run={run} />
      ) : (
        <Outcome run={run} onAgain={() => void startImport(open, run.file)} />
      )}
      {run.refusedCount > 0 && <RefusedTable run={run} />}
    </div>
  );
}

function titleOf(run: ImportRun): string {
  return t(`import.${isPartial(run) ? nameOfPartial(run) : run.status}`, { file: run.file.name });
}

function nameOfPartial({ inserted, updated, unchanged }: ImportRun): "partial" | "nothing" {
  return inserted + updated + unchanged > 0 ? "partial" : "nothing";
}

/** Whether it was read to its end, and not all of it found room. */
function isPartial({ status, unsaved }: ImportRun): boolean {
  return status === "done" && unsaved > 0;
}

function FileDrop({ onFile }: { readonly onFile: (file: File) => void }) {
  const [isOver, setIsOver] = useState(false);
  return (
    <div
      class={isOver ? "drop is-over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) onFile(file);
      }}
    >
      <label class="button button-main">
        <Icon name="upload" />
        {t("import.choose")}
        <input
          type="file"
          class="visually-hidden"
          accept=".ndjson,.jsonl,.gz,application/x-ndjson,application/gzip"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) onFile(file);
          }}
        />
      </label>
      <span class="hint">{t("import.drop")}</span>
    </div>
  );
}

function RunProgress({ run }: { readonly run: ImportRun }) {
  const { bytesDone, file, lines, activeMs } = run;
  const { linesPerSecond, secondsLeft } = toPace({
    lines,
    bytesDone,
    bytesTotal: file.size,
    activeMs,
  });
  const ratio = file.size === 0 ? 1 : bytesDone / file.size;
  const facts = [t("import.read", { count: lines })];
  if (run.status === "running") {
    facts.unshift(formatPercent(ratio));
    facts.push(t("import.rate", { count: linesPerSecond }));
    if (secondsLeft !== null) {
      facts.push(t("import.left", { duration: formatDuration(secondsLeft) }));
    }
  } else if (run.status === "done") {
    facts.push(t("import.took", { duration: formatDuration(activeMs / 1000) }));
  }
  return (
    <>
      <progress
        class={run.unsaved > 0 ? "is-bad" : undefined}
        aria-label={titleOf(run)}
        value={ratio}
        max={1}
      />
      <p class="hint">{facts.join(" · ")}</p>
    </>
  );
}

function Counts({ run }: { readonly run: ImportRun }) {
  const counts = [
    ["inserted", run.inserted],
    ["updated", run.updated],
    ["unchanged", run.unchanged],
    ["refused", run.refusedCount],
    ...(run.unsaved > 0 ? [["unsaved", run.unsaved] as const] : []),
  ] as const;
  return (
    <dl class="counts">
      {counts.map(([name, count]) => (
        <div key={name} class={isBad(name) && count > 0 ? "is-bad" : undefined}>
          <dt>{t(`import.${name}`)}</dt>
          <dd>{formatInteger(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

function isBad(name: string): boolean {
  return name === "refused" || name === "unsaved";
}

function RunControls({ run }: { readonly run: ImportRun }) {
  const isPaused = run.status === "paused";
  return (
    <p class="actions">
      <button type="button" class="button" onClick={isPaused ? resumeImport : pauseImport}>
        <Icon name={isPaused ? "play" : "pause"} />
        {t(isPaused ? "import.resume" : "import.pause")}
      </button>
      <button type="button" class="button" onClick={cancelImport}>
        <Icon name="close" />
        {t("import.cancel")}
      </button>
    </p>
  );
}

function Outcome({ run, onAgain }: { readonly run: ImportRun; readonly onAgain: () => void }) {
  const isBrokenOff = run.status === "failed" || run.status === "cancelled";
  return (
    <>
      {run.status === "failed" && <ErrorNote error={run.error} />}
      {isBrokenOff && <p class="hint">{t("import.kept")}</p>}
      {run.unsaved > 0 && (
        <div class="note note-problem">
          <Icon name="alert" />
          <div class="note-body">
            <p class="note-title">{t("import.unsaved.hint", { count: run.unsaved })}</p>
            <p>{t("import.unsaved.advice")}</p>
          </div>
        </div>
      )}
      {run.status === "done" && run.lines === 0 && <p class="hint">{t("import.file_empty")}</p>}
      <p class="actions">
        {run.refusedCount > 0 ? (
          <button type="button" class="button button-main" onClick={() => saveRefusedLines(run)}>
            <Icon name="download" />
            {t("import.download.lines")}
          </button>
        ) : (
          <a class="button button-main" href="/personas">
            {t("nav.personas")}
          </a>
        )}
        <button type="button" class="button" onClick={() => saveReport(run)}>
          <Icon name="download" />
          {t("import.download.report")}
        </button>
        {(isBrokenOff || isPartial(run)) && (
          <button type="button" class="button" onClick={onAgain}>
            {t("import.resend")}
          </button>
        )}
        <button type="button" class="button" onClick={clearImport}>
          {t("import.again")}
        </button>
      </p>
    </>
  );
}
