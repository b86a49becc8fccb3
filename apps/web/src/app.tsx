import { LocationProvider, Route, Router, exec as matchPath } from "preact-iso/router";
import { Banners } from "./parts/banners.tsx";
import { Footer } from "./parts/footer.tsx";
import { Header } from "./parts/header.tsx";
import { HelpDialog } from "./parts/help-dialog.tsx";
import { lazyScreen } from "./parts/lazy-screen.tsx";
import { LiveRegion } from "./parts/live-region.tsx";
import { Shortcuts } from "./parts/shortcuts.tsx";
import { ToastRegion } from "./parts/toast-region.tsx";
import { ageToasts } from "./state/toasts.ts";
import { HomeScreen } from "./screens/home.tsx";
import { t, useMessagePart } from "./i18n/translate.ts";

const Personas = lazyScreen(async () => (await import("./screens/personas.tsx")).PersonasScreen);
const Persona = lazyScreen(async () => (await import("./screens/persona.tsx")).PersonaScreen);
const NewPersona = lazyScreen(
  async () => (await import("./screens/persona-editor.tsx")).NewPersonaScreen,
);
const EditPersona = lazyScreen(
  async () => (await import("./screens/persona-editor.tsx")).EditPersonaScreen,
);
const Transfer = lazyScreen(async () => (await import("./screens/transfer.tsx")).TransferScreen);
const Connect = lazyScreen(async () => (await import("./screens/connect.tsx")).ConnectScreen);
const SignIn = lazyScreen(
  withAccountMessages(async () => (await import("./screens/sign-in.tsx")).SignInScreen),
);
const AccountPage = lazyScreen(
  withAccountMessages(async () => (await import("./screens/account.tsx")).AccountScreen),
);
const Terms = lazyScreen(
  withAccountMessages(async () => (await import("./screens/policy.tsx")).TermsScreen),
);
const Privacy = lazyScreen(
  withAccountMessages(async () => (await import("./screens/policy.tsx")).PrivacyScreen),
);
const NotFound = lazyScreen(async () => (await import("./screens/not-found.tsx")).NotFoundScreen);

/** Fetches the messages of signing in and the account along with a screen. */
function withAccountMessages<T>(fetchScreen: () => Promise<T>): () => Promise<T> {
  return async () => (await Promise.all([fetchScreen(), useMessagePart("account")]))[0];
}

/** Addresses that the server answers itself; links to them leave the app. */
const appScope = /^(?!\/(?:api|schemas|dev)(?:\/|$))/;

const routes = [
  { path: "/", component: HomeScreen },
  { path: "/personas", component: Personas },
  { path: "/personas/new", component: NewPersona },
  { path: "/personas/:id", component: Persona },
  { path: "/personas/:id/edit", component: EditPersona },
  { path: "/import", component: Transfer },
  { path: "/connect", component: Connect },
  { path: "/sign-in", component: SignIn },
  { path: "/account", component: AccountPage },
  { path: "/terms", component: Terms },
  { path: "/privacy", component: Privacy },
] as const;

/** Fetches the screen at `path`. */
export function preloadScreenAt(path: string): Promise<void> {
  const screen = routes.find((route) => matchPath(path, route.path))?.component ?? NotFound;
  return "preload" in screen ? screen.preload() : Promise.resolve();
}

export function App() {
  return (
    <LocationProvider scope={appScope}>
      <a class="skip-link" href="#main">
        {t("shell.skip")}
      </a>
      <Header />
      <Banners />
      <main id="main" tabIndex={-1}>
        <Router onRouteChange={ageToasts}>
          {routes.map(({ path, component }) => (
            <Route key={path} path={path} component={component} />
          ))}
          <Route default component={NotFound} />
        </Router>
      </main>
      <Footer />
      <ToastRegion />
      <HelpDialog />
      <Shortcuts />
      <LiveRegion />
    </LocationProvider>
  );
}
