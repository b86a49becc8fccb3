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
  /** Where another token can be given, or one can sign in. */
  readonly way?: { readonly url: string; readonly text: string } | undefined;
}

export function ProblemNote({ title, advice, onRetry, way }: NoteProps) {
  return (
    <div class="note note-problem" role="alert">
      <Icon name="alert" />
      <div class="note-body">
        <p class="note-title">{title}</p>
        <p>{advice}</p>
        {(onRetry || way) && (
          <p class="actions">
            {onRetry && (
              <button type="button" class="button" onClick={onRetry}>
                {t("problem.retry")}
              </button>
            )}
            {way && (
              <a class="button" href={way.url}>
                {way.text}
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
  const next = `?next=${encodeURIComponent(url)}`;
  // Where tokens are given already, a link to that place would lead nowhere.
  const canConnect = remedy === "connect" && path !== connectPath;
  const way = canConnect
    ? { url: connectPath + next, text: t("problem.connect") }
    : remedy === "sign_in"
      ? { url: `/sign-in${next}`, text: t("sign_in.title") }
      : undefined;
  return (
    <ProblemNote
      title={title}
      advice={advice}
      onRetry={remedy === "retry" ? onRetry : undefined}
      way={way}
    />
  );
}
