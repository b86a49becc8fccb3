/**
 * The keyring of this server. In a deployment it is the secret that the server was started with, and
 * a changed secret starts new servers. A local server gets it from a file, and its changes at run time.
 */
import { type Keyring, KeyringError, readKeyring } from "@hi-stranger/core/crypto/keyring";
import { Redacted } from "@hi-stranger/core/crypto/redacted";
import type { KeyringFeed } from "./key-rotation-ports.ts";

export interface LiveKeyring {
  /** Always the keyring of now. */
  readonly keyring: Keyring;
  /** Takes a changed keyring into use, if there is one. */
  refresh(): Promise<void>;
}

export function createLiveKeyring(initial: Keyring, feed: KeyringFeed | undefined): LiveKeyring {
  let current = initial;
  return {
    keyring: {
      get activeByPurpose() {
        return current.activeByPurpose;
      },
      get rootsByPurpose() {
        return current.rootsByPurpose;
      },
    },
    async refresh() {
      if (!feed) return;
      const answer = await feed.fetch("http://keyring/");
      const secret = new Redacted(await answer.text());
      try {
        current = readKeyring(secret);
      } catch (error) {
        if (!(error instanceof KeyringError)) throw error;
        // A file that is just being edited: the keyring from before goes on.
      }
    },
  };
}
