const precacheMore = async () => { const c = await caches.open("more"); for (const u of self.more) { const r = await fetch(u); if (!r.redirected) await c.put(u, r); else await r.text(); } };
