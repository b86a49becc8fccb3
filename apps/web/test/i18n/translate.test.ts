import { beforeEach, describe, expect, it } from "vitest";
import { chooseLanguage } from "../../src/i18n/languages.ts";
import {
  currentLanguage,
  formatDate,
  formatDuration,
  languageName,
  rich,
  t,
  tOr,
  useLanguage,
  useMessagePart,
} from "../../src/i18n/translate.ts";
import { describeReason } from "../../src/i18n/violations.ts";

describe("in English", () => {
  beforeEach(() => useLanguage("en"));

  it("counts by the rules of the language", () => {
    expect(t("personas.count.all", { count: 1 })).toBe("1 persona");
    expect(t("personas.count.all", { count: 0 })).toBe("0 personas");
    expect(t("personas.count.all", { count: 12_345 })).toBe("12,345 personas");
  });

  it("puts elements where the braces are", () => {
    expect(rich("welcome.heading", { em: 7 })).toEqual(["Say hi ", 7, " saying who."]);
  });

  it("shows a name from data as it is when no message has it", () => {
    expect(tOr("field.shoe_size", "shoe_size")).toBe("shoe_size");
    expect(tOr("toast.demo_added", "counting needs a number")).toBe("counting needs a number");
    expect(tOr("toString", "not a message")).toBe("not a message");
  });

  it("tells the most exact reason it has", () => {
    const at = (path: string, errorCode: string) =>
      describeReason({ path, errorCode, message: "by core" });
    expect(at("/profile/identity/age", "minimum")).toBe("must be at least 13");
    expect(at("/profile/behavior/assertiveness_level", "minimum")).toBe("is too small");
    expect(at("", "json_parse_error")).toBe("is not JSON");
    expect(at("/profile", "some_new_rule")).toBe("by core");
  });

  it("rounds a time to what a person says", () => {
    expect(formatDuration(0.4)).toBe("less than a second");
    expect(formatDuration(1)).toBe("1 second");
    expect(formatDuration(61)).toBe("61 seconds");
    expect(formatDuration(150)).toBe("3 minutes");
    expect(formatDuration(7200)).toBe("2 hours");
  });

  it("leaves a text alone that is no date", () => {
    expect(formatDate("2000-02-29")).toBe("February 29, 2000");
    expect(formatDate("soon")).toBe("soon");
  });

  it("names languages, and shows a tag that is none", () => {
    expect(languageName("pt-BR")).toBe("Brazilian Portuguese");
    expect(languageName("not a tag")).toBe("not a tag");
  });
});

it("changes with the language", async () => {
  await useLanguage("de");
  expect(currentLanguage.value).toBe("de");
  expect(t("personas.count.all", { count: 12_345 })).toBe("12.345 Personas");
  expect(languageName("en")).toBe("Englisch");
});

it("chooses the first language that we speak, whatever its region", () => {
  expect(chooseLanguage(["fr-FR", "pt-PT", "en"])).toBe("pt");
  expect(chooseLanguage(["de-AT"])).toBe("de");
  expect(chooseLanguage(["fr", "zh-Hant"])).toBe("en");
  expect(chooseLanguage([])).toBe("en");
});

it("a part of the messages that was asked for comes with every language from then on", async () => {
  await useLanguage("en");
  expect(t("sent.title")).toBe("");
  await useMessagePart("account");
  expect(t("sent.title")).toBe("Check your mail");
  await useLanguage("de");
  expect(t("sent.title")).toBe("Sieh in deine Post");
  // Whichever is answered first: the language that is shown has its part.
  await Promise.all([useLanguage("es"), useMessagePart("account")]);
  expect([t("sent.title"), t("shell.nav")]).toEqual(["Mira tu correo", "Principal"]);
});
