import { useState } from "preact/hooks";
import { t } from "../i18n/translate.ts";
import { Icon } from "./icon.tsx";

/** A command to run in a terminal, with a button that copies it. */
export function CopyCommand({ command }: { readonly command: string }) {
  const [isCopied, setIsCopied] = useState(false);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(command);
      setIsCopied(true);
    } catch {
      // Refused by the browser: the text can be selected.
    }
  }

  return (
    <div class="command">
      <code dir="ltr">{command}</code>
      <button type="button" class="button" onClick={() => void copy()}>
        <Icon name={isCopied ? "check" : "copy"} />
        <span role="status">{t(isCopied ? "copy.done" : "copy.copy")}</span>
      </button>
    </div>
  );
}
