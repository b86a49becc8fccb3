/** The way in, and for those who are in, the way to their account and out again. */
import { useLocation } from "preact-iso/router";
import { describeProblem } from "../i18n/problems.ts";
import { t } from "../i18n/translate.ts";
import { account, logOut } from "../state/account.ts";
import { showToast } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";

const menuId = "account-menu";

export function AccountMenu({ isHere }: { readonly isHere: boolean }) {
  const { status } = account.value;
  if (status === "out") return <SignInLink isHere={isHere} />;
  if (status !== "in") return <AccountLink isHere={isHere} />;
  return (
    <>
      <button type="button" class="button-icon is-signed-in" popovertarget={menuId}>
        <Icon name="person" />
        <span class="visually-hidden">{t("account.title")}</span>
      </button>
      <div id={menuId} class="menu" popover="auto" role="group" aria-label={t("account.title")}>
        <p class="menu-title">{t("account.signed_in")}</p>
        <a class="button" href="/account" onClick={closeMenu}>
          {t("account.title")}
        </a>
        <LogOutButton />
      </div>
    </>
  );
}

function SignInLink({ isHere }: { readonly isHere: boolean }) {
  return (
    <a class="sign-in-link" href="/sign-in" aria-current={isHere ? "page" : undefined}>
      <Icon name="person" />
      <span>{t("sign_in.title")}</span>
    </a>
  );
}

/** Until it is known who is signed in; the account's own page tells why it isn't. */
function AccountLink({ isHere }: { readonly isHere: boolean }) {
  return (
    <a class="button-icon" href="/account" aria-current={isHere ? "page" : undefined}>
      <Icon name="person" />
      <span class="visually-hidden">{t("account.title")}</span>
    </a>
  );
}

function LogOutButton() {
  const { route } = useLocation();
  async function leave(): Promise<void> {
    closeMenu();
    try {
      await logOut(false);
      route("/");
    } catch (error) {
      const { title, advice } = describeProblem(error);
      showToast({ text: `${title}. ${advice}`, tone: "problem" });
    }
  }
  return (
    <button type="button" class="button" onClick={() => void leave()}>
      <Icon name="leave" />
      {t("account.log_out")}
    </button>
  );
}

function closeMenu(): void {
  document.getElementById(menuId)?.hidePopover();
}
