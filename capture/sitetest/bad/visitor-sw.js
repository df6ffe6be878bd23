importScripts("/visitor.js"); self.addEventListener("install", (e) => e.waitUntil(report("service_worker")));
