#!/usr/bin/env bash
# Guess:  DevTools' "raw" headers of an answer (responseReceivedExtraInfo) hold what
#         the server sent: headersText the lines, headers the same values, in the
#         same encoding as responseReceived has them.
# Seen:   values with bytes above 0x7f (obs-text, valid by RFC 9110) are read in two
#         ways. headersText and responseReceived read them as UTF-8 and drop what is
#         none: a Big5 value becomes empty, and a last byte in Latin-1 takes the end
#         of its line along, so that in headersText the next header's name is glued
#         to the value. responseReceivedExtraInfo.headers reads all of them as
#         windows-1252, UTF-8 too, on HTTP/1 and HTTP/2 alike: the bytes can be had
#         back from that one only. HTTP/2 has no headersText, and headers come
#         sorted by name: the order sent is nowhere.
# Versions: Chromium 156.0.8078.108 of Debian 12, npm chrome-remote-interface 0.33.3,
#         Node.js 20. Seen on 2026-11-28.
set -eu
for p in chromium node npm openssl; do
  command -v "$p" >/dev/null || { echo "missing: Node.js, npm, and apt-get install openssl chromium=156.0.8078.108-1~deb12u1"; exit 2; }
done
have=$(chromium --version 2>/dev/null); echo "$have"
case $have in *" 156."*) ;; *) echo "note: written for Chromium 156" ;; esac

t=$(mktemp -d); trap 'rm -rf "$t"' EXIT; cd "$t"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund chrome-remote-interface@0.33.3
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
  -subj /CN=localhost -keyout key.pem -out cert.pem 2>/dev/null

cat >show.mjs <<'JS'
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { createServer } from "node:net";
import CDP from "chrome-remote-interface";

const changed = (what, got) => { console.log("changed:", what, JSON.stringify(got)); process.exitCode = 1; };
const want = (what, got, right) => {
  console.log(what.padEnd(42), JSON.stringify(got));
  if (JSON.stringify(got) !== JSON.stringify(right)) changed(what, got);
};

// Four values: Big5, Latin-1, UTF-8 and plain, as bytes on the wire.
const values = [["x-zulu", "1"], ["x-big5", "\xa7\xeb\xb8\xea"], ["x-latin", "caf\xe9"], ["x-after", "2"],
  ["x-utf8", "\xe6\x8a\x95\xe8\xb3\x87"], ["x-alpha", "3"]];
const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n" +
  values.map(([k, v]) => `${k}: ${v}\r\n`).join("") + "\r\nok";
const one = createServer((s) => {
  s.on("error", () => {});
  s.once("data", () => s.end(Buffer.from(head, "latin1")));
}).listen(0, "127.0.0.1");
const two = createSecureServer({ cert: readFileSync("cert.pem"), key: readFileSync("key.pem") }).listen(0, "127.0.0.1");
two.on("stream", (s) => {
  s.on("error", () => {});
  s.respond({ ":status": 200, "content-type": "text/html", ...Object.fromEntries(values) });
  s.end("ok");
});

const flags = ["--headless=new", "--no-first-run", "--disable-gpu", "--remote-debugging-port=0",
  "--user-data-dir=" + process.cwd() + "/profile", "--ignore-certificate-errors", "about:blank"];
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

async function visit(url) {
  const c = await CDP({ port, target: await CDP.New({ port }) });
  await c.Network.enable();
  const extra = new Promise((r) => c.Network.responseReceivedExtraInfo(r));
  const plain = new Promise((r) => c.Network.responseReceived(r));
  await c.Page.navigate({ url });
  const got = [await extra, (await plain).response];
  await c.close();
  return got;
}
const ours = (h) => Object.fromEntries(Object.entries(h).filter(([k]) => k.startsWith("x-")));
const lossy = { "x-after": "2", "x-alpha": "3", "x-big5": "", "x-latin": "caf", "x-utf8": "\u6295\u8cc7", "x-zulu": "1" };
const cp1252 = { "x-after": "2", "x-alpha": "3", "x-big5": "\xa7\xeb\xb8\xea", "x-latin": "caf\xe9",
  "x-utf8": "\xe6\u0160\u2022\xe8\xb3\u2021", "x-zulu": "1" };

const [extra, plain] = await visit(`http://127.0.0.1:${one.address().port}/`);
want("HTTP/1 ExtraInfo.headersText", extra.headersText.slice(extra.headersText.indexOf("x-zulu")),
  "x-zulu: 1\r\nx-big5: \r\nx-latin: cafx-after: 2\r\nx-utf8: \u6295\u8cc7\r\nx-alpha: 3\r\n\r\n");
want("HTTP/1 responseReceived.headers", ours(plain.headers), lossy);
want("HTTP/1 ExtraInfo.headers", ours(extra.headers), cp1252);
const [extra2, plain2] = await visit(`https://127.0.0.1:${two.address().port}/`);
want("HTTP/2 protocol", plain2.protocol, "h2");
want("HTTP/2 ExtraInfo.headersText", extra2.headersText ?? null, null);
want("HTTP/2 responseReceived.headers", ours(plain2.headers), lossy);
want("HTTP/2 ExtraInfo.headers", ours(extra2.headers), cp1252);
chrome.kill();
await gone;
if (!process.exitCode) console.log("as stated");
process.exit();
JS
timeout 120 node show.mjs || { echo "changed or not finished"; exit 1; }
