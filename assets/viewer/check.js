// The check: what yuzheng verify does, as far as a browser can. No word of a file is ever taken as markup.
const entriesPath = "data/07_監管鏈/custody.jsonl", proofsPath = "data/07_監管鏈/proofs.json", sealPath = "seal.txt";

class Refusal extends Error {}

const lists = ["manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt"], own = ["bagit.txt", "bag-info.txt", sealPath, ...lists];
// signaturePath is over the last of the lists, which so cannot name it; signerOf is the certificate that the sealed entry says it is by.
const signaturePath = "signature.p7s", signerOf = (r) => (r.build && r.build.detail && r.build.detail["bag:Signer-Certificate-SHA256"]) || "";
const tagFile = (p) => own.includes(p) || /^[^/]+\.tsr$/.test(p);

// folderBag reads what a folder input gives: the bag is where bagit.txt lies; what lies beside it was not handed over as the packet.
function folderBag(list) {
  const files = Array.from(list, (f) => [(f.webkitRelativePath || f.name).normalize("NFC"), f]);
  const home = files.map(([p]) => p).filter((p) => /(^|\/)bagit\.txt$/.test(p)).sort((a, b) => a.length - b.length)[0];
  if (home === undefined) throw new Refusal(files.some(([p]) => /\.zip$/i.test(p)) ? "e.zipinside" : "e.nobag");
  const base = home.slice(0, -"bagit.txt".length), bag = new Map();
  for (const [p, f] of files) if (p.startsWith(base)) bag.set(p.slice(base.length), f);
  return { bag, problems: [], notes: [] };
}

// zipBag reads a ZIP by its directory: this program's own, or one that another program made of the same contents.
async function zipBag(file) {
  const read = async (from, to) => new DataView(await file.slice(from, to).arrayBuffer());
  const tail = Math.max(0, file.size - 66000), end = await read(tail, file.size);
  let e = end.byteLength - 22;
  while (e >= 0 && !(end.getUint32(e, true) === 0x06054b50 && e + 22 + end.getUint16(e + 20, true) === end.byteLength)) e--;
  if (e < 0) throw new Refusal("e.zip");
  const offset = end.getUint32(e + 16, true), count = end.getUint16(e + 10, true);
  if (offset === 0xffffffff || count === 0xffff || offset > tail + e) throw new Refusal("e.zip");
  const d = await read(offset, tail + e), members = [];
  let at = 0, other = end.getUint16(e + 20, true) > 0 ? count : 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > d.byteLength || d.getUint32(at, true) !== 0x02014b50) throw new Refusal("e.zip");
    const nameLen = d.getUint16(at + 28, true), packed = d.getUint32(at + 20, true), start = d.getUint32(at + 42, true), method = d.getUint16(at + 10, true);
    if (at + 46 + nameLen > d.byteLength || packed === 0xffffffff || start + 30 > file.size || (method !== 0 && method !== 8) || d.getUint16(at + 8, true) & 1) throw new Refusal("e.zip");
    if (method !== 0 || d.getUint16(at + 8, true) !== 0x0800 || d.getUint32(at + 12, true) !== 0x00210000) other++;
    const local = await read(start, start + 30), from = start + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    members.push({ name: memberName(new Uint8Array(d.buffer, at + 46, nameLen)), method, blob: file.slice(from, from + packed) });
    at += 46 + nameLen + d.getUint16(at + 30, true) + d.getUint16(at + 32, true);
  }
  return takeMembers(members, other * 2 > count);
}

// memberName reads a name as other programs write it: UTF-8, the code page of a Taiwanese Windows, back slashes, decomposed letters.
function memberName(raw) {
  let name;
  try { name = plain.decode(raw); } catch { name = new TextDecoder("big5").decode(raw); }
  return name.replaceAll("\\", "/").normalize("NFC");
}

async function takeMembers(members, repacked) {
  const home = members.map((m) => m.name).filter((p) => /(^|\/)bagit\.txt$/.test(p)).sort((a, b) => a.split("/").length - b.split("/").length)[0];
  if (home === undefined) throw new Refusal(members.some((m) => /\.zip$/i.test(m.name)) ? "e.zipinside" : "e.nobag");
  const base = home.slice(0, -"bagit.txt".length), bag = new Map(), problems = [];
  for (const m of members) {
    if (m.name.endsWith("/")) continue;
    const path = m.name.startsWith(base) ? m.name.slice(base.length) : "../" + m.name;
    if (bag.has(path)) problems.push({ code: "e.twice", file: path });
    try { bag.set(path, m.method === 0 ? m.blob : await inflate(m.blob)); } catch { bag.set(path, new Blob([])); problems.push({ code: "e.unpack", file: path }); }
  }
  return { bag, problems, notes: repacked ? [{ code: "e.repacked", file: "" }] : [] };
}

async function inflate(blob) {
  if (typeof DecompressionStream === "undefined") throw new Refusal("e.zip");
  return new Response(blob.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
}

// systemKinds are what systems and editors leave beside a packet: how they are called and how they begin. What a list names is evidence.
const starts = (...with_) => (head) => with_.some((w) => head.startsWith(w));
const systemKinds = [
  [/^\.DS_Store$/, starts("\0\0\0\x01Bud1")], [/^\._/, starts("\0\x05\x16\x07")], [/^(eh)?Thumbs\.db$/i, starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
  [/^desktop\.ini$/, starts("[", "\r\n[", "\xff\xfe[\0", "\xff\xfe\r\0\n\0[\0", "\xef\xbb\xbf[")], [/:Zone\.Identifier$/, starts("[ZoneTransfer]")],
  [/^~\$/, (head) => head.length > 50 && head.charCodeAt(0) > 0 && head.charCodeAt(0) < 64], [/^\.~lock\..*#$/, (head) => head.split(",").length > 2], [/^\.directory$/, starts("[")],
];

async function setAside(r) {
  const listed = new Set([...r.listed.keys(), ...((r.build && r.build.artifacts) || []).map((a) => "data/" + a.name)]);
  for (const [path, blob] of [...r.bag]) {
    const kind = listed.has(path) ? null : systemKinds.find(([name]) => name.test(path.split("/").pop()));
    if (!kind) continue;
    const head = String.fromCharCode(...new Uint8Array(await blob.slice(0, 512).arrayBuffer()));
    if (!kind[1](head)) continue;
    r.bag.delete(path);
    r.hashes.delete(path);
    r.notes.push({ code: "e.system", file: path });
  }
}

// check returns everything that the page shows of a check: problems has one for each file at fault, what follows from it in follows.
async function check({ bag, problems, notes }, progress) {
  const r = { bag, problems: [...problems], notes: [...(notes || [])], unchecked: [], hashes: new Map(), entries: [], stamps: [], left: [], listed: new Map() };
  const all = [...bag.keys()].sort();
  for (const [i, path] of all.entries()) {
    progress(i + 1, all.length, path);
    try { r.hashes.set(path, await hashBlob(bag.get(path))); } catch { r.unchecked.push({ code: "e.unread", file: path }); }
  }
  for (const name of lists) await manifest(r, name);
  await log(r);
  await setAside(r);
  for (const path of r.hashes.keys()) {
    if (path.split("/").some((p) => p === "..")) r.problems.push({ code: path.startsWith("../") ? "e.beside" : "e.path", file: path });
    else if (!r.listed.has(path) && path !== lists[2] && !(path === signaturePath && (signerOf(r) || !r.build))) r.problems.push({ code: "e.added", file: path, got: r.hashes.get(path), by: [path.startsWith("data/") ? lists[0] : lists[2]] });
  }
  if (signerOf(r) && !r.bag.has(signaturePath)) r.problems.push({ code: "e.missing", file: signaturePath, by: [entriesPath] });
  for (const [path, lines] of r.listed) for (const l of lines) expect(r, path, l.hash, "e.manifest", l.name);
  if (r.build) bound(r);
  if (r.build) await tags(r);
  const seen = new Set(), key = (p) => [p.code, p.file, p.entry, p.by].join(" ");
  r.problems = causes(r.problems.filter((p) => !seen.has(key(p)) && seen.add(key(p))), await witnesses(r));
  if (r.problems.length > 0) r.notes = r.notes.filter((n) => n.code !== "e.repacked"); // it says that the contents are equal
  for (const f of [...bag.keys()].sort()) if (/^[^/]+\.tsr$/.test(f)) r.stamps.push({ f, at: stampedAt(new Uint8Array(await bag.get(f).arrayBuffer())) });
  return r;
}

// stampedAt finds the time in a time stamp (RFC 3161, TSTInfo.genTime), in seconds since 1970: it is the first GeneralizedTime after the type
// of what was signed.
function stampedAt(der) {
  const text = String.fromCharCode(...der), at = text.indexOf("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04");
  const m = at < 0 ? null : /\x18[\x0f-\x1f](\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z/.exec(text.slice(at));
  return m ? Date.UTC(+m[1], m[2] - 1, +m[3], +m[4], +m[5], +m[6]) / 1000 : null;
}

// witnesses say which files are what they should be (the sealed log, the manifests), and which are listed under another name.
async function witnesses(r) {
  const cleared = new Set(r.sound ? [entriesPath, proofsPath, sealPath] : []), missing = new Map(), renamed = new Map();
  for (const [path, list] of r.listed) for (const l of list) {
    if (!r.bag.has(path)) missing.set(l.hash, path);
    else if (r.hashes.get(path) === l.hash) cleared.add(path);
  }
  if (r.sound && r.build) for (const a of r.build.artifacts || []) {
    const path = "data/" + a.name;
    if (!r.bag.has(path)) missing.set(a.sha256, path);
    if (r.hashes.get(path) === a.sha256) cleared.add(path); else cleared.delete(path);
  }
  for (const [name, mine] of [[lists[0], (p) => p.startsWith("data/")], [lists[2], (p) => !p.startsWith("data/") && p !== lists[2] && p !== signaturePath]]) {
    const lines = [...r.listed].flatMap(([path, list]) => list.filter((l) => l.name === name).map((l) => r.hashes.get(path) === l.hash)), there = [...r.hashes.keys()].filter(mine);
    if (lines.every((same) => same) && lines.length === there.length) cleared.add(name);
  }
  const logged = new Set(r.sound && r.build ? (r.build.artifacts || []).map((a) => "data/" + a.name) : []);
  for (const p of r.problems) {
    const is = p.code === "e.added" && !r.listed.has(p.file) && !logged.has(p.file) && !tagFile(p.file) && missing.get(r.hashes.get(p.file));
    if (is && ![...renamed.values()].includes(is)) renamed.set(p.file, is);
  }
  return { cleared, renamed };
}

// near reports whether two hashes share most of their digits: one of them was miswritten.
const near = (a, b) => !!a && !!b && a.length === 64 && b.length === 64 && [...a].filter((c, i) => c !== b[i]).length < 16;

// causes gathers problems under the files that are at fault for them, as package packet does (cause.go).
function causes(problems, w) {
  const suspects = (p) => {
    if (w.renamed.has(p.file)) return [w.renamed.get(p.file)];
    const by = (p.by || []).filter((f) => !w.cleared.has(f));
    if (near(p.want, p.got) && by.length > 0) return by;
    const all = (w.cleared.has(p.file) ? [] : [p.file]).concat(by).map((f) => w.renamed.get(f) || f);
    return all.length > 0 ? all : [p.file];
  };
  let left = problems.map((p) => ({ p, suspects: suspects(p) }));
  const out = [];
  while (left.length > 0) {
    const weight = new Map();
    for (const d of left) for (const s of d.suspects) weight.set(s, (weight.get(s) || 0) + 1 + (d.suspects.length === 1 ? left.length : 0));
    const at = [...weight.keys()].sort((a, b) => weight.get(b) - weight.get(a) || lists.includes(a) - lists.includes(b) || (a < b ? -1 : 1))[0];
    out.push(gather(at, left.filter((d) => d.suspects.includes(at)).map((d) => d.p), w));
    left = left.filter((d) => !d.suspects.includes(at));
  }
  return out.sort((a, b) => a.file < b.file ? -1 : 1);
}

// rank orders the problems of one file: the first names the cause best.
const rank = ["e.path", "e.beside", "e.twice", "e.admit", "e.render", "e.build", "e.missing", "e.added", "e.seal", "e.form", "e.first", "e.proof", "e.nobuild", "e.numbers", "e.info", "e.manifest", "e.unpack"];

function gather(at, list, w) {
  const mine = list.filter((p) => p.file === at).sort((a, b) => rank.indexOf(a.code) - rank.indexOf(b.code))[0];
  const other = [...w.renamed].find(([, is]) => is === at);
  if (other) return { code: "e.renamed", file: at, want: at, got: other[0], follows: list };
  if (!mine) return { code: lists.includes(at) ? "e.wrong" : "e.build", file: at, follows: list };
  return { ...mine, follows: list.filter((p) => p !== mine) };
}

async function text(r, path) {
  if (!r.bag.has(path)) { r.problems.push({ code: "e.missing", file: path }); return null; }
  try { return plain.decode(await r.bag.get(path).arrayBuffer()); } catch { r.problems.push({ code: "e.form", file: path }); return null; }
}

// manifest reads a list of hashes; the one of SHA-512 is held against the tag manifest alone.
async function manifest(r, name) {
  const body = await text(r, name);
  if (body === null || name === "manifest-sha512.txt") return;
  const lines = body.split("\n").slice(0, -1).map((line) => /^([0-9a-f]{64})  (.+)$/.exec(line));
  if (lines.includes(null)) { r.problems.push({ code: "e.form", file: name }); return; }
  for (const [, hash, path] of lines) r.listed.set(path, (r.listed.get(path) || []).concat({ name, hash }));
}

// expect holds a file against a hash that something vouches for.
function expect(r, path, want, code, by) {
  if (!r.bag.has(path)) r.problems.push({ code: "e.missing", file: path, want, by: [by] });
  else if (r.hashes.has(path) && r.hashes.get(path) !== want) r.problems.push({ code, file: path, want, got: r.hashes.get(path), by: [by] });
}

// fingerprint is the key's text in eight blocks of five digits, for the telephone: each block is four bytes of its SHA-256, modulo 100000.
function fingerprint(key) {
  const hash = hex(new Sha256().update(utf8.encode(key)).digest());
  return hash.match(/.{8}/g).map((part) => String(parseInt(part, 16) % 100000).padStart(5, "0")).join(" ");
}

// log reads entries, proofs and seal, and leads every entry to the seal's root.
async function log(r) {
  const [lines, proofs, seal] = [await text(r, entriesPath), await text(r, proofsPath), await text(r, sealPath)];
  if (lines === null || proofs === null || seal === null) return;
  const before = r.problems.length;
  let list = [];
  try { r.entries = lines.split("\n").slice(0, -1).map((l) => JSON.parse(l)); } catch { r.problems.push({ code: "e.form", file: entriesPath }); return; }
  try { list = JSON.parse(proofs).map((p) => ({ number: p.number, path: p.hashes.map(fromBase64) })); } catch { r.problems.push({ code: "e.form", file: proofsPath }); }
  const first = r.entries[0];
  r.key = first && first.number === 1 && first.action === "case.create" && first.detail && first.detail.public_key;
  if (!r.key) { r.problems.push({ code: "e.first", file: entriesPath }); return; }
  try { r.seal = await openSeal(seal, r.key); } catch { r.problems.push({ code: "e.seal", file: sealPath, by: [entriesPath] }); return; }
  if (r.seal.signed === false) r.problems.push({ code: "e.seal", file: sealPath, by: [entriesPath] });
  if (r.seal.signed === null) r.unchecked.push({ code: "e.noed", file: sealPath });
  const rows = lines.split("\n");
  for (const [i, e] of r.entries.entries()) {
    const p = list[i], root = p && p.number === e.number ? await rootOf(utf8.encode(rows[i]), e.number, r.seal.size, p.path) : null;
    if (!root || hex(root) !== hex(r.seal.root)) r.problems.push({ code: "e.proof", file: entriesPath, entry: e.number, by: [proofsPath, sealPath] });
  }
  if (list.length !== r.entries.length) r.problems.push({ code: "e.form", file: proofsPath, by: [entriesPath] });
  r.sound = r.problems.length === before;
  const builds = r.entries.filter((e) => e.action === "packet.build");
  if (builds.length !== 1) { r.problems.push({ code: "e.nobuild", file: entriesPath }); return; }
  r.build = builds[0];
}

// infoText is bag-info.txt for a payload of these sizes.
function infoText(r, sizes) {
  const detail = r.build.detail || {};
  const rows = ["Bagging-Date: " + r.build.time.slice(0, 10), "External-Identifier: " + detail.name, "Payload-Oxum: " + sizes.reduce((n, s) => n + s, 0) + "." + sizes.length];
  for (const [k, v] of Object.entries(detail)) if (k.startsWith("bag:")) rows.push(k.slice(4) + ": " + v);
  for (const [name, reason] of r.left) rows.push("Left-Out: " + name + ": " + reason);
  const order = new Map(rows.map((row) => [row, hex(utf8.encode(row))]));
  return rows.sort((a, b) => order.get(a) < order.get(b) ? -1 : 1).join("\n") + "\n";
}

// tags holds bagit.txt and bag-info.txt against the text that follows from packet.build and the payload. What bag-info.txt counts follows from
// both: where they disagree, what is wrong with the payload explains it.
async function tags(r) {
  const data = [...r.bag].filter(([p]) => p.startsWith("data/")), logged = new Map((r.build.artifacts || []).map((a) => ["data/" + a.name, a.size]));
  for (const p of [entriesPath, proofsPath]) if (r.bag.has(p)) logged.set(p, r.bag.get(p).size);
  const info = await text(r, "bag-info.txt"), counted = infoText(r, data.map(([, f]) => f.size)) === info, said = infoText(r, [...logged.values()]) === info;
  const others = data.filter(([p, f]) => logged.get(p) !== f.size).map(([p]) => p).concat([...logged.keys()].filter((p) => !r.bag.has(p)));
  if (!counted || !said) r.problems.push({ code: counted || said ? "e.count" : "e.info", file: "bag-info.txt", by: counted || said ? [entriesPath, ...others] : [entriesPath, proofsPath] });
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
  for (const a of r.build.artifacts || []) { listed.add("data/" + a.name); expect(r, "data/" + a.name, a.sha256, "e.build", entriesPath); }
  for (const [path, hash] of r.hashes) if (path.startsWith("data/") && !listed.has(path)) r.problems.push({ code: "e.added", file: path, got: hash, by: [entriesPath] });
  for (const [k, reason] of Object.entries(detail)) if (k.startsWith("left-out:")) r.left.push([k.slice("left-out:".length), reason]);
  const left = new Set(r.left.map(([name]) => name));
  for (const e of r.entries) for (const a of e.artifacts || []) {
    if (e.action === "exhibit.admit" && !left.has(e.object + "/" + a.name)) expect(r, placeOf(r.bag, e.object, a), a.sha256, "e.admit", entriesPath);
    if (e.action === "document.render") papers.set("data/" + a.name, a.sha256);
  }
  for (const [path, hash] of papers) expect(r, path, hash, "e.render", entriesPath);
}
