/** The first thing a visitor sees: what this is, and the two homes the data can have. */
import { useLocation } from "preact-iso/router";
import { rich, t } from "../i18n/translate.ts";
import { DemoButton } from "../parts/demo-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Portrait } from "../parts/portrait.tsx";
import { Screen } from "../parts/screen.tsx";
import { strangers } from "../personas/strangers.ts";
import { home } from "../state/preferences.ts";
import { hasDeviceData } from "../state/session.ts";

export function HomeScreen() {
  return (
    <Screen
      title={t("welcome.title")}
      heading={rich("welcome.heading", { em: <em>{t("welcome.heading.em")}</em> })}
      lead={t("welcome.lead")}
      actions={<Strangers />}
    >
      <NextSteps />
      <ul class="pledges">
        <li>{t("welcome.pledge.persona")}</li>
        <li>{t("welcome.pledge.apart")}</li>
        <li>{t("welcome.pledge.leave")}</li>
      </ul>
      <h2>{t("welcome.homes")}</h2>
      <div class="homes">
        <HomeCard name="device" />
        <HomeCard name="live" />
      </div>
    </Screen>
  );
}

function Strangers() {
  return (
    <div class="strangers" aria-hidden="true">
      {strangers.map((persona) => (
        <Portrait key={persona.profile_id} persona={persona} size="large" />
      ))}
    </div>
  );
}

/** The one obvious next step: fill an empty home, or look at what is there. */
function NextSteps() {
  const { route } = useLocation();
  const isEmptyDevice = home.value === "device" && !hasDeviceData();
  return (
    <div class="actions next-steps">
      {isEmptyDevice ? (
        <DemoButton isMain onAdded={() => route("/personas")} />
      ) : (
        <a class="button button-main" href="/personas">
          {t("welcome.browse")}
        </a>
      )}
      <a class="button" href="/personas/new">
        <Icon name="edit" />
        {t("personas.new")}
      </a>
      <a class="button" href="/import">
        <Icon name="upload" />
        {t("welcome.import")}
      </a>
    </div>
  );
}

function HomeCard({ name }: { readonly name: "device" | "live" }) {
  const isHere = home.value === name;
  return (
    <section class={isHere ? "panel is-here" : "panel"}>
      <h3>
        <Icon name={name === "live" ? "cloud" : "device"} />
        {t(`home.${name}`)}
        {isHere && <span class="tag">{t("home.here")}</span>}
      </h3>
      <p>{t(`welcome.${name}.text`)}</p>
      <p class="hint">{t(`welcome.${name}.hint`)}</p>
      {!isHere && (
        <p class="actions">
          <a class="button" href="/connect">
            {t(`welcome.${name}.action`)}
          </a>
        </p>
      )}
    </section>
  );
}
