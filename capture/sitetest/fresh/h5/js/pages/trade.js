import { h } from "vue-lite";
import { base, get } from "api";

export async function warm() {
  const wasm = WebAssembly.instantiateStreaming(fetch(new URL("../sign.wasm", import.meta.url)));
  const x = new XMLHttpRequest();
  x.open("GET", new URL("kline.bin?period=1m", base));
  x.responseType = "arraybuffer";
  x.send();
  const depth = new EventSource(new URL("depth?symbol=BTC%2FUSDT", base));
  depth.addEventListener("end", () => depth.close());
  const { instance } = await wasm;
  await get(`sign?sum=${instance.exports.add(40, 2)}`);
  await Promise.all([0, 1].map((n) => get("kline.bin?period=1d", { headers: { Range: `bytes=${n * 1000}-${n * 1000 + 999}` } }).then((r) => r.arrayBuffer())));
}
export default (view) => view.append(h("p", {}, "交易"));
