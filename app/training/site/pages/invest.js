"use strict";
const put = (id, text) => { document.getElementById(id).textContent = text; };
fetch("/api/today").then((r) => r.json()).then((d) => { put("gain", d.gain); put("left", d.left); });
fetch("/api/account", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ level: "VIP" }) })
  .then((r) => r.json()).then((d) => put("account", d.account));
const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/ws");
socket.onopen = () => socket.send("訪客進入");
socket.onmessage = (e) => {
  const p = document.createElement("p");
  p.textContent = e.data;
  document.getElementById("trades").append(p);
};
