importScripts("/desk/lib/a.js", "lib/b.js?x=1&y=%E4%BA%8C");
const inner = new Worker("/desk/nested.js");
inner.onmessage = (e) => postMessage({ nested: e.data });
fetch("/desk/api/quotes", { method: "POST", body: JSON.stringify({ a, b }) }).then((r) => r.json()).then((d) => postMessage(d));
const x = new XMLHttpRequest();
x.open("GET", "/desk/api/table?sync=1", false);
x.send();
postMessage(x.responseText.length);
