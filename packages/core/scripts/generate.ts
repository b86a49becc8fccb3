/**
 * Writes what follows from the schemas: the JSON Schema files and the compiled checks.
 *
 * A check is plain code because workerd and the pages' Content-Security-Policy forbid building it
 * at run time. Run `npm run generate` after changing a schema; a test fails while the files differ.
 */
import { mkdir, writeFile } from "node:fs/promises";
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
  };
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of Object.entries(generateFiles())) {
    const file = new URL(`../${path}`, import.meta.url);
    await mkdir(new URL(".", file), { recursive: true });
    await writeFile(file, text);
  }
}
