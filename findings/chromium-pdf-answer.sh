#!/usr/bin/env bash
# Guess:  where DevTools tells of an answer of type application/pdf to the document
#         asked for, with the server's status, headers and address, the body it gives
#         for that request (Network.getResponseBody) is the PDF.
# Seen:   for a PDF opened in a tab, the body is some hundred bytes of HTML, the
#         browser's own page round its viewer, under the server's headers (the
#         Content-Length of the PDF among them). No request told of has the PDF.
#         Page.getResourceContent has it from the cache, if the server lets it be
#         stored: with Cache-Control: no-store it is "not cached". Only
#         Fetch.getResponseBody, asked while the answer is paused, gives it both times.
# Versions: Chromium 156.0.8078.108 of Debian 12 (--headless=new), npm
#         chrome-remote-interface 0.33.3, Node.js 20. Seen on 2026-11-28.
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
const bytes = (b) => Buffer.from(b.body ?? b.content, b.base64Encoded ? "base64" : "utf8");
const kind = (b) => b.subarray(0, 5).toString("latin1") === "%PDF-" ? "PDF" : /^<!doctype html/i.test(b.toString("latin1")) ? "HTML" : "?";
let fine = true;
const want = (what, got, right) => {
  console.log(what.padEnd(36), got);
  if (got !== right) { fine = false; console.log("changed: not", right); }
};

// A PDF of the browser's own making, served to it again; /kept may be stored, /now not.
const printer = await CDP({ port, target: await CDP.New({ port }) });
const pdf = Buffer.from((await printer.Page.printToPDF()).data, "base64");
const asked = [];
const server = createServer((q, r) => {
  if (q.url === "/favicon.ico") return r.writeHead(404).end();
  asked.push(q.url);
  r.writeHead(200, { "Content-Type": "application/pdf", "Content-Length": pdf.length,
    "Cache-Control": q.url === "/now" ? "no-store" : "max-age=600" });
  r.end(pdf);
}).listen(0, "127.0.0.1");
await new Promise((r) => server.on("listening", r));

async function visit(path) {
  const url = `http://127.0.0.1:${server.address().port}${path}`;
  const c = await CDP({ port, target: await CDP.New({ port }) });
  await c.Network.enable();
  await c.Page.enable();
  const answer = new Promise((r) => c.Network.responseReceived((e) => e.response.url === url && r(e)));
  const ended = new Set();
  let wake = () => {};
  c.Network.loadingFinished((e) => { ended.add(e.requestId); wake(); });
  await c.Fetch.enable({ patterns: [{ urlPattern: url, requestStage: "Response" }] });
  let paused;
  c.Fetch.requestPaused(async ({ requestId }) => {
    paused ??= bytes(await c.Fetch.getResponseBody({ requestId }));
    await c.Fetch.continueRequest({ requestId });
  });
  const { frameId } = await c.Page.navigate({ url });
  const { requestId, response } = await answer;
  while (!ended.has(requestId)) await new Promise((r) => { wake = r; });
  await c.Fetch.disable();
  const body = bytes(await c.Network.getResponseBody({ requestId }));
  const later = await c.Page.getResourceContent({ frameId, url }).then((b) => kind(bytes(b)), (e) => e.message);
  await c.close();

  want(path + " status and type", response.status + " " + response.mimeType, "200 application/pdf");
  want(path + " server's address", response.remoteIPAddress + ":" + response.remotePort, "127.0.0.1:" + server.address().port);
  want(path + " Content-Length is the PDF's", response.headers["Content-Length"] === String(pdf.length), true);
  console.log((path + " length of the body").padEnd(36), body.length, "of", pdf.length);
  want(path + " Network.getResponseBody", kind(body), "HTML");
  want(path + " Page.getResourceContent", later, path === "/now" ? "Content unavailable. Resource was not cached" : "PDF");
  want(path + " Fetch.getResponseBody is the PDF", paused.equals(pdf), true);
}
await visit("/kept");
await visit("/now");
want("the server was asked", asked.join(" "), "/kept /now");
chrome.kill();
await gone;
if (fine) console.log("as stated");
process.exit(fine ? 0 : 1);
JS
timeout 120 node show.mjs || { echo "changed or not finished"; exit 1; }
