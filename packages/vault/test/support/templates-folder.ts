/** A folder for vaults to be copied, which outlives the files of tests and goes with the last of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    templatesFolder: string;
  }
}

export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "hi-templates-"));
  project.provide("templatesFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
