/** What a process used meanwhile, as the kernel counts it (Linux alone). */
import { readFileSync, writeFileSync } from "node:fs";

interface ProcessUsage {
  /** How far its memory rose above where it was at the start, at its peak. */
  readonly growthBytes: number;
  /** Time on a processor, all threads together: unlike time on the wall, little bent by other load. */
  readonly cpuMs: number;
}

/** The kernel counts processor time in these units (sysconf _SC_CLK_TCK, 100 a second everywhere). */
const msPerTick = 10;

/** How long something took, and what a process used meanwhile. */
export interface Timing {
  readonly wallMs: number;
  readonly usage: ProcessUsage | null;
}

/** Does `work` and watches `pid` meanwhile. */
export async function time(pid: number | null, work: () => Promise<void> | void): Promise<Timing> {
  const usage = watchProcess(pid);
  const startMs = performance.now();
  await work();
  return { wallMs: performance.now() - startMs, usage: usage() };
}

/** Starts to watch `pid`. The function it gives back tells the usage since; null where the kernel doesn't. */
function watchProcess(pid: number | null): () => ProcessUsage | null {
  const start = readUsage(pid);
  if (pid === null || start === null || !resetPeak(pid)) return () => null;
  return () => {
    const end = readUsage(pid);
    return end && { growthBytes: end.peakBytes - start.bytes, cpuMs: end.cpuMs - start.cpuMs };
  };
}

/** Writing 5 sets the mark of the peak to what is in use now (proc_pid_clear_refs(5)). */
function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    return true;
  } catch {
    return false;
  }
}

function readUsage(pid: number | null) {
  if (pid === null) return null;
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const bytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
    // Behind the name, which may hold anything, fields 14 and 15 are user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * msPerTick;
    return { bytes: bytes("VmRSS"), peakBytes: bytes("VmHWM"), cpuMs };
  } catch {
    return null;
  }
}
