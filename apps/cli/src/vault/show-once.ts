/** Showing what was made up once, and having the person prove that they kept it. */
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { randomBytes, wipe } from "@hi-stranger/vault/secret-bytes";
import type { Terminal } from "./terminal.ts";

const groupLength = 4;
/** A group and its hyphen. */
const groupStep = groupLength + 1;
const provenGroups = 2;

/** Shows a recovery code until two groups of it, by chance, have been typed from what was kept. */
export async function showRecoveryCode(terminal: Terminal, code: Uint8Array): Promise<void> {
  try {
    for (;;) {
      await terminal.showApart(
        "Your recovery code:\n\n    ",
        code,
        "\n\nIt opens the vault when the passphrase is forgotten, on any device. Write it on\n" +
          "paper or keep it in a password manager: it is shown this once, and nobody can\n" +
          "show it again.\n\n" +
          "Press Enter when you have it. ",
      );
      terminal.show("To be sure that you have the recovery code, type two groups of it.\n");
      if (await isProven(terminal, code)) return;
      terminal.show("That isn't what the code says. Here it is again.\n\n");
      wipe(await terminal.askSecret("Press Enter to see it. "));
    }
  } catch (error) {
    terminal.show(
      "\nThe code counts already. If you don't have it, make another:\n" +
        "  npx hi vault unlock\n  npx hi vault code\n",
    );
    throw error;
  }
}

/** Shows a generated passphrase until it was typed in full. */
export async function showPassphrase(terminal: Terminal, passphrase: Uint8Array): Promise<void> {
  for (;;) {
    await terminal.showApart(
      "Your passphrase:\n\n    ",
      passphrase,
      "\n\nWrite it down or keep it in a password manager: it is shown this once.\n\n" +
        "Press Enter when you have it. ",
    );
    const typed = await terminal.askSecret("Type the passphrase: ");
    const isRight = isSame(typed, passphrase);
    wipe(typed);
    if (isRight) return;
    terminal.show("That isn't the passphrase. Here it is again.\n\n");
    wipe(await terminal.askSecret("Press Enter to see it. "));
  }
}

async function isProven(terminal: Terminal, code: Uint8Array): Promise<boolean> {
  const groupCount = Math.ceil(code.length / groupStep);
  for (const group of pickGroups(groupCount)) {
    const typed = await terminal.askBytes(`Group ${group + 1} of ${groupCount}: `);
    const wanted = code.subarray(group * groupStep, group * groupStep + groupLength);
    for (const [index, byte] of typed.entries()) typed[index] = toCodeByte(byte);
    const isRight = isSame(typed, wanted);
    wipe(typed);
    if (!isRight) return false;
  }
  return true;
}

/** Different groups, in ascending order. */
function pickGroups(groupCount: number): number[] {
  const picked = new Set<number>();
  while (picked.size < provenGroups) {
    const [byte = 0] = randomBytes(platformRandom, 1);
    // Which groups are asked is no secret: that a byte isn't fair doesn't matter.
    picked.add(byte % groupCount);
  }
  return [...picked].toSorted((left, right) => left - right);
}

/** A character as the code has it: upper case, without the look-alikes that Crockford's base32 leaves out. */
function toCodeByte(byte: number): number {
  const upper = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
  if (upper === 0x4f) return 0x30;
  return upper === 0x49 || upper === 0x4c ? 0x31 : upper;
}

/** Both are the person's own, here and now: time tells nobody anything. */
export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
