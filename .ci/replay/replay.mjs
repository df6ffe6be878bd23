// Has ReplayWeb.page replay a WACZ in Chromium with the network cut off, and looks for a text in the page.
// usage: node replay.mjs FILE.wacz ADDRESS TEXT
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const [wacz, address, wanted] = process.argv.slice(2);
const part = (name) => fileURLToPath(new URL(`node_modules/replaywebpage/${name}`, import.meta.url));
const files = {
  "/player.js": [part("ui.js"), "text/javascript"],
  "/replay/sw.js": [part("sw.js"), "text/javascript"],
  "/it.wacz": [wacz, "application/wacz"],
};
const shell = `<!doctype html><meta charset="utf-8"><script src="/player.js"></script>
<replay-web-page source="/it.wacz" replayBase="/replay/" embed="replayonly" style="display:block;height:90vh"></replay-web-page>
<script>document.querySelector("replay-web-page").setAttribute("url", ${JSON.stringify(address)})</script>`;

function answer(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/") return response.writeHead(200, { "content-type": "text/html" }).end(shell);
  const known = files[pathname];
  if (!known) return response.writeHead(404).end();
  const [file, type] = known;
  const { size } = statSync(file);
  const head = { "content-type": type, "accept-ranges": "bytes" };
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  if (!asked) {
    response.writeHead(200, { ...head, "content-length": size });
    return request.method === "HEAD" ? response.end() : createReadStream(file).pipe(response);
  }
  const [start, end] = asked[1] === "" ? [Math.max(0, size - Number(asked[2])), size - 1] : [Number(asked[1]), Math.min(Number(asked[2] || size), size - 1)];
  response.writeHead(206, { ...head, "content-length": end - start + 1, "content-range": `bytes ${start}-${end}/${size}` });
  createReadStream(file, { start, end }).pipe(response);
}

async function shown(page) {
  for (const frame of page.frames()) {
    const text = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
    if (frame !== page.mainFrame() && text.includes(wanted)) return true;
  }
  return false;
}

const server = createServer(answer);
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const args = ["--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
if (process.getuid?.() === 0) args.push("--no-sandbox");

// replays reports whether a browser of its own shows the text within half a minute.
async function replays() {
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    for (const until = Date.now() + 30_000; Date.now() < until; ) {
      if (await shown(page)) return true;
      await new Promise((done) => setTimeout(done, 200));
    }
    return false;
  } finally {
    await browser.close();
  }
}

// Seen: a player that showed nothing for a minute, of an archive that it showed at once, twice, in other browsers. An archive that lacks the text never does.
const found = (await replays()) || (await replays());
server.close();
if (!found) console.error(`${wacz}: ${address} does not show ${wanted}`);
process.exit(found ? 0 : 1);
