import type { Policies } from "./policy.ts";

export const en: Policies = {
  terms: [
    {
      title: "What Hi Stranger is",
      text: [
        "A place for personas: invented characters that people meet behind. An account is an e-mail address and the personas you write with it.",
      ],
    },
    {
      title: "What you agree to",
      text: [
        "You are at least 13 years old. You invent your personas, and put nobody’s real name, address or number into them, your own included.",
        "You treat others with respect. You don’t threaten or harass them, and don’t try to find out who somebody is.",
      ],
    },
    {
      title: "What others may do",
      text: [
        "Strangers see your personas without their birthdays, and nothing of who you are. Personas and accounts that break these terms may be taken away by whoever runs this server.",
      ],
    },
    {
      title: "Leaving",
      text: [
        "You can leave at any time and take your personas with you as a file. The service comes as it is and may end; if so, you are told by e-mail first.",
      ],
    },
  ],
  privacy: [
    {
      title: "What is kept, and what for",
      text: [
        "Your e-mail address, so that you can sign in. The personal data that you type on your account page, should you type any. When and with which kind of browser you signed in, so that you can see and end it. Which two texts you agreed to, and when.",
      ],
    },
    {
      title: "How it is kept",
      text: [
        "Your address and personal data are encrypted field by field with a key of your own, in a database apart from the personas. Half of what unlocks that key is kept elsewhere; once it is deleted, no copy of the database gives your data back.",
      ],
    },
    {
      title: "Who sees it",
      text: [
        "You. No stranger, moderator or administrator is shown it. Whoever runs this server is responsible for it and holds its keys; mails go through the mail service that they use.",
      ],
    },
    {
      title: "How long",
      text: [
        "A link for signing in: 15 minutes. A session: 30 days without use, 90 days in all. Everything else: until you erase it.",
      ],
    },
    {
      title: "Cookies",
      text: [
        "Three, all needed for signing in, and none that follows you anywhere. This browser also keeps your choices of theme and language, whether you were signed in and, until you log out, a token that shows our server that a request is from this page.",
      ],
    },
    {
      title: "Your rights",
      text: [
        "You can see, correct, export and erase your data, restrict what is done with it, take your consent back, and complain to a data protection authority.",
      ],
    },
  ],
};
