/**
 * What people are asked to agree to when they sign up, word for word: the page shows these texts, and
 * the consents table keeps the SHA-256 of the one that was shown.
 *
 * A changed text is a new {@link consentVersion}; the texts of a version are never edited.
 */

export const consentVersion = "2026-11";

/** What an account can't be without. */
export const requiredPurposes = ["gdpr_terms", "privacy_policy"] as const;
export type ConsentPurpose = (typeof requiredPurposes)[number];

export const consentLocales = ["en", "de", "es", "pt"] as const;
export type ConsentLocale = (typeof consentLocales)[number];

const statementsByLocale: Readonly<
  Record<ConsentLocale, Readonly<Record<ConsentPurpose, string>>>
> = {
  en: {
    gdpr_terms:
      "I agree to the terms of use of Hi Stranger. I am at least 13 years old and will treat others with respect.",
    privacy_policy:
      "I have read the privacy policy. Hi Stranger may keep my e-mail address, encrypted and apart from my personas, so that I can sign in. I can export, correct or erase my data at any time.",
  },
  de: {
    gdpr_terms:
      "Ich stimme den Nutzungsbedingungen von Hi Stranger zu. Ich bin mindestens 13 Jahre alt und gehe respektvoll mit anderen um.",
    privacy_policy:
      "Ich habe die Datenschutzerklärung gelesen. Hi Stranger darf meine E-Mail-Adresse verschlüsselt und getrennt von meinen Personas speichern, damit ich mich anmelden kann. Ich kann meine Daten jederzeit exportieren, berichtigen oder löschen.",
  },
  es: {
    gdpr_terms:
      "Acepto las condiciones de uso de Hi Stranger. Tengo al menos 13 años y trataré a los demás con respeto.",
    privacy_policy:
      "He leído la política de privacidad. Hi Stranger puede guardar mi dirección de correo, cifrada y separada de mis personas, para que pueda iniciar sesión. Puedo exportar, corregir o borrar mis datos en cualquier momento.",
  },
  pt: {
    gdpr_terms:
      "Aceito as condições de utilização do Hi Stranger. Tenho pelo menos 13 anos e tratarei os outros com respeito.",
    privacy_policy:
      "Li a política de privacidade. O Hi Stranger pode guardar o meu endereço de e-mail, cifrado e separado das minhas personas, para que eu possa iniciar sessão. Posso exportar, corrigir ou apagar os meus dados a qualquer momento.",
  },
};

/** The text for a purpose in a language, in {@link consentVersion}. */
export function consentStatement(purpose: ConsentPurpose, locale: ConsentLocale): string {
  return statementsByLocale[locale][purpose];
}
