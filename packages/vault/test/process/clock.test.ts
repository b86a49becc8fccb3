import { expect, test } from "vitest";
import { startChild } from "../support/child-process.ts";
import { readyVault } from "../support/ready-vault.ts";
import { otherPassphrase, passphrase } from "../support/temp-vault.ts";

test.runIf(process.platform === "linux")(
  "a namespace whose clock is ahead takes nothing off a wait",
  async () => {
    const place = await readyVault();
    const shifted = (seconds: number) => ({
      through: [
        "unshare",
        "--map-root-user",
        "--time",
        "--fork",
        "--monotonic",
        `${seconds}`,
        "--",
      ],
    });
    for (let attempt = 0; attempt < 5; attempt++) {
      const child = startChild("attempt", place, [otherPassphrase], shifted(1000));
      expect(await child.rest()).toEqual(["unlock_failed"]);
    }
    // Namespaces that are gone give their names to the next ones, here one that is an hour ahead.
    for (const through of [shifted(4600), shifted(1000), {}]) {
      const child = startChild("attempt", place, [passphrase], through);
      expect(await child.rest()).toEqual(["locked_out"]);
    }
  },
);
