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

// zipBag reads a ZIP by its directory: this program's own, every byte of which follows from its contents, or one that another program made of the
// same contents. Of that one members must stand one behind the other, each described alike in both places, so that every reader finds the same.
async function zipBag(file) {
  const read = async (from, to) => new DataView(await file.slice(from, to).arrayBuffer());
  const tail = Math.max(0, file.size - 66000), end = await read(tail, file.size);
  let e = end.byteLength - 22;
  while (e >= 0 && !(end.getUint32(e, true) === 0x06054b50 && e + 22 + end.getUint16(e + 20, true) === end.byteLength)) e--;
  if (e < 0) throw new Refusal("e.zip");
  const offset = end.getUint32(e + 16, true), count = end.getUint16(e + 10, true);
  if (offset === 0xffffffff || count === 0xffff || offset > tail + e) throw new Refusal("e.zip");
  const d = await read(offset, tail + e), members = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > d.byteLength || d.getUint32(at, true) !== 0x02014b50) throw new Refusal("e.zip");
    const m = { flags: d.getUint16(at + 8, true), method: d.getUint16(at + 10, true), crc: d.getUint32(at + 16, true), packed: d.getUint32(at + 20, true), size: d.getUint32(at + 24, true),
      kind: d.getUint16(at + 4, true) >> 8 === 3 ? d.getUint32(at + 38, true) >>> 28 : 0, start: d.getUint32(at + 42, true) };
    const nameLen = d.getUint16(at + 28, true), next = at + 46 + nameLen + d.getUint16(at + 30, true) + d.getUint16(at + 32, true);
    if (next > d.byteLength || m.packed === 0xffffffff || m.start + 30 > file.size || (m.method !== 0 && m.method !== 8) || m.flags & 1) throw new Refusal("e.zip");
    m.raw = new Uint8Array(d.buffer, at + 46, nameLen);
    m.name = memberName(m.raw);
    m.record = new Uint8Array(d.buffer, at, next - at);
    m.extra = new DataView(d.buffer, at + 46 + nameLen, d.getUint16(at + 30, true));
    m.local = await read(m.start, m.start + 30 + nameLen);
    m.from = m.start + 30 + m.local.getUint16(26, true) + m.local.getUint16(28, true);
    if (m.from !== m.start + m.local.byteLength) m.local = await read(m.start, m.from);
    m.blob = file.slice(m.from, m.from + m.packed);
    members.push(m);
    at = next;
  }
  const own = ownForm(members, offset), whole = offset + at === tail + e, comment = end.getUint16(e + 20, true);
  const repacked = own.length > count || (comment > 0 && own.length === 0), problems = repacked ? tiled(members, offset) : own;
  if (!whole || offset !== Math.max(0, ...members.map((m) => m.after || 0))) problems.push({ code: "e.gap", file: "" });
  return takeMembers(members, problems, repacked);
}

// ownForm compares headers and order with those that this program writes (layout.go).
function ownForm(members, offset) {
  const problems = [];
  let at = 0;
  for (const [i, m] of members.entries()) {
    const common = (v) => { v.setUint16(0, 20, true); v.setUint16(2, 0x0800, true); v.setUint32(4, 0, true); v.setUint16(8, 0x21, true); v.setUint32(10, m.crc, true); v.setUint32(14, m.size, true); v.setUint32(18, m.size, true); v.setUint16(22, m.raw.length, true); v.setUint16(24, 0, true); };
    const local = new DataView(new ArrayBuffer(30)), central = new DataView(new ArrayBuffer(46));
    local.setUint32(0, 0x04034b50, true); common(new DataView(local.buffer, 4));
    central.setUint32(0, 0x02014b50, true); central.setUint16(4, 0x0314, true); common(new DataView(central.buffer, 6)); central.setUint32(38, 0x81a40000, true); central.setUint32(42, at, true);
    const bytes = (v, ...more) => hex(join(new Uint8Array(v.buffer), ...more)), wrong = [hex(new Uint8Array(m.local.buffer)) !== bytes(local, m.raw), hex(m.record) !== bytes(central, m.raw), i > 0 && hex(members[i - 1].raw) >= hex(m.raw)];
    for (const is of wrong) if (is) problems.push({ code: "e.zipform", file: m.name, member: true });
    at = m.after = at + 30 + m.raw.length + m.size;
  }
  return problems;
}

// tiled walks the members of another program's ZIP from its first byte to its directory.
function tiled(members, offset) {
  const problems = [];
  let at = 0;
  for (const m of [...members].sort((a, b) => a.start - b.start)) {
    const l = m.local, full = (at, n) => l.getUint32(at, true) === n || l.getUint32(at, true) === 0xffffffff;
    const nameLen = l.byteLength >= 30 && l.getUint32(0, true) === 0x04034b50 ? l.getUint16(26, true) : -1;
    const alike = m.start === at && nameLen === m.raw.length && hex(new Uint8Array(l.buffer, 30, nameLen)) === hex(m.raw) && l.getUint16(8, true) === m.method && ((l.getUint16(6, true) ^ m.flags) & 0x809) === 0 &&
      (m.flags & 8 || (l.getUint32(14, true) === m.crc && full(18, m.packed) && full(22, m.size))) && !renames(m.extra, m.name) && !renames(new DataView(l.buffer, 30 + nameLen), m.name);
    if (!alike) problems.push({ code: "e.zipform", file: m.name, member: true });
    const end = m.from + m.packed, later = members.map((o) => o.start).filter((s) => s >= end).concat(offset), next = Math.min(...later);
    at = m.after = m.flags & 8 && [12, 16, 20, 24].includes(next - end) ? next : end;
  }
  return problems;
}

// renames reports whether an extra field (Info-ZIP Unicode Path) gives another name, which some programs follow.
function renames(extra, name) {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    const size = extra.getUint16(at + 2, true);
    if (at + 4 + size > extra.byteLength) return false;
    if (extra.getUint16(at, true) === 0x7075 && (size < 5 || memberName(new Uint8Array(extra.buffer, extra.byteOffset + at + 9, size - 5)) !== name)) return true;
  }
  return false;
}

// memberName reads a name as other programs write it: UTF-8, the code page of a Taiwanese Windows, back slashes, decomposed letters.
function memberName(raw) {
  let name;
  try { name = plain.decode(raw); } catch { name = new TextDecoder("big5").decode(raw); }
  return name.replaceAll("\\", "/").normalize("NFC");
}

async function takeMembers(members, found, repacked) {
  const home = members.map((m) => m.name).filter((p) => /(^|\/)bagit\.txt$/.test(p)).sort((a, b) => a.split("/").length - b.split("/").length)[0];
  if (home === undefined) throw new Refusal(members.some((m) => /\.zip$/i.test(m.name)) ? "e.zipinside" : "e.nobag");
  const base = home.slice(0, -"bagit.txt".length), bag = new Map(), zipped = new Map(), within = (p) => p.startsWith(base) ? p.slice(base.length) : "../" + p;
  const problems = found.map((p) => p.member ? { code: p.code, file: within(p.file) } : p);
  for (const m of members) {
    const path = within(m.name);
    if (m.name.endsWith("/")) {
      if (!members.some((o) => !o.name.endsWith("/") && o.name.startsWith(m.name))) problems.push({ code: "e.empty", file: m.name.startsWith(base) ? path : m.name });
      continue;
    }
    if (bag.has(path)) problems.push({ code: "e.twice", file: path });
    if (m.kind !== 0 && m.kind !== 8) problems.push({ code: "e.link", file: path });
    try { bag.set(path, m.method === 0 ? m.blob : await inflate(m.blob)); } catch { bag.set(path, new Blob([])); problems.push({ code: "e.unpack", file: path }); }
    zipped.set(path, m);
  }
  return { bag, zipped, folder: repacked ? "" : base.slice(0, -1), problems, notes: repacked ? [{ code: "e.repacked", file: "" }] : [] };
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
async function check({ bag, folder, zipped, problems, notes }, progress) {
  const r = { bag, problems: [...problems], notes: [...(notes || [])], unchecked: [], hashes: new Map(), longer: new Map(), entries: [], stamps: [], left: [], listed: new Map() };
  const all = [...bag.keys()].sort();
  for (const [i, path] of all.entries()) {
    progress(i + 1, all.length, path);
    try {
      const sums = await sumsOf(bag.get(path));
      r.hashes.set(path, sums.hash);
      r.longer.set(path, sums.longer);
      if (zipped && (zipped.get(path).crc !== sums.crc || zipped.get(path).size !== bag.get(path).size)) r.problems.push({ code: "e.crc", file: path });
    } catch { r.unchecked.push({ code: "e.unread", file: path }); }
  }
  for (const name of lists) await manifest(r, name);
  await log(r);
  await setAside(r);
  longer(r, r.listedLonger);
  for (const path of r.hashes.keys()) {
    if (path.split("/").some((p) => p === "..")) r.problems.push({ code: path.startsWith("../") ? "e.beside" : "e.path", file: path });
    else if (!r.listed.has(path) && path !== lists[2] && !(path === signaturePath && (signerOf(r) || !r.build))) r.problems.push({ code: "e.added", file: path, got: r.hashes.get(path), by: [path.startsWith("data/") ? lists[0] : lists[2]] });
  }
  for (const path of r.hashes.keys()) if (!/^(data|\.\.)\//.test(path) && !tagFile(path) && !(path === signaturePath && (signerOf(r) || !r.build))) r.problems.push({ code: "e.added", file: path });
  if (signerOf(r) && !r.bag.has(signaturePath)) r.problems.push({ code: "e.missing", file: signaturePath, by: [entriesPath] });
  for (const [path, lines] of r.listed) for (const l of lines) expect(r, path, l.hash, "e.manifest", l.name);
  if (r.build) bound(r);
  if (r.build) await tags(r);
  if (r.build && folder && r.build.detail && folder !== r.build.detail.name) r.problems.push({ code: "e.folder", file: "", want: r.build.detail.name, got: folder, by: [entriesPath] });
  await targets(r);
  await stamps(r);
  await signature(r);
  const seen = new Set(), key = (p) => [p.code, p.file, p.entry, p.by].join(" ");
  r.problems = causes(r.problems.filter((p) => !seen.has(key(p)) && seen.add(key(p))), await witnesses(r));
  if (r.problems.length > 0) r.notes = r.notes.filter((n) => n.code !== "e.repacked"); // it says that the contents are equal
  return r;
}

// witnesses say which files are what they should be (the sealed log, the manifests), and which are listed under another name.
async function witnesses(r) {
  const cleared = new Set(r.sound ? [entriesPath, proofsPath, sealPath] : []), sealed = new Set(cleared), missing = new Map(), renamed = new Map();
  for (const [path, list] of r.listed) for (const l of list) {
    if (!r.bag.has(path)) missing.set(l.hash, path);
    else if (r.hashes.get(path) === l.hash) cleared.add(path);
  }
  if (r.sound && r.build) for (const a of r.build.artifacts || []) {
    const path = "data/" + a.name;
    if (!r.bag.has(path)) missing.set(a.sha256, path);
    if (r.hashes.get(path) === a.sha256) { cleared.add(path); sealed.add(path); } else cleared.delete(path);
  }
  for (const [name, mine] of [[lists[0], (p) => p.startsWith("data/")], [lists[2], (p) => !p.startsWith("data/") && p !== lists[2] && p !== signaturePath]]) {
    const lines = [...r.listed].flatMap(([path, list]) => list.filter((l) => l.name === name).map((l) => r.hashes.get(path) === l.hash)), there = [...r.hashes.keys()].filter(mine);
    if (lines.every((same) => same) && lines.length === there.length) cleared.add(name);
  }
  if (r.signed) cleared.add(lists[2]);
  const logged = new Set(r.sound && r.build ? (r.build.artifacts || []).map((a) => "data/" + a.name) : []);
  for (const p of r.problems) {
    const is = p.code === "e.added" && !r.listed.has(p.file) && !logged.has(p.file) && !tagFile(p.file) && missing.get(r.hashes.get(p.file));
    if (is && ![...renamed.values()].includes(is)) renamed.set(p.file, is);
  }
  return { cleared, sealed, renamed };
}

// near reports whether two hashes share most of their digits: one of them was miswritten.
const near = (a, b) => [a, b].every((h) => /^[0-9a-f]{64}/.test(h || "")) && [...a.slice(0, 64)].filter((c, i) => c !== b[i]).length < 16;

// causes gathers problems under the files that are at fault for them, as package packet does (cause.go).
function causes(problems, w) {
  const suspects = (p) => {
    if (w.renamed.has(p.file)) return [w.renamed.get(p.file)];
    const by = (p.by || []).filter((f) => !w.cleared.has(f));
    if (near(p.want, p.got) && by.length > 0) return by;
    const all = (w.cleared.has(p.file) ? [] : [p.file]).concat(by).map((f) => w.renamed.get(f) || f);
    if (all.length > 0) return all;
    const open = [p.file, ...(p.by || [])].filter((f) => !w.sealed.has(f)); // lists can be made anew, what is sealed cannot
    return open.length > 0 ? open : [p.file];
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
const rank = ["e.path", "e.beside", "e.twice", "e.link", "e.empty", "e.admit", "e.render", "e.build", "e.missing", "e.added", "e.seal", "e.form", "e.first", "e.proof", "e.nobuild", "e.numbers", "e.stamp", "e.early", "e.sign", "e.signer", "e.folder", "e.info", "e.manifest", "e.targets",
  "e.unpack", "e.crc", "e.zipform", "e.gap"];

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

// longer holds the payload against the manifest of SHA-512; what is too large for the browser to hash so is left to SHA-256.
function longer(r, listed) {
  const problems = [], by = [lists[1]];
  if (!listed) return; // told already
  for (const path of r.hashes.keys()) {
    const want = listed.get(path), got = r.longer.get(path);
    if (path.startsWith("data/") && !want) problems.push({ code: "e.added", file: path, by });
    else if (want && got && want !== got) problems.push({ code: "e.manifest", file: path, want, got, by });
  }
  for (const path of listed.keys()) if (!r.bag.has(path) || !path.startsWith("data/")) problems.push({ code: "e.missing", file: path, by });
  r.problems.push(...problems);
}

// manifest reads a list of hashes in its one form.
async function manifest(r, name) {
  const body = await text(r, name);
  if (body === null) return;
  const lines = body.split("\n").slice(0, -1).map((line) => /^([0-9a-f]{64}|[0-9a-f]{128})  (.+)$/.exec(line)), order = (l) => hex(utf8.encode(l[2]));
  const form = !lines.includes(null) && lines.every((l, i) => l[1].length === (name === lists[1] ? 128 : 64) && (i === 0 || order(lines[i - 1]) < order(l))) && lines.map((l) => l[0] + "\n").join("") === body;
  if (!form) { r.problems.push({ code: "e.form", file: name }); return; }
  if (name === lists[1]) { r.listedLonger = new Map(lines.map(([, hash, path]) => [path, hash])); return; }
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
  if (!lines.endsWith("\n")) { r.problems.push({ code: "e.form", file: entriesPath }); return; }
  const before = r.problems.length;
  let list = [];
  try { r.entries = lines.split("\n").slice(0, -1).map((l) => JSON.parse(l)); } catch { r.problems.push({ code: "e.form", file: entriesPath }); return; }
  try { list = JSON.parse(proofs).map((p) => ({ number: p.number, path: p.hashes.map(fromBase64) })); } catch { r.problems.push({ code: "e.form", file: proofsPath }); }
  if (list.length > 0 && "[\n" + JSON.parse(proofs).map((p) => JSON.stringify({ number: p.number, hashes: p.hashes })).join(",\n") + "\n]\n" !== proofs) r.problems.push({ code: "e.form", file: proofsPath });
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
