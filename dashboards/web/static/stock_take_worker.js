// Keeps the counting page in the phone, so that it loads again while the line is down. Nothing that
// is sent passes through here: counts wait in the page's own store.

const CACHE = "hatang-counting-1";
const PATIENCE_MS = 8000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (isKept(url.pathname)) event.respondWith(answer(event.request, url.pathname));
});

function isKept(path) {
  return path.startsWith("/static/") || /^\/stock-takes\/[0-9]+\/(count|book\.json)$/.test(path);
}

async function answer(request, path) {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await inTime(fetch(request));
    if (fresh.ok && !fresh.redirected) await cache.put(path, fresh.clone());
    // Who may not see it any more, or where there is none, keeps no copy.
    if ([403, 404, 410].includes(fresh.status)) await cache.delete(path);
    return fresh;
  } catch (error) {
    const kept = await cache.match(path);
    if (kept) return kept;
    throw error;
  }
}

function inTime(work) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new TypeError("no answer in time")), PATIENCE_MS);
  });
  return Promise.race([work, late]);
}
