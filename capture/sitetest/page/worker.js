fetch("/api/worker.json").then((r) => r.json()).then((data) => postMessage(data.text));
