/** The built web app: its files, and its page for every other address. */
import type { Env } from "../env.ts";
import { compressText } from "../http/compression.ts";

/**
 * Files that the app's build puts out: hashed ones in `assets/`, and those with one letter-and-dash
 * name at the root. Nothing else is passed on, whatever directory the binding points at.
 */
const filePattern = /^\/(?:assets\/[\w.-]+|[a-z][a-z0-9-]*\.(?:js|webmanifest|svg|png|ico|txt))$/;
const pagePattern = /^\/(?:[a-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*\/?)?$/;

/** A worker has the policy of its own script: the app's keeps the app's files, so it must fetch them. */
const workerPath = "/sw.js";
const workerPolicy =
  "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Answers a GET that no API route takes; null where there is nothing. */
export async function serveWebApp(
  request: Request,
  { ASSETS: assets, HS_ENV: environment }: Env,
): Promise<Response | null> {
  const { pathname } = new URL(request.url);
  const isFile = filePattern.test(pathname);
  if (assets && (isFile || pagePattern.test(pathname))) {
    const url = new URL(isFile ? pathname : "/", request.url);
    const found = await assets.fetch(url, { headers: request.headers, method: request.method });
    const isPage = (found.headers.get("Content-Type") ?? "").startsWith("text/html");
    // A file that isn't there may come back as the app's page; an old page must not take it for a script.
    if ((found.ok || found.status === 304) && !(isFile && isPage)) {
      const answer = new Response(found.body, found);
      const isHashed = pathname.startsWith("/assets/");
      answer.headers.set(
        "Cache-Control",
        isHashed ? "public, max-age=31536000, immutable" : "no-cache",
      );
      if (pathname === workerPath) answer.headers.set("Content-Security-Policy", workerPolicy);
      if (environment === "local") compressText(request, answer);
      return answer;
    }
  }
  if (pathname === "/") return Response.redirect(new URL("/api/docs", request.url).href, 302);
  return null;
}
