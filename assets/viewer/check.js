// The check: what yuzheng verify does, as far as a browser can. No word of a file is ever taken as markup.
const entriesPath = "data/07_監管鏈/custody.jsonl", proofsPath = "data/07_監管鏈/proofs.json", sealPath = "seal.txt";

class Refusal extends Error {}

// folderBag reads what a folder input gives: the bag is where bagit.txt lies.
function folderBag(list) {
  const files = Array.from(list, (f) => [f.webkitRelativePath || f.name, f]);
  const home = files.map(([p]) => p).filter((p) => /(^|\/)bagit\.txt$/.test(p)).sort((a, b) => a.length - b.length)[0];
  if (home === undefined) throw new Refusal("e.nobag");
  const base = home.slice(0, -"bagit.txt".length), bag = new Map();
  for (const [p, f] of files) bag.set(p.startsWith(base) ? p.slice(base.length).normalize("NFC") : "../" + p, f);
  return { bag, problems: [] };
}

// zipBag reads a stored ZIP by its directory.
async function zipBag(file) {
  const read = async (from, to) => new DataView(await file.slice(from, to).arrayBuffer());
  if (file.size < 22) throw new Refusal("e.zip");
  const end = await read(file.size - 22, file.size), offset = end.getUint32(16, true), count = end.getUint16(10, true);
  if (end.getUint32(0, true) !== 0x06054b50 || offset === 0xffffffff || count === 0xffff || offset > file.size) throw new Refusal("e.zip");
  const d = await read(offset, file.size - 22), bag = new Map(), problems = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > d.byteLength || d.getUint32(at, true) !== 0x02014b50 || d.getUint16(at + 10, true) !== 0) throw new Refusal("e.zip");
    const size = d.getUint32(at + 24, true), nameLen = d.getUint16(at + 28, true), start = d.getUint32(at + 42, true);
    if (at + 46 + nameLen > d.byteLength || size === 0xffffffff || start + 30 > file.size) throw new Refusal("e.zip");
    const name = plain.decode(new Uint8Array(d.buffer, at + 46, nameLen)), local = await read(start, start + 30);
    const from = start + 30 + local.getUint16(26, true) + local.getUint16(28, true), path = name.slice(name.indexOf("/") + 1);
    if (bag.has(path)) problems.push({ code: "e.twice", file: path });
    bag.set(path, file.slice(from, from + size));
    at += 46 + nameLen + d.getUint16(at + 30, true) + d.getUint16(at + 32, true);
  }
  if (!bag.has("bagit.txt")) throw new Refusal("e.nobag");
  return { bag, problems };
}

// check returns everything that the page shows of a check.
async function check({ bag, problems }, progress) {
  const r = { bag, problems: [...problems], unchecked: [], hashes: new Map(), entries: [], stamps: [], left: [] };
  const paths = [...bag.keys()].sort();
  for (const [i, path] of paths.entries()) {
    progress(i + 1, paths.length, path);
    if (path.split("/").some((p) => p === "..")) { r.problems.push({ code: "e.path", file: path }); continue; }
    try { r.hashes.set(path, await hashBlob(bag.get(path))); } catch { r.unchecked.push({ code: "e.unread", file: path }); }
  }
  const listed = new Set(["tagmanifest-sha256.txt"]);
  await manifest(r, "manifest-sha256.txt", listed);
  await manifest(r, "tagmanifest-sha256.txt", listed);
  for (const path of r.hashes.keys()) if (!listed.has(path)) r.problems.push({ code: "e.added", file: path, got: r.hashes.get(path) });
  await log(r);
  if (r.build) bound(r);
  if (r.build) await tags(r);
  const seen = new Set(), key = (p) => [p.code, p.file, p.entry].join(" ");
  r.problems = r.problems.filter((p) => !seen.has(key(p)) && seen.add(key(p)));
  r.stamps = paths.filter((p) => /^[^/]+\.tsr$/.test(p));
  return r;
}

async function text(r, path) {
  if (!r.bag.has(path)) { r.problems.push({ code: "e.missing", file: path }); return null; }
  try { return plain.decode(await r.bag.get(path).arrayBuffer()); } catch { r.problems.push({ code: "e.form", file: path }); return null; }
}

async function manifest(r, name, listed) {
  const body = await text(r, name);
  if (body === null) return;
  for (const line of body.split("\n").slice(0, -1)) {
    const m = /^([0-9a-f]{64})  (.+)$/.exec(line);
    if (!m) { r.problems.push({ code: "e.form", file: name }); return; }
    listed.add(m[2]);
    expect(r, m[2], m[1], "e.manifest");
  }
}

// expect holds a file against a hash that something vouches for.
function expect(r, path, want, code) {
  if (!r.bag.has(path)) r.problems.push({ code: "e.missing", file: path, want });
  else if (r.hashes.has(path) && r.hashes.get(path) !== want) r.problems.push({ code, file: path, want, got: r.hashes.get(path) });
}

// log reads entries, proofs and seal, and leads every entry to the seal's root.
async function log(r) {
  const [lines, proofs, seal] = [await text(r, entriesPath), await text(r, proofsPath), await text(r, sealPath)];
  if (lines === null || proofs === null || seal === null) return;
  let list;
  try {
    r.entries = lines.split("\n").slice(0, -1).map((l) => JSON.parse(l));
    list = JSON.parse(proofs).map((p) => ({ number: p.number, path: p.hashes.map(fromBase64) }));
  } catch { r.problems.push({ code: "e.form", file: entriesPath }); return; }
  const first = r.entries[0];
  r.key = first && first.number === 1 && first.action === "case.create" && first.detail && first.detail.public_key;
  if (!r.key) { r.problems.push({ code: "e.first", file: entriesPath }); return; }
  try { r.seal = await openSeal(seal, r.key); } catch { r.problems.push({ code: "e.seal", file: sealPath }); return; }
  if (r.seal.signed === false) r.problems.push({ code: "e.seal", file: sealPath });
  if (r.seal.signed === null) r.unchecked.push({ code: "e.noed", file: sealPath });
  const rows = lines.split("\n");
  for (const [i, e] of r.entries.entries()) {
    const p = list[i], root = p && p.number === e.number ? await rootOf(utf8.encode(rows[i]), e.number, r.seal.size, p.path) : null;
    if (!root || hex(root) !== hex(r.seal.root)) r.problems.push({ code: "e.proof", file: entriesPath, entry: e.number });
  }
  if (list.length !== r.entries.length) r.problems.push({ code: "e.form", file: proofsPath });
  const builds = r.entries.filter((e) => e.action === "packet.build");
  if (builds.length !== 1) { r.problems.push({ code: "e.nobuild", file: entriesPath }); return; }
  r.build = builds[0];
}

// tags holds bagit.txt and bag-info.txt against the text that follows from packet.build and the payload.
async function tags(r) {
  const detail = r.build.detail || {}, data = [...r.bag].filter(([p]) => p.startsWith("data/"));
  const rows = ["Bagging-Date: " + r.build.time.slice(0, 10), "External-Identifier: " + detail.name, "Payload-Oxum: " + data.reduce((n, [, f]) => n + f.size, 0) + "." + data.length];
  for (const [k, v] of Object.entries(detail)) if (k.startsWith("bag:")) rows.push(k.slice(4) + ": " + v);
  for (const [name, reason] of r.left) rows.push("Left-Out: " + name + ": " + reason);
  const order = new Map(rows.map((row) => [row, hex(utf8.encode(row))]));
  rows.sort((a, b) => order.get(a) < order.get(b) ? -1 : 1);
  if (await text(r, "bag-info.txt") !== rows.join("\n") + "\n") r.problems.push({ code: "e.info", file: "bag-info.txt" });
  if (await text(r, "bagit.txt") !== "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n") r.problems.push({ code: "e.info", file: "bagit.txt" });
}

// placeOf is where an artifact lies: under its name, or under its hash if no file system would bear the name.
function placeOf(bag, exhibit, a) {
  const folder = "data/證物/" + exhibit + "/", own = folder + a.name, hashed = folder + a.sha256 + ".bin";
  return !bag.has(own) && bag.has(hashed) ? hashed : own;
}

// numbers writes ascending numbers as "1,4-7", as the entry packet.build does.
function numbers(list) {
  const parts = [];
  for (let i = 0, j; i < list.length; i = j + 1) {
    for (j = i; list[j + 1] === list[j] + 1; j++);
    parts.push(j > i ? list[i] + "-" + list[j] : String(list[i]));
  }
  return parts.join(",");
}

// bound holds the payload against the entries: packet.build, the admissions, the rendered papers.
function bound(r) {
  const detail = r.build.detail || {}, listed = new Set([entriesPath, proofsPath]), papers = new Map();
  const others = numbers(r.entries.map((e) => e.number).filter((n) => n !== r.build.number));
  if (detail.entries !== others) r.problems.push({ code: "e.numbers", file: entriesPath, want: detail.entries, got: others });
  for (const a of r.build.artifacts || []) { listed.add("data/" + a.name); expect(r, "data/" + a.name, a.sha256, "e.build"); }
  for (const [path, hash] of r.hashes) if (path.startsWith("data/") && !listed.has(path)) r.problems.push({ code: "e.added", file: path, got: hash });
  for (const [k, reason] of Object.entries(detail)) if (k.startsWith("left-out:")) r.left.push([k.slice("left-out:".length), reason]);
  const left = new Set(r.left.map(([name]) => name));
  for (const e of r.entries) for (const a of e.artifacts || []) {
    if (e.action === "exhibit.admit" && !left.has(e.object + "/" + a.name)) expect(r, placeOf(r.bag, e.object, a), a.sha256, "e.admit");
    if (e.action === "document.render") papers.set("data/" + a.name, a.sha256);
  }
  for (const [path, hash] of papers) expect(r, path, hash, "e.render");
}
