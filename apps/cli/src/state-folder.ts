/** Where `hi` notes what it has to know the next time: unfinished imports. */
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * `HI_STATE_DIR`, or `hi-stranger` in the user's folder for state (XDG base directories; local
 * application data on Windows), so that an import goes on from whatever folder it is run in.
 */
export function stateFolder(): string {
  const { HI_STATE_DIR, XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (HI_STATE_DIR) return HI_STATE_DIR;
  const parent =
    XDG_STATE_HOME ||
    (process.platform === "win32" && LOCALAPPDATA) ||
    join(homedir(), ".local", "state");
  return join(parent, "hi-stranger");
}
