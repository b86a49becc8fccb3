/**
 * Writes what follows from declarations: JSON Schema files, compiled checks, the page of the data map.
 *
 * A check is plain code because workerd and the pages' Content-Security-Policy forbid building it
 * at run time. Run `npm run generate` after changing a schema; `npm test` fails while the files
 * differ, which `--check` finds out.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { renderDataMap } from "../src/data-map.ts";
import { userProfileSchema, userProfileVersion } from "../src/schema/user-profile.ts";
import { compileCheck } from "./compile-check.ts";

/** Every generated file, by its path relative to the package. */
export function generateFiles(): Record<string, string> {
  return {
    [`schemas/${userProfileVersion}.schema.json`]: `${JSON.stringify(userProfileSchema, null, 2)}\n`,
    "src/schema/generated/user-profile.check.js": compileCheck(
      userProfileVersion,
      userProfileSchema,
      "../formats.ts",
    ),
    "../../docs/data-map.md": renderDataMap(),
  };
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
