/** Mail by Cloudflare's e-mail binding. */
import { StoreError } from "@hi-stranger/core/errors";
import type { Mailer } from "./mailer.ts";

/** Sends as `from`, an address of a domain that the account may send for. */
export function createCloudflareMailer(binding: SendEmail, from: string): Mailer {
  return {
    requireSender: () => undefined,
    async send({ to, subject, text }) {
      try {
        await binding.send({ to, from: { email: from, name: "Hi Stranger" }, subject, text });
      } catch (error) {
        throw new StoreError("store_unavailable", "The mail can't be sent now; try again.", {
          cause: error,
          headers: { "Retry-After": "10" },
        });
      }
    },
  };
}

/** What stands in where no mail can be sent. */
export const noMailer: Mailer = {
  requireSender: requireBinding,
  send: async () => requireBinding(),
};

function requireBinding(): never {
  throw new StoreError(
    "store_unavailable",
    "Signing in takes the binding SEND_EMAIL and the variable MAIL_FROM; see docs/operations.md.",
  );
}
