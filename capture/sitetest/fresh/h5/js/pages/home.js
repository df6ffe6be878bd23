import { h } from "vue-lite";
import { json, get } from "api";
import goods from "./goods.json" with { type: "json" };
import sheet from "./home.css" with { type: "css" };

export default async function (view) {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const list = h("div", { class: "scroll-view" }, h("div", { class: "swiper" }, ...[1, 2, 3].map((n) => h("img", { src: `/h5/static/banner-${n}.png` }))));
  const notice = h("p", {}, "公告讀取中"), quote = h("p", {}, "行情讀取中");
  list.append(notice, quote, ...goods.map((g, i) => h("div", { class: "item" }, h("img", { "data-src": `/h5/upload/${g.code}.jpg?x-oss-process=image/resize,w_${80 + i}` }), g.name)));
  view.append(list);
  // The list scrolls, not the page, and what it shows is worked out by hand.
  const show = () => list.querySelectorAll("img[data-src]").forEach((img) => {
    if (img.getBoundingClientRect().top < innerHeight + 100) { img.src = img.dataset.src; img.removeAttribute("data-src"); }
  });
  list.addEventListener("scroll", show, { passive: true });
  show();
  notice.textContent = new TextDecoder("big5").decode(await (await get("notice")).arrayBuffer());
  quote.textContent = JSON.stringify(await json("quotes?symbols=BTC,ETH;tw=2330+2317"));
  let n = 0;
  setInterval(async () => { n++; quote.dataset.tick = (await json(`ticker?n=${n}`)).price; }, 1000);
}
