/** Writing and rewriting a persona, with what strangers will see beside it. */
import { useLocation } from "preact-iso/router";
import { useEffect, useState } from "preact/hooks";
import { toInstant } from "@hi-stranger/core/clock";
import { createIdSource } from "@hi-stranger/core/codec/ids";
import { systemClock } from "@hi-stranger/core/clock";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { t } from "../i18n/translate.ts";
import type { RecordHead } from "../form/form-values.ts";
import { PersonaForm } from "../parts/persona-form.tsx";
import type { ScreenProps } from "../parts/lazy-screen.tsx";
import { Loading } from "../parts/loading.tsx";
import { ErrorNote } from "../parts/problem-note.tsx";
import { Screen } from "../parts/screen.tsx";
import { usePersona } from "../parts/use-persona.ts";
import { WithHome } from "../parts/with-home.tsx";
import type { Persona } from "../state/persona-list.ts";
import { type OpenHome, mayChange } from "../state/session.ts";

const createId = createIdSource(systemClock);

export function NewPersonaScreen() {
  const { query } = useLocation();
  const from = query["from"];
  return (
    <Screen title={t(from ? "editor.duplicate.title" : "editor.new.title")} lead={t("editor.lead")}>
      <WithHome>
        {(open) =>
          from ? (
            <Existing open={open} id={from}>
              {({ profile }) => <NewForm open={open} template={withoutHistory(profile)} />}
            </Existing>
          ) : (
            <NewForm open={open} template={null} />
          )
        }
      </WithHome>
    </Screen>
  );
}

export function EditPersonaScreen({ params }: ScreenProps) {
  const id = params?.["id"] ?? "";
  return (
    <Screen title={t("editor.edit.title")} lead={t("editor.lead")}>
      <WithHome>
        {(open) => (
          <Existing open={open} id={id}>
            {(persona) => (
              <PersonaForm
                key={open.draftScope}
                open={open}
                head={headOf(persona.profile)}
                base={persona.profile.profile}
                former={persona}
                draftName={`${open.draftScope}.${id}`}
                backUrl={`/personas/${id}`}
              />
            )}
          </Existing>
        )}
      </WithHome>
    </Screen>
  );
}

function NewForm(props: { open: OpenHome; template: UserProfile["profile"] | null }) {
  const [head] = useState<RecordHead>(() => ({
    schema_version: "user_profile.v1",
    profile_id: createId("usr"),
    created_at: toInstant(systemClock.now()),
  }));
  return (
    <PersonaForm
      key={props.open.draftScope}
      open={props.open}
      head={head}
      base={props.template}
      former={null}
      draftName={`${props.open.draftScope}.${props.template ? "copy" : "new"}`}
      backUrl="/personas"
    />
  );
}

interface ExistingProps {
  readonly open: OpenHome;
  readonly id: string;
  readonly children: (persona: Persona) => preact.ComponentChildren;
}

/** Loads a persona once; what others write to it meanwhile is noticed when it is saved. */
function Existing({ open, id, children }: ExistingProps) {
  const { state, retry } = usePersona(open, id);
  const [persona, setPersona] = useState<Persona | null>(null);
  useEffect(() => {
    if (state.status === "ready") setPersona(state.persona);
  }, [state]);
  if (persona && !mayChange(open, id)) return <p class="hint">{t("persona.others")}</p>;
  if (persona) return <div key={persona.rev}>{children(persona)}</div>;
  if (state.status === "failed") return <ErrorNote error={state.error} onRetry={retry} />;
  if (state.status === "missing") return <p class="hint">{t("persona.missing.text")}</p>;
  return <Loading />;
}

function headOf(profile: UserProfile): RecordHead {
  const { profile: _profile, ...head } = profile;
  return head;
}

/** A copy starts its own life: when the original joined and was seen is not told of it. */
function withoutHistory({ profile }: UserProfile): UserProfile["profile"] {
  if (!profile.system) return profile;
  const { joined_at: _joined, last_active: _seen, ...system } = profile.system;
  return { ...profile, system };
}
