import { h } from "vue-lite";
import { json, get } from "api";

export async function warm() {
  await json("config", { cache: "no-cache" });
  await json("config", { cache: "no-cache" }); // asked again with its ETag
  await json("me");
  await json("session", { method: "POST", credentials: "same-origin" });
  await json("me"); // now with a cookie
  const form = new FormData();
  form.append("name", "王小明");
  form.append("card", new File([new Uint8Array(3000).map((_, i) => i % 251)], "身分證 正面.jpg", { type: "image/jpeg" }));
  await json("upload", { method: "POST", body: form });
  await json("address/7", { method: "PUT", body: new URLSearchParams({ city: "臺北市", road: "中山路 1 號" }) });
  await json("address/7", { method: "DELETE" });
  await json("device", { method: "PATCH", headers: { "Content-Type": "application/json" }, body: '{"os":"H5"}' });
  await get("ping", { method: "HEAD" });
  await json("lang", { headers: { "Accept-Language": "en" } });
  await json("lang", { headers: { "Accept-Language": "zh-TW" } });
}
export default (view) => view.append(h("p", {}, "我的"));
