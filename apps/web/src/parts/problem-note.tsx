/** What went wrong, what to do about it, and the button that does it. */
import { useLocation } from "preact-iso/router";
import { describeProblem } from "../i18n/problems.ts";
import { t } from "../i18n/translate.ts";
import { Icon } from "./icon.tsx";

const connectPath = "/connect";

interface NoteProps {
  readonly title: string;
  readonly advice: string;
  readonly onRetry?: (() => void) | undefined;
  /** Where another token can be given. */
  readonly connectUrl?: string | undefined;
}

export function ProblemNote({ title, advice, onRetry, connectUrl }: NoteProps) {
  return (
    <div class="note note-problem" role="alert">
      <Icon name="alert" />
      <div class="note-body">
        <p class="note-title">{title}</p>
        <p>{advice}</p>
        {(onRetry || connectUrl) && (
          <p class="actions">
            {onRetry && (
              <button type="button" class="button" onClick={onRetry}>
                {t("problem.retry")}
              </button>
            )}
            {connectUrl && (
              <a class="button" href={connectUrl}>
                {t("problem.connect")}
              </a>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

/** {@link ProblemNote} for anything that was thrown. */
export function ErrorNote({
  error,
  onRetry,
}: {
  error: unknown;
  onRetry?: (() => void) | undefined;
}) {
  const { path, url } = useLocation();
  const { title, advice, remedy } = describeProblem(error);
  // Where tokens are given already, a link to that place would lead nowhere.
  const canConnect = remedy === "connect" && path !== connectPath;
  return (
    <ProblemNote
      title={title}
      advice={advice}
      onRetry={remedy === "retry" ? onRetry : undefined}
      connectUrl={canConnect ? `${connectPath}?next=${encodeURIComponent(url)}` : undefined}
    />
  );
}
