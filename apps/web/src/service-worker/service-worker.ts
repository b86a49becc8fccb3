/**
 * Keeps the shell (page, scripts, styles, languages) so that it opens without a network.
 *
 * It never touches `/api/` or anything that is not part of the build: data is the stores' business.
 * A page comes from the network first, so that a new release is seen at once; its files have hashed
 * names and come from the cache first. A new worker waits until the pages of the old one are gone
 * or the person asks for it, as a page must find the files of its own release.
 */
declare const __BUILD__: { readonly version: string; readonly urls: readonly string[] };

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const build = __BUILD__;
const cachePrefix = "hs-shell-";
const cacheName = `${cachePrefix}${build.version}`;
const shellUrls = new Set(build.urls);
const pageUrl = "/";

// The server may vary its answers by Accept-Encoding or Origin, which says nothing about our files.
const lookup: CacheQueryOptions = { ignoreVary: true, ignoreSearch: true };

worker.addEventListener("install", (event) => {
  event.waitUntil(storeShell());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (event) => {
  if (event.data === "activate") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (isPage(url.pathname)) event.respondWith(answerPage(request));
  } else if (shellUrls.has(url.pathname)) {
    event.respondWith(answerFile(request));
  }
});

async function storeShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(build.urls.map((url) => new Request(url, { cache: "no-cache" })));
}

async function dropOldShells(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(cachePrefix) && name !== cacheName) await caches.delete(name);
  }
}

/** Whether `path` is one of the app's own pages; the rest belongs to the server. */
function isPage(path: string): boolean {
  const pages = /^\/(?:personas|import|connect|sign-in|account|terms|privacy)(?:\/|$)/;
  return path === pageUrl || pages.test(path);
}

async function answerPage(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const page = await (await caches.open(cacheName)).match(pageUrl, lookup);
    if (page) return page;
    throw error;
  }
}

async function answerFile(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(request, lookup)) ?? fetch(request);
}

export {};
