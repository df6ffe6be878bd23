self.addEventListener("install", (e) => e.waitUntil(caches.open("v1").then((c) => c.addAll(["/pwa/guide.html", "/pwa/guide.css", "/pwa/account.png", "/pwa/cut.txt"]))));
self.addEventListener("activate", (e) => e.waitUntil(clients.claim()));
