/**
 * The person's own data while they edit it: each field is saved by itself, one save of a field at a
 * time, and the newest text wins. What was saved can be taken back.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type {
  PersonClient,
  PersonalData,
  PersonalDataChange,
} from "@hi-stranger/sdk/person-client";
import { t } from "../i18n/translate.ts";
import { showToast } from "./toasts.ts";

export const personalFieldNames = [
  "name",
  "address",
  "country",
  "timezone",
  "payment_ref",
] as const;
export type PersonalFieldName = (typeof personalFieldNames)[number];

export type SaveState =
  | { readonly status: "idle" | "saving" | "saved" }
  | { readonly status: "failed"; readonly error: unknown };

export interface PersonalDataEditor {
  readonly data: ReadonlySignal<PersonalData>;
  readonly saves: ReadonlySignal<Readonly<Record<PersonalFieldName, SaveState>>>;
  /** Saves `text`, empty for nothing, unless it is what is stored. Never rejects. */
  save(field: PersonalFieldName, text: string): Promise<void>;
}

const idle: SaveState = { status: "idle" };

export function createPersonalDataEditor(
  person: Pick<PersonClient, "changePersonalData">,
  stored: PersonalData,
): PersonalDataEditor {
  const data = signal(stored);
  const saves = signal<Readonly<Record<PersonalFieldName, SaveState>>>({
    name: idle,
    address: idle,
    country: idle,
    timezone: idle,
    payment_ref: idle,
  });
  const waiting = new Map<PersonalFieldName, string | null>();
  const running = new Set<PersonalFieldName>();

  function setState(field: PersonalFieldName, state: SaveState): void {
    saves.value = { ...saves.value, [field]: state };
  }

  async function put(field: PersonalFieldName, value: string | null): Promise<void> {
    const former = data.value[field];
    if (value === former) return setState(field, idle);
    setState(field, { status: "saving" });
    try {
      const change: PersonalDataChange = { [field]: value };
      const answer = await person.changePersonalData(change);
      // Of an answer only what was asked for: another field's save may have been answered before.
      data.value = { ...data.value, [field]: answer[field] };
      setState(field, { status: "saved" });
      offerUndo(field, former);
    } catch (error) {
      setState(field, { status: "failed", error });
    }
  }

  function offerUndo(field: PersonalFieldName, former: string | null): void {
    const name = t(`account.field.${field}`);
    showToast({
      text: t("account.saved", { name }),
      tone: "done",
      isOfAccount: true,
      action: { label: t("toast.undo"), run: () => save(field, former ?? "") },
    });
  }

  async function save(field: PersonalFieldName, text: string): Promise<void> {
    waiting.set(field, text.trim() === "" ? null : text.trim());
    if (running.has(field)) return;
    running.add(field);
    for (let value = take(field); value !== undefined; value = take(field)) await put(field, value);
    running.delete(field);
  }

  function take(field: PersonalFieldName): string | null | undefined {
    const value = waiting.get(field);
    waiting.delete(field);
    return value;
  }

  return { data, saves, save };
}
