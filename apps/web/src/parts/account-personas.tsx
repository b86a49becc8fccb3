/** The personas of an account, whichever home is in use. */
import type { OwnProfile, PersonClient } from "@hi-stranger/sdk/person-client";
import { t } from "../i18n/translate.ts";
import { toView } from "../personas/view.ts";
import { useAccount } from "../state/account.ts";
import { session } from "../state/session.ts";
import { Icon } from "./icon.tsx";
import { Loading } from "./loading.tsx";
import { Portrait } from "./portrait.tsx";
import { ErrorNote } from "./problem-note.tsx";
import { useAnswer } from "./use-answer.ts";

export function AccountPersonas({ person }: { readonly person: PersonClient }) {
  const { answer, retry } = useAnswer((signal) => person.listOwnProfiles({ signal }), "own");
  const { value: current } = session;
  // The screens of personas show the home in use, which may be this device or a token's.
  const isInUse = current.status === "open" && current.open.owner !== null;
  return (
    <section class="panel" aria-labelledby="own-title">
      <h2 id="own-title">
        <Icon name="twins" />
        {t("own.title")}
      </h2>
      {answer.status === "loading" && <Loading />}
      {answer.status === "failed" && <ErrorNote error={answer.error} onRetry={retry} />}
      {answer.status === "ready" && answer.value.length === 0 && <p>{t("own.none")}</p>}
      {answer.status === "ready" && answer.value.length > 0 && (
        <ul class="rows">
          {answer.value.map((profile) => (
            <Row key={profile.profile_id} profile={profile} isInUse={isInUse} />
          ))}
        </ul>
      )}
      {isInUse ? (
        <p class="actions">
          <a class="button" href="/personas/new">
            <Icon name="plus" />
            {t("personas.new")}
          </a>
        </p>
      ) : (
        <>
          <p class="hint">{t("own.elsewhere")}</p>
          <p class="actions">
            <button type="button" class="button" onClick={() => void useAccount()}>
              <Icon name="cloud" />
              {t("own.use")}
            </button>
          </p>
        </>
      )}
    </section>
  );
}

function Row({ profile, isInUse }: { readonly profile: OwnProfile; readonly isInUse: boolean }) {
  const { profile_id: id } = profile;
  const name = profile.profile.identity.user_name;
  return (
    <li class="row">
      <Portrait persona={toView(profile)} />
      <p class="row-text" dir="auto">
        {isInUse ? <a href={`/personas/${id}`}>{name}</a> : name}
      </p>
      {isInUse && (
        <a class="button-icon" href={`/personas/${id}/edit`}>
          <Icon name="edit" />
          <span class="visually-hidden">{t("own.edit", { name })}</span>
        </a>
      )}
    </li>
  );
}
