importScripts("/app/worker-part.js"); fetch("/app/worker-cut.txt").then((r) => r.text()).then((t) => postMessage(part + t.length));
