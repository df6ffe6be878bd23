"use strict";
const say = (t) => { document.getElementById("say").textContent = t; };
addEventListener("message", (e) => {
  if (e.data && e.data.type === "open") open(e.data.user, e.source);
});
parent.postMessage({ type: "ready" }, "*");

function open(user, page) {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/open/chat-socket?user=" + encodeURIComponent(user));
  socket.binaryType = "arraybuffer";
  socket.onopen = () => socket.send(JSON.stringify({ hello: user }));
  socket.onmessage = async (e) => {
    if (e.data instanceof ArrayBuffer) return say("收到檔案 " + e.data.byteLength);
    say(e.data);
    if (!e.data.includes("LINE")) return;
    // The rest of the widget comes when there is something to talk about, and not at once.
    setTimeout(async () => {
      const { emoji } = await import("./chat-emoji.js");
      await emoji(document.getElementById("box"));
      page.postMessage({ type: "badge", count: 3 }, "*");
    }, 1200);
  };
}
