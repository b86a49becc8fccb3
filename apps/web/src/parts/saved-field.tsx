/** A field that saves itself when it is left, says how that went, and keeps what could not be saved. */
import { useEffect, useRef, useState } from "preact/hooks";
import { codePointCountOf } from "../form/text-length.ts";
import { describeProblem, hasCode } from "../i18n/problems.ts";
import { describeReason } from "../i18n/violations.ts";
import { t } from "../i18n/translate.ts";
import type { PersonalDataEditor, PersonalFieldName, SaveState } from "../state/personal-data.ts";
import { Icon } from "./icon.tsx";
import { PersonalControl } from "./personal-control.tsx";

/** Code points, as the schema counts. */
const maxLengths: Partial<Record<PersonalFieldName, number>> = { name: 200, address: 1000 };
const referencePattern = /^[A-Za-z][A-Za-z0-9_.:-]{2,127}$/;

interface Props {
  readonly name: PersonalFieldName;
  readonly editor: PersonalDataEditor;
}

export function SavedField({ name, editor }: Props) {
  const stored = editor.data.value[name] ?? "";
  const save = editor.saves.value[name];
  const [text, setText] = useState(stored);
  const isTyping = useRef(false);
  const fault = faultOf(name, text);
  const isRefused = save.status === "failed" && hasCode(save.error, "invalid_body");
  const reason = fault ?? (isRefused ? "pattern" : null);
  const id = `p-${name}`;

  // An undo changes what is stored; what is being typed meanwhile stays.
  useEffect(() => {
    if (!isTyping.current) setText(stored);
  }, [stored]);

  return (
    <div class="field">
      <div class="field-head">
        <label class="field-label" for={id}>
          {t(`account.field.${name}`)}
        </label>
        <div id={`${id}-state`} class="save-state" role="status">
          {reason === null && <Progress save={save} />}
        </div>
      </div>
      <PersonalControl
        id={id}
        name={name}
        value={text}
        describedBy={`${id}-hint ${id}-error`}
        isWrong={reason !== null}
        onInput={(next) => {
          isTyping.current = true;
          setText(next);
        }}
        onCommit={(next) => {
          isTyping.current = false;
          if (!faultOf(name, next)) void editor.save(name, next);
        }}
      />
      <p class="hint" id={`${id}-hint`}>
        {t(`account.hint.${name}`)}
      </p>
      <div id={`${id}-error`} role="status">
        {reason ? (
          <p class="field-error">
            <Icon name="alert" />
            {t("reason.sentence", {
              label: t(`account.field.${name}`),
              reason: describeReason({ path: "", errorCode: reason, message: "" }),
            })}
          </p>
        ) : (
          save.status === "failed" && (
            <Failure error={save.error} onRetry={() => void editor.save(name, text)} />
          )
        )}
      </div>
    </div>
  );
}

function Progress({ save }: { readonly save: SaveState }) {
  if (save.status === "saving") return <span>{t("editor.saving")}</span>;
  if (save.status !== "saved") return null;
  return (
    <span class="is-saved">
      <Icon name="check" />
      {t("save.saved")}
    </span>
  );
}

function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <p class="field-error">
      <Icon name="alert" />
      <span>{t("save.failed", { reason: describeProblem(error).title })}</span>
      <button type="button" class="button" onClick={onRetry}>
        {t("problem.retry")}
      </button>
    </p>
  );
}

/** What is wrong with `text` for all we can tell here. */
function faultOf(name: PersonalFieldName, text: string): "max_length" | "pattern" | null {
  const value = text.trim();
  if (codePointCountOf(value) > (maxLengths[name] ?? Infinity)) return "max_length";
  if (name === "payment_ref" && value !== "" && !referencePattern.test(value)) return "pattern";
  return null;
}
