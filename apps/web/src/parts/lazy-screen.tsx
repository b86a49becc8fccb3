/** A screen whose code is fetched when it is first opened. */
import type { ComponentType, JSX } from "preact";
import { useLocation } from "preact-iso/router";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/translate.ts";
import { Loading } from "./loading.tsx";
import { ProblemNote } from "./problem-note.tsx";
import { Screen } from "./screen.tsx";

/** What the router hands to a screen. */
export interface ScreenProps {
  readonly params?: Readonly<Record<string, string>>;
}

type State =
  { readonly component: ComponentType<ScreenProps> } | { readonly error: unknown } | null;

export interface LazyScreen {
  (props: ScreenProps): JSX.Element;
  /** Fetches the code before the screen is drawn. Never rejects. */
  preload(): Promise<void>;
}

export function lazyScreen(fetchScreen: () => Promise<ComponentType<ScreenProps>>): LazyScreen {
  let loaded: State = null;
  let loading: Promise<ComponentType<ScreenProps>> | null = null;
  const load = () => {
    loading ??= fetchScreen().then(
      (component) => {
        loaded = { component };
        return component;
      },
      (error: unknown) => {
        // The next attempt fetches again.
        loading = null;
        throw error;
      },
    );
    return loading;
  };

  function LazyScreen(props: ScreenProps) {
    const { path } = useLocation();
    const [state, setState] = useState<State>(loaded);
    const [attempt, setAttempt] = useState(0);

    useEffect(() => {
      if (state && "component" in state) return;
      let isCurrent = true;
      setState(null);
      load().then(
        (component) => {
          if (isCurrent) setState({ component });
        },
        (error: unknown) => {
          if (isCurrent) setState({ error });
        },
      );
      return () => {
        isCurrent = false;
      };
    }, [attempt]);

    if (state === null) return <Loading />;
    if ("error" in state) {
      return (
        <Screen title={t("problem.chunk.title")}>
          <ProblemNote
            title={t("problem.chunk.title")}
            advice={t("problem.chunk.advice")}
            onRetry={() => setAttempt(attempt + 1)}
          />
        </Screen>
      );
    }
    // One instance for each address, so that a screen never shows the state of another record.
    return <state.component key={path} {...props} />;
  }

  return Object.assign(LazyScreen, {
    // What goes wrong is told when the screen is drawn.
    async preload() {
      await load().catch(() => undefined);
    },
  });
}
