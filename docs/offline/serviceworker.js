// Keeps the whole site for reading without a network. tools/siteoffline.ts fills in the two constants at the build.
const version = "VERSION";
const paths = ["PATHS"];
const name = `hmap-${version}`;

/** How long the copy rests when the reader does something, in milliseconds: a cell may be running. */
const rest = 2000;
let restsUntil = 0;

// From register.ts: the reader has done something.
self.addEventListener("message", () => {
  restsUntil = performance.now() + rest;
});

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(name);
      // What an earlier try has kept, which the browser ended, is of this version too.
      const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
      const missing = paths.filter((path) => !kept.has(path));
      // A few at a time: the reader is reading, and has not asked for this.
      for (let i = 0; i < missing.length; i += 3) {
        while (performance.now() < restsUntil) {
          const left = restsUntil - performance.now();
          await new Promise((resolve) => setTimeout(resolve, left));
        }
        await Promise.all(
          missing.slice(i, i + 3).map(async (path) => {
            const response = await fetch(path, { cache: "no-cache" });
            if (response.ok) await cache.put(path, response);
          }),
        );
      }
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const key of await caches.keys()) {
        if (key.startsWith("hmap-") && key !== name) await caches.delete(key);
      }
      await self.clients.claim();
    })(),
  );
});

/**
 * A page or worker with the headers that isolate it from other sites' windows. Browsers then let it share memory with its
 * worker, by which Stop ends a loop and keeps the variables; most static hosts do not send these headers.
 */
function isolated(response) {
  // A redirection, which the browser follows by itself, or a failure.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

// The network first, as long as there is one: a reader never sees an old page for the sake of an old cache.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) {
    // No page of this site asks another host, and no cell may.
    if (request.mode !== "navigate") event.respondWith(Response.error());
    return;
  }
  if (request.method !== "GET") return;
  const found = answer(request, url);
  const isRoot = request.mode === "navigate" || request.destination === "worker";
  event.respondWith(isRoot ? found.then(isolated) : found);
});

async function answer(request, url) {
  const immutable = url.pathname.includes("/_astro/");
  const kept = async () => (await caches.open(name)).match(url.origin + url.pathname, { ignoreSearch: true });
  if (immutable) {
    const found = await kept();
    if (found) return found;
  }
  try {
    return await fetch(request);
  } catch {
    return (await kept()) ?? Response.error();
  }
}
