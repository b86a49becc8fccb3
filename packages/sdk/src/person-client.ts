/**
 * The typed client of a person who signs in, for pages of the store's own origin: the session lives
 * in cookies that no script reads (docs/adr/0010-sign-in.md). A client is one person's; whoever signs
 * in after somebody else gets another.
 *
 * Failures are thrown as {@link ClientError}; `session_missing` when the session is over.
 */
import type { SessionAnswer } from "@hi-stranger/core/contract/identity";
import type { AnswerOf, BodyOf } from "@hi-stranger/core/contract/route";
import { StoreError } from "@hi-stranger/core/errors";
import type { CallOptions, CallTable, PersonRouteId, RouteOf } from "./call-table.ts";
import { type Client, createClientOf } from "./client.ts";
import { type OnceOptions, createSendOnce } from "./send-once.ts";
import { type SessionSenderOptions, createSessionSender } from "./session-sender.ts";
import { createSender, drain, readJson, sendForJson } from "./transport.ts";

const calls: CallTable<Exclude<PersonRouteId, "getSession" | "refreshSession">> = {
  requestMagicLink: { method: "POST", path: "/api/auth/magic-link" },
  verifyMagicLink: { method: "POST", path: "/api/auth/verify" },
  logOut: { method: "POST", path: "/api/auth/logout" },
  listSessions: { method: "GET", path: "/api/auth/sessions" },
  revokeSession: { method: "DELETE", path: "/api/auth/sessions/{id}" },
  getPersonalData: { method: "GET", path: "/api/me/personal-data" },
  changePersonalData: { method: "PUT", path: "/api/me/personal-data" },
  listOwnProfiles: { method: "GET", path: "/api/me/profiles" },
  saveOwnProfile: { method: "POST", path: "/api/me/profiles" },
};

export type LinkRequest = BodyOf<RouteOf<"requestMagicLink">>;
export type LinkUse = BodyOf<RouteOf<"verifyMagicLink">>;
export type SessionInfo = AnswerOf<RouteOf<"listSessions">, 200>["sessions"][number];
export type PersonalData = AnswerOf<RouteOf<"getPersonalData">, 200>;
export type PersonalDataChange = BodyOf<RouteOf<"changePersonalData">>;
export type OwnProfile = AnswerOf<RouteOf<"listOwnProfiles">, 200>["items"][number];
export type OwnProfileDraft = BodyOf<RouteOf<"saveOwnProfile">>;

export interface PersonClient {
  /** Everything else that the API has, sent with the session. */
  readonly client: Client;
  /** Sends a link to an address. Gives when it stops working, RFC 3339. */
  requestLink(body: LinkRequest, options?: CallOptions): Promise<{ expires_at: string }>;
  /**
   * Signs in by a link's token.
   *
   * @throws {ClientError} `link_invalid`; `confirmation_required` and `consent_required`, which leave the link as it is.
   */
  useLink(body: LinkUse, options?: CallOptions): Promise<SessionAnswer>;
  /** The session of this browser, refreshed where need be; null when nobody is signed in. */
  findSession(options?: CallOptions): Promise<SessionAnswer | null>;
  /** Signs out here or everywhere. Done as well when nobody is signed in any more. */
  logOut(options?: CallOptions & { readonly isEverywhere?: boolean }): Promise<void>;
  /** Where one is signed in, newest first. */
  listSessions(options?: CallOptions): Promise<readonly SessionInfo[]>;
  /** False when there was none. */
  revokeSession(id: string, options?: CallOptions): Promise<boolean>;
  getPersonalData(options?: CallOptions): Promise<PersonalData>;
  /** Gives all of it, as it is then. */
  changePersonalData(body: PersonalDataChange, options?: CallOptions): Promise<PersonalData>;
  /** One's own personas, whole, oldest first. */
  listOwnProfiles(options?: CallOptions): Promise<readonly OwnProfile[]>;
  /** Makes a persona, once, or replaces the one of one's own that it names. Gives it as it is stored. */
  saveOwnProfile(body: OwnProfileDraft, options?: OnceOptions): Promise<OwnProfile>;
  /** The persona to act as from now on, by `HS-Persona`; null leaves it to the server. */
  actAs(profileId: string | null): void;
}

const jsonType = { "Content-Type": "application/json" };

/** Makes a client. It opens no connection before its first call. */
export function createPersonClient(options: SessionSenderOptions): PersonClient {
  const { send, find, keep, forget, formerHeaders, actAs } = createSessionSender(options);
  const toJson = (body: unknown) => ({ headers: jsonType, body: JSON.stringify(body) });

  const sendOnce = createSendOnce(send, options.pace);

  // Signing in takes no session, and must not be held up by one that is over.
  const sendWithoutSession = createSender(options);

  async function signIn(body: LinkUse, call: CallOptions | undefined): Promise<SessionAnswer> {
    const { headers, body: json } = toJson(body);
    const request = {
      ...calls.verifyMagicLink,
      headers: { ...headers, ...formerHeaders() },
      body: json,
    };
    // No tab may refresh meanwhile: its cookies would come back after those of the new session.
    return options.exclusively(async () => {
      const answer = await sendWithoutSession({ ...request, ...call });
      const session = await readJson<SessionAnswer>(answer, call?.signal);
      keep(session);
      return session;
    });
  }

  return {
    client: createClientOf(send, options.pace),
    requestLink: (body, call) =>
      sendForJson(sendWithoutSession, { ...calls.requestMagicLink, ...toJson(body), ...call }),
    useLink: signIn,
    findSession: (call) => find(call?.signal),

    async logOut({ isEverywhere = false, signal } = {}) {
      try {
        const body = toJson({ everywhere: isEverywhere });
        await drain(await send({ ...calls.logOut, ...body, signal }));
      } catch (error) {
        if (!isCode(error, "session_missing")) throw error;
      }
      forget();
    },

    async listSessions(call) {
      const request = { ...calls.listSessions, ...call };
      return (await sendForJson<AnswerOf<RouteOf<"listSessions">, 200>>(send, request)).sessions;
    },

    async revokeSession(id, call) {
      const path = calls.revokeSession.path.replace("{id}", encodeURIComponent(id));
      try {
        await drain(await send({ ...calls.revokeSession, path, ...call }));
        return true;
      } catch (error) {
        if (isCode(error, "session_not_found")) return false;
        throw error;
      }
    },

    getPersonalData: (call) => sendForJson(send, { ...calls.getPersonalData, ...call }),
    changePersonalData: (body, call) =>
      sendForJson(send, { ...calls.changePersonalData, ...toJson(body), ...call }),

    async listOwnProfiles(call) {
      const request = { ...calls.listOwnProfiles, ...call };
      return (await sendForJson<AnswerOf<RouteOf<"listOwnProfiles">, 200>>(send, request)).items;
    },

    async saveOwnProfile(body, call) {
      const answer = await sendOnce({ ...calls.saveOwnProfile, ...toJson(body) }, call);
      return readJson(answer, call?.signal);
    },

    actAs,
  };
}

function isCode(error: unknown, code: StoreError["code"]): boolean {
  return error instanceof StoreError && error.code === code;
}
