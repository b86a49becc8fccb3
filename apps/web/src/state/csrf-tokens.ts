/** The CSRF token of this browser's session, for all tabs, under `hs.csrf` in localStorage. */
import type { CsrfTokenStore } from "@hi-stranger/sdk/session-sender";

const storageKey = "hs.csrf";

export const csrfTokens: CsrfTokenStore = {
  get() {
    try {
      return localStorage.getItem(storageKey);
    } catch {
      return null;
    }
  },
  set(token) {
    try {
      if (token === null) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, token);
    } catch {
      // Blocked or full: the session holds for this visit.
    }
  },
};
