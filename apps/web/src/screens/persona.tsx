/** One persona: what strangers see, and the record behind it. */
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { describeProblem } from "../i18n/problems.ts";
import { formatDate, t } from "../i18n/translate.ts";
import { AvatarReveal } from "../parts/avatar-reveal.tsx";
import { Icon } from "../parts/icon.tsx";
import type { ScreenProps } from "../parts/lazy-screen.tsx";
import { Loading } from "../parts/loading.tsx";
import { PersonaView } from "../parts/persona-view.tsx";
import { ErrorNote } from "../parts/problem-note.tsx";
import { Screen } from "../parts/screen.tsx";
import { usePersona } from "../parts/use-persona.ts";
import { WithHome } from "../parts/with-home.tsx";
import { fieldLabel } from "../personas/labels.ts";
import { toView } from "../personas/view.ts";
import { deletePersona, savePersonaFile } from "../state/persona-actions.ts";
import type { Persona } from "../state/persona-list.ts";
import { type OpenHome, mayChange, session } from "../state/session.ts";
import { showToast } from "../state/toasts.ts";

export function PersonaScreen({ params }: ScreenProps) {
  const id = params?.["id"] ?? "";
  if (session.value.status === "open") return <OpenPersona open={session.value.open} id={id} />;
  return <Screen title={t("persona.title")}>{<WithHome>{() => null}</WithHome>}</Screen>;
}

function OpenPersona({ open, id }: { readonly open: OpenHome; readonly id: string }) {
  const { state, retry } = usePersona(open, id);
  switch (state.status) {
    case "ready":
      return <Shown open={open} persona={state.persona} />;
    case "missing":
      return (
        <Screen title={t("persona.missing.title")} lead={t("persona.missing.text")} width="narrow">
          <BackLink />
        </Screen>
      );
    case "failed":
      return (
        <Screen title={t("persona.title")}>
          <ErrorNote error={state.error} onRetry={retry} />
        </Screen>
      );
    case "loading":
      return <Loading />;
  }
}

function Shown({ open, persona }: { readonly open: OpenHome; readonly persona: Persona }) {
  const { identity } = persona.profile.profile;
  const name = identity.user_name;
  const isWhole = mayChange(open, persona.profileId);
  return (
    <Screen
      title={name}
      heading={<bdi>{name}</bdi>}
      lead={isWhole ? undefined : t("persona.others")}
      actions={isWhole && <Actions open={open} persona={persona} />}
    >
      <PersonaView view={toView(persona.profile)} headingLevel={2} />
      {identity.avatar_picture && <AvatarReveal url={identity.avatar_picture} />}
      {isWhole && <RecordPanel persona={persona} />}
      <p class="legend">
        <Icon name="twins" />
        <span>{t("portrait.legend")}</span>
      </p>
      <BackLink />
    </Screen>
  );
}

function Actions({ open, persona }: { readonly open: OpenHome; readonly persona: Persona }) {
  const { route } = useLocation();
  const [isBusy, setIsBusy] = useState(false);
  const { profileId, profile } = persona;

  async function remove(): Promise<void> {
    setIsBusy(true);
    try {
      await deletePersona(open, persona);
      route("/personas");
    } catch (error) {
      const { title, advice } = describeProblem(error);
      showToast({ text: `${title}. ${advice}`, tone: "problem" });
      setIsBusy(false);
    }
  }

  return (
    <>
      <a class="button button-main" href={`/personas/${profileId}/edit`}>
        <Icon name="edit" />
        {t("persona.edit")}
      </a>
      <a class="button" href={`/personas/new?from=${profileId}`}>
        <Icon name="copy" />
        {t("persona.duplicate")}
      </a>
      <button type="button" class="button" onClick={() => savePersonaFile(profile)}>
        <Icon name="download" />
        {t("persona.download")}
      </button>
      <button
        type="button"
        class="button button-risky"
        aria-disabled={isBusy}
        onClick={() => {
          if (!isBusy) void remove();
        }}
      >
        <Icon name="trash" />
        {t("persona.delete")}
      </button>
    </>
  );
}

/** What strangers don't see. */
function RecordPanel({ persona }: { readonly persona: Persona }) {
  const { profile, rev } = persona;
  const facts = [
    [fieldLabel("birthday"), formatDate(profile.profile.identity.birthday)],
    [t("record.id"), profile.profile_id],
    [t("record.created"), formatDate(profile.created_at)],
    [t("record.rev"), String(rev)],
    ...(profile.generator_version === undefined
      ? []
      : [[t("record.generator"), profile.generator_version]]),
  ] as const;
  return (
    <details class="panel">
      <summary>{t("record.title")}</summary>
      <dl class="facts">
        {facts.map(([label, value]) => (
          <div key={label} class="fact">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{t("record.json")}</h2>
      <pre tabIndex={0} role="region" aria-label={t("record.json")} dir="ltr">
        {JSON.stringify(profile, null, 2)}
      </pre>
    </details>
  );
}

function BackLink() {
  return (
    <p>
      <a href="/personas" class="back">
        {t("persona.back")}
      </a>
    </p>
  );
}
