/** The mail with a link for signing in. It is the same for everyone, with an account or without. */
import type { ConsentLocale } from "@hi-stranger/core/consent/statements";
import type { Mail } from "../mail/mailer.ts";

interface Words {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

const wordsByLocale: Readonly<Record<ConsentLocale, Words>> = {
  en: {
    subject: "Sign in to Hi Stranger",
    before: "Open this link to sign in to Hi Stranger. It works once, for 15 minutes:",
    after:
      "If you didn't ask for it, ignore this mail: without the link nobody gets in. Never pass it on.",
  },
  de: {
    subject: "Bei Hi Stranger anmelden",
    before:
      "Öffnen Sie diesen Link, um sich bei Hi Stranger anzumelden. Er funktioniert einmal, 15 Minuten lang:",
    after:
      "Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Mail: Ohne den Link kommt niemand hinein. Geben Sie ihn nie weiter.",
  },
  es: {
    subject: "Iniciar sesión en Hi Stranger",
    before:
      "Abra este enlace para iniciar sesión en Hi Stranger. Funciona una vez, durante 15 minutos:",
    after:
      "Si no lo ha pedido, ignore este correo: sin el enlace nadie puede entrar. No lo reenvíe nunca.",
  },
  pt: {
    subject: "Iniciar sessão no Hi Stranger",
    before:
      "Abra esta ligação para iniciar sessão no Hi Stranger. Funciona uma vez, durante 15 minutos:",
    after: "Se não a pediu, ignore este e-mail: sem a ligação ninguém entra. Nunca a reencaminhe.",
  },
};

/** Writes it. `origin` is where the web app is, such as `https://hi.example`. */
export function writeSignInMail(
  to: string,
  token: string,
  origin: string,
  locale: ConsentLocale,
): Mail {
  const { subject, before, after } = wordsByLocale[locale];
  // Behind the number sign it stays in the browser: servers, their logs and mail scanners don't get it.
  const link = `${origin}/sign-in#token=${token}`;
  return { to, subject, text: `${before}\n\n${link}\n\n${after}\n`, link, token };
}
