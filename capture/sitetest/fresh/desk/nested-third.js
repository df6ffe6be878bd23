fetch("/desk/api/third").then((r) => r.text()).then((t) => postMessage(t.length));
