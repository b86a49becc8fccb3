/** Where one is signed in, and the ways to end it. */
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import type { PersonClient, SessionInfo } from "@hi-stranger/sdk/person-client";
import { describeProblem } from "../i18n/problems.ts";
import { formatDate, t } from "../i18n/translate.ts";
import { logOut } from "../state/account.ts";
import { announce } from "../state/announcer.ts";
import { showToast } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";
import { Loading } from "./loading.tsx";
import { ErrorNote } from "./problem-note.tsx";
import { useAnswer } from "./use-answer.ts";

export function AccountSessions({ person }: { readonly person: PersonClient }) {
  const { answer, retry } = useAnswer((signal) => person.listSessions({ signal }), "sessions");
  return (
    <section class="panel" aria-labelledby="sessions-title">
      <h2 id="sessions-title" tabIndex={-1}>
        <Icon name="key" />
        {t("sessions.title")}
      </h2>
      {answer.status === "loading" && <Loading />}
      {answer.status === "failed" && <ErrorNote error={answer.error} onRetry={retry} />}
      {answer.status === "ready" && <List person={person} sessions={answer.value} />}
      <LogOut />
    </section>
  );
}

function List(props: { person: PersonClient; sessions: readonly SessionInfo[] }) {
  const [ended, setEnded] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState<string | null>(null);
  const shown = props.sessions.filter(({ session_id: id }) => !ended.has(id));

  async function end({ session_id: id, label }: SessionInfo): Promise<void> {
    setBusy(id);
    try {
      // One that has ended by itself is gone as well.
      await props.person.revokeSession(id);
      setEnded(new Set([...ended, id]));
      announce(t("sessions.ended", { label }));
      // The button that was pressed is gone.
      document.getElementById("sessions-title")?.focus();
    } catch (error) {
      tell(error);
    }
    setBusy(null);
  }

  return (
    <>
      <ul class="rows">
        {shown.map((each) => (
          <li key={each.session_id} class="row">
            <div class="row-text">
              <p>
                <bdi>{each.label}</bdi>{" "}
                {each.is_current && <span class="tag">{t("sessions.current")}</span>}
              </p>
              <p class="hint">{t("sessions.used", { date: formatDate(each.last_used_at) })}</p>
            </div>
            {!each.is_current && (
              <button
                type="button"
                class="button"
                aria-label={`${t("account.log_out")}: ${each.label}`}
                aria-disabled={busy !== null}
                onClick={() => {
                  if (busy === null) void end(each);
                }}
              >
                {t("account.log_out")}
              </button>
            )}
          </li>
        ))}
      </ul>
      {shown.length > 1 && <p class="hint">{t("sessions.delay")}</p>}
    </>
  );
}

function LogOut() {
  const { route } = useLocation();
  const [isBusy, setIsBusy] = useState(false);

  async function leave(isEverywhere: boolean): Promise<void> {
    setIsBusy(true);
    try {
      await logOut(isEverywhere);
      route("/");
    } catch (error) {
      tell(error);
      setIsBusy(false);
    }
  }

  return (
    <p class="actions">
      {([false, true] as const).map((isEverywhere) => (
        <button
          key={String(isEverywhere)}
          type="button"
          class={isEverywhere ? "button button-risky" : "button"}
          aria-disabled={isBusy}
          onClick={() => {
            if (!isBusy) void leave(isEverywhere);
          }}
        >
          <Icon name="leave" />
          {t(isEverywhere ? "account.log_out.everywhere" : "account.log_out")}
        </button>
      ))}
    </p>
  );
}

function tell(error: unknown): void {
  const { title, advice } = describeProblem(error);
  showToast({ text: `${title}. ${advice}`, tone: "problem" });
}
