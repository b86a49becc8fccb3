/**
 * Time since the machine's boot, which all processes share and no one can set within an epoch.
 *
 * Linux and macOS name each boot. On Linux this clock can run apart in a time namespace
 * (time_namespaces(7)), where whoever makes one sets it: each of them is an epoch of its own, and so is
 * each offset, as the names of namespaces come again. Elsewhere the boot's time stands for its name, in whole minutes: a
 * wall clock that is moved makes it another epoch, which credits less waiting, never more.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { uptime } from "node:os";
import type { MonotonicClock } from "../ports.ts";
import { codeOf } from "./system-errors.ts";

const minuteMs = 60_000;

export function createMonotonicClock(): MonotonicClock {
  return {
    epochId: bootId(),
    nowMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  };
}

function bootId(): string {
  if (process.platform === "linux") {
    return `boot-${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}${timeNamespace()}`;
  }
  if (process.platform === "darwin") {
    const name = execFileSync("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"], {
      encoding: "utf8",
    });
    return `boot-${name.trim()}`;
  }
  return `boot-${Math.round((Date.now() - uptime() * 1000) / minuteMs)}`;
}

/** Names the time namespace and its offsets; empty on a kernel before 5.6, which has none. */
function timeNamespace(): string {
  try {
    const offsets = readFileSync("/proc/self/timens_offsets", "utf8").trim().replace(/\s+/g, " ");
    return ` ${readlinkSync("/proc/self/ns/time")} ${offsets}`;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}
