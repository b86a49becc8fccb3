/**
 * Where the agent of a vault is found: a folder for its socket and for the file with the session's
 * token, readable by this account alone.
 *
 * `$XDG_RUNTIME_DIR/hi-stranger/vault-<hash>/`, or the same in the folder for state where there is no
 * runtime folder. Whoever could put another socket there would be handed the passphrase. So nothing is used
 * that others can write to: neither this folder nor one above it.
 *
 * Windows has no such permissions, and its pipes no folder: there the pipe's name is random, and stands
 * in the file beside the token, in the account's own profile.
 */
import { createHash, randomBytes } from "node:crypto";
import { type Stats, realpathSync } from "node:fs";
import { lstat, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { ShapeError, objectWith, textOf } from "@hi-stranger/vault/header/strict-json";
import { CliError, systemCode } from "../errors.ts";
import { createAtomicFile } from "../files/atomic-file.ts";
import { stateFolder } from "../state-folder.ts";

/** How to reach an agent, and the right to what it holds. */
export interface AgentSession {
  /** A socket's path, or a pipe's name on Windows. */
  readonly endpoint: string;
  /** The session's JWT. */
  readonly token: string;
}

export interface AgentFolder {
  readonly path: string;
  /** Where a new agent listens. */
  readonly endpoint: string;
  /** The session that an agent has left here, whether it is still there or not; null when there is none. */
  readSession(): Promise<AgentSession | null>;
  writeSession(session: AgentSession): Promise<void>;
  /** Removes the token. */
  removeSession(): Promise<void>;
  /** Removes the socket. For whoever holds the vault alone: another agent's might be taken away. */
  removeSocket(): Promise<void>;
}

/** Longest path that a socket's address holds everywhere (`sun_path` has 104 bytes on macOS). */
const maxSocketPathBytes = 103;
const isWindows = process.platform === "win32";

/**
 * The agent's folder for the vault in `vaultFolder`, made if it isn't there.
 *
 * @throws {CliError} `unsafe_folder` when others can write to it.
 */
export async function openAgentFolder(vaultFolder: string): Promise<AgentFolder> {
  const name = createHash("sha256").update(realPath(vaultFolder)).digest("hex").slice(0, 16);
  const path = join(runtimeFolder(), `vault-${name}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (!isWindows) await checkFolders(path);
  const endpoint = isWindows
    ? `\\\\.\\pipe\\hi-stranger-${randomBytes(16).toString("hex")}`
    : join(path, "socket");
  if (!isWindows) checkSocketPath(endpoint);
  const sessionPath = join(path, "session");
  return {
    path,
    endpoint,
    async readSession() {
      const text = await readFile(sessionPath, "utf8").catch((error: unknown) => {
        if (systemCode(error) === "ENOENT") return null;
        throw error;
      });
      return text === null ? null : parseSession(text);
    },
    async writeSession(session) {
      const file = await createAtomicFile(sessionPath, 0o600);
      try {
        await file.write(Buffer.from(`${JSON.stringify({ version: 1, ...session })}\n`));
        await file.commit();
      } finally {
        await file.discard();
      }
    },
    removeSession: async () => rm(sessionPath, { force: true }),
    removeSocket: async () => (isWindows ? undefined : rm(endpoint, { force: true })),
  };
}

/** Where the agents of all vaults have their folders. */
function runtimeFolder(): string {
  const { XDG_RUNTIME_DIR } = process.env;
  if (XDG_RUNTIME_DIR && isAbsolute(XDG_RUNTIME_DIR)) return join(XDG_RUNTIME_DIR, "hi-stranger");
  return resolve(stateFolder(), "agents");
}

/** One name for one folder, whichever way it is written. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), path.slice(parent.length));
  }
}

async function checkFolders(path: string): Promise<void> {
  const own = await lstat(path);
  const isOurs = own.isDirectory() && own.uid === process.getuid?.();
  if (!isOurs || (own.mode & 0o077) !== 0) throw unsafeFolder(path, `chmod 700 ${path}`);
  for (let at = dirname(realpathSync.native(path)); ; at = dirname(at)) {
    if (othersMayReplace(await lstat(at))) throw unsafeFolder(at, `chmod o-w,g-w ${at}`);
    if (at === dirname(at)) return;
  }
}

/** Whether somebody else could put another folder in the place of one in this. */
function othersMayReplace({ mode, uid, gid }: Stats): boolean {
  const isSticky = (mode & 0o1000) !== 0;
  const isForeign = uid !== 0 && uid !== process.getuid?.();
  // A group of one's own, which many systems give every account, is no one else.
  const isOpenToGroup = (mode & 0o020) !== 0 && gid !== 0 && gid !== process.getgid?.();
  const isOpenToAll = (mode & 0o002) !== 0;
  return isForeign || ((isOpenToGroup || isOpenToAll) && !isSticky);
}

function unsafeFolder(path: string, command: string): CliError {
  return new CliError(
    "unsafe_folder",
    `Others can write to ${path}, where the vault's agent is reached.`,
    {
      hint: `Nothing was sent there. Make it yours alone:\n  ${command}\nor choose another place by HI_STATE_DIR or XDG_RUNTIME_DIR.`,
    },
  );
}

function checkSocketPath(path: string): void {
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return;
  throw new CliError(
    "path_too_long",
    `The path of the agent's socket is longer than ${maxSocketPathBytes} bytes: ${path}.`,
    { hint: "Choose a shorter folder by XDG_RUNTIME_DIR or HI_STATE_DIR." },
  );
}

/** A file that is damaged is as good as none: unlocking writes it anew. */
function parseSession(text: string): AgentSession | null {
  try {
    const { version, endpoint, token } = objectWith(JSON.parse(text), [
      "version",
      "endpoint",
      "token",
    ]);
    if (version !== 1) return null;
    return { endpoint: textOf(endpoint, /^.{1,300}$/), token: textOf(token, /^[\w.-]{1,4096}$/) };
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return null;
    throw error;
  }
}
