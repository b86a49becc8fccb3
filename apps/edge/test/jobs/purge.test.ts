import { env } from "../support/env.ts";
import { describe, expect, it } from "vitest";
import worker from "../../src/worker.ts";
import { emptyDatabase, emptyPeople } from "../support/empty.ts";

const dayMs = 24 * 60 * 60 * 1000;

describe("the hourly purge", () => {
  it("deletes what has outlived its time and nothing else", async () => {
    await emptyDatabase(env.DB);
    const now = Date.UTC(2026, 10, 1);
    const ages = [0, dayMs / 48, dayMs / 12, 2 * dayMs, 31 * dayMs];
    await env.DB.batch(
      ages.flatMap((age, index) => [
        env.DB.prepare("INSERT INTO import_reports VALUES (?1, 'complete', '{}', ?2, 0)").bind(
          `imp_${index}`,
          now - age,
        ),
        env.DB.prepare("INSERT INTO import_staging VALUES (?1, 0, '[]', ?2)").bind(
          `imp_${index}`,
          now - age,
        ),
        env.DB.prepare("INSERT INTO profile_deletions VALUES (?1, ?2, ?3)").bind(
          `usr_${index}`,
          index,
          now - age,
        ),
        env.DB.prepare(
          "INSERT INTO idempotency VALUES ('scope', ?1, NULL, 'finished', '{}', ?2)",
        ).bind(`key ${index}`, now + dayMs - age),
      ]),
    );
    await worker.scheduled({ scheduledTime: now, cron: "", noRetry() {} }, env);
    const left = async (table: string) => {
      const { results } = await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).all();
      return results[0]?.["n"];
    };
    expect(await left("import_reports")).toBe(4);
    expect(await left("profile_deletions")).toBe(4);
    // An hour for staged rows: of now, half an hour and two hours ago, two stay.
    expect(await left("import_staging")).toBe(2);
    expect(await left("idempotency")).toBe(3);
  });

  it("deletes answers for repeats when they end, and claims an hour after, which may be alive", async () => {
    await emptyDatabase(env.DB);
    const now = Date.UTC(2026, 10, 1);
    const rows = [
      ["finished", "answered lately", now],
      ["finished", "answered", now - 1],
      ["running", "slow", now - dayMs / 24],
      ["running", "dead", now - dayMs / 24 - 1],
    ];
    await env.DB.batch(
      rows.map((row) =>
        env.DB.prepare("INSERT INTO idempotency VALUES ('once', ?2, NULL, ?1, '{}', ?3)").bind(
          ...row,
        ),
      ),
    );
    await worker.scheduled({ scheduledTime: now, cron: "", noRetry() {} }, env);
    const left = await env.DB.prepare("SELECT key FROM idempotency ORDER BY key").raw();
    expect(left.flat()).toEqual(["answered lately", "slow"]);
  });

  it("deletes links that ended, and sessions a day after they did", async () => {
    await emptyPeople(env.PII_DB);
    const now = Date.UTC(2026, 10, 1);
    const insertSession =
      "INSERT INTO sign_ins (family, person_id, token_hash, label, created_at, expires_at, revoked_at) VALUES (?1, 'psn_1', '', '', 0, ?2, ?3)";
    await env.PII_DB.batch([
      env.PII_DB.prepare(
        "INSERT INTO personal_data VALUES ('psn_1', '', NULL, '', NULL, NULL, NULL, NULL, '', NULL, 'verified', 0, 0, 0)",
      ),
      ...[-1, 1].map((ms) =>
        env.PII_DB.prepare("INSERT INTO magic_links VALUES (?1, '', '', 0, ?2, NULL)").bind(
          `link ${ms}`,
          now + ms,
        ),
      ),
      env.PII_DB.prepare(insertSession).bind("goes on", now + dayMs, null),
      env.PII_DB.prepare(insertSession).bind("expired lately", now - dayMs, null),
      env.PII_DB.prepare(insertSession).bind("expired", now - dayMs - 1, null),
      env.PII_DB.prepare(insertSession).bind("revoked lately", now + dayMs, now - dayMs),
      env.PII_DB.prepare(insertSession).bind("revoked", now + dayMs, now - dayMs - 1),
    ]);
    await worker.scheduled({ scheduledTime: now, cron: "", noRetry() {} }, env);
    const left = async (sql: string) => (await env.PII_DB.prepare(sql).raw()).flat();
    expect(await left("SELECT token_hash FROM magic_links")).toEqual(["link 1"]);
    expect(await left("SELECT family FROM sign_ins ORDER BY family")).toEqual([
      "expired lately",
      "goes on",
      "revoked lately",
    ]);
  });

  it("deletes tokens 30 days after they expired or were revoked", async () => {
    await env.PII_DB.prepare("DELETE FROM api_tokens").run();
    const now = Date.UTC(2026, 10, 1);
    const monthAgo = now - 30 * dayMs;
    const insert =
      "INSERT INTO api_tokens (token_id, token_hash, name, scopes, created_at, expires_at, revoked_at) VALUES (?1, ?1, '', '', 0, ?2, ?3)";
    const tokens: [string, number, number | null][] = [
      ["goes on", now + dayMs, null],
      ["expired lately", monthAgo, null],
      ["expired", monthAgo - 1, null],
      ["revoked lately", now + dayMs, monthAgo],
      ["revoked", now + dayMs, monthAgo - 1],
    ];
    await env.PII_DB.batch(tokens.map((token) => env.PII_DB.prepare(insert).bind(...token)));
    await worker.scheduled({ scheduledTime: now, cron: "", noRetry() {} }, env);
    const left = await env.PII_DB.prepare("SELECT token_id FROM api_tokens ORDER BY 1").raw();
    expect(left.flat()).toEqual(["expired lately", "goes on", "revoked lately"]);
  });

  it("leaves the rows that a living import has put aside", async () => {
    await emptyDatabase(env.DB);
    const now = Date.UTC(2026, 10, 1);
    await env.DB.batch([
      env.DB.prepare("INSERT INTO import_reports VALUES ('alive', 'running', '{}', ?1, ?2)").bind(
        now - dayMs,
        now + 1_000,
      ),
      env.DB.prepare("INSERT INTO import_reports VALUES ('dead', 'running', '{}', ?1, ?2)").bind(
        now - dayMs,
        now - 1_000,
      ),
      ...["alive", "dead"].map((id) =>
        env.DB.prepare("INSERT INTO import_staging VALUES (?1, 0, '[]', ?2)").bind(id, now - dayMs),
      ),
    ]);
    await worker.scheduled({ scheduledTime: now, cron: "", noRetry() {} }, env);
    const { results } = await env.DB.prepare("SELECT import_id FROM import_staging").all();
    expect(results).toEqual([{ import_id: "alive" }]);
  });
});
