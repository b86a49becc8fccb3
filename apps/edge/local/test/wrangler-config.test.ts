/** Holds the deployments' configuration to what can't be seen locally. */
import { fileURLToPath } from "node:url";
import { unstable_readConfig as readConfig } from "wrangler";
import { expect, test } from "vitest";

const configPath = fileURLToPath(new URL("../../wrangler.jsonc", import.meta.url));
const config = readConfig({ config: configPath });

test("every bucket is in the EU", () => {
  const buckets: readonly unknown[] = config.r2_buckets;
  expect(buckets.length).toBeGreaterThan(0);
  for (const bucket of buckets) expect(bucket).toMatchObject({ jurisdiction: "eu" });
});

test("the platform logs our own lines, and no addresses, headers or URLs of its own", () => {
  expect(config.observability).toMatchObject({ enabled: true, logs: { invocation_logs: false } });
});
