/** Plain HTTP, over which cookies and tokens would be everyone's: a deployment answers nothing by it. */
import { StoreError } from "@hi-stranger/core/errors";
import type { Env } from "../env.ts";

/**
 * Sends somebody who typed an address on to HTTPS; null for what came by it, and on a local server.
 * A program's request isn't redirected, as it would go on sending its token in the clear, unnoticed.
 *
 * @throws {StoreError} `https_required`
 */
export function refusePlainHttp(request: Request, environment: Env["HS_ENV"]): Response | null {
  const url = new URL(request.url);
  if (environment === "local" || url.protocol === "https:") return null;
  const wantsPage = (request.headers.get("Accept") ?? "").includes("text/html");
  if (request.method !== "GET" || !wantsPage || request.headers.has("Authorization")) {
    throw new StoreError(
      "https_required",
      "Send it to the same address by HTTPS, and replace the token that was sent.",
    );
  }
  url.protocol = "https:";
  return new Response(null, { status: 308, headers: { Location: url.href } });
}
