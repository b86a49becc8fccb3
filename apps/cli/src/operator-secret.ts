/**
 * The operator's secret, which makes and revokes tokens: from the environment or, for a store on
 * this machine alone, from the file that `npm start` keeps it in.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { StoreError } from "@hi-stranger/core/errors";
import { CliError, isLoopback } from "./errors.ts";
import { exitCodes } from "./exit-codes.ts";

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

/** What to say and to do when the store at `url` doesn't take `secret`. */
export function describeRefusal(
  { source }: OperatorSecret,
  url: string,
): { readonly text: string; readonly fix: string } {
  const text = `The store at ${url} refuses the operator's secret in ${source === "file" ? secretFile : source}`;
  if (source === "file") {
    return {
      text,
      fix: "It was started with another one. Start it anew with `npm start` here, or set HI_OPERATOR_SECRET to its own.",
    };
  }
  return {
    text,
    fix: isLoopback(url)
      ? "Unset HI_OPERATOR_SECRET: the secret of a store on this machine is found by itself. Or set it to that store's OPERATOR_SECRET."
      : "Set HI_OPERATOR_SECRET to that store's OPERATOR_SECRET.",
  };
}

/** `error`, told as what it is to somebody who has no token: a refusal of `secret`. */
export function explainRefusal(error: unknown, secret: OperatorSecret, url: string): unknown {
  if (!isRefused(error)) return error;
  const { text, fix } = describeRefusal(secret, url);
  return new CliError("operator_secret_refused", `${text}.`, {
    exitCode: exitCodes.notAuthorised,
    hint: fix,
    cause: error,
  });
}

/** Whether `error`, or what it tells of, is a store's refusal of who asks. */
export function isRefused(error: unknown): boolean {
  if (error instanceof StoreError) return error.status === 401 || error.status === 403;
  return error instanceof CliError && error.cause !== undefined && isRefused(error.cause);
}
