/** The native control of each field of personal data. */
import { isCountryCode } from "@hi-stranger/core/schema/country";
import { currentLanguage, t } from "../i18n/translate.ts";
import type { PersonalFieldName } from "../state/personal-data.ts";

interface Props {
  readonly id: string;
  readonly name: PersonalFieldName;
  readonly value: string;
  readonly describedBy: string;
  readonly isWrong: boolean;
  readonly onInput: (text: string) => void;
  /** When the field is left, or Enter pressed in it. */
  readonly onCommit: (text: string) => void;
}

interface Option {
  readonly value: string;
  readonly label: string;
}

const autocompletes = {
  name: "name",
  address: "street-address",
  country: "country",
  timezone: "off",
  payment_ref: "off",
} as const;

export function PersonalControl(props: Props) {
  const { id, name, value, describedBy, isWrong, onInput, onCommit } = props;
  const shared = {
    id,
    value,
    autocomplete: autocompletes[name],
    "aria-describedby": describedBy,
    "aria-invalid": isWrong || undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
    onChange: (event: { currentTarget: { value: string } }) => onCommit(event.currentTarget.value),
  };
  switch (name) {
    case "name":
      return <input type="text" dir="auto" {...shared} />;
    case "address":
      return <textarea rows={3} dir="auto" {...shared} />;
    case "payment_ref":
      return <input type="text" dir="ltr" spellcheck={false} autocapitalize="off" {...shared} />;
    case "country":
      return <Choice {...shared} options={listCountries()} />;
    case "timezone":
      return <Choice {...shared} options={listTimeZones(value)} />;
  }
}

type ChoiceProps = preact.SelectHTMLAttributes & {
  readonly options: readonly Option[];
};

function Choice({ options, ...rest }: ChoiceProps) {
  return (
    <select {...rest}>
      <option value="">{t("value.unsaid")}</option>
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

let countries: { readonly language: string; readonly options: readonly Option[] } | null = null;

/** Every country by its name in the current language. */
function listCountries(): readonly Option[] {
  const language = currentLanguage.value ?? "en";
  if (countries?.language === language) return countries.options;
  const names = new Intl.DisplayNames([language], { type: "region" });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const { compare } = new Intl.Collator(language);
  const options = codes
    .filter(isCountryCode)
    .map((code) => ({ value: code, label: names.of(code) ?? code }))
    .sort((left, right) => compare(left.label, right.label));
  countries = { language, options };
  return options;
}

/** The platform's time zones, and the stored one should it be none of them. */
function listTimeZones(stored: string): readonly Option[] {
  const zones = new Set(["UTC", ...Intl.supportedValuesOf("timeZone")]);
  if (stored !== "") zones.add(stored);
  return [...zones].map((value) => ({ value, label: value.replaceAll("_", " ") }));
}
