/**
 * Service tokens: `hst_` and 32 random bytes in base64url, known to the store by their SHA-256 alone.
 *
 * Random 256 bits need no slow hash. A grant is remembered for 30 s, so that a request costs no
 * query; that is also how long a revoked token may go on working in another isolate.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { toBase64Url, toHex } from "@hi-stranger/core/codec/bytes";
import { type FillRandom, type Id } from "@hi-stranger/core/codec/ids";
import { type Clock, toInstant } from "@hi-stranger/core/clock";
import type { AnswerOf, BodyOf } from "@hi-stranger/core/contract/route";
import { type createToken, defaultTokenTtlSeconds } from "@hi-stranger/core/contract/service";
import { StoreError } from "@hi-stranger/core/errors";
import type { Principal } from "../policy/principal.ts";
import type { TokenGrant, TokenStore } from "../stores/ports.ts";

const tokenPattern = /^hst_[A-Za-z0-9_-]{43}$/;
const grantTtlMs = 30_000;
const maxRememberedGrants = 1_000;
const minSecretLength = 32;

export interface TokenService {
  /**
   * Who sends `authorization`, the header's value; `beforeLookup` is called when that takes a query.
   *
   * @throws {StoreError} `token_invalid`
   */
  authenticate(
    authorization: string | null,
    beforeLookup: () => Promise<void>,
  ): Promise<Exclude<Principal, { kind: "person" }>>;
  create(request: BodyOf<typeof createToken>): Promise<AnswerOf<typeof createToken, 201>>;
  list: TokenStore["list"];
  revoke(tokenId: string): Promise<boolean>;
}

export interface TokenServiceOptions {
  /** Null in the prototype, which knows the operator alone. */
  readonly store: TokenStore | null;
  readonly operatorSecret: string | undefined;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
  readonly newId: (prefix: "tok") => Id<"tok">;
}

export function createTokenService(options: TokenServiceOptions): TokenService {
  const { store, clock } = options;
  const operatorDigest = digestOfSecret(options.operatorSecret);
  const grantsByHash = new Map<string, { grant: TokenGrant; until: number }>();

  async function findGrant(
    tokenHash: string,
    beforeLookup: () => Promise<void>,
  ): Promise<TokenGrant | null> {
    const known = grantsByHash.get(tokenHash);
    if (known && known.until > clock.now()) return known.grant;
    grantsByHash.delete(tokenHash);
    await beforeLookup();
    const grant = (await store?.find(tokenHash)) ?? null;
    if (grant) {
      if (grantsByHash.size >= maxRememberedGrants) grantsByHash.clear();
      grantsByHash.set(tokenHash, { grant, until: clock.now() + grantTtlMs });
    }
    return grant;
  }

  function requireStore(): TokenStore {
    if (store) return store;
    throw new StoreError(
      "not_supported",
      "The prototype has no tokens: reads are open and writes take the operator's secret.",
    );
  }

  return {
    async authenticate(authorization, beforeLookup) {
      if (authorization === null) return { kind: "anonymous" };
      const secret = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
      if (secret !== undefined) {
        const digest = sha256(secret);
        // Digests are compared, so that neither the secret nor its length shows in the time it takes.
        if (operatorDigest && timingSafeEqual(digest, operatorDigest)) return { kind: "operator" };
        const grant = tokenPattern.test(secret)
          ? await findGrant(toHex(digest), beforeLookup)
          : null;
        if (grant) return { kind: "token", ...grant };
      }
      throw new StoreError(
        "token_invalid",
        "No such token, or it was revoked. `hi token list` shows those that exist.",
      );
    },
    async create({ name, scopes, ttl_seconds: ttlSeconds = defaultTokenTtlSeconds }) {
      const tokens = requireStore();
      const random = new Uint8Array(32);
      options.fillRandom(random);
      const token = `hst_${toBase64Url(random)}`;
      const now = clock.now();
      const info = {
        token_id: options.newId("tok"),
        name,
        scopes: [...scopes],
        created_at: toInstant(now),
        expires_at: toInstant(now + ttlSeconds * 1000),
        last_used_at: null,
      };
      await tokens.add({ ...info, tokenHash: toHex(sha256(token)) });
      return { ...info, token };
    },
    list: () => requireStore().list(),
    async revoke(tokenId) {
      const isRevoked = await requireStore().revoke(tokenId);
      grantsByHash.clear();
      return isRevoked;
    },
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Null when there is no operator's secret, or one too short to be one. */
function digestOfSecret(secret: string | undefined): Buffer | null {
  return secret === undefined || secret.length < minSecretLength ? null : sha256(secret);
}
