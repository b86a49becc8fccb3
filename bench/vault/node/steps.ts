/**
 * One step with a vault in a process of its own, as somebody who has just typed a command meets it:
 *
 *     node steps.ts set-up|unlock|questions|argon2 FOLDER
 *
 * Prints `{"loadMs": …, "ms": …}`: loading the modules, and the step itself.
 */
import { join } from "node:path";
import type { Vault } from "@hi-stranger/vault/vault";

export interface StepFigures {
  readonly loadMs: number;
  readonly ms: number;
  /** Passes of Argon2id that this machine was found good for; of a set-up alone. */
  readonly passes?: number;
}

export type StepName = "set-up" | "unlock" | "questions" | "argon2";

const utf8 = (text: string) => new TextEncoder().encode(text);
const passphrase = () => utf8("Quiet otters 27 swim at night");
const answers = ["Rex the first", "Old Harbour", "Blue bicycle", "Aunt Filomena"] as const;
const customTexts = [
  "Which street did we race down?",
  "What did the lighthouse smell of?",
] as const;

const startMs = performance.now();
const [name = "", folder = "", passes = "1"] = process.argv.slice(2);
const steps: Readonly<Record<string, () => Promise<StepFigures>>> = {
  "set-up": () => withVault(setUp),
  unlock: () => withVault((vault) => timed(() => vault.unlock({ passphrase: passphrase() }))),
  questions: () => withVault(answerQuestions),
  argon2: deriveBare,
};
const step = steps[name];
if (!step) throw new TypeError(`There is no step ${name}.`);
console.log(JSON.stringify(await step()));

async function withVault(
  measure: (vault: Vault) => Promise<Omit<StepFigures, "loadMs">>,
): Promise<StepFigures> {
  const [{ openVault }, { createNodePlatform }, { createKeyFileStore }] = await Promise.all([
    import("@hi-stranger/vault/vault"),
    import("@hi-stranger/vault/node/platform"),
    import("@hi-stranger/vault/node/key-file"),
  ]);
  const loadMs = performance.now() - startMs;
  const place = join(folder, "vault");
  const deviceKeys = createKeyFileStore(join(folder, "keys"), place);
  const openMs = performance.now();
  const vault = await openVault(createNodePlatform({ folder: place, deviceKeys }));
  const holdMs = performance.now() - openMs;
  const figures = await measure(vault);
  await vault.close();
  return { loadMs, ...figures, ms: holdMs + figures.ms };
}

async function setUp(vault: Vault) {
  const [first, second, ...own] = answers.map(utf8);
  if (!first || !second) throw new Error("two answers are for the catalogue");
  const chosen = [first, second].map((answer, index) => ({ predefinedId: index + 1, answer }));
  const custom = own.map((answer, index) => ({ customText: customTexts[index] ?? "", answer }));
  return timed(() =>
    vault.setup({
      passphrase: passphrase(),
      questions: { questions: [...chosen, ...custom] },
      withRecoveryCode: true,
    }),
  );
}

/** All four answers; the texts say which is whose. */
async function answerQuestions(vault: Vault) {
  const questions = await vault.getQuestions();
  const ids = questions.map(({ id }) => id).toSorted((a, b) => a - b);
  const given = ids.map((questionId, index) => ({
    questionId,
    answer: utf8(answers[index] ?? ""),
  }));
  return timed(() => vault.recover({ answers: given }));
}

/** The floor: Argon2id with a passphrase's parameters and nothing else. */
async function deriveBare(): Promise<StepFigures> {
  const { argon2id } = await import("@hi-stranger/vault/node/argon2id");
  const loadMs = performance.now() - startMs;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const input = { memoryKib: 65_536, passes: Number(passes), parallelism: 1, byteLength: 32 };
  return { loadMs, ...(await timed(() => argon2id({ ...input, password: passphrase(), salt }))) };
}

async function timed(work: () => Promise<unknown>): Promise<{ ms: number }> {
  const workMs = performance.now();
  await work();
  return { ms: performance.now() - workMs };
}
