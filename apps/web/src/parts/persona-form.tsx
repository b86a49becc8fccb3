/** The form of a persona. Every field of the schema has a native control; core's reader is the judge. */
import { useLocation } from "preact-iso/router";
import { useEffect, useRef, useState } from "preact/hooks";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import type { Violation } from "@hi-stranger/core/schema/violations";
import { ageByBirthday, agePointer, hasOtherAge, isAgeEditedIn, withAge } from "../form/age.ts";
import { dropDraft, readDraft, writeDraft } from "../form/draft.ts";
import {
  type FormValue,
  type FormValues,
  type RecordHead,
  toCandidate,
  toFormValues,
  toPointer,
} from "../form/form-values.ts";
import { saveCandidate } from "../form/save-candidate.ts";
import { t } from "../i18n/translate.ts";
import { groups } from "../personas/fields.ts";
import { today } from "../personas/view.ts";
import { announce } from "../state/announcer.ts";
import type { Persona } from "../state/persona-list.ts";
import type { OpenHome } from "../state/session.ts";
import { FormField } from "./form-field.tsx";
import { Icon } from "./icon.tsx";
import { Preview } from "./preview.tsx";
import { ErrorNote } from "./problem-note.tsx";

interface Props {
  readonly open: OpenHome;
  readonly head: RecordHead;
  /** What the form starts from. */
  readonly base: UserProfile["profile"] | null;
  /** The stored persona that saving replaces. */
  readonly former: Persona | null;
  readonly draftName: string;
  readonly backUrl: string;
}

type Problem =
  | { readonly kind: "changed"; readonly stored: Persona | null }
  | { readonly kind: "failed"; readonly error: unknown };

export function PersonaForm({ open, head, base, former, draftName, backUrl }: Props) {
  const { route } = useLocation();
  const [values, setValues] = useState<FormValues>(
    () => readDraft(draftName) ?? toFormValues(base),
  );
  const [isRestored, setIsRestored] = useState(() => readDraft(draftName) !== null);
  const [isKept, setIsKept] = useState(isRestored);
  const [isAgeEdited, setIsAgeEdited] = useState(() =>
    isAgeEditedIn(values, toFormValues(base), today()),
  );
  const [violations, setViolations] = useState<ReadonlyMap<string, Violation>>(new Map());
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  const candidate = toCandidate(head, values, base);

  useEffect(() => {
    focusFirstViolation(formRef.current, violations);
  }, [violations]);

  function change(pointer: string, value: FormValue): void {
    const changed = { ...values, [pointer]: value };
    const next = isAgeEdited ? changed : withAge(changed, pointer, today());
    setValues(next);
    // An age that is taken away again may follow.
    if (pointer === agePointer) setIsAgeEdited(value !== "");
    setIsKept(writeDraft(draftName, next));
    if (violations.has(pointer)) {
      setViolations(new Map([...violations].filter(([name]) => name !== pointer)));
    }
  }

  function discard(): void {
    dropDraft(draftName);
    setValues(toFormValues(base));
    setViolations(new Map());
    setIsRestored(false);
    setIsKept(false);
    setIsAgeEdited(false);
    announce(t("editor.draft.discarded"));
  }

  async function save(isForced: boolean): Promise<void> {
    setIsBusy(true);
    setProblem(null);
    try {
      const outcome = await saveCandidate(open, candidate, former, isForced);
      if (outcome.kind === "saved") {
        dropDraft(draftName);
        route(`/personas/${outcome.profileId}`);
        return;
      }
      if (outcome.kind === "refused") setViolations(outcome.violationsByPointer);
      else setProblem(outcome);
    } catch (error) {
      setProblem({ kind: "failed", error });
    }
    setIsBusy(false);
  }

  return (
    <form
      ref={formRef}
      class="editor"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void save(false);
      }}
    >
      <div class="editor-fields">
        {isRestored && <RestoredNote onDiscard={discard} />}
        {groups.map(({ name, fields }) => (
          <section key={name} class="panel" aria-labelledby={`group-${name}`}>
            <h2 id={`group-${name}`}>{t(`group.${name}`)}</h2>
            <p class="hint">{t(`group.${name}.hint`)}</p>
            {fields.map((field) => {
              const pointer = toPointer(name, field);
              return (
                <FormField
                  key={pointer}
                  field={field}
                  pointer={pointer}
                  value={values[pointer] ?? ""}
                  violation={violations.get(pointer)}
                  note={pointer === agePointer ? describeAge(values) : ""}
                  onChange={change}
                />
              );
            })}
          </section>
        ))}
        <FormEnd
          violations={violations}
          problem={problem}
          isBusy={isBusy}
          isDraftKept={isKept}
          backUrl={backUrl}
          onForce={() => void save(true)}
        />
      </div>
      <Preview candidate={candidate} />
    </form>
  );
}

function RestoredNote({ onDiscard }: { readonly onDiscard: () => void }) {
  return (
    <div class="note">
      <Icon name="edit" />
      <div class="note-body">
        <p>{t("editor.draft.restored")}</p>
        <p class="actions">
          <button type="button" class="button" onClick={onDiscard}>
            {t("editor.draft.discard")}
          </button>
        </p>
      </div>
    </div>
  );
}

interface EndProps {
  readonly violations: ReadonlyMap<string, Violation>;
  readonly problem: Problem | null;
  readonly isBusy: boolean;
  readonly isDraftKept: boolean;
  readonly backUrl: string;
  readonly onForce: () => void;
}

function FormEnd(props: EndProps) {
  const { violations, problem, isBusy, isDraftKept, backUrl, onForce } = props;
  return (
    <div class="editor-end">
      {violations.size > 0 && (
        <p class="field-error" role="alert">
          <Icon name="alert" />
          {t("editor.violations", { count: violations.size })}
        </p>
      )}
      {problem?.kind === "failed" && <ErrorNote error={problem.error} />}
      {problem?.kind === "changed" && (
        <div class="note note-problem" role="alert">
          <Icon name="alert" />
          <div class="note-body">
            <p class="note-title">
              {t(problem.stored ? "editor.changed.title" : "editor.gone.title")}
            </p>
            <p>{t(problem.stored ? "editor.changed.text" : "editor.gone.text")}</p>
            <p class="actions">
              <button type="button" class="button" onClick={onForce}>
                {t("editor.changed.force")}
              </button>
            </p>
          </div>
        </div>
      )}
      <p class="actions">
        <button type="submit" class="button button-main" aria-disabled={isBusy}>
          {t(isBusy ? "editor.saving" : "editor.save")}
        </button>
        <a class="button" href={backUrl}>
          {t("editor.cancel")}
        </a>
        {isDraftKept && <span class="hint">{t("editor.draft.kept")}</span>}
      </p>
    </div>
  );
}

/** Which of two ages strangers see; empty when there is one. */
function describeAge(values: FormValues): string {
  const now = today();
  return hasOtherAge(values, now)
    ? t("editor.age.differs", { age: ageByBirthday(values, now) })
    : "";
}

function focusFirstViolation(
  form: HTMLFormElement | null,
  violations: ReadonlyMap<string, Violation>,
): void {
  const [first] = violations.keys();
  if (first === undefined) return;
  form?.querySelector<HTMLElement>(`[data-pointer="${first}"]`)?.focus();
}
