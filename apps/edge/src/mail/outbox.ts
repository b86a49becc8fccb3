/** The outbox of a local server: the newest mails in memory, which go nowhere. */
import { type Clock, toInstant } from "@hi-stranger/core/clock";
import type { Mail, Mailer } from "./mailer.ts";

const maxMails = 50;

export interface Outbox extends Mailer {
  /** Newest first. */
  list(): readonly (Mail & { readonly at: string })[];
}

export function createOutbox(clock: Clock): Outbox {
  const mails: (Mail & { readonly at: string })[] = [];
  return {
    requireSender: () => undefined,
    async send(mail) {
      mails.unshift({ ...mail, at: toInstant(clock.now()) });
      mails.splice(maxMails);
    },
    list: () => mails,
  };
}
