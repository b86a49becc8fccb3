import type { Policies } from "./policy.ts";

export const de: Policies = {
  terms: [
    {
      title: "Was Hi Stranger ist",
      text: [
        "Ein Ort für Personas: erfundene Figuren, hinter denen sich Menschen begegnen. Ein Konto besteht aus einer E-Mail-Adresse und den Personas, die du damit schreibst.",
      ],
    },
    {
      title: "Womit du einverstanden bist",
      text: [
        "Du bist mindestens 13 Jahre alt. Du erfindest deine Personas und schreibst niemandes wirklichen Namen, Adresse oder Nummer hinein, auch nicht die eigenen.",
        "Du gehst respektvoll mit anderen um. Du bedrohst und belästigst niemanden und versuchst nicht herauszufinden, wer jemand ist.",
      ],
    },
    {
      title: "Was andere dürfen",
      text: [
        "Fremde sehen deine Personas ohne Geburtstag, und nichts davon, wer du bist. Wer diesen Server betreibt, darf Personas und Konten entfernen, die gegen diese Bedingungen verstoßen.",
      ],
    },
    {
      title: "Gehen",
      text: [
        "Du kannst jederzeit gehen und deine Personas als Datei mitnehmen. Der Dienst kommt, wie er ist, und kann enden; dann erfährst du es vorher per E-Mail.",
      ],
    },
  ],
  privacy: [
    {
      title: "Was wofür gespeichert wird",
      text: [
        "Deine E-Mail-Adresse, damit du dich anmelden kannst. Die persönlichen Daten, die du auf deiner Kontoseite einträgst, falls du welche einträgst. Wann und mit welcher Art von Browser du dich angemeldet hast, damit du es sehen und beenden kannst. Welchen zwei Texten du wann zugestimmt hast.",
      ],
    },
    {
      title: "Wie es gespeichert wird",
      text: [
        "Deine Adresse und deine persönlichen Daten sind Feld für Feld mit einem eigenen Schlüssel verschlüsselt, in einer Datenbank getrennt von den Personas. Die Hälfte dessen, was diesen Schlüssel öffnet, liegt anderswo; ist sie gelöscht, gibt keine Kopie der Datenbank deine Daten zurück.",
      ],
    },
    {
      title: "Wer es sieht",
      text: [
        "Du. Fremden, Moderation und Verwaltung wird es nicht gezeigt. Wer diesen Server betreibt, ist dafür verantwortlich und hat seine Schlüssel; Mails gehen durch den Maildienst, den er benutzt.",
      ],
    },
    {
      title: "Wie lange",
      text: [
        "Ein Link zum Anmelden: 15 Minuten. Eine Sitzung: 30 Tage ohne Benutzung, 90 Tage insgesamt. Alles andere: bis du es löschst.",
      ],
    },
    {
      title: "Cookies",
      text: [
        "Drei, alle zum Anmelden nötig, und keines, das dir irgendwohin folgt. Dieser Browser merkt sich außerdem, welche Farben und Sprache du gewählt hast, ob du angemeldet warst und, bis du dich abmeldest, ein Zeichen, an dem unser Server Anfragen dieser Seite erkennt.",
      ],
    },
    {
      title: "Deine Rechte",
      text: [
        "Du kannst deine Daten sehen, berichtigen, exportieren und löschen, ihre Verarbeitung einschränken, deine Zustimmung zurücknehmen und dich bei einer Datenschutzbehörde beschweren.",
      ],
    },
  ],
};
