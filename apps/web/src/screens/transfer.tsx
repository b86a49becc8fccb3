/** Import and export of whole files. */
import { useRef, useState } from "preact/hooks";
import { systemClock, toInstant } from "@hi-stranger/core/clock";
import { t } from "../i18n/translate.ts";
import { Icon } from "../parts/icon.tsx";
import { ImportPanel } from "../parts/import-panel.tsx";
import { ErrorNote } from "../parts/problem-note.tsx";
import { Screen } from "../parts/screen.tsx";
import { WithHome } from "../parts/with-home.tsx";
import { saveFile } from "../files/save-file.ts";
import { announce } from "../state/announcer.ts";
import type { OpenHome } from "../state/session.ts";
import { collectExport } from "../transfer/export-file.ts";

export function TransferScreen() {
  return (
    <Screen title={t("transfer.title")} lead={t("transfer.lead")}>
      <WithHome>
        {(open) => (
          <div class="transfer">
            <section class="panel" aria-labelledby="import-title">
              <h2 id="import-title">
                <Icon name="upload" />
                {t("import.title")}
              </h2>
              {open.owner ? <NoImport /> : <ImportHere open={open} />}
            </section>
            <section class="panel" aria-labelledby="export-title">
              <h2 id="export-title">
                <Icon name="download" />
                {t("export.title")}
              </h2>
              <p>{t(open.owner ? "export.own" : "export.text")}</p>
              <ExportPanel open={open} />
            </section>
          </div>
        )}
      </WithHome>
    </Screen>
  );
}

function ImportHere({ open }: { readonly open: OpenHome }) {
  return (
    <>
      <p>{t(`import.target.${open.home}`)}</p>
      <ImportPanel open={open} />
    </>
  );
}

/** Whoever is signed in keeps a few personas of their own; files go in with a token. */
function NoImport() {
  return (
    <>
      <p>{t("import.by_token")}</p>
      <p class="actions">
        <a class="button" href="/connect?next=%2Fimport">
          {t("connect.token.use")}
        </a>
      </p>
    </>
  );
}

type ExportState =
  | { readonly status: "idle" }
  | { readonly status: "running"; readonly count: number }
  | { readonly status: "done"; readonly count: number }
  | { readonly status: "failed"; readonly error: unknown };

function ExportPanel({ open }: { readonly open: OpenHome }) {
  const [state, setState] = useState<ExportState>({ status: "idle" });
  const canceller = useRef(new AbortController());

  async function run(): Promise<void> {
    canceller.current = new AbortController();
    const { signal } = canceller.current;
    setState({ status: "running", count: 0 });
    try {
      const { parts, count } = await collectExport(open, {
        signal,
        onProgress: (found) => setState({ status: "running", count: found }),
      });
      if (count > 0) {
        const day = toInstant(systemClock.now()).slice(0, 10);
        saveFile(`personas-${open.home}-${day}.ndjson`, "application/x-ndjson", parts);
      }
      setState({ status: "done", count });
      announce(count > 0 ? t("export.done", { count }) : t("export.empty"));
    } catch (error) {
      setState(signal.aborted ? { status: "idle" } : { status: "failed", error });
    }
  }

  if (state.status === "running") {
    return (
      <>
        <progress aria-label={t("export.title")} />
        <p class="hint">{t("export.running", { count: state.count })}</p>
        <p class="actions">
          <button type="button" class="button" onClick={() => canceller.current.abort()}>
            {t("export.cancel")}
          </button>
        </p>
      </>
    );
  }
  return (
    <>
      {state.status === "failed" && <ErrorNote error={state.error} onRetry={() => void run()} />}
      {state.status === "done" && (
        <p class="outcome">
          {state.count > 0 ? t("export.done", { count: state.count }) : t("export.empty")}
        </p>
      )}
      <p class="actions">
        <button type="button" class="button" onClick={() => void run()}>
          <Icon name="download" />
          {t("export.start")}
        </button>
      </p>
    </>
  );
}
