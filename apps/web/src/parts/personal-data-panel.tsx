/** Personal data, field by field, each with its own way of being saved. */
import { useMemo } from "preact/hooks";
import type { PersonClient, PersonalData } from "@hi-stranger/sdk/person-client";
import { formatDate, t } from "../i18n/translate.ts";
import { createPersonalDataEditor, personalFieldNames } from "../state/personal-data.ts";
import { Icon } from "./icon.tsx";
import { Loading } from "./loading.tsx";
import { ErrorNote } from "./problem-note.tsx";
import { SavedField } from "./saved-field.tsx";
import { useAnswer } from "./use-answer.ts";

export function PersonalDataPanel({ person }: { readonly person: PersonClient }) {
  const { answer, retry } = useAnswer((signal) => person.getPersonalData({ signal }), "data");
  return (
    <section class="panel" aria-labelledby="data-title">
      <h2 id="data-title">
        <Icon name="person" />
        {t("account.data")}
      </h2>
      {answer.status === "loading" && <Loading />}
      {answer.status === "failed" && <ErrorNote error={answer.error} onRetry={retry} />}
      {answer.status === "ready" && <Fields person={person} stored={answer.value} />}
    </section>
  );
}

function Fields({ person, stored }: { person: PersonClient; stored: PersonalData }) {
  const editor = useMemo(() => createPersonalDataEditor(person, stored), [person, stored]);
  return (
    <>
      <p class="hint">{t("account.data.hint")}</p>
      <dl class="facts">
        <div class="fact">
          <dt>{t("sign_in.email")}</dt>
          <dd>
            <bdi class="address" dir="ltr">
              {stored.email}
            </bdi>{" "}
            {stored.verification_status === "verified" && (
              <span class="tag">{t("account.verified")}</span>
            )}
          </dd>
        </div>
        <div class="fact">
          <dt>{t("account.since")}</dt>
          <dd>{formatDate(stored.created_at.slice(0, 10))}</dd>
        </div>
      </dl>
      {personalFieldNames.map((name) => (
        <SavedField key={name} name={name} editor={editor} />
      ))}
    </>
  );
}
