/** `hi keys generate`, `hi keys retire` and `hi keys show`: what changes or shows a keyring. */
import { platformRandom } from "@hi-stranger/core/codec/ids";
import {
  type Keyring,
  activateKeyVersion,
  addKeyVersion,
  createKeyring,
  describeKeyring,
  removeKeyVersion,
} from "@hi-stranger/core/crypto/keyring";
import type { Context } from "../context.ts";
import { CliError, usageError } from "../errors.ts";
import { formatTable } from "../format.ts";
import {
  type KeyringPlace,
  createKeyringFile,
  hasLocalKeyring,
  loadKeyring,
  localSecrets,
  printKeyring,
  storeLocalKeyring,
} from "./keyring-file.ts";

export type RootPurpose = "kek" | "index";

export interface PlaceOptions {
  /** A file with the document; the local server's file when absent. */
  readonly in?: string;
  /** The local server's file, unless it is in its usual place. */
  readonly file?: string;
}

export interface WriteOptions extends PlaceOptions {
  readonly out?: string;
  readonly show?: boolean;
}

const placeOf = ({ in: path, file = localSecrets }: PlaceOptions): KeyringPlace =>
  path === undefined ? { kind: "local", path: file } : { kind: "document", path };

/** Adds a version of a root, which isn't used yet; without a purpose, makes a whole keyring. */
export async function generateKeys(
  context: Context,
  purpose: RootPurpose | undefined,
  options: WriteOptions,
): Promise<void> {
  if (purpose === undefined) return generateKeyring(context, options);
  const place = placeOf(options);
  const keyring = addKeyVersion(await loadKeyring(place), purpose, platformRandom);
  const version = Math.max(...keyring.rootsByPurpose[purpose].keys());
  await write(context, { place, keyring, options });
  context.output.note(
    place.kind === "local"
      ? `Added version ${version} of ${purpose} to ${place.path}, unused so far. A running server takes it in by itself.\nNow: npx hi keys rotate ${purpose}`
      : `Added version ${version} of ${purpose}, unused so far. Put it in place with \`npx wrangler secret put KEYRING\`,\nkeep a copy, and then: npx hi keys rotate ${purpose}`,
  );
}

async function generateKeyring(context: Context, options: WriteOptions): Promise<void> {
  if (options.in !== undefined)
    throw usageError("--in is for adding a version: name kek or index.");
  const keyring = createKeyring(platformRandom);
  const isLocal = options.out === undefined && options.show !== true && process.stdout.isTTY;
  if (!isLocal) {
    await writeDocument(context, keyring, options);
    return;
  }
  const path = options.file ?? localSecrets;
  if (await hasLocalKeyring(path)) {
    throw new CliError("keyring_exists", `${path} has a keyring. Another would open nothing.`, {
      hint: "To add a version: npx hi keys generate kek",
    });
  }
  await storeLocalKeyring(path, keyring);
  context.output.note(`Made a keyring in ${path}.`);
}

/** Takes a version out of the keyring once the store has shown that nothing uses it. */
export async function retireKey(
  context: Context,
  purpose: RootPurpose,
  version: number,
  options: WriteOptions,
): Promise<void> {
  const { output, signal } = context;
  const place = placeOf(options);
  const keyring = await loadKeyring(place);
  const client = await context.openOperatorClient();
  const { keys } = await client.listKeys({ signal });
  const key = keys.find((each) => each.purpose === purpose && each.version === version);
  const active = keys.find((each) => each.purpose === purpose && each.is_active);
  if (!key || !active) {
    throw new CliError("key_unknown", `The store knows no version ${version} of ${purpose}.`, {
      hint: "`npx hi keys status` shows those it has.",
    });
  }
  const ours = await describeKeyring(crypto.subtle, keyring);
  const isSame = ours.some((each) => each.fingerprint === key.fingerprint);
  if (!isSame) {
    throw new CliError("keyring_differs", `${place.path} is not the keyring of ${context.url}.`, {
      hint: "Name the right one by --in FILE. `npx hi keys show --public` shows fingerprints.",
    });
  }
  if (!key.is_retirable) {
    throw new CliError("key_in_use", describeUse(purpose, version, key.uses ?? 0), {
      hint: `npx hi keys status\nnpx hi keys rotate ${purpose}`,
    });
  }
  const used = activateKeyVersion(keyring, purpose, active.version);
  await write(context, { place, keyring: removeKeyVersion(used, purpose, version), options });
  if (output.isJson && place.kind === "local") await output.json({ retired: { purpose, version } });
  output.note(
    `Version ${version} of ${purpose} is out of the keyring. Backups from before the rotation need it: keep the old copy as long as those.`,
  );
}

function describeUse(purpose: RootPurpose, version: number, uses: number): string {
  return uses > 0
    ? `Version ${version} of ${purpose} still opens ${uses} ${uses === 1 ? "row" : "rows"}.`
    : `No finished rotation has left version ${version} of ${purpose} behind.`;
}

/** Shows what may be public of a keyring. */
export async function showKeys(
  { output }: Context,
  options: PlaceOptions & { readonly public?: boolean },
): Promise<void> {
  if (options.public !== true) {
    throw usageError(
      "Keys are never shown.",
      "`npx hi keys show --public` shows their fingerprints.",
    );
  }
  const described = await describeKeyring(crypto.subtle, await loadKeyring(placeOf(options)));
  const keys = described.map(({ isActive, ...key }) => ({ ...key, is_active: isActive }));
  if (output.isJson) return output.json({ keys });
  const rows = keys.map((key) => [
    key.purpose,
    String(key.version),
    key.is_active ? "active" : "",
    key.fingerprint,
  ]);
  const headings = ["KEY", "VERSION", "", "FINGERPRINT"];
  await output.line(formatTable(headings, rows, (text) => output.style("bold", text)));
}

interface Change {
  readonly place: KeyringPlace;
  readonly keyring: Keyring;
  readonly options: WriteOptions;
}

async function write(context: Context, { place, keyring, options }: Change): Promise<void> {
  const isElsewhere = options.out !== undefined || options.show === true;
  if (place.kind === "document" || isElsewhere) await writeDocument(context, keyring, options);
  else await storeLocalKeyring(place.path, keyring);
}

async function writeDocument(
  { output }: Context,
  keyring: Keyring,
  { out, show = false }: WriteOptions,
): Promise<void> {
  if (out === undefined) return printKeyring(output, keyring, show);
  await createKeyringFile(out, keyring);
  output.note(`Wrote ${out}, for your eyes alone.`);
}
