/** From a filled form to a stored persona. */
import { StoreError } from "@hi-stranger/core/errors";
import type { Violation } from "@hi-stranger/core/schema/violations";
import { t } from "../i18n/translate.ts";
import { describeProblem } from "../i18n/problems.ts";
import { deletePersona, writePersona } from "../state/persona-actions.ts";
import { type Persona, toPersona } from "../state/persona-list.ts";
import type { OpenHome } from "../state/session.ts";
import { showToast } from "../state/toasts.ts";

export type SaveOutcome =
  | { readonly kind: "saved"; readonly profileId: string }
  | { readonly kind: "refused"; readonly violationsByPointer: ReadonlyMap<string, Violation> }
  /** Somebody else wrote (`stored`) or deleted (null) the persona since the form was opened. */
  | { readonly kind: "changed"; readonly stored: Persona | null };

/**
 * Validates and writes `candidate`, and offers to take it back.
 *
 * @param former What the form was opened with; null for a new persona.
 * @param isForced Write even if the stored persona is no longer `former`.
 * @throws {StoreError} when the store fails.
 */
export async function saveCandidate(
  open: OpenHome,
  candidate: unknown,
  former: Persona | null,
  isForced: boolean,
): Promise<SaveOutcome> {
  const { validate } = await import("./validate.ts");
  const verdict = validate(candidate);
  if ("violationsByPointer" in verdict) {
    return { kind: "refused", violationsByPointer: verdict.violationsByPointer };
  }
  if (former && !isForced) {
    const stored = await open.store.get(former.profileId);
    if (stored?.rev !== former.rev) {
      return { kind: "changed", stored: stored && toPersona(stored) };
    }
  }
  let persona: Persona;
  try {
    persona = await writePersona(open, verdict.read, former === null);
  } catch (error) {
    const violationsByPointer = readFindings(error);
    if (!violationsByPointer) throw error;
    return { kind: "refused", violationsByPointer };
  }
  const name = persona.profile.profile.identity.user_name;
  showToast({
    text: t(former ? "toast.saved" : "toast.created", { name }),
    tone: "done",
    action: { label: t("toast.undo"), run: () => takeBack(open, persona, former) },
  });
  return { kind: "saved", profileId: persona.profileId };
}

/** The fields that this device's store refuses as they hold personal data; null for another error. */
function readFindings(error: unknown): ReadonlyMap<string, Violation> | null {
  if (!(error instanceof StoreError) || error.code !== "personal_data_refused") return null;
  const findings = error.extra.members?.["findings"] as readonly { kind: string; path: string }[];
  return new Map(
    findings.map(({ kind, path }) => [
      path.split("/").slice(0, 4).join("/"),
      { path, errorCode: `personal_${kind}`, message: error.detail },
    ]),
  );
}

async function takeBack(open: OpenHome, saved: Persona, former: Persona | null): Promise<void> {
  try {
    if (!former) {
      await deletePersona(open, saved);
      return;
    }
    const { profile } = former;
    const name = profile.profile.identity.user_name;
    await writePersona(open, { profile, line: JSON.stringify(profile) }, false);
    showToast({ text: t("toast.taken_back", { name }), tone: "done" });
  } catch (error) {
    const { title, advice } = describeProblem(error);
    showToast({ text: `${title}. ${advice}`, tone: "problem" });
  }
}
