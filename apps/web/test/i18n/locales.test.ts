import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  type Language,
  languages,
  loadMessagePart,
  loadMessages,
  messageParts,
} from "../../src/i18n/languages.ts";
import type { Message, PluralForms } from "../../src/i18n/messages.ts";
import { groups } from "../../src/personas/fields.ts";

const sourceFolder = fileURLToPath(new URL("../../src/", import.meta.url));
const codes = Object.keys(languages) as Language[];

async function load(code: Language): Promise<Record<string, Message>> {
  const parts = await Promise.all(messageParts.map((part) => loadMessagePart(part, code)));
  return Object.assign({}, await loadMessages(code), ...parts) as Record<string, Message>;
}

function formsOf(message: Message): PluralForms {
  return typeof message === "string" ? { other: message } : message;
}

function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
}

describe.each(codes)("the messages in %s", (code) => {
  it("have exactly the names that English has", async () => {
    const [english, messages] = [await load("en"), await load(code)];
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
  });

  it("name in each form the same things as English does", async () => {
    const [english, messages] = [await load("en"), await load(code)];
    const other = Object.entries(messages).filter(([key, message]) => {
      const wanted = placeholdersOf(formsOf(english[key] ?? "").other).join();
      return Object.values(formsOf(message)).some((text) => placeholdersOf(text).join() !== wanted);
    });
    expect(other).toEqual([]);
  });

  it("are never empty and never padded", async () => {
    const texts = Object.values(await load(code)).flatMap((message) =>
      Object.values(formsOf(message)),
    );
    expect(texts.filter((text) => text === "" || text !== text.trim())).toEqual([]);
  });

  it("have a form for one and for other wherever they count", async () => {
    const { pluralCategories } = new Intl.PluralRules(code).resolvedOptions();
    expect(pluralCategories).toContain("one");
    const counting = Object.values(await load(code)).filter(
      (message) => typeof message !== "string",
    );
    expect(counting.length).toBeGreaterThan(10);
    expect(new Set(counting.map((forms) => Object.keys(forms).sort().join()))).toEqual(
      new Set(["one,other"]),
    );
  });
});

it("no message is in two parts", async () => {
  const parts = await Promise.all(messageParts.map((part) => loadMessagePart(part, "en")));
  const names = [await loadMessages("en"), ...parts].flatMap((messages) => Object.keys(messages));
  expect(new Set(names).size).toBe(names.length);
});

it("every message is used, and every field and value has one", async () => {
  const messages = await load("en");
  const sources = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes("locales"))
    .map((name) => readFileSync(sourceFolder + name, "utf8"))
    .join("\n");
  const fields = groups.flatMap(({ fields }) => fields);
  const fieldKeys = fields.flatMap((field) => [
    `field.${field.name}`,
    ...("values" in field ? field.values.map((value) => `${field.name}.${value}`) : []),
  ]);
  expect(fieldKeys.filter((key) => !(key in messages))).toEqual([]);
  const isUsed = (key: string) =>
    fieldKeys.includes(key) || sources.includes(`"${key}"`) || isComposed(key, sources);
  expect(Object.keys(messages).filter((key) => !isUsed(key))).toEqual([]);
});

/** Whether some template in the sources, such as `group.${name}`, can give `key`. */
function isComposed(key: string, sources: string): boolean {
  const templates = new Set(
    [...sources.matchAll(/`([a-z_]+\.[^`\s]*\$\{[^`\s]*)`/g)].map(([, t]) => t),
  );
  return [...templates].some((template = "") => {
    const pattern = template
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replaceAll(".", "\\."))
      .join("[\\w.]+");
    return new RegExp(`^${pattern}$`).test(key);
  });
}
