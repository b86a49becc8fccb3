/**
 * What `JSON.parse` lets through and I-JSON (RFC 7493 section 2) forbids: two members of one name,
 * of which it keeps the last, and escapes that stand for half a character. Another reader of the
 * same bytes might decide otherwise, so such texts are refused.
 */

const surrogateEscape = /\\u[dD][89a-fA-F]/;

/**
 * Whether some object of `text`, a valid JSON text, has two members of one name once escapes are
 * resolved. Takes time and memory in proportion to the text, at any depth of nesting.
 */
export function hasDuplicateKey(text: string): boolean {
  // One entry for each open bracket: the names seen so far, or null for an array.
  const open: (Set<string> | null)[] = [];
  let index = 0;
  while (index < text.length) {
    const character = text[index];
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(null);
    else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(text, index);
      const names = open[open.length - 1];
      if (names && isFollowedByColon(text, end)) {
        const name = unescape(text.slice(index, end));
        if (names.has(name)) return true;
        names.add(name);
      }
      index = end;
      continue;
    }
    index += 1;
  }
  return false;
}

/** Whether `text`, a valid JSON text, can't be written as UTF-8 once its escapes are resolved. */
export function hasLoneSurrogate(text: string): boolean {
  if (!text.isWellFormed()) return true;
  if (!surrogateEscape.test(text)) return false;
  let index = text.indexOf('"');
  while (index !== -1) {
    const end = endOfString(text, index);
    if (!unescape(text.slice(index, end)).isWellFormed()) return true;
    index = text.indexOf('"', end);
  }
  return false;
}

/** The index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
  return index + 1;
}

function isFollowedByColon(text: string, start: number): boolean {
  let index = start;
  while (" \t\n\r".includes(text[index] ?? "x")) index += 1;
  return text[index] === ":";
}

function unescape(quoted: string): string {
  return quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}
