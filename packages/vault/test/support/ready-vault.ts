/**
 * A closed vault with a passphrase, four questions and a few records. A worker sets it up once for each
 * kind, for all its files, and copies it then, as setting up derives keys six times.
 */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { createVault } from "../../src/vault.ts";
import { copyVault } from "./copied-vault.ts";
import { keepSamples } from "./sample-records.ts";
import { type TempVault, fourQuestions, passphrase, platformOf, utf8 } from "./temp-vault.ts";

export interface ReadyVault extends TempVault {
  readonly code: Uint8Array<ArrayBuffer>;
}

interface Template {
  readonly folder: string;
  readonly keyFolder: string;
  readonly code: Uint8Array<ArrayBuffer>;
}

const templatesByThreshold = new Map<number, Promise<Template>>();

/**
 * A vault of one's own, gone after the test. `threshold` of its four answers must be right; those of
 * another threshold are other vaults.
 */
export async function readyVault(threshold = 4): Promise<ReadyVault> {
  const known = templatesByThreshold.get(threshold) ?? makeTemplate(threshold);
  templatesByThreshold.set(threshold, known);
  const template = await known;
  return { ...copyVault(template), code: template.code.slice() };
}

async function makeTemplate(threshold: number): Promise<Template> {
  const root = mkdtempSync(join(inject("templatesFolder"), "vault-"));
  const [folder, keyFolder] = [join(root, "vault"), join(root, "keys")];
  const { vault, recoveryCode } = await createVault(platformOf(folder, keyFolder).platform, {
    passphrase: utf8(passphrase),
    questions: fourQuestions(threshold),
  });
  await keepSamples(vault.records());
  await vault.records().secrets.put("token", utf8("kept"));
  await vault.close();
  return { folder, keyFolder, code: recoveryCode ?? new Uint8Array() };
}
