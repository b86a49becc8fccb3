import type { Gatekeeper } from "./gatekeeper/gatekeeper.ts";
import type { KeyringFeed } from "./stores/key-rotation-ports.ts";

/** What the Worker is given: bindings, configuration and secrets, as `wrangler.jsonc` declares them. */
export interface Env {
  readonly HS_ENV: "local" | "preview" | "production";
  /** `live` keeps personas in D1, `prototype` in KV alone. */
  readonly HS_MODE: "live" | "prototype";
  /** Origins, separated by spaces, whose pages may call the API. None by default. */
  readonly ALLOWED_ORIGINS?: string;
  /** Secret, 32 characters or more: whoever holds it may make tokens. */
  readonly OPERATOR_SECRET?: string;
  /** Secret: the versioned roots of every server-side key, see docs/envelope.md. */
  readonly KEYRING?: string;
  /** Where a local server asks for the keyring of now; a deployment has none. */
  readonly KEYRING_FEED?: KeyringFeed;
  /** Changes of the limits, as JSON; see docs/operations.md. */
  readonly RATE_LIMITS?: string;
  /** Where Durable Objects must stay. Local servers know no jurisdiction. */
  readonly OBJECT_JURISDICTION?: DurableObjectJurisdiction;
  /** One object a caller, that limits their requests; nothing is limited without. */
  readonly GATEKEEPER?: DurableObjectNamespace<Gatekeeper>;
  readonly DB?: D1Database;
  readonly PII_DB?: D1Database;
  /** The signed ends of the audit log's days; nothing of the log is pruned without. */
  readonly AUDIT_CHECKPOINTS?: R2Bucket;
  /** One share a subject, without which no data key unwraps. */
  readonly KEY_SHARES?: R2Bucket;
  /** Cloudflare's e-mail binding, by which links for signing in go out; not needed locally. */
  readonly SEND_EMAIL?: SendEmail;
  /** The address that mails come from. */
  readonly MAIL_FROM?: string;
  readonly PROFILES_KV: KVNamespace;
  readonly IMPORT_REPORT_KV: KVNamespace;
  readonly IDEMPOTENCY_KV: KVNamespace;
  /** The built web app. */
  readonly ASSETS?: Fetcher;
}
