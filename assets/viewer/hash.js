// SHA-256, Merkle proofs (RFC 6962) and signed notes. Pure functions over bytes.
const utf8 = new TextEncoder();
const plain = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function join(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { out.set(p, at); at += p.length; }
  return out;
}

// Sha256 takes a file in pieces, so that one of any size can be hashed (FIPS 180-4).
class Sha256 {
  static K = Sha256.constants();
  constructor() {
    this.h = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
    this.rest = new Uint8Array(64); this.held = 0; this.length = 0; this.w = new Int32Array(64);
  }
  // constants are the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  static constants() {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
    return Int32Array.from(primes, (p) => Math.floor((Math.cbrt(p) % 1) * 2 ** 32));
  }
  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held > 0) {
      const n = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, n), this.held); this.held += n; at = n;
      if (this.held < 64) return this;
      this.block(this.rest, 0); this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
    this.rest.set(bytes.subarray(at)); this.held = bytes.length - at;
    return this;
  }
  block(m, at) {
    const w = this.w, h = this.h, K = Sha256.K;
    for (let i = 0; i < 16; i++, at += 4) w[i] = (m[at] << 24) | (m[at + 1] << 16) | (m[at + 2] << 8) | m[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)) + w[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10)) | 0;
    }
    let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], l = h[7];
    for (let i = 0; i < 64; i++) {
      const s = (l + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const t = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      l = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += l;
  }
  digest() {
    const bits = this.length * 8, end = new Uint8Array((this.held < 56 ? 64 : 128) - this.held);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32)); view.setUint32(end.length - 4, bits >>> 0);
    this.update(end);
    const out = new DataView(new ArrayBuffer(32));
    this.h.forEach((v, i) => out.setInt32(4 * i, v));
    return new Uint8Array(out.buffer);
  }
}

const subtle = globalThis.crypto && globalThis.crypto.subtle;

async function sha256(bytes) {
  if (subtle) return new Uint8Array(await subtle.digest("SHA-256", bytes));
  return new Sha256().update(bytes).digest();
}

// crcTable and crcOver are the checksum of a ZIP (CRC-32, ISO 3309).
const crcTable = Int32Array.from({ length: 256 }, (_, n) => { for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1; return n; });
function crcOver(bytes, crc) {
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[i]) & 255];
  return crc;
}

// sumsOf reads a file once for its SHA-256, SHA-512 and CRC-32. The browser hashes what fits into memory; of what does not, read piece by piece, there
// is no SHA-512.
async function sumsOf(blob) {
  const piece = 8 << 20, most = 512 << 20;
  if (blob.size <= (subtle ? most : piece)) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return { hash: hex(await sha256(bytes)), longer: subtle ? hex(new Uint8Array(await subtle.digest("SHA-512", bytes))) : "", crc: ~crcOver(bytes, -1) >>> 0 };
  }
  const h = new Sha256();
  let crc = -1;
  for (let at = 0; at < blob.size; at += piece) {
    const bytes = new Uint8Array(await blob.slice(at, at + piece).arrayBuffer());
    h.update(bytes);
    crc = crcOver(bytes, crc);
  }
  return { hash: hex(h.digest()), longer: "", crc: ~crc >>> 0 };
}

// rootOf leads a log line to the root that its audit path claims (RFC 9162, 2.1.3.2); null if the path has another length.
async function rootOf(line, number, size, path) {
  let fn = number - 1, sn = size - 1;
  if (fn < 0 || fn > sn) return null;
  let r = await sha256(join(Uint8Array.of(0), line));
  for (const p of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      r = await sha256(join(Uint8Array.of(1), p, r));
      while (fn % 2 === 0 && fn !== 0) { fn = Math.floor(fn / 2); sn = Math.floor(sn / 2); }
    } else {
      r = await sha256(join(Uint8Array.of(1), r, p));
    }
    fn = Math.floor(fn / 2); sn = Math.floor(sn / 2);
  }
  return sn === 0 ? r : null;
}

// openSeal reads a signed checkpoint and its key. signed is true, false, or null where the browser has no Ed25519.
async function openSeal(text, key) {
  const lines = text.split("\n"), [name, id, encoded] = key.split("+", 2).concat(key.split("+").slice(2).join("+"));
  if (lines.length !== 6 || lines[3] !== "" || lines[5] !== "" || lines[0] !== name) throw new Error("form");
  const size = Number(lines[1]), root = fromBase64(lines[2]), raw = fromBase64(encoded), prefix = "— " + name + " ";
  if (!Number.isSafeInteger(size) || size < 1 || root.length !== 32 || raw.length !== 33 || raw[0] !== 1 || !lines[4].startsWith(prefix)) throw new Error("form");
  const sig = fromBase64(lines[4].slice(prefix.length));
  if (lines[1] !== String(size) || lines[2] !== toBase64(root) || lines[4] !== prefix + toBase64(sig)) throw new Error("form");
  const known = await sha256(join(utf8.encode(name + "\n"), raw));
  if (sig.length !== 68 || hex(known.subarray(0, 4)) !== id || hex(sig.subarray(0, 4)) !== id) return { size, root, signed: false };
  try {
    const k = await subtle.importKey("raw", raw.subarray(1), { name: "Ed25519" }, false, ["verify"]);
    const message = utf8.encode(lines.slice(0, 3).join("\n") + "\n");
    return { size, root, signed: await subtle.verify({ name: "Ed25519" }, k, sig.subarray(4), message) };
  } catch {
    return { size, root, signed: null };
  }
}
