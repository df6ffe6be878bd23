"use strict";
async function play(video, master) {
  const text = async (u) => (await fetch(u)).text();
  const lines = (t) => t.split("\n").filter((l) => l && !l.startsWith("#"));
  const level = new URL(lines(await text(master))[0], new URL(master, location.href));
  const list = await text(level);
  const key = /URI="([^"]+)"/.exec(list);
  if (key) await (await fetch(new URL(key[1], level))).arrayBuffer();
  const media = new MediaSource();
  video.src = URL.createObjectURL(media);
  await new Promise((go) => media.addEventListener("sourceopen", go, { once: true }));
  const buffer = media.addSourceBuffer("audio/mpeg");
  for (const name of lines(list)) {
    const part = await new Promise((go) => { // players ask by XHR
      const x = new XMLHttpRequest();
      x.open("GET", new URL(name, level));
      x.responseType = "arraybuffer";
      x.onload = () => go(x.response);
      x.send();
    });
    try { buffer.appendBuffer(part); await new Promise((go) => { buffer.onupdateend = buffer.onerror = go; }); } catch (e) { document.getElementById("state").textContent = e.name; }
  }
  if (media.readyState === "open") media.endOfStream();
}
