"use strict";
const say = (id, text) => { document.getElementById(id).textContent = text; };
const cross = document.documentElement.dataset.cross;

const post = (url, data, headers) =>
  fetch(url, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(data) });

async function account() {
  const quotes = await (await fetch("/api/quotes.json")).json();
  const answer = await (await post("/api/login", { user: "測試者", level: "VIP" })).json();
  say("account", `入金帳號 ${answer.account}，今日獲利 ${quotes.gain}`);
  const x = new XMLHttpRequest();
  x.open("GET", "/api/notice.txt");
  x.send();
  navigator.sendBeacon("/api/beacon", "seen=1");
  await post(`${cross}/api/track`, { page: "首頁" }, { "X-Track": "1" });
}

function chat() {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/ws");
  let heard = 0;
  socket.onopen = () => socket.send("哈囉，老師");
  socket.onmessage = (e) => { heard++; say("chat", `${heard}：${e.data}`); };
}

function worker() {
  const w = new Worker("/worker.js");
  w.onmessage = (e) => say("worker", e.data);
}

async function service() {
  if (!("serviceWorker" in navigator)) return say("service", "無");
  await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) {
    await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  }
  const passed = await (await fetch("/sw/pass.json")).json();
  const made = await (await fetch("/sw/made.json")).json();
  say("service", `${passed.text}，${made.text}`);
}

// No scroll listener anywhere: only what comes into view loads.
const seen = new IntersectionObserver((entries) => {
  for (const e of entries) {
    if (!e.isIntersecting) continue;
    e.target.src = e.target.dataset.src;
    seen.unobserve(e.target);
  }
});
document.querySelectorAll("img[data-src]").forEach((img) => seen.observe(img));

let next = 1, busy = false;
const sentinel = document.getElementById("sentinel");
const more = new IntersectionObserver(async (entries) => {
  if (busy || !entries.some((e) => e.isIntersecting)) return;
  busy = true;
  const page = await (await fetch(`/feed/${next}.json`)).json();
  for (const item of page.items) {
    const card = document.createElement("div");
    card.className = "card";
    card.textContent = item.text;
    const img = document.createElement("img");
    img.src = item.image;
    img.width = 320; img.height = 240;
    card.append(img);
    document.getElementById("feed").append(card);
  }
  next++;
  busy = false;
  more.unobserve(sentinel);
  if (page.last) sentinel.textContent = "沒有更多了"; else more.observe(sentinel);
});
more.observe(sentinel);

account(); chat(); worker(); service();
