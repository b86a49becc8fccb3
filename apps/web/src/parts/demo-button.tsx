import { useState } from "preact/hooks";
import { describeProblem } from "../i18n/problems.ts";
import { t } from "../i18n/translate.ts";
import { addDemoPersonas } from "../state/persona-actions.ts";
import { openDevice } from "../state/session.ts";
import { showToast } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly isMain?: boolean;
  readonly onAdded: () => void;
}

/** Fills this device's home. */
export function DemoButton({ isMain = false, onAdded }: Props) {
  const [isBusy, setIsBusy] = useState(false);

  async function add(): Promise<void> {
    setIsBusy(true);
    try {
      const open = await openDevice();
      if (!open) return;
      await addDemoPersonas(open);
      onAdded();
    } catch (error) {
      const { title, advice } = describeProblem(error);
      showToast({ text: `${title}. ${advice}`, tone: "problem" });
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <button
      type="button"
      class={isMain ? "button button-main" : "button"}
      aria-disabled={isBusy}
      onClick={() => {
        if (!isBusy) void add();
      }}
    >
      <Icon name="plus" />
      {t(isBusy ? "demo.busy" : "demo.add")}
    </button>
  );
}
