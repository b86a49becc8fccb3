/** The files a person can take along after an import. */
import { saveFile } from "../files/save-file.ts";
import type { ImportRun } from "./import-run.ts";

/** The refused lines as they came, one a line. */
export function saveRefusedLines({ file, refused }: ImportRun): void {
  saveFile(`${stemOf(file.name)}.failed.ndjson`, "application/x-ndjson", refused.linesFile());
}

/** Everything the page knows about the run, as JSON. It quotes no line. */
export function saveReport(run: ImportRun): void {
  const head = {
    file: run.file.name,
    home: run.home,
    state: run.status,
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    bytes_done: run.bytesDone,
    bytes_total: run.file.size,
    lines_total: run.lines,
    lines_invalid: run.refusedCount,
    inserted: run.inserted,
    updated: run.updated,
    unchanged: run.unchanged,
    unsaved: run.unsaved,
    import_ids: run.importIds,
  };
  const open = JSON.stringify(head, null, 2).replace(/\n\}$/, ',\n  "errors": [');
  const parts = [open, ...run.refused.errorsJson(), "\n  ]\n}\n"];
  saveFile(`${stemOf(run.file.name)}.report.json`, "application/json", parts);
}

function stemOf(name: string): string {
  return name.replace(/\.gz$/i, "").replace(/\.(?:ndjson|jsonl|json)$/i, "") || "import";
}
