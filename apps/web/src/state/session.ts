/**
 * Which home the data on the screen lives in, and the open store.
 *
 * The adapters are loaded when they are needed. LIVE is opened by an account, which `account.ts`
 * looks after, or by a service token. A token is held by the client's closure and by nothing else:
 * it is never stored, and a reload forgets it.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ProfileStore } from "@hi-stranger/core/store/profile-store";
import { toHex } from "@hi-stranger/core/codec/bytes";
import type { Client, Ping } from "@hi-stranger/sdk/client";
import type { PersonClient } from "@hi-stranger/sdk/person-client";
import type { LocalProblem } from "@hi-stranger/sdk/stores/local-home";
import { saveFile } from "../files/save-file.ts";
import { t } from "../i18n/translate.ts";
import { isUnreachable } from "./connectivity.ts";
import { type PersonaList, createPersonaList } from "./persona-list.ts";
import { type Home, home, lastAccount } from "./preferences.ts";
import { showToast } from "./toasts.ts";

/** Where the prototype keeps its personas; the store's adapter knows the format. */
const deviceKey = "hs.profiles";

export interface OpenHome {
  readonly home: Home;
  readonly store: ProfileStore;
  readonly list: PersonaList;
  /** Null on this device. */
  readonly client: Client | null;
  /** Whose account it was opened by; null on this device, and with a token. */
  readonly owner: Owner | null;
  /** What names of drafts begin with, so that nobody finds those of somebody else who used this tab. */
  readonly draftScope: string;
}

/** A person in LIVE: they see everyone's personas, and change their own. */
export interface Owner {
  readonly person: PersonClient;
  /** Their personas. */
  readonly profileIds: ReadonlySignal<ReadonlySet<string>>;
  /** Takes in what was made or deleted. */
  setProfileIds(ids: Iterable<string>): void;
}

export type Session =
  /** Chosen, and opened when a screen first needs it: the adapter is not part of the first load. */
  | { readonly status: "closed" }
  | { readonly status: "opening" }
  | { readonly status: "open"; readonly open: OpenHome }
  /** LIVE was chosen and nobody is connected or signed in. */
  | { readonly status: "disconnected" }
  | { readonly status: "failed"; readonly error: unknown };

export const session = signal<Session>({ status: statusAtFirst() });

function statusAtFirst(): "closed" | "opening" | "disconnected" {
  if (home.value === "device") return "closed";
  return lastAccount.value === "in" ? "opening" : "disconnected";
}

/** Works with this browser's own storage from now on. */
export function useDevice(): void {
  home.value = "device";
  session.value = { status: "closed" };
}

/** Opens this browser's store, unless it is open. Null when that failed. */
export async function openDevice(): Promise<OpenHome | null> {
  const { status } = session.value;
  if (status === "closed" || status === "failed") {
    session.value = { status: "opening" };
    opening = openDeviceStore();
  }
  await opening;
  return session.value.status === "open" ? session.value.open : null;
}

let opening: Promise<void> = Promise.resolve();

async function openDeviceStore(): Promise<void> {
  try {
    const { createLocalStorageProfileStore } =
      await import("@hi-stranger/sdk/stores/local-storage");
    const store = createLocalStorageProfileStore({
      storage: localStorage,
      onProblem: reportLocalProblem,
    });
    const open = toOpenHome("device", store, null);
    watchOtherTabs(open);
    session.value = { status: "open", open };
  } catch (error) {
    session.value = { status: "failed", error };
  }
}

/** Whether this browser keeps personas, told without opening the store. */
export function hasDeviceData(): boolean {
  try {
    return localStorage.getItem(deviceKey) !== null;
  } catch {
    return false;
  }
}

/** Asks the server that serves this page what it is. */
export async function askServer(signal: AbortSignal): Promise<Ping> {
  return (await createLiveClient(undefined)).ping({ signal });
}

/**
 * Connects to LIVE with `token`, or without one where reads are open.
 *
 * @throws {StoreError} when the server refuses the token or can't be reached. A token that may not
 *   read is not refused, as it may import.
 */
export async function connect(token: string | undefined): Promise<{ canRead: boolean }> {
  const client = await createLiveClient(token);
  const canRead = await isAllowed(() => client.countProfiles());
  const { createRemoteProfileStore } = await import("@hi-stranger/sdk/stores/remote");
  home.value = "live";
  session.value = {
    status: "open",
    open: toOpenHome("live", createRemoteProfileStore(client), client),
  };
  return { canRead };
}

/**
 * Works with LIVE as the person of that id from now on.
 *
 * @throws {StoreError} when the server can't be reached.
 */
export async function openAccount(person: PersonClient, personId: string): Promise<void> {
  const { createRemoteProfileStore } = await import("@hi-stranger/sdk/stores/remote");
  const draftScope = `live.${await tagOf(personId)}`;
  const own = await person.listOwnProfiles();
  const profileIds = signal<ReadonlySet<string>>(new Set(own.map((each) => each.profile_id)));
  const owner: Owner = {
    person,
    profileIds,
    setProfileIds(ids) {
      profileIds.value = new Set(ids);
    },
  };
  home.value = "live";
  const open = toOpenHome("live", createRemoteProfileStore(person.client), person.client, owner);
  session.value = { status: "open", open: { ...open, draftScope } };
}

/** Tells people of this browser apart, without naming one. */
async function tagOf(personId: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(personId));
  return toHex(new Uint8Array(digest, 0, 8));
}

/** Leaves LIVE: forgets the token, or whose account it was. */
export function disconnect(): void {
  session.value = { status: "disconnected" };
}

/** Tells that LIVE is being opened, or why it couldn't be. */
export function setOpening(failure: { readonly error: unknown } | null): void {
  session.value = failure ? { status: "failed", error: failure.error } : { status: "opening" };
}

/** Whether who opened `open` may change that persona. */
export function mayChange({ owner }: OpenHome, profileId: string): boolean {
  return owner === null || owner.profileIds.value.has(profileId);
}

async function createLiveClient(token: string | undefined): Promise<Client> {
  const { createClient } = await import("@hi-stranger/sdk/client");
  return createClient({ baseUrl: location.origin, token, fetch: watchedFetch });
}

async function isAllowed(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "scope_missing") return false;
    throw error;
  }
}

/** Another tab wrote: what is shown here is loaded anew. */
function watchOtherTabs(open: OpenHome): void {
  watching.abort();
  watching = new AbortController();
  const onStorage = ({ key }: StorageEvent) => {
    if (key === deviceKey || key === null) open.list.forget();
  };
  addEventListener("storage", onStorage, { signal: watching.signal });
}

let watching = new AbortController();

function reportLocalProblem({ quarantineKey }: LocalProblem): void {
  showToast({
    text: t("toast.quarantine"),
    tone: "problem",
    ...(quarantineKey === null
      ? {}
      : {
          action: {
            label: t("toast.keep_file"),
            run: () =>
              saveFile(`${quarantineKey}.txt`, "text/plain", [
                localStorage.getItem(quarantineKey) ?? "",
              ]),
          },
        }),
  });
}

function toOpenHome(
  name: Home,
  store: ProfileStore,
  client: Client | null,
  owner: Owner | null = null,
): OpenHome {
  return { home: name, store, client, owner, draftScope: name, list: createPersonaList(store) };
}

/** `fetch` that notices whether anybody answers. */
export async function watchedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  try {
    const response = await fetch(...request);
    isUnreachable.value = false;
    return response;
  } catch (error) {
    if (request[1]?.signal?.aborted !== true) isUnreachable.value = true;
    throw error;
  }
}
