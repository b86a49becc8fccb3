/** The controls that hold one value: text, dates, numbers and native selects. */
import { languageName, t } from "../i18n/translate.ts";
import { commonTags } from "../personas/common-tags.ts";
import type { ControlProps } from "./form-field.tsx";

const wordRows = 4;

export function TextControl(props: ControlProps) {
  const { field, pointer, id, describedBy, violation, onChange } = props;
  const value = String(props.value);
  const shared = {
    id,
    value,
    "data-pointer": pointer,
    "aria-describedby": describedBy || undefined,
    "aria-invalid": violation ? true : undefined,
    "aria-required": field.isRequired || undefined,
    onInput: (event: { currentTarget: { value: string } }) =>
      onChange(pointer, event.currentTarget.value),
  };
  switch (field.kind) {
    case "text":
      return field.rows === undefined ? (
        <input type="text" dir="auto" autocomplete="off" {...shared} />
      ) : (
        <textarea rows={field.rows} dir="auto" {...shared} />
      );
    case "words":
      return <textarea rows={wordRows} dir="auto" {...shared} />;
    case "age":
      return <input type="number" inputMode="numeric" min={0} max={999} {...shared} />;
    case "date":
      return <input type="date" {...shared} />;
    case "instant":
      return <input type="datetime-local" {...shared} />;
    case "url":
      return <input type="url" dir="ltr" autocomplete="off" placeholder="https://" {...shared} />;
    case "yes_no":
      return (
        <select {...shared}>
          <option value="">{t("value.unsaid")}</option>
          <option value="yes">{t("value.yes")}</option>
          <option value="no">{t("value.no")}</option>
        </select>
      );
    case "language":
      return (
        <>
          <input type="text" dir="ltr" autocomplete="off" list={`${id}-list`} {...shared} />
          <datalist id={`${id}-list`}>
            {commonTags.map((tag) => (
              <option key={tag} value={tag}>
                {languageName(tag)}
              </option>
            ))}
          </datalist>
        </>
      );
    case "one":
    case "some":
    case "score":
      return null;
  }
}
