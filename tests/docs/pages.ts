/** Reads pages of this repository, and what they point at. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The text of a file, by its path from the root. */
export function readPage(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Whether there is a file or folder at `path`, from the root. */
export function isThere(path: string): boolean {
  return existsSync(join(root, path));
}

/**
 * The files and folders that a Markdown text names in code: words of segments with a slash in
 * between, or with the ending of a file of ours. An address begins with a slash, and is none.
 */
export function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return spans.filter((span) =>
    /^\.?[\w-][\w.-]*(?:\/[\w.[\]-]+)+\/?$|^[\w-]+\/$|^\.?[\w-][\w.-]*\.(?:ts|tsx|mjs|json|md)$/.test(
      span,
    ),
  );
}

/** The pages of ours that a Markdown text at `path` links to, from the root. */
export function linksIn(text: string, path: string): string[] {
  return [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(path), target));
}
