/**
 * `RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers has them since its
 * eighth version: structured fields (RFC 9651), one item named by the class of the request. `q`
 * requests in `w` seconds; `r` more now, and all of them again in `t` seconds.
 */
import type { Standing } from "../services/gate.ts";

/** The headers by their names. */
export function rateLimitHeaders(standing: Standing): Record<string, string> {
  const { class: name, limit, remaining, secondsUntilFull } = standing;
  return {
    "RateLimit-Policy": `"${name}";q=${limit.requests};w=${limit.windowSeconds}`,
    RateLimit: `"${name}";r=${remaining};t=${secondsUntilFull}`,
  };
}
