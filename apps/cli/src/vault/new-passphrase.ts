/** Choosing a new passphrase: made up, handed over, or asked for twice with what it is worth. */
import { platformRandom } from "@hi-stranger/core/codec/ids";
import {
  type PassphraseStyle,
  generatePassphrase,
} from "@hi-stranger/vault/passphrase/generate-passphrase";
import {
  checkPassphrase,
  passphraseWeaknesses,
} from "@hi-stranger/vault/passphrase/passphrase-rules";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { isSame, showPassphrase } from "./show-once.ts";
import type { Terminal } from "./terminal.ts";
import type { VaultContext } from "./vault-context.ts";
import { describeReason } from "./weaknesses.ts";

export interface NewPassphraseInput {
  /** The descriptor that holds it. */
  readonly fd: number | undefined;
  /** How it is to be made up. */
  readonly style: PassphraseStyle | undefined;
  /** The command's option that names the descriptor. */
  readonly option: string;
}

export interface NewPassphrase {
  /** The caller wipes it. */
  readonly passphrase: Uint8Array<ArrayBuffer>;
  /** Whether it was made up and nobody has seen it yet. */
  readonly isUnseen: boolean;
}

/** Scores below this are said to be weak (0 to 4, as zxcvbn gives them). */
const goodScore = 3;
const scoreNames = ["very weak", "very weak", "weak", "good", "strong"] as const;

/** @throws {VaultError} `weak_passphrase` for one that was handed over. */
export async function chooseNewPassphrase(
  context: VaultContext,
  { fd, style, option }: NewPassphraseInput,
): Promise<NewPassphrase> {
  const { output, secrets } = context;
  if (style !== undefined) {
    const passphrase = generatePassphrase(platformRandom, style);
    const isShown = secrets.hasTerminal && !output.isJson;
    if (isShown) await showPassphrase(secrets.terminal(""), passphrase);
    return { passphrase, isUnseen: !isShown };
  }
  if (fd !== undefined) {
    const passphrase = await secrets.line(fd, "passphrase");
    checkPassphrase(passphrase);
    const { isGood, lines } = await describeStrength(passphrase);
    if (!isGood) output.warn(lines.join(" "));
    return { passphrase, isUnseen: false };
  }
  const terminal = secrets.terminal(
    `Hand the passphrase over by ${option}, or have one made up by --generate.`,
  );
  return { passphrase: await askTwice(terminal), isUnseen: false };
}

/** Asks until the passphrase meets the rules, its strength is accepted, and it was typed the same twice. */
async function askTwice(terminal: Terminal): Promise<Uint8Array<ArrayBuffer>> {
  terminal.show(
    "Choose a passphrase of 12 characters or more, with upper case, lower case and a\n" +
      "digit. A sentence that only you know is good; so is what --generate makes up.\n",
  );
  for (;;) {
    const passphrase = await terminal.askSecret("New passphrase: ");
    if (await isAccepted(terminal, passphrase)) {
      const again = await terminal.askSecret("Type it again: ");
      const isRepeated = isSame(passphrase, again);
      wipe(again);
      if (isRepeated) return passphrase;
      terminal.show("The two are not the same. Start over.\n");
    }
    wipe(passphrase);
  }
}

async function isAccepted(terminal: Terminal, passphrase: Uint8Array): Promise<boolean> {
  const weaknesses = passphraseWeaknesses(passphrase);
  if (weaknesses.length > 0) {
    terminal.show("This one can't be used:\n");
    for (const weakness of weaknesses) terminal.show(`  - ${describeReason(weakness)}\n`);
    return false;
  }
  const { isGood, lines } = await describeStrength(passphrase);
  for (const line of lines) terminal.show(`  ${line}\n`);
  return isGood || terminal.confirm("Use it all the same? [y/N] ");
}

async function describeStrength(
  passphrase: Uint8Array,
): Promise<{ isGood: boolean; lines: string[] }> {
  const { estimateStrength } = await import("@hi-stranger/vault/passphrase/estimate-strength");
  // The estimate takes a string, which can't be wiped. It goes with this process, which is short.
  const strength = estimateStrength(new TextDecoder().decode(passphrase));
  const { score, guessesLog10, warning, suggestions } = strength;
  const lines = [`Strength: ${scoreNames[score]}, about 10^${Math.round(guessesLog10)} guesses.`];
  if (score < goodScore) {
    if (warning) lines.push(warning.text);
    lines.push(...suggestions.map(({ text }) => text));
  }
  return { isGood: score >= goodScore, lines };
}
