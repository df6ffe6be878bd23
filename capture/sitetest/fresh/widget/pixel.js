(function () {
  var id = new URL(document.currentScript.src).searchParams.get("id"), base = document.currentScript.src.replace(/pixel\.js.*/, "");
  var s = document.createElement("script");
  s.async = true;
  s.src = base + "config.js?id=" + id + "&v=2.9.180&r=stable";
  document.head.appendChild(s);
  fetch(base + "signals?id=" + id, { mode: "no-cors" }); // answered without CORS: opaque to the page
  fetch(base + "events", { method: "POST", headers: { "Content-Type": "application/json", "X-Pixel": id }, body: "{}" });
})();
