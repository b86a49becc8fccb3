import { formatInteger, t } from "../i18n/translate.ts";
import { describeReason } from "../i18n/violations.ts";
import type { ImportRun } from "../transfer/import-run.ts";

/** The first refused lines: where, and why. Never what they hold. */
export function RefusedTable({ run }: { readonly run: ImportRun }) {
  const { samples, unkeptCount } = run.refused;
  const more = run.refusedCount - samples.length;
  return (
    <div class="refused">
      <h3 id="refused-title">{t("import.errors.title")}</h3>
      <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="refused-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("import.errors.line")}</th>
              <th scope="col">{t("import.errors.place")}</th>
              <th scope="col">{t("import.errors.reason")}</th>
            </tr>
          </thead>
          <tbody>
            {samples.flatMap(({ lineNo, errors }) =>
              errors.map((error, index) => (
                <tr key={`${lineNo}.${index}`}>
                  <td>{formatInteger(lineNo)}</td>
                  <td>
                    {error.path === "" ? (
                      t("import.errors.whole")
                    ) : (
                      <code dir="ltr">{error.path.replace(/^\/profile\//, "")}</code>
                    )}
                  </td>
                  <td>{describeReason(error)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
      {more > 0 && <p class="hint">{t("import.errors.more", { count: more })}</p>}
      {unkeptCount > 0 && <p class="hint">{t("import.errors.unkept", { count: unkeptCount })}</p>}
    </div>
  );
}
