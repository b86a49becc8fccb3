/**
 * Time since the machine's boot, which all processes share and no one can set.
 *
 * Linux and macOS name each boot. Elsewhere the boot's time stands for its name, in whole minutes: a
 * wall clock that is moved makes it another epoch, which credits less waiting, never more.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { uptime } from "node:os";
import type { MonotonicClock } from "../ports.ts";

const minuteMs = 60_000;

export function createMonotonicClock(): MonotonicClock {
  return {
    epochId: bootId(),
    nowMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  };
}

function bootId(): string {
  if (process.platform === "linux") {
    return `boot-${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
  }
  if (process.platform === "darwin") {
    const name = execFileSync("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"], {
      encoding: "utf8",
    });
    return `boot-${name.trim()}`;
  }
  return `boot-${Math.round((Date.now() - uptime() * 1000) / minuteMs)}`;
}
