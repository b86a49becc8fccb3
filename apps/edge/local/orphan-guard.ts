/**
 * Sees to it that workerd doesn't outlive this process, not even when that is killed by force: a
 * small process holds the other end of a pipe, and ends workerd when the pipe breaks.
 */
import { execFileSync, spawn } from "node:child_process";
import { Socket } from "node:net";

const guardSource = `
  const pids = process.argv.slice(1).map(Number);
  process.stdin.on("close", () => {
    for (const pid of pids) {
      try { process.kill(pid, "SIGKILL"); } catch { /* It has ended by itself. */ }
    }
  }).resume();
`;

/** Guards the workerd processes that this one has started so far. Call the answer once they have ended. */
export function guardWorkerd(): () => void {
  const pids = workerdChildren();
  if (pids.length === 0) return () => undefined;
  const guard = spawn(process.execPath, ["-e", guardSource, "--", ...pids], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  // The pipe alone must not keep this process going.
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => {
    guard.kill("SIGKILL");
  };
}

/** Process ids, by `ps`, which Windows doesn't have; there workerd ends with its console. */
function workerdChildren(): string[] {
  if (process.platform === "win32") return [];
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  return table.split("\n").flatMap((row) => {
    const [pid, parent, command] = row.trim().split(/\s+/);
    return pid && Number(parent) === process.pid && command?.endsWith("workerd") ? [pid] : [];
  });
}
