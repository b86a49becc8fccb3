import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openEmptyDatabase } from "../records/open-database.ts";

const rowCount = 5_000;
const rowBytes = 6_000;

/** How many bytes this process has handed to the system to write so far, to whatever file. */
function writtenBytes(): number {
  const match = /^wchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"));
  if (!match) throw new Error("the system doesn't count");
  return Number(match[1]);
}

test.runIf(process.platform === "linux")(
  "sorting more than a cache holds writes no file, as a temporary one would be plaintext",
  () => {
    const database = openEmptyDatabase();
    database.exec("CREATE TABLE lines (body TEXT NOT NULL)");
    database.transaction(() => {
      for (let row = 0; row < rowCount; row++) {
        const body = String((row * 7919) % rowCount)
          .padStart(8, "0")
          .padEnd(rowBytes, "canary ");
        database.run("INSERT INTO lines (body) VALUES (?)", body);
      }
    });
    const before = writtenBytes();
    const [first] = database.all<{ body: string }>(
      "SELECT body FROM lines ORDER BY body DESC LIMIT 10000",
    );
    expect(first?.body.slice(0, 8)).toBe("00004999");
    expect(writtenBytes() - before).toBeLessThan((rowCount * rowBytes) / 10);
  },
);
