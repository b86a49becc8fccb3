/** What a person does to personas, with the list kept in step and a way back. */
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import type { ReadProfile } from "@hi-stranger/core/schema/profile-line";
import { type ProfileRow, toProfileRow } from "@hi-stranger/core/store/profile-store";
import { saveFile } from "../files/save-file.ts";
import { describeProblem } from "../i18n/problems.ts";
import { t } from "../i18n/translate.ts";
import { announce } from "./announcer.ts";
import { type Persona, toPersona } from "./persona-list.ts";
import type { OpenHome, Owner } from "./session.ts";
import { showToast } from "./toasts.ts";

const demoCount = 24;
const demoSeed = 7;

/** Writes one persona that was read through `readProfile`. A new one may be given another id by the store. */
export async function writePersona(
  { store, list, owner }: OpenHome,
  read: ReadProfile,
  isNew: boolean,
): Promise<Persona> {
  const profile = owner ? await writeOwn(owner, read.profile, isNew) : read.profile;
  if (!owner) await store.write([toProfileRow(read)]);
  const stored = await store.get(profile.profile_id);
  const persona = stored ? toPersona(stored) : { profileId: profile.profile_id, rev: 0, profile };
  list.put(persona);
  return persona;
}

async function writeOwn(
  { person, profileIds, setProfileIds }: Owner,
  profile: UserProfile,
  isNew: boolean,
): Promise<UserProfile> {
  if (!isNew) return person.saveOwnProfile(profile);
  const { profile_id: _ours, ...draft } = profile;
  const saved = await person.saveOwnProfile(draft);
  setProfileIds([...profileIds.value, saved.profile_id]);
  return saved;
}

/** Deletes at once and offers to take it back, by writing the same record again. */
export async function deletePersona(open: OpenHome, { profile }: Persona): Promise<void> {
  const name = profile.profile.identity.user_name;
  await open.store.delete(profile.profile_id);
  open.list.remove(profile.profile_id);
  const { owner } = open;
  owner?.setProfileIds([...owner.profileIds.value].filter((id) => id !== profile.profile_id));
  announce(t("toast.deleted", { name }));
  showToast({
    text: t("toast.deleted", { name }),
    tone: "done",
    isOfAccount: owner !== null,
    action: { label: t("toast.undo"), run: () => restorePersona(open, profile) },
  });
}

async function restorePersona(open: OpenHome, profile: UserProfile): Promise<void> {
  const name = profile.profile.identity.user_name;
  try {
    await writePersona(open, { profile, line: JSON.stringify(profile) }, true);
    const isOfAccount = open.owner !== null;
    showToast({ text: t("toast.restored", { name }), tone: "done", isOfAccount });
  } catch (error) {
    // A token may delete without being allowed to write; the record must not be lost for that.
    showToast({
      text: `${t("toast.restore_failed", { name })} ${describeProblem(error).title}.`,
      tone: "problem",
      isOfAccount: open.owner !== null,
      action: { label: t("toast.keep_file"), run: () => savePersonaFile(profile) },
    });
  }
}

/** Hands the record to the person as a file of one line. */
export function savePersonaFile(profile: UserProfile): void {
  saveFile(`${profile.profile_id}.ndjson`, "application/x-ndjson", [
    `${JSON.stringify(profile)}\n`,
  ]);
}

/** Adds a few made-up personas. Those that are there already stay as they are. */
export async function addDemoPersonas(open: OpenHome): Promise<void> {
  const { generatePersonas } = await import("@hi-stranger/sdk/demo/personas");
  const rows: ProfileRow[] = [];
  for (const profile of generatePersonas({ count: demoCount, seed: demoSeed })) {
    if (await open.store.get(profile.profile_id)) continue;
    rows.push(toProfileRow({ profile, line: JSON.stringify(profile) }));
  }
  await open.store.write(rows);
  open.list.forget();
  const text = t("toast.demo_added", { count: rows.length });
  announce(text);
  const ids = rows.map(({ profileId }) => profileId);
  showToast({
    text,
    tone: "done",
    isOfAccount: open.owner !== null,
    action: { label: t("toast.undo"), run: () => removePersonas(open, ids) },
  });
}

async function removePersonas(open: OpenHome, ids: readonly string[]): Promise<void> {
  for (const id of ids) await open.store.delete(id);
  open.list.forget();
  showToast({ text: t("toast.demo_removed", { count: ids.length }), tone: "done" });
}
