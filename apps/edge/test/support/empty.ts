/** Emptying stores between tests. */

/** Deletes every row of personas and imports. */
export async function emptyDatabase(db: D1Database): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM profiles"),
    db.prepare("DELETE FROM profile_deletions"),
    db.prepare("DELETE FROM import_reports"),
    db.prepare("DELETE FROM import_staging"),
    db.prepare("DELETE FROM idempotency"),
    db.prepare("DELETE FROM audit_log"),
    db.prepare("DELETE FROM audit_pending"),
    db.prepare("DELETE FROM audit_progress"),
    db.prepare("UPDATE counters SET value = 0, rev = 0, added = 0"),
  ]);
}

/** Deletes every person with all that hangs on them. */
export async function emptyPeople(db: D1Database): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM personal_data"),
    db.prepare("DELETE FROM link_profile_personal"),
    db.prepare("DELETE FROM data_keys"),
    db.prepare("DELETE FROM consents"),
    db.prepare("DELETE FROM magic_links"),
    db.prepare("DELETE FROM sign_ins"),
    db.prepare("DELETE FROM roles"),
    db.prepare("DELETE FROM key_rotations"),
  ]);
}

/** Deletes every key. */
export async function emptyNamespace(kv: KVNamespace): Promise<void> {
  for (;;) {
    const { keys } = await kv.list();
    if (keys.length === 0) return;
    await Promise.all(keys.map(({ name }) => kv.delete(name)));
  }
}

/** Deletes every object of a bucket. */
export async function emptyBucket(bucket: R2Bucket): Promise<void> {
  for (;;) {
    const { objects, truncated } = await bucket.list();
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}
