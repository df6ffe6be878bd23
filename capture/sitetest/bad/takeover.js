addEventListener("install", () => skipWaiting());
addEventListener("activate", (e) => e.waitUntil(clients.claim()));
addEventListener("fetch", (e) => {
  if (e.request.mode === "navigate") e.respondWith(new Response("<!doctype html><meta charset=utf-8><title>接管</title><p>背景服務給的頁：保證獲利</p>", { headers: { "Content-Type": "text/html; charset=utf-8" } }));
});
