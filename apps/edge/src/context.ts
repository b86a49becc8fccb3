/** What handlers work with: services and stores, behind their ports. Built in `app.ts` alone. */
import type { Clock } from "@hi-stranger/core/clock";
import type { Id, IdPrefix } from "@hi-stranger/core/codec/ids";
import type { ProfileStore, StoredProfile } from "@hi-stranger/core/store/profile-store";
import type { TokenService } from "./services/tokens.ts";
import type { ImportStore } from "./stores/ports.ts";

export interface Context {
  readonly environment: "local" | "preview" | "production";
  readonly mode: "live" | "prototype";
  readonly clock: Clock;
  readonly newId: <Prefix extends IdPrefix>(prefix: Prefix) => Id<Prefix>;
  readonly profiles: ProfileStore;
  /** Reads a persona past any cache. */
  readonly getFreshProfile: (profileId: string) => Promise<StoredProfile | null>;
  readonly imports: ImportStore;
  readonly tokens: TokenService;
}
