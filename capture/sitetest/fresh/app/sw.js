importScripts("/app/sw-manifest.js", "sw-lib.js");
self.addEventListener("install", (e) => e.waitUntil(caches.open("v1").then((c) => c.addAll(self.precache)).then(() => self.skipWaiting())));
self.addEventListener("activate", (e) => e.waitUntil((async () => {
  if (registration.navigationPreload) { await registration.navigationPreload.enable(); await registration.navigationPreload.setHeaderValue("v1"); }
  await clients.claim();
  await precacheMore(); // in the background of the visit
})()));
self.addEventListener("message", (e) => e.waitUntil(fetch("/app/sync", { method: "POST", body: "離線紀錄" })));
self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (url.pathname === "/app/made.json") return e.respondWith(new Response('{"made":true}'));
  if (e.request.mode === "navigate") {
    return e.respondWith((async () => (await e.preloadResponse) || fetch(e.request))());
  }
  if (url.pathname === "/app/stale.json") {
    return e.respondWith((async () => {
      const kept = await caches.match(e.request);
      const fresh = fetch(e.request, { cache: "no-cache" }).then(async (r) => { await (await caches.open("v1")).put(e.request, r.clone()); return r; });
      e.waitUntil(fresh);
      return kept || fresh;
    })());
  }
  e.respondWith((async () => (await caches.match(e.request)) || fetch(e.request))());
});
