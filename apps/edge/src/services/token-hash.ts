/** What is kept of a token of 32 random bytes: such need no slow hash. */
import { createHash } from "node:crypto";

/** SHA-256 of a token's text, in hex. */
export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
