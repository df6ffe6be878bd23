// Tells the recorder what the person does in this document, and asks for a reason before what changes the other side's state. It runs in a world of
// its own, before the page's scripts: the page sees neither it nor its way out, and cannot change what it uses. CONFIG is put in by the recorder.
((config) => {
	if (Object.hasOwn(globalThis, "yuzhengListens")) return;
	Object.defineProperty(globalThis, "yuzhengListens", {value: true});

	// The way out is there a moment after the document has begun; until then what there is to say waits.
	const waiting = [];
	const out = () => { const own = Object.getOwnPropertyDescriptor(globalThis, "yuzhengTold"); return own && typeof own.value === "function" ? own.value : null; };
	let later = 0;
	const flush = () => {
		const tell = out();
		while (tell && waiting.length) tell(waiting.shift());
		if (waiting.length) later ||= setTimeout(() => { later = 0; flush(); }, 50);
	};
	const say = (m) => { if (waiting.length < 500) waiting.push(JSON.stringify(m)); flush(); };

	// An element of the page may carry the name of a property of its document or form; the property itself is read past it.
	const getter = (proto, name) => { const get = Object.getOwnPropertyDescriptor(proto, name).get; return (o) => get.call(o); };
	const visibility = getter(Document.prototype, "visibilityState"), active = getter(Document.prototype, "activeElement");
	const find = (q) => Array.from(Document.prototype.querySelectorAll.call(document, q));
	const ask = window.prompt.bind(window), now = () => performance.now();

	const clean = (s) => String(s ?? "").replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "").replace(/\s+/g, " ").trim();
	const short = (s, n) => { const c = Array.from(clean(s)); return c.length > n ? c.slice(0, n).join("") + "…" : c.join(""); };
	const attr = (e, name) => Element.prototype.getAttribute.call(e, name) || "";
	const isElement = (e) => e instanceof Element;

	const kind = (e) => attr(e, "role") || (e.localName === "input" ? "input " + (e.type || "text") : e.localName);
	// What an element says to whoever looks at it, and to whoever has it read out.
	const words = (e) => {
		const list = e.localName === "input" ? [/^(submit|button|reset)$/.test(e.type) ? e.value : "", attr(e, "alt")] : [(e.textContent || "").length < 2000 ? e.innerText ?? e.textContent : ""];
		for (const i of e.localName === "input" ? [] : Array.from(e.querySelectorAll("img[alt],[aria-label],svg title")).slice(0, 5)) list.push(attr(i, "alt") || attr(i, "aria-label") || (i.localName === "title" ? i.textContent : ""));
		return [...list, attr(e, "aria-label"), attr(e, "title")].map(clean).filter((s, i, all) => s && all.indexOf(s) === i);
	};
	const says = (e) => short(words(e)[0] || "", 80);
	const where = (e) => {
		const parts = [];
		for (let n = e; isElement(n) && parts.length < 4; n = n.parentElement) {
			const id = attr(n, "id");
			if (id && id.length < 40) { parts.unshift("#" + id); break; }
			const same = n.parentElement ? Array.from(n.parentElement.children).filter((c) => c.localName === n.localName) : [];
			parts.unshift(n.localName + (same.length > 1 ? `:nth-of-type(${same.indexOf(n) + 1})` : ""));
		}
		return short(parts.join(" > "), 120);
	};

	// Fields.
	const editable = (e) => isElement(e) && (/^(input|textarea|select)$/.test(e.localName) || e.isContentEditable);
	const labels = (e) => clean([attr(e, "aria-label"), attr(e, "placeholder"), attr(e, "data-placeholder"), ...Array.from(e.labels || [], (l) => l.textContent)].find((s) => clean(s)) || "");
	const known = new WeakMap(), dirty = new WeakMap();
	const secrecy = (e) => {
		if (known.has(e)) return known.get(e);
		if (!isElement(e) || !(e.localName === "input" && !/^(checkbox|radio|submit|button|image|file|range|color|reset)$/.test(e.type) || e.localName === "textarea" || e.isContentEditable)) return "";
		const about = [attr(e, "name"), attr(e, "id"), attr(e, "autocomplete"), labels(e)].join(" ");
		let kept = "";
		if (e.type === "password" || /(current|new)-password/i.test(about) || new RegExp(config.password, "i").test(about)) kept = "password";
		else if (new RegExp(config.code, "i").test(about)) kept = "code";
		else if (!["", "none", undefined].includes(getComputedStyle(e).webkitTextSecurity)) kept = "password";
		if (kept) known.set(e, kept);
		return kept;
	};
	const lookForPasswords = () => { for (const e of find("input[type=password]")) secrecy(e); };
	const value = (e) => e.isContentEditable ? e.textContent : e.localName === "select" ? Array.from(e.selectedOptions || [], (o) => clean(o.text)).join(", ")
		: e.type === "checkbox" || e.type === "radio" ? (e.checked ? "on" : "off") + (e.value && e.value !== "on" ? " (" + e.value + ")" : "") : e.type === "file" ? Array.from(e.files || [], (f) => f.name).join(", ") : e.value;
	const field = (e) => ({kind: kind(e), name: short(attr(e, "name") || attr(e, "id"), 60), label: short(labels(e), 60), at: where(e)});
	const tellSecret = (e, final) => say({is: "secret", kind: secrecy(e), value: String(value(e) ?? "").slice(0, 4096), final});
	const settle = (e) => {
		if (!dirty.has(e)) return;
		dirty.delete(e);
		const secret = secrecy(e);
		if (secret) tellSecret(e, true);
		say({is: "fill", ...field(e), secret: !!secret, value: secret ? "" : short(value(e), 200)});
	};
	const settleAll = () => { for (const e of find("input,textarea,select,[contenteditable]")) settle(e); settleUnseen(); };

	// What was done, and whether it may be.
	const first = (ev) => ev.composedPath()[0];
	const buttons = "button,[role=button],[role=menuitem],[role=link],a[href],summary,input[type=submit],input[type=button],input[type=image],[onclick]";
	const pressed = (ev) => {
		const path = ev.composedPath().filter(isElement);
		const own = path.find((e) => e.matches("input,select,textarea,option,label") && !e.matches(buttons));
		const hit = path.find((e) => e.matches(buttons));
		if (hit && !(own && hit.contains(own) && own.matches("input,select,textarea"))) return hit;
		if (own) return own;
		return path.find((e) => getComputedStyle(e).cursor === "pointer" && clean(e.textContent)) || path[0];
	};
	const packed = (s) => s.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
	const wholeWords = (list) => new RegExp("(^|[^a-z])(" + list.join("|") + ")([^a-z]|$)");
	const changing = wholeWords(config.english), logging = wholeWords(config.loginEnglish), sending = wholeWords(config.sendEnglish), soft = wholeWords(config.softEnglish);
	const looking = new RegExp(config.looking);
	const holds = (s, chinese, english) => chinese.some((w) => packed(s).includes(w)) || english.test(s.normalize("NFKC").toLowerCase());
	const changes = (e) => {
		if (!isElement(e) || e.matches("label,select,option,textarea") || e.localName === "input" && !/^(submit|button|image)$/.test(e.type)) return "";
		const limit = e.matches("button,[role=button],input") ? 80 : 40;
		return short(words(e).find((s) => Array.from(s).length <= limit && (holds(s, config.chinese, changing) || holds(s, config.softChinese, soft) && !looking.test(packed(s)))) || "", 40);
	};
	const logsIn = (e) => words(e).some((s) => Array.from(s).length <= 40 && holds(s, config.loginChinese, logging));

	const until = new WeakMap(); // until when something that was agreed to may be done
	const agreed = (o) => o && until.get(o) > now();
	// Where no dialog may be shown (in some frames, or once the person has had no more of them), there is no reason at once.
	const reasonFor = (what) => { try { return short(ask(config.ask.replaceAll("[what]", () => what)), 500); } catch (e) { return ""; } };
	const stop = (ev) => { ev.preventDefault(); ev.stopImmediatePropagation(); };
	const permit = (what, ...objects) => {
		const reason = reasonFor(what);
		if (!reason) { say({is: "held", what}); return false; }
		for (const o of objects) if (o) until.set(o, now() + 10000);
		say({is: "confirmed", what, reason});
		return true;
	};
	const formOf = (e) => e.closest ? e.closest("form") : null;

	let moved = 0; // when the person last did what scrolls
	const on = (types, f) => { for (const t of types.split(" ")) addEventListener(t, (ev) => { if (ev.isTrusted) f(ev); }, {capture: true, passive: !/click|submit|key/.test(t)}); };

	// What comes before a click is kept from the page too: it may act on that.
	on("pointerdown mousedown pointerup mouseup touchstart touchend", (ev) => {
		moved = now();
		const e = pressed(ev);
		if (changes(e) && !agreed(e)) ev.stopImmediatePropagation();
	});
	on("click auxclick", (ev) => {
		lookForPasswords();
		if (ev.type === "auxclick" && ev.button !== 1) return;
		const e = pressed(ev), what = changes(e), form = formOf(e);
		if (e.localName === "label" && e.control) return; // a click on its field follows
		if (isElement(active(document))) settle(active(document));
		if (what && !agreed(e)) {
			settleAll();
			if (!permit(what, e, form)) return stop(ev);
		} else if (form) {
			settleAll();
		}
		say({is: "click", kind: kind(e), text: editable(e) ? short(labels(e), 80) : says(e), at: where(e), login: logsIn(e), guarded: !!what});
	});
	on("submit", (ev) => {
		settleAll();
		const form = first(ev), by = ev.submitter, button = by || form.querySelector("button:not([type=button]),input[type=submit],input[type=image],[role=button]");
		const what = button ? changes(button) : "";
		if (what && !agreed(form) && !agreed(button) && !permit(what, form, button)) return stop(ev);
		say({is: "submit", at: where(form), action: short(attr(form, "action"), 200), method: attr(form, "method").toUpperCase() || "GET"});
	});
	// A field in a shadow root that the page has closed cannot be seen: what is typed there is put together, and taken for a secret.
	const unseen = new Map();
	const typedUnseen = (e, type, text) => {
		let sofar = unseen.get(e) ?? "";
		sofar = type.startsWith("delete") ? (/Word|Line|Drag|Cut|Content$/.test(type) ? "" : Array.from(sofar).slice(0, -1).join("")) : sofar + (text ?? "");
		if (unseen.size < 50 || unseen.has(e)) unseen.set(e, sofar);
		say({is: "secret", kind: "password", value: sofar.slice(0, 4096), final: false});
	};
	const settleUnseen = () => {
		for (const [e, value] of unseen) {
			say({is: "secret", kind: "password", value: value.slice(0, 4096), final: true});
			say({is: "fill", kind: kind(e), name: "", label: "", at: where(e), secret: true, value: ""});
		}
		unseen.clear();
	};
	on("paste", (ev) => { const e = first(ev); if (isElement(e) && !editable(e) && e === active(document) && e !== document.body) typedUnseen(e, "insert", ev.clipboardData ? ev.clipboardData.getData("text") : ""); });
	on("input", (ev) => {
		const e = first(ev), host = isElement(e) && e.isContentEditable ? e.closest("[contenteditable]") || e : e;
		if (isElement(e) && !editable(host)) return typedUnseen(e, ev.inputType || "", ev.data);
		if (!editable(host)) return;
		dirty.set(host, true);
		if (secrecy(host)) tellSecret(host, false);
	});
	on("change", (ev) => { if (editable(first(ev))) { dirty.set(first(ev), true); settle(first(ev)); } });
	on("focusin", lookForPasswords);
	on("focusout", (ev) => { const e = first(ev); settle(isElement(e) && e.isContentEditable ? e.closest("[contenteditable]") || e : e); settleUnseen(); });

	// Enter in a field for several lines sends what stands there, on pages that say so; and what only looks like a button is pressed by keys too.
	let swallow = false;
	on("keydown", (ev) => {
		moved = now(), swallow = false;
		if (ev.key !== "Enter" && ev.key !== " " || ev.isComposing || ev.keyCode === 229) return;
		lookForPasswords();
		if (ev.key === "Enter") settleUnseen();
		const at = first(ev), e = isElement(at) && at.isContentEditable ? at.closest("[contenteditable]") || at : at;
		if (!editable(e)) {
			const button = isElement(e) ? e.closest(buttons) : null, what = button && !button.matches("button,a[href],summary,input") ? changes(button) : "";
			if (what && !agreed(button) && !permit(what, button)) { swallow = true; stop(ev); }
			return;
		}
		if (ev.key === " ") return;
		settle(e);
		const about = [labels(e), attr(e, "name"), ...(e.closest("[aria-label]") ? [attr(e.closest("[aria-label]"), "aria-label")] : [])].join(" ");
		if (!ev.shiftKey && (e.localName === "textarea" || e.isContentEditable) && holds(about, config.sendChinese, sending) && !agreed(e)) {
			if (!permit(short(about, 40), e)) { swallow = true; return stop(ev); }
		}
		say({is: "key", key: "Enter", ...field(e)});
	});
	on("keypress keyup", (ev) => { if (swallow && (ev.key === "Enter" || ev.key === " ")) { stop(ev); if (ev.type === "keyup") swallow = false; } });

	// Scrolling: where it has come to, once a second, if it is the person who scrolls.
	let due = 0, scrolled = null;
	on("wheel touchmove", () => { moved = now(); });
	on("scroll", (ev) => {
		if (now() - moved > 1500) return;
		scrolled = ev.target;
		due ||= setTimeout(() => {
			due = 0;
			const inner = isElement(scrolled) ? scrolled : null;
			say({is: "scroll", x: Math.round(inner ? inner.scrollLeft : scrollX), y: Math.round(inner ? inner.scrollTop : scrollY), at: inner ? where(inner) : ""});
		}, 1000);
	});

	// Which window is looked at.
	const front = () => { if (visibility(document) === "visible") say({is: "front"}); };
	on("visibilitychange", front);
	on("focus", (ev) => { if (ev.target === window) front(); });
	on("pageshow", (ev) => { if (ev.persisted && window === top) say({is: "again", url: location.href}); front(); });
	on("pagehide", settleAll);
})(CONFIG);
