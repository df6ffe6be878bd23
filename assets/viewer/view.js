// The page. Everything is built from nodes and text; data never becomes markup, and every text passes visible (legible.js).
const data = JSON.parse(document.getElementById("data").textContent);
const at = { lang: "zh-TW", page: ["overview"], size: 18, result: null, checking: "", refusal: "", only: false, urls: [] };
const byId = (id) => document.getElementById(id);
const t = (key, values) => Object.entries(values || {}).reduce((s, [k, v]) => s.replace("{" + k + "}", () => String(v)), words[at.lang][key] ?? key);

function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (typeof v === "function") node.addEventListener(k, v);
    else if (v !== undefined && v !== null && v !== false) node.setAttribute(k, v === true ? "" : v);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false).map((c) => c instanceof Node ? c : visible(c, tag === "pre")));
  return node;
}

// say puts text into a node that is there.
const say = (node, text) => { node.textContent = visible(text); };

// when shows an instant as 民國 date in Taiwan's time.
function when(stamp) {
  const d = new Date((typeof stamp === "number" ? stamp : Date.parse(stamp)) + 8 * 3600e3);
  if (!stamp || Number.isNaN(d.getTime())) return "";
  const two = (n) => String(n).padStart(2, "0");
  const clock = two(d.getUTCHours()) + ":" + two(d.getUTCMinutes()) + ":" + two(d.getUTCSeconds()) + " (+08:00)";
  const year = at.lang === "zh-TW" ? d.getUTCFullYear() - 1911 + "/" : d.getUTCFullYear() + "-", mark = at.lang === "zh-TW" ? "/" : "-";
  return year + two(d.getUTCMonth() + 1) + mark + two(d.getUTCDate()) + " " + clock;
}

const bytes = (n) => n < 1024 ? n + " B" : n < 1 << 20 ? (n / 1024).toFixed(1) + " KB" : (n / 2 ** 20).toFixed(1) + " MB";
const row = (head, ...cells) => el("tr", {}, el("th", { scope: "row" }, head), el("td", {}, ...cells));
const facts = (...rows) => el("table", { class: "facts" }, el("tbody", {}, rows.flat()));
const grid = (heads, rows) => el("table", {}, el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, rows));
const cells = (...list) => el("tr", {}, list.map((c) => c instanceof Node && c.nodeName === "TD" ? c : el("td", {}, c)));
const exhibitLink = (id) => data.exhibits.some((e) => e.id === id) ? el("button", { type: "button", click: () => go("exhibit", id) }, id) : id;
const part = (text) => el("h2", { class: "part" }, text);

// stateOf says what the check found for one file.
function stateOf(path) {
  const r = at.result;
  if (!r) return null;
  if (r.problems.some((p) => p.file === path)) return "bad";
  return r.hashes.has(path) && path !== signaturePath ? "good" : "open";
}
const verdictCell = (state) => el("td", { class: "state " + (state || "") }, state === null ? "" : t({ good: "ok", bad: "differs", open: "cannot" }[state]));

function go(...page) {
  at.page = page;
  for (const u of at.urls.splice(0)) URL.revokeObjectURL(u);
  draw();
  byId("main").scrollTop = 0;
  byId("main").focus();
}

const pages = {
  overview: () => [
    el("h1", {}, t("packet") + " " + data.name),
    el("p", { class: "lead" }, t("intro")),
    facts(
      data.number && row(t("case"), data.number), data.subject && row(t("subject"), data.subject), data.office && row(t("office"), data.office),
      row(t("count"), t("counts", { e: data.exhibits.length, t: data.targets.length, p: data.papers.length })),
    ),
    pickers(), outcome(), el("p", { class: "lead" }, t("glossary")),
  ],
  papers: () => [el("h1", {}, t("papers")), grid([t("file"), t("result")], data.papers.map((p) => cells(
    /\.pdf$/.test(p.path) ? el("a", { href: p.path.split("/").map(encodeURIComponent).join("/"), target: "_blank", rel: "noopener noreferrer" }, p.title || p.path) : p.title || p.path,
    verdictCell(stateOf("data/" + p.path)),
  )))],
  targets: () => [el("h1", {}, t("targets")), data.targets.length === 0 ? el("p", {}, t("notargets")) : grid(
    [t("number"), t("name"), t("ascii"), t("scope"), t("evidence")],
    data.targets.map((d) => cells(d.id, d.unicode || d.name, el("code", {}, d.name), t(d.scope), el("span", {}, d.exhibits.map(exhibitLink)))),
  )],
  custody: () => [el("h1", {}, t("custody")), at.result ? grid(
    [t("entry"), t("time"), t("who"), t("what"), t("object")],
    at.result.entries.map((e) => cells(String(e.number), el("td", { class: "time" }, when(e.time)), t(e.actor) + (e.operator && e.operator.name ? " " + e.operator.name : ""), t(String(e.action)), [e.object, e.reason].filter(Boolean).join("　"))),
  ) : el("p", {}, t("pickfirst"))],
  check: () => [el("h1", {}, t("check")), pickers(), outcome(), at.result && evidence(), at.result && perFile(), el("section", {}, part(t("limits")), el("ul", {}, el("li", {}, t("limit1")), el("li", {}, t("limit2"))))],
  exhibit: (id) => exhibit(data.exhibits.findIndex((e) => e.id === id)),
  search: (q) => search(q),
};

// state is how a capture ended, or what everything else is: only a capture has a verdict.
const state = (e) => e.kind === "capture" ? t(e.outcome) : "□ " + t("kind." + (e.kind || "unknown"));
const arrived = (e) => e.outcome !== "unreachable" && e.outcome !== "refused.guard";
const told = (text) => text || t("untold");

// called is what an exhibit goes by: the title of a page, the name of a file, or what was made.
const called = (e) => e.kind === "capture" ? e.title || e.url : e.file || t("kind." + (e.kind || "unknown"));

// about is what there is to say of an exhibit of its kind.
function about(e) {
  if (e.kind === "capture") return [
    row(t("url"), el("code", {}, e.url)), arrived(e) ? e.final_url && e.final_url !== e.url && row(t("final"), el("code", {}, e.final_url)) : row(t("final"), t("nowhere")),
    row(t("title"), e.title), row(t("view"), e.session ? t("driven", { s: e.session, v: t(e.view) }) : t("simulated", { v: t(e.view) })),
    row(t("captured"), when(e.captured)), row(t("verdict"), el("strong", {}, state(e))),
  ];
  return [
    row(t("admitted"), when(e.captured)), e.file && row(t("fileof"), e.file), e.file && row(t("from"), told(e.from)), e.file && row(t("received"), told(e.received)),
    e.reference && row(t("reference"), e.reference), e.sides && row(t("compared"), el("span", {}, e.sides.map(exhibitLink))),
  ];
}

// shown is what of a page can be looked at here.
function shown(e) {
  if (e.kind !== "capture") return [el("p", { class: "lead" }, t("othertext"))];
  return [
    part(t("picture")), !arrived(e) && el("p", { class: "open" }, t("errorpage")), picture(e),
    part(t("text")), e.text ? el("pre", { class: "text" }, e.text) : el("p", {}, t("notext")), e.text_cut && el("p", { class: "open" }, t("cut")),
  ].filter(Boolean);
}

function exhibit(i) {
  const e = data.exhibits[i], next = (j, word) => data.exhibits[j] ? el("button", { type: "button", click: () => go("exhibit", data.exhibits[j].id) }, t(word)) : el("span");
  const cited = data.targets.filter((d) => d.exhibits.includes(e.id)).map((d) => d.id + " " + (d.unicode || d.name)).join("、");
  return [
    el("h1", {}, e.id + "　" + called(e)),
    facts(
      row(t("kind"), t("kind." + (e.kind || "unknown"))), about(e), e.missing && row(t("missing"), el("ul", {}, e.missing.map((m) => el("li", {}, m)))),
      e.shows && row(t("shows"), e.shows), cited && row(t("targets"), cited),
    ),
    ...shown(e), part(t("components")), grid([t("file"), t("size"), t("hash"), t("result")], e.artifacts.map((a) => cells(a.name, bytes(a.size), el("span", { class: "hash" }, a.sha256), verdictCell(at.result && stateOf(placeOf(at.result.bag, e.id, a)))))),
    el("div", { class: "pages" }, next(i - 1, "previous"), next(i + 1, "next")),
  ];
}

// picture shows the full page if its file was chosen and matches; else the embedded one.
function picture(e) {
  const path = "data/證物/" + e.id + "/screenshot.png", file = at.result && at.result.bag.get(path);
  if (!file || stateOf(path) !== "good") return e.thumbnail ? el("div", {}, el("p", { class: "lead screen" }, t("small")), el("img", { class: "thumb", alt: t("picture"), src: "data:image/jpeg;base64," + e.thumbnail })) : el("p", {}, t("nopicture"));
  const url = URL.createObjectURL(new Blob([file], { type: "image/png" }));
  at.urls.push(url);
  const box = el("div", { class: "picture", tabindex: 0 }, el("img", { alt: t("whole"), src: url }));
  const toggle = el("button", { type: "button", class: "screen", click: () => say(toggle, t(box.classList.toggle("whole") ? "shrink" : "expand")) }, t("expand"));
  return el("div", {}, toggle, box);
}

const fold = (s) => String(s || "").normalize("NFKC").toLowerCase();
const folded = new Map(); // exhibit to its folded fields

function search(q) {
  const key = fold(q).trim(), hits = [];
  for (const e of key ? data.exhibits : []) {
    const fields = [e.text, e.title, e.url, e.final_url, e.id];
    if (!folded.has(e)) folded.set(e, fields.map(fold));
    const where = fields[folded.get(e).findIndex((s) => s.includes(key))];
    if (where !== undefined) hits.push(el("div", { class: "hit" }, el("button", { type: "button", click: () => go("exhibit", e.id) }, e.id + "　" + called(e)), snippet(where, key)));
  }
  return [el("h1", {}, t(hits.length ? "results" : "noresults", { q: q.trim(), n: hits.length })), ...hits];
}

// snippet shows where key stands. Folding can change lengths; then the beginning of the text is shown unmarked.
function snippet(text, key) {
  const low = fold(text), i = low.indexOf(key);
  if (low.length !== text.length) return el("p", {}, text.slice(0, 120));
  const from = Math.max(0, i - 40), to = i + key.length;
  return el("p", {}, (from > 0 ? "…" : "") + text.slice(from, i), el("mark", {}, text.slice(i, to)), text.slice(to, to + 80) + (to + 80 < text.length ? "…" : ""));
}

function pickers() {
  const folder = el("input", { type: "file", id: "folder", webkitdirectory: true, multiple: true, change: (ev) => run(() => folderBag(ev.target.files)) });
  const zip = el("input", { type: "file", id: "zip", accept: ".zip", change: (ev) => run(() => zipBag(ev.target.files[0])) });
  return el("div", { class: "screen" }, el("p", {}, t("checkintro")), el("div", { class: "picks" }, el("label", { class: "pick" }, t("pickfolder"), folder), el("label", { class: "pick" }, t("pickzip"), zip)));
}

async function run(open) {
  at.checking = "…"; at.result = null; at.refusal = ""; draw();
  try {
    const result = await check(await open(), (n, total, f) => {
      at.checking = t("reading", { n, total, f });
      for (const node of document.querySelectorAll("#reading")) say(node, at.checking);
    });
    await same(result);
    at.result = result;
  } catch (err) {
    at.refusal = err instanceof Refusal ? err.message : "e.unread";
  }
  at.checking = "";
  go("check");
}

// same tells if the contents shown here are those of another packet.
async function same(r) {
  if (r.build && r.build.detail && r.build.detail.name !== data.name) r.problems.push({ code: "e.other", file: "data/08_檢視器.html", want: data.name, got: r.build.detail.name });
}

function outcome() {
  if (at.checking) return el("div", { class: "box" }, el("p", { id: "reading" }, at.checking));
  if (at.refusal) return el("div", { class: "box bad" }, el("h2", { class: "bad" }, t("differs")), el("p", {}, t(at.refusal)));
  if (!at.result) return null;
  const state = verdict(), list = state === "bad" ? at.result.problems : at.result.unchecked, notes = at.result.notes;
  return el("div", {}, whose(at.result), el("div", { class: "box " + state, id: "outcome" },
    el("h2", { class: state }, t(state + "head", { n: list.length })), el("p", {}, t(state + "body")), el("ul", {}, list.map(problem)),
    notes.length > 0 && el("div", { id: "notes" }, part(t("notes")), el("ul", {}, notes.map(problem)))));
}

// whose says who seals before anything is said of what was sealed: a packet that is whole can be anybody's.
function whose(r) {
  if (!r.key) return null;
  const first = r.entries[0], of = r.build && r.build.operator && r.build.operator.office || first.operator && first.operator.office, sealed = r.seal ? r.seal.size : 0;
  return el("div", { class: "box open", id: "whose" },
    el("h2", { class: "open" }, t("unknownkey")),
    facts(row(t("fingerprint"), el("strong", { class: "digits" }, fingerprint(r.key)))), el("p", {}, t("comparekey", { office: of || t("untold"), number: first.detail.number || "" })),
    facts(row(t("custody"), t("herecount", { sealed, here: r.entries.length, absent: Math.max(0, sealed - r.entries.length) })), row(t("stamps"), t(r.stamps.length ? "stampsunread" : "nostamp")),
      signerOf(r) && row(t("signature"), t("signatureunread"))));
}

// problem tells one finding, and below it what follows from it.
const place = (p) => [p.file, p.entry && "#" + p.entry].filter(Boolean).join(" ");
const problem = (p) => el("li", {}, p.file && el("code", {}, place(p)), (p.file ? "：" : "") + t(p.code),
  p.want && el("div", { class: "hash" }, t("want") + " " + p.want), p.got && el("div", { class: "hash" }, t("got") + " " + p.got),
  p.follows && p.follows.length > 0 && el("div", { class: "follows" }, t("follows", { n: p.follows.length }), el("ul", {}, p.follows.map((f) => el("li", {}, el("code", {}, place(f)), "：" + t(f.code))))));

const verdict = () => !at.result ? "" : at.result.problems.length ? "bad" : at.result.unchecked.length ? "open" : "good";

// evidence says what was checked, and by which command the rest can be.
function evidence() {
  const r = at.result;
  return el("section", {}, part(t("did")), facts(
    row(t("check"), t("files", { n: r.hashes.size })), r.seal && row(t("custody"), t("entries", { n: r.entries.length, size: r.seal.size, out: Math.max(0, r.seal.size - r.entries.length) })),
    r.build && row(t("built"), when(r.build.time)), r.build && r.build.operator && row(t("by"), [r.build.operator.office, r.build.operator.title, r.build.operator.name].filter(Boolean).join(" ")),
    r.key && row(t("key"), el("span", { class: "hash" }, r.key)), r.seal && row(t("root"), el("span", { class: "hash" }, hex(r.seal.root))),
    r.left.length > 0 && row(t("left"), el("ul", {}, r.left.map(([name, reason]) => el("li", {}, el("code", {}, name), "：" + reason)))),
  ), r.stamps.length === 0 ? el("p", { class: "open" }, t("nostamp")) : r.stamps.map(({ f, at }) => el("div", {}, el("p", {}, t("stamp", { f }), at && t("stampedat", { time: when(at * 1000) })),
    el("pre", { class: "command" }, "openssl ts -verify" + (at ? " -attime " + at : "") + " -data seal.txt -in " + f + " -CAfile root.pem"), el("p", { class: "lead" }, t("attime")))),
  signerOf(r) && el("div", {}, el("p", {}, t("signatureby"), el("span", { class: "hash" }, " " + signerOf(r))),
    el("pre", { class: "command" }, "openssl cms -verify -binary -inform DER -in " + signaturePath + " -content " + lists[2] + " -purpose any -CAfile root.pem -out /dev/null")));
}

function perFile() {
  const r = at.result, paths = [...new Set([...r.bag.keys(), ...r.problems.map((p) => p.file)])].sort();
  const count = { good: 0, bad: 0, open: 0 };
  for (const p of paths) count[stateOf(p)]++;
  const shown = paths.filter((p) => !at.only || stateOf(p) !== "good");
  return el("section", {}, part(t("perfile")), el("p", {}, t("verdictcount", { ok: count.good, bad: count.bad, none: count.open }), "　",
    el("button", { type: "button", class: "screen", click: () => { at.only = !at.only; draw(); } }, t(at.only ? "all" : "only"))),
  grid([t("result"), t("file"), t("hash")], shown.map((p) => cells(verdictCell(stateOf(p)), p, el("span", { class: "hash" }, r.hashes.get(p) || "")))));
}

function contents() {
  const [kind, id] = at.page, link = (page, ...inside) => el("button", { type: "button", click: () => go(...page), "aria-current": page[0] === kind && page[1] === id && "page" }, inside);
  const name = (e) => el("span", {}, e.id + " " + state(e).slice(0, 1), el("small", {}, called(e)));
  return [
    link(["overview"], t("overview")), link(["check"], t("check")), link(["papers"], t("papers") + " " + data.papers.length), link(["targets"], t("targets") + " " + data.targets.length), link(["custody"], t("custody")),
    el("h2", {}, t("exhibits") + " " + data.exhibits.length), data.exhibits.length === 0 && el("small", {}, t("noexhibits")),
    ...data.exhibits.map((e) => link(["exhibit", e.id], e.thumbnail && el("img", { alt: "", src: "data:image/jpeg;base64," + e.thumbnail }), name(e))),
  ];
}

function draw() {
  document.documentElement.lang = at.lang === "zh-TW" ? "zh-Hant-TW" : "en";
  say(byId("name"), t("packet") + " " + data.name);
  say(byId("subject"), [data.number, data.subject, data.office].filter(Boolean).join("　"));
  for (const id of ["contrast", "print", "language"]) say(byId(id), t(id));
  byId("search").placeholder = t("search");
  byId("search").setAttribute("aria-label", t("search"));
  say(byId("state"), t(at.checking ? "checking" : verdict() || "unchecked"));
  byId("state").className = "state " + verdict();
  byId("contents").replaceChildren(...contents().filter(Boolean));
  const [kind, id] = at.page;
  byId("main").replaceChildren(...pages[kind](id).filter(Boolean));
}

function resize(by) {
  at.size = Math.min(32, Math.max(14, at.size + by));
  document.documentElement.style.fontSize = at.size + "px";
}

byId("smaller").addEventListener("click", () => resize(-2));
byId("larger").addEventListener("click", () => resize(2));
byId("contrast").addEventListener("click", () => document.documentElement.classList.toggle("contrast"));
byId("print").addEventListener("click", () => window.print());
byId("language").addEventListener("click", () => { at.lang = at.lang === "en" ? "zh-TW" : "en"; draw(); });
byId("state").addEventListener("click", () => go("check"));
byId("search").addEventListener("input", (ev) => { at.page = ev.target.value.trim() ? ["search", ev.target.value] : ["overview"]; draw(); });
draw();
