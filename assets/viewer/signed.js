// Time stamps (RFC 3161) and the signature over the packet (CMS, RFC 5652), as far as a browser can judge them: what they are over, and by which
// certificate. Whether anybody should trust that certificate it cannot tell.
const oids = {
  tst: "06 0b 2a 86 48 86 f7 0d 01 09 10 01 04", digest: "06 09 2a 86 48 86 f7 0d 01 09 04", rsa: "06 09 2a 86 48 86 f7 0d 01 01 01", ec: "06 07 2a 86 48 ce 3d 02 01",
  "SHA-256": "06 09 60 86 48 01 65 03 04 02 01", "SHA-384": "06 09 60 86 48 01 65 03 04 02 02", "SHA-512": "06 09 60 86 48 01 65 03 04 02 03",
  "P-256": "06 08 2a 86 48 ce 3d 03 01 07", "P-384": "06 05 2b 81 04 00 22", "P-521": "06 05 2b 81 04 00 23",
};
const oid = (name) => oids[name].replaceAll(" ", ""), hashOf = (node) => ["SHA-256", "SHA-384", "SHA-512"].find((h) => oid(h) === hex(node.all));

// node reads one DER value; what is no DER throws.
function node(bytes, at = 0) {
  let len = bytes[at + 1], from = at + 2;
  if (len > 0x80 && len < 0x85) {
    const n = len - 0x80;
    len = 0;
    for (let i = 0; i < n; i++) len = len * 256 + bytes[from++];
  }
  if (!(len >= 0) || len === 0x80 || from + len > bytes.length) throw new Error("DER");
  return { tag: bytes[at], all: bytes.subarray(at, from + len), in: bytes.subarray(from, from + len) };
}

// inside lists the values in a value.
function inside(n) {
  const list = [];
  for (let at = 0; at < n.in.length; at += list[list.length - 1].all.length) list.push(node(n.in, at));
  return list;
}

async function digestOf(name, bytes) {
  if (name === "SHA-256") return hex(await sha256(bytes));
  return subtle && name ? hex(new Uint8Array(await subtle.digest(name, bytes))) : null;
}

// stampSays finds what a time stamp is over, and its time in seconds since 1970.
function stampSays(der) {
  const text = hex(der), at = text.indexOf(oid("tst"));
  if (at < 0 || at % 2) throw new Error("no time stamp");
  const [, , imprint, , time] = inside(inside(inside(node(der, at / 2 + 13))[0])[0]), [algorithm, hash] = inside(imprint);
  const m = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(String.fromCharCode(...time.in));
  if (!m) throw new Error("no time");
  return { hash: hashOf(inside(algorithm)[0]), imprint: hex(hash.in), at: Date.UTC(+m[1], m[2] - 1, +m[3], +m[4], +m[5], +m[6]) / 1000 };
}

// stamps holds each time stamp against the seal and the entries under it; clocks may be five minutes apart.
async function stamps(r) {
  for (const f of [...r.bag.keys()].sort()) {
    if (!/^[^/]+\.tsr$/.test(f)) continue;
    const stamp = { f, at: null };
    r.stamps.push(stamp);
    try {
      const says = stampSays(new Uint8Array(await r.bag.get(f).arrayBuffer()));
      stamp.at = says.at;
      const want = r.bag.has(sealPath) ? await digestOf(says.hash, new Uint8Array(await r.bag.get(sealPath).arrayBuffer())) : null;
      if (want && want !== says.imprint) r.problems.push({ code: "e.stamp", file: f, want, got: says.imprint, by: [sealPath] });
      else if (r.entries.some((e) => Date.parse(e.time) / 1000 > says.at + 300)) r.problems.push({ code: "e.early", file: f, by: [entriesPath] });
    } catch {
      r.problems.push({ code: "e.stamp", file: f, by: [sealPath] });
    }
  }
}

// signature holds the signature against the list of the tag files, and against the certificate that the sealed entry names.
async function signature(r) {
  if (!signerOf(r) || !r.bag.has(signaturePath) || !r.bag.has(lists[2])) return;
  const bad = (code, by) => r.problems.push({ code, file: signaturePath, by: [by] });
  try {
    const content = new Uint8Array(await r.bag.get(lists[2]).arrayBuffer()), der = new Uint8Array(await r.bag.get(signaturePath).arrayBuffer());
    const cms = node(der), parts = inside(inside(inside(cms)[1])[0]), signers = inside(parts[parts.length - 1]);
    if (cms.all.length !== der.length || signers.length !== 1) throw new Error("CMS");
    const [, , algorithm, attributes, , value] = inside(signers[0]), hash = hashOf(inside(algorithm)[0]);
    const said = inside(attributes).map(inside).find(([type]) => hex(type.all) === oid("digest")), over = await digestOf(hash, content);
    let cert = null;
    for (const c of inside(parts.find((p) => p.tag === 0xa0))) if (hex(await sha256(c.all)) === signerOf(r)) cert = c;
    if (!cert) return bad("e.signer", entriesPath);
    if (over && hex(inside(said[1])[0].in) !== over) return bad("e.sign", lists[2]);
    if (!subtle || !over) return r.unchecked.push({ code: "e.nosign", file: signaturePath });
    const signed = attributes.all.slice();
    signed[0] = 0x31; // what is signed is the set itself (RFC 5652, 5.4)
    if (!await verified(cert, hash, signed, value.in)) return bad("e.sign", lists[2]);
    r.signed = true;
  } catch {
    bad("e.sign", lists[2]);
  }
}

// verified asks the browser whether a signature is by a certificate's key.
async function verified(cert, hash, bytes, value) {
  const fields = inside(inside(cert)[0]), spki = fields[fields[0].tag === 0xa0 ? 6 : 5], [type, curve] = inside(inside(spki)[0]);
  if (hex(type.all) === oid("rsa")) {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
    return subtle.verify(algorithm, await subtle.importKey("spki", spki.all, algorithm, false, ["verify"]), value, bytes);
  }
  const namedCurve = ["P-256", "P-384", "P-521"].find((c) => oid(c) === hex(curve.all)), size = { "P-256": 32, "P-384": 48, "P-521": 66 }[namedCurve];
  const numbers = inside(node(value)).map((n) => { const v = n.in.subarray(Math.max(0, n.in.length - size)); return join(new Uint8Array(size - v.length), v); });
  return subtle.verify({ name: "ECDSA", hash }, await subtle.importKey("spki", spki.all, { name: "ECDSA", namedCurve }, false, ["verify"]), join(...numbers), bytes);
}
