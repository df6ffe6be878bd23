#!/usr/bin/env bash
# Guess:  Network.loadingFinished says that an answer has come to its end: nothing more
#         of it comes, and Network.getResponseBody then gives all of it.
# Seen:   of a picture of type multipart/x-mixed-replace (a camera: one part takes the
#         place of another) it is told when the second of three parts has come, while
#         the server goes on and the window goes on to show what comes; and a second
#         time, for the same request, when the server has ended the answer. The body
#         given in the end is the last part alone: neither the others nor what stands
#         between them is to be had.
# Versions: Chromium 156.0.8078.108 of Debian 12 (--headless=new), npm
#         chrome-remote-interface 0.33.3, Node.js 20. Seen on 2026-11-29.
set -eu
for p in chromium node npm; do
  command -v "$p" >/dev/null || { echo "missing: Node.js, npm, and apt-get install chromium=156.0.8078.108-1~deb12u1"; exit 2; }
done
have=$(chromium --version 2>/dev/null); echo "$have"
case $have in *" 156."*) ;; *) echo "note: written for Chromium 156" ;; esac

t=$(mktemp -d); trap 'rm -rf "$t"' EXIT; cd "$t"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund chrome-remote-interface@0.33.3
cat >show.mjs <<'JS'
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import CDP from "chrome-remote-interface";

const flags = ["--headless=new", "--no-first-run", "--disable-gpu", "--remote-debugging-port=0",
  "--user-data-dir=" + process.cwd() + "/profile", "about:blank"];
if (process.getuid() === 0) flags.unshift("--no-sandbox");
const chrome = spawn("chromium", flags, { stdio: ["ignore", "ignore", "pipe"] });
const gone = new Promise((r) => chrome.on("exit", r));
process.on("exit", () => chrome.kill());
process.on("SIGTERM", () => process.exit(1));
const port = await new Promise((r) => {
  let said = "";
  chrome.stderr.on("data", (d) => {
    said += d;
    const m = said.match(/DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/);
    if (m) r(+m[1]);
  });
});
let fine = true;
const want = (what, got, right) => {
  console.log(what.padEnd(44), got);
  if (got !== right) { fine = false; console.log("changed: not", right); }
};

// Three pictures of one pixel, of three colours; each part is sent when it is asked for.
const pixel = (r, g, b) => Buffer.concat([Buffer.from("424d3a000000000000003600000028000000010000000100000001001800000000000400000000000000000000000000000000000000", "hex"), Buffer.from([b, g, r, 0])]);
const parts = [pixel(255, 0, 0), pixel(0, 255, 0), pixel(0, 0, 255)];
let camera;
const asked = new Promise((r) => { camera = r; });
const server = createServer((q, a) => {
  if (q.url === "/") return a.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>camera</title><img src=/camera>");
  if (q.url !== "/camera") return a.writeHead(404).end();
  a.writeHead(200, { "Content-Type": "multipart/x-mixed-replace; boundary=next" });
  a.write("--next\r\n");
  camera(a);
}).listen(0, "127.0.0.1");
await new Promise((r) => server.on("listening", r));
const c = await CDP({ port, target: await CDP.New({ port }) });
await c.Network.enable();
await c.Page.enable();
const told = [];
let id;
c.Network.requestWillBeSent((e) => { if (e.request.url.endsWith("/camera")) id = e.requestId; });
c.Network.loadingFinished((e) => { if (e.requestId === id) told.push("finished"); });
c.Network.loadingFailed((e) => { if (e.requestId === id) told.push("failed"); });
await c.Page.navigate({ url: `http://127.0.0.1:${server.address().port}/` });
const answer = await asked;
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const send = async (n) => {
  answer.write(`Content-Type: image/bmp\r\nContent-Length: ${parts[n].length}\r\n\r\n`);
  answer.write(parts[n]);
  answer.write("\r\n--next" + (n === parts.length - 1 ? "--" : "") + "\r\n");
  await sleep(700);
};
const colour = async () => {
  const { result } = await c.Runtime.evaluate({ returnByValue: true, expression: `(() => { const i = document.images[0], k = document.createElement("canvas"); k.width = k.height = 1;
    const d = k.getContext("2d"); d.drawImage(i, 0, 0); return Array.from(d.getImageData(0, 0, 1, 1).data.slice(0, 3)).join(","); })()` });
  return result.value;
};
await send(0);
want("ends told after the first part", told.length, 0);
await send(1);
want("ends told after the second of three", told.join(" "), "finished");
want("the window shows", await colour(), "255,0,0");
await send(2);
want("and then, though the end was told", await colour(), "0,255,0");
answer.end();
await sleep(700);
want("ends told in all", told.join(" "), "finished finished");
const b = await c.Network.getResponseBody({ requestId: id });
const body = Buffer.from(b.body, b.base64Encoded ? "base64" : "utf8");
want("the body is the part number", parts.findIndex((p) => p.equals(body)) + 1, 3);
chrome.kill();
await gone;
server.close();
if (fine) console.log("as stated");
process.exit(fine ? 0 : 1);
JS
timeout 120 node show.mjs || { echo "changed or not finished"; exit 1; }
