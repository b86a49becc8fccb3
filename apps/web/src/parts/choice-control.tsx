/** The controls that choose from a closed list: radio buttons and checkboxes. */
import type { ComponentChildren } from "preact";
import { t } from "../i18n/translate.ts";
import { valueLabel } from "../personas/labels.ts";
import type { ControlProps } from "./form-field.tsx";

interface Props extends ControlProps {
  readonly label: ComponentChildren;
  readonly notes: ComponentChildren;
}

interface Option {
  readonly value: string;
  readonly label: string;
}

export function ChoiceControl(props: Props) {
  const { field, label, notes, describedBy, violation } = props;
  const isMany = field.kind === "some";
  const options = optionsOf(props);
  return (
    <fieldset
      class={field.kind === "score" ? "segments" : "choices"}
      role={isMany ? "group" : "radiogroup"}
      aria-describedby={describedBy || undefined}
      aria-invalid={!isMany && violation ? true : undefined}
      aria-required={isMany ? undefined : field.isRequired}
    >
      <legend>{label}</legend>
      <div class={field.kind === "score" ? "segment-row" : "choice-row"}>
        {options.map((option, index) => (
          <OptionControl key={option.value} {...props} option={option} isFirst={index === 0} />
        ))}
      </div>
      {notes}
    </fieldset>
  );
}

function OptionControl(props: Props & { option: Option; isFirst: boolean }) {
  const { field, pointer, value, violation, option, isFirst, onChange } = props;
  const isMany = field.kind === "some";
  const chosen = [value].flat();
  const isChosen = chosen.includes(option.value);
  return (
    <label class={field.kind === "score" ? "segment" : "choice"}>
      <input
        type={isMany ? "checkbox" : "radio"}
        name={pointer}
        value={option.value}
        checked={isChosen}
        aria-invalid={isMany && violation ? true : undefined}
        data-pointer={isFirst ? pointer : undefined}
        onChange={() => onChange(pointer, isMany ? toggled(field, chosen, option) : option.value)}
      />
      <span>{option.label}</span>
    </label>
  );
}

function optionsOf({ field }: Props): readonly Option[] {
  if (field.kind === "score") {
    return ["1", "2", "3", "4", "5"].map((value) => ({ value, label: value }));
  }
  if (field.kind !== "one" && field.kind !== "some") return [];
  const options = field.values.map((value) => ({ value, label: valueLabel(field.name, value) }));
  const isUnsayable = field.kind === "one" && !field.isRequired;
  return isUnsayable ? [{ value: "", label: t("value.unsaid") }, ...options] : options;
}

/** `chosen` with `option` switched, in the order of the list. */
function toggled(field: Props["field"], chosen: readonly string[], option: Option): string[] {
  const next = chosen.includes(option.value)
    ? chosen.filter((value) => value !== option.value)
    : [...chosen, option.value];
  const order = field.kind === "some" ? field.values : [];
  return next.sort((left, right) => order.indexOf(left) - order.indexOf(right));
}
