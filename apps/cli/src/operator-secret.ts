/**
 * The operator's secret, which makes and revokes tokens: from the environment or, for a store on
 * this machine alone, from the file that `npm start` keeps it in.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { isLoopback } from "./errors.ts";

/** Where the local server keeps it. */
export const secretFile = fileURLToPath(new URL("../../edge/.dev.vars", import.meta.url));

export interface OperatorSecret {
  readonly value: string;
  readonly source: "HI_OPERATOR_SECRET" | "file";
}

/** The secret for the store at `url`, or null when it isn't known here. */
export async function findOperatorSecret(url: string): Promise<OperatorSecret | null> {
  const given = process.env["HI_OPERATOR_SECRET"]?.trim() ?? "";
  if (given !== "") return { value: given, source: "HI_OPERATOR_SECRET" };
  if (!isLoopback(url)) return null;
  const value = await readSecretFile();
  return value === null ? null : { value, source: "file" };
}

/** The secret in the local server's file, or null when there is no such file or line. */
export async function readSecretFile(file = secretFile): Promise<string | null> {
  try {
    const text = await readFile(file, "utf8");
    return /^OPERATOR_SECRET=(\S+)\s*$/m.exec(text)?.[1] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
