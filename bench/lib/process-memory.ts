/** How much memory a process came to need, by the kernel's own high-water mark (Linux alone). */
import { readFileSync, writeFileSync } from "node:fs";

/**
 * Starts to watch. The function it gives back tells by how many bytes the process has grown at its
 * peak since; null where the kernel doesn't tell.
 */
export function watchMemory(pid: number | null): () => number | null {
  const start = pid === null ? null : readKilobytes(pid, "VmRSS");
  if (pid === null || start === null || !resetPeak(pid)) return () => null;
  return () => {
    const peak = readKilobytes(pid, "VmHWM");
    return peak === null ? null : (peak - start) * 1024;
  };
}

/** Writing 5 sets the mark to what is in use now (proc_pid_clear_refs(5)). */
function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    return true;
  } catch {
    return false;
  }
}

function readKilobytes(pid: number, field: string): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status);
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}
