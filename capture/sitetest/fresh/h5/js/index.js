import { h, mount } from "vue-lite";

const app = document.getElementById("app");
const routes = { "/pages/home": () => import("@pages/home.js"), "/pages/trade": () => import("@pages/trade.js"), "/pages/mine": () => import("@pages/mine.js") };
const tabs = h("div", { class: "tabbar" }, ...Object.keys(routes).map((r) => { const i = h("i"); i.onclick = () => { location.hash = "#" + r; }; return i; }));

async function route() {
  const path = location.hash.slice(1).split("?")[0];
  if (!routes[path]) return void location.replace("#/pages/home?from=share");
  const view = mount(app, h("div", { class: "page" }));
  (await routes[path]()).default(view);
  view.append(tabs);
  tabs.childNodes.forEach((i, n) => i.classList.toggle("on", Object.keys(routes)[n] === path));
}

addEventListener("hashchange", route);
route();
// As a router with prefetch does: what may be visited next is loaded when there is time.
(window.requestIdleCallback || setTimeout)(() => {
  routes["/pages/trade"]().then((m) => m.warm());
  setTimeout(() => routes["/pages/mine"]().then((m) => m.warm()), 900);
});
