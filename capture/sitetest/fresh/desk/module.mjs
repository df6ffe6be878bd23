import { d } from "./lib/d.mjs";
const { late } = await import("./lib/late.mjs");
const wasm = await WebAssembly.instantiateStreaming(fetch(new URL("./add.wasm", import.meta.url)));
const raw = await (await fetch("/desk/api/big5.txt")).text(); // decoded as UTF-8, as authors forget
postMessage([d, late, wasm.instance.exports.add(1, 2), raw.length]);
