/** One field: its native control, its hint, what is wrong with it and what is risky about it. */
import type { Violation } from "@hi-stranger/core/schema/violations";
import { codePointCountOf } from "../form/text-length.ts";
import type { FormValue } from "../form/form-values.ts";
import { describeReason } from "../i18n/violations.ts";
import { t, tOr } from "../i18n/translate.ts";
import type { Field } from "../personas/fields.ts";
import { fieldLabel } from "../personas/labels.ts";
import { ChoiceControl } from "./choice-control.tsx";
import { Icon } from "./icon.tsx";
import { PersonalDataHint } from "./personal-data-hint.tsx";
import { TextControl } from "./text-control.tsx";

export interface FieldProps {
  readonly field: Field;
  readonly pointer: string;
  readonly value: FormValue;
  readonly violation: Violation | undefined;
  /** What is odd about the value, though nothing is wrong; empty for nothing. */
  readonly note: string;
  readonly onChange: (pointer: string, value: FormValue) => void;
}

/** What a control needs to be found, named and described. */
export interface ControlProps extends FieldProps {
  readonly id: string;
  readonly describedBy: string;
}

export function FormField(props: FieldProps) {
  const { field, pointer, value, violation, note } = props;
  const id = `f-${field.name}`;
  const hint = hintOf(field, value);
  const isFree = (field.kind === "text" && field.isFree) || field.kind === "words";
  const control: ControlProps = {
    ...props,
    id,
    describedBy: [hint && `${id}-hint`, note && `${id}-note`, violation && `${id}-error`]
      .filter(Boolean)
      .join(" "),
  };
  const isGroup = field.kind === "one" || field.kind === "some" || field.kind === "score";
  const label = (
    <>
      {fieldLabel(field.name)}
      {!field.isRequired && <span class="optional"> {t("editor.optional")}</span>}
    </>
  );
  const notes = (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {note && (
        <p class="field-warning" id={`${id}-note`}>
          <Icon name="eye" />
          {note}
        </p>
      )}
      {violation && (
        <p class="field-error" id={`${id}-error`}>
          <Icon name="alert" />
          {t("reason.sentence", {
            label: fieldLabel(field.name),
            reason: describeReason({ ...violation, path: pointer }),
          })}
        </p>
      )}
      {isFree && typeof value === "string" && <PersonalDataHint text={value} />}
    </>
  );
  if (isGroup) return <ChoiceControl {...control} label={label} notes={notes} />;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <TextControl {...control} />
      {notes}
    </div>
  );
}

function hintOf(field: Field, value: FormValue): string {
  if (field.kind === "text" && field.maxLength !== undefined) {
    const count = codePointCountOf(String(value));
    return t("editor.length", { count, max: field.maxLength });
  }
  return tOr(`hint.${field.name}`, "");
}
