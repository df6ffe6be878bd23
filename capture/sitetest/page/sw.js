self.addEventListener("install", (e) => e.waitUntil(fetch("/sw/data.json").then((r) => r.json()).then(() => self.skipWaiting())));
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (e) => {
  const path = new URL(e.request.url).pathname;
  if (path === "/sw/pass.json") e.respondWith(fetch(e.request));
  if (path === "/sw/made.json") {
    e.respondWith(new Response(JSON.stringify({ text: "背景服務自製的回應" }), { headers: { "Content-Type": "application/json" } }));
  }
});
