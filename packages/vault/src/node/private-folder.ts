/**
 * A folder that is its owner's alone, whoever made it: 0700, its files 0600.
 *
 * One that was there before may be open to others, who may have planted links in it to have
 * something else overwritten. It is closed when all in it is ours, and refused otherwise: to close
 * somebody's home or `/tmp` is not for us. On Windows, which has no such modes, nothing is checked.
 */
import { type Stats, chmodSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { VaultError } from "../vault-error.ts";
import { codeOf } from "./system-errors.ts";

const othersMode = 0o077;
/** Who can do anything in any case. */
const rootUid = 0;

/**
 * Makes the folder at `path`, or closes it and its files to others. `isOurs` tells our files by name.
 *
 * @throws {VaultError} `invalid_choice` when it is somebody else's, when it is open to others and holds
 *   anything that isn't ours, or when a file of ours is none or somebody else's.
 */
export function ensurePrivateFolder(path: string, isOurs: (name: string) => boolean): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const owner = process.getuid?.();
  if (owner === undefined) return;
  const folder = statSync(path);
  if (!isOwnedBy(folder, owner)) throw refusal("It belongs to somebody else.");
  const names = readdirSync(path);
  if (isOpenToOthers(folder)) {
    if (!names.every(isOurs)) throw refusal("Others can open it, and it holds other files.");
    chmodSync(path, folder.mode & 0o700);
  }
  for (const name of names.filter(isOurs)) closeFile(join(path, name), owner);
}

function closeFile(path: string, owner: number): void {
  const file = lstatSync(path, { throwIfNoEntry: false });
  // Another process has removed it meanwhile, such as a journal.
  if (!file) return;
  if (!file.isFile() || !isOwnedBy(file, owner)) {
    throw refusal("A file in it is a link, or belongs to somebody else.");
  }
  if (isOpenToOthers(file)) makePrivate(path, file.mode);
}

function makePrivate(path: string, mode: number): void {
  try {
    chmodSync(path, mode & 0o600);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function isOwnedBy({ uid }: Stats, owner: number): boolean {
  return uid === owner || uid === rootUid;
}

function isOpenToOthers({ mode }: Stats): boolean {
  return (mode & othersMode) !== 0;
}

function refusal(reason: string): VaultError {
  const advice = "Choose a folder of its own for it, which nobody else can open.";
  return new VaultError("invalid_choice", {}, `This folder can't be used. ${reason} ${advice}`);
}
