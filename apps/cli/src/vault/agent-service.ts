/** What the agent answers to each request, and the one session it keeps. */
import { StoreError } from "@hi-stranger/core/errors";
import { ShapeError, objectWith } from "@hi-stranger/vault/header/strict-json";
import { createSerialQueue } from "@hi-stranger/vault/serial-queue";
import { type SessionMinutes, sessionMinutesChoices } from "@hi-stranger/vault/sessions/sessions";
import type { Vault } from "@hi-stranger/vault/vault";
import { VaultError } from "@hi-stranger/vault/vault-error";
import { type AgentMethod, protocolVersion } from "./agent-calls.ts";
import type { Connection, Request } from "./agent-connection.ts";
import type { AgentFolder } from "./agent-folder.ts";
import { type MethodResult, findVaultMethod } from "./agent-methods.ts";

export interface AgentService {
  answer(request: Request, connection: Connection): Promise<MethodResult<AgentMethod>>;
  /** Whether `connection` has asked to lock, and waits to be told that it is done. */
  isLocking(connection: Connection): boolean;
  /** Answers those who have asked to lock. */
  tellLocked(): void;
}

interface Session {
  readonly id: number;
  readonly token: string;
  expiresAt: string;
}

/** `stop` locks the vault and ends the agent. */
export function createAgentService(
  vault: Vault,
  folder: AgentFolder,
  stop: () => void,
): AgentService {
  const serially = createSerialQueue();
  const locking = new Set<Connection>();
  const locked = Promise.withResolvers<MethodResult<"lock">>();
  let session: Session | null = null;

  /** Unlocking anew begins another session in the place of the one there was. */
  const unlock = async (request: Request): Promise<MethodResult<"unlock">> => {
    const { params, parts } = request;
    const names = ["minutes", "acceptOldCopy", "acceptNewAuth"];
    const { minutes, acceptOldCopy, acceptNewAuth } = objectWith(params, names);
    const [passphrase] = parts;
    if (!passphrase || parts.length > 1) throw new ShapeError("not one byte string");
    const sessionMinutes = minutesOf(minutes);
    const input = {
      passphrase,
      sessionMinutes,
      acceptOldCopy: acceptOldCopy === true,
      acceptNewAuth: acceptNewAuth === true,
    };
    const { token, expiresAt, notices } = await vault.unlock(input);
    const { sessionId: id } = await vault.sessions.verify(token);
    try {
      await folder.writeSession({ endpoint: folder.endpoint, token });
    } catch (error) {
      await vault.sessions.end(id);
      throw error;
    }
    session = { id, token, expiresAt };
    for (const other of await vault.sessions.list()) {
      if (other.id !== id) await vault.sessions.end(other.id);
    }
    const result = { pid: process.pid, expiresAt, notices };
    return { result, undo: async () => vault.sessions.end(id) };
  };

  /** Doesn't count as a use of the session. */
  const status = async (token: string | null): Promise<MethodResult<"status">> => {
    if (!session || token !== session.token) throw new VaultError("session_invalid");
    const { expiresAt } = session;
    return { result: { pid: process.pid, expiresAt, lockOut: await vault.lockOut() } };
  };

  const use = async (token: string | null): Promise<void> => {
    if (token === null) throw new VaultError("session_invalid");
    const { sessionId, expiresAt } = await vault.sessions.verify(token);
    if (session?.id === sessionId) session.expiresAt = expiresAt;
  };

  return {
    async answer(request, connection) {
      const { method, token } = request;
      if (method === "lock") {
        locking.add(connection);
        stop();
        return locked.promise;
      }
      if (request.version !== protocolVersion) throw anotherVersion();
      if (method === "unlock") return serially(async () => unlock(request));
      if (method === "status") return status(token);
      const run = findVaultMethod(method);
      if (!run) throw new ShapeError("no such method");
      await use(token);
      return run({ ...request, vault });
    },
    isLocking: (connection) => locking.has(connection),
    tellLocked: () => locked.resolve({ result: {} }),
  };
}

function minutesOf(value: unknown): SessionMinutes {
  const minutes = sessionMinutesChoices.find((choice) => choice === value);
  if (minutes === undefined) throw new VaultError("invalid_choice");
  return minutes;
}

function anotherVersion(): StoreError {
  return new StoreError(
    "not_supported",
    "The agent is of another version of hi. Lock the vault and unlock it again.",
  );
}
