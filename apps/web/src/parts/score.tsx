import { t } from "../i18n/translate.ts";

const steps = [1, 2, 3, 4, 5] as const;

/** A score of 1 to 5, as five marks and as words. */
export function Score({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <div class="score">
      <dt>{label}</dt>
      <dd>
        <span class="score-marks" aria-hidden="true">
          {steps.map((step) => (
            <span key={step} class={step <= value ? "mark is-on" : "mark"} />
          ))}
        </span>
        <span class="visually-hidden">{t("score.of_five", { value })}</span>
      </dd>
    </div>
  );
}
