/**
 * Signing in by a link: to ask for one, and to use it.
 *
 * Asking does the same for every address, because nothing is looked up: the address waits, encrypted
 * by the link's own token, until the token comes back. Whether it has an account shows only then, to
 * whoever reads its mail.
 */
import type { Clock } from "@hi-stranger/core/clock";
import { fromBase64Url, toBase64Url } from "@hi-stranger/core/codec/bytes";
import type { FillRandom, Id } from "@hi-stranger/core/codec/ids";
import {
  type ConsentLocale,
  type ConsentPurpose,
  consentStatement,
  consentVersion,
  requiredPurposes,
} from "@hi-stranger/core/consent/statements";
import { linkTtlSeconds } from "@hi-stranger/core/contract/identity";
import { normaliseEmail } from "@hi-stranger/core/crypto/email-address";
import {
  linkTokenByteLength,
  openLinkAddress,
  sealLinkAddress,
} from "@hi-stranger/core/crypto/link-address";
import { StoreError } from "@hi-stranger/core/errors";
import type { Mailer } from "../mail/mailer.ts";
import type { Consent, PersonalDataStore } from "../stores/identity-ports.ts";
import type { LinkStore, SentLink } from "../stores/sign-in-ports.ts";
import type { AuditLog } from "./audit.ts";
import { writeSignInMail } from "./sign-in-mail.ts";
import { hashOfToken } from "./token-hash.ts";

export interface LinkRequest {
  readonly email: string;
  readonly locale: ConsentLocale;
  /** What the browser is known by, if it is. */
  readonly browser: string | null;
  /** Where the web app is. */
  readonly origin: string;
  /** Whether a mail goes out; all else, and how long it takes, is the same without. */
  readonly isMailed: boolean;
}

export interface LinkUse {
  readonly token: string;
  readonly browser: string | null;
  /** Whether the person clicked on a page that asked. */
  readonly isConfirmed: boolean;
  readonly consents: readonly ConsentPurpose[];
  readonly locale: ConsentLocale;
}

export interface SignInService {
  /**
   * Makes a link, and mails it behind the answer: neither what is answered nor when tells whether a
   * mail goes out. Gives what to know the browser by from now on.
   *
   * @throws {StoreError} `invalid_body`; `store_unavailable` where no mail can go out at all
   */
  requestLink(request: LinkRequest): Promise<{ browser: string; expiresAtMs: number }>;
  /**
   * Uses a link up and gives the person it is for, who may be new.
   *
   * @throws {StoreError} `link_invalid`; `confirmation_required` and `consent_required`, which leave the link as it is.
   */
  useLink(use: LinkUse): Promise<string>;
}

export interface SignInOptions {
  readonly environment: string;
  readonly links: LinkStore;
  readonly people: PersonalDataStore;
  /** Destroys the keys of a person who wasn't added after all. */
  readonly shred: (personId: string) => Promise<void>;
  readonly mailer: Mailer;
  /** Keeps the isolate going until it is done. */
  readonly defer: (work: Promise<unknown>) => void;
  /** Called when a mail couldn't be handed over, with how that shows. */
  readonly onUnsent: (error: unknown) => void;
  readonly audit: Pick<AuditLog, "append">;
  readonly subtle: SubtleCrypto;
  readonly fillRandom: FillRandom;
  readonly clock: Clock;
  readonly newId: <Prefix extends "psn" | "con">(prefix: Prefix) => Id<Prefix>;
}

const browserPattern = /^[A-Za-z0-9_-]{43}$/;
const mechanism = "sign_up";

export function createSignInService(options: SignInOptions): SignInService {
  const { environment, links, people, mailer, subtle, fillRandom, clock, newId } = options;

  async function addressOf(link: SentLink, text: string): Promise<string> {
    const token = fromBase64Url(text);
    const address =
      token && (await openLinkAddress(subtle, { environment, token }, link.sealedAddress));
    token?.fill(0);
    if (address === null) throw linkInvalid();
    return address;
  }

  async function addPerson(email: string, { consents, locale }: LinkUse): Promise<string> {
    const personId = newId("psn");
    const given = consents.map((purpose) => toConsent(purpose, locale, newId("con")));
    if (await people.add({ personId, email, atMs: clock.now(), consents: given })) {
      await options.audit.append({
        actor: { kind: "person", personId },
        action: "account.created",
        subject: { kind: "person", id: personId },
        outcome: "done",
        detail: {},
      });
      return personId;
    }
    // Another link for the same address was used at the same moment, and its person is the one.
    await options.shred(personId);
    const first = await people.findByEmail(email);
    if (first === null) throw new Error("a person was added and is gone");
    return first;
  }

  return {
    async requestLink({ email, locale, browser: known, origin, isMailed }) {
      const address = normaliseEmail(email);
      if (address === null) throw new StoreError("invalid_body", "`/email` is not an address.");
      mailer.requireSender();
      const bytes = new Uint8Array(linkTokenByteLength);
      fillRandom(bytes);
      const token = toBase64Url(bytes);
      const sealedAddress = await sealLinkAddress(subtle, { environment, token: bytes }, address);
      const browser =
        known !== null && browserPattern.test(known) ? known : randomText(bytes, fillRandom);
      bytes.fill(0);
      const expiresAtMs = clock.now() + linkTtlSeconds * 1000;
      await links.add({
        tokenHash: hashOfToken(token),
        sealedAddress,
        browserHash: hashOfToken(browser),
        expiresAtMs,
      });
      const mail = writeSignInMail(address, token, origin, locale);
      if (isMailed) options.defer(mailer.send(mail).catch(options.onUnsent));
      return { browser, expiresAtMs };
    },

    async useLink(use) {
      const link = await links.find(hashOfToken(use.token));
      if (!link) throw linkInvalid();
      // Digests are compared: how long that takes tells nothing of what they were made of.
      const isSameBrowser = use.browser !== null && hashOfToken(use.browser) === link.browserHash;
      if (!isSameBrowser && !use.isConfirmed) {
        throw new StoreError(
          "confirmation_required",
          "Another browser asked for this link. Ask the person, then send it again with `confirmed`.",
        );
      }
      const address = await addressOf(link, use.token);
      const known = await people.findByEmail(address);
      if (known === null && !requiredPurposes.every((each) => use.consents.includes(each))) {
        throw new StoreError("consent_required", "Send `consents` with all that are required.", {
          members: { required: requiredPurposes, policy_version: consentVersion },
        });
      }
      if (!(await links.use(link.tokenHash))) throw linkInvalid();
      const personId = known ?? (await addPerson(address, use));
      await people.noteSignIn(personId, clock.now());
      return personId;
    },
  };
}

function toConsent(purpose: ConsentPurpose, locale: ConsentLocale, consentId: string): Consent {
  return {
    consentId,
    purpose,
    policyVersion: consentVersion,
    textSha256: hashOfToken(consentStatement(purpose, locale)),
    locale,
    mechanism,
    isGiven: true,
  };
}

function randomText(bytes: Uint8Array<ArrayBuffer>, fillRandom: FillRandom): string {
  fillRandom(bytes);
  return toBase64Url(bytes);
}

function linkInvalid(): StoreError {
  return new StoreError("link_invalid", "Ask for a new one: a link works once, for 15 minutes.");
}
