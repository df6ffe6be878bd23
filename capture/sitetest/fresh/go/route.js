addEventListener("pagehide", () => {
  navigator.sendBeacon("/go/left?by=beacon", new Blob(['{"t":1}'], { type: "application/json" }));
  fetch("/go/left?by=keepalive", { method: "POST", keepalive: true, body: "t=1" });
});
fetch("/go/choose").then((r) => r.json()).then((d) => {
  const f = document.createElement("iframe"); // one that is taken away again
  f.src = "/go/frame.html";
  f.onload = () => { f.remove(); setTimeout(() => location.replace(d.to), 100); };
  document.body.append(f);
});
