/**
 * Writes what follows from declarations: JSON Schema files, compiled checks, the page of the data map.
 *
 * A check is plain code because workerd and the pages' Content-Security-Policy forbid building it
 * at run time. Run `npm run generate` after changing a schema; `npm test` fails while the files
 * differ, which `--check` finds out.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { renderDataMap } from "../src/data-map.ts";
import { chatMetaSchema, chatMetaVersion } from "../src/schema/chat-meta.ts";
import { messageSchema, messageVersion } from "../src/schema/message.ts";
import { personalDataSchema, personalDataVersion } from "../src/schema/personal-data.ts";
import { policyStateSchema, policyStateVersion } from "../src/schema/policy-state.ts";
import { userProfileSchema, userProfileVersion } from "../src/schema/user-profile.ts";
import { compileCheck, compileDeclaration } from "./compile-check.ts";

/** Every kind of record in its newest version, with the file of its schema. */
const recordKinds = [
  { file: "user-profile", version: userProfileVersion, schema: userProfileSchema },
  { file: "chat-meta", version: chatMetaVersion, schema: chatMetaSchema },
  { file: "policy-state", version: policyStateVersion, schema: policyStateSchema },
  { file: "message", version: messageVersion, schema: messageSchema },
];

/** Every generated file, by its path relative to the package. */
export function generateFiles(): Record<string, string> {
  const files: Record<string, string> = { "../../docs/data-map.md": renderDataMap() };
  for (const { file, version, schema } of recordKinds) {
    files[`schemas/${version}.schema.json`] = `${JSON.stringify(schema, null, 2)}\n`;
    const check = `src/schema/generated/${file}.check`;
    files[`${check}.js`] = compileCheck(version, schema, "../formats.ts");
    files[`${check}.d.ts`] = compileDeclaration(version);
  }
  // Personal data is never read from lines, so nothing needs its check compiled.
  files[`schemas/${personalDataVersion}.schema.json`] =
    `${JSON.stringify(personalDataSchema, null, 2)}\n`;
  return files;
}

if (process.argv[1] === import.meta.filename) {
  const isCheck = process.argv.includes("--check");
  for (const [path, text] of Object.entries(generateFiles())) {
    const file = new URL(`../${path}`, import.meta.url);
    if (isCheck) {
      if ((await readFile(file, "utf8").catch(() => "")) === text) continue;
      console.error(`packages/core/${path} is out of date: run \`npm run generate\``);
      process.exitCode = 1;
      continue;
    }
    await mkdir(new URL(".", file), { recursive: true });
    await writeFile(file, text);
  }
}
