package visit

import (
	"context"
	"time"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/casefile/evidence"
)

const (
	maxExpanded = 40              // elements opened on one page
	expandQuiet = 3 * time.Second // longest wait after one of them
	pressPause  = 120 * time.Millisecond
)

// expandScript opens every closed <details>, and gives the next element that by its words shows more of the page, scrolled into the
// window: where it is, and what it says. It runs in a world of our own, which remembers what it has given.
//
// What leaves the page (a link with an address), sends a form, is covered by something else, or by its words changes the other side's
// state is never given. Words decide, and they must be all that the element says: a button "顯示更多並加入" is left alone.
const expandScript = `(async () => {
	const done = globalThis.yuzhengDone ||= new WeakSet();
	let opened = 0;
	for (const d of document.querySelectorAll("details:not([open])")) { if (opened < 200) { d.open = true; opened++; } }
	const more = /^[\s▼▾⌄﹀∨⋯….+＋(（]*(?:點[擊選我]?\s*)?(?:(?:顯示|查看|檢視|觀看|看|載入|閱讀|展開)(?:\s*\d+\s*[則篇個筆])?(?:更多|全部|全文|所有|其他|另外|先前|之前|剩餘|完整|留言|回覆|評論|內容).{0,8}|展開|更多(?:留言|評論|回覆|內容|商品|結果)?|繼續閱讀|(?:see|show|load|view|read)\s+(?:\d+\s+)?(?:more|all|previous|other)(?:\s+\d*\s*(?:comments?|replies|posts?|results?|items?))?|view\s+\d+\s+(?:replies|comments?)|expand(?:\s+all)?|more\s+comments?)[\s▼▾⌄﹀∨⋯….>›»)）]*$/i;
	const never = /加入|送出|購買|下單|結帳|註冊|登入|同意|訂閱|追蹤|分享|讚|刪除|付款|下載|領取|儲值|入金|提領|報名|預約|join|submit|buy|order|pay|log.?in|sign|subscribe|follow|share|like|delete|agree|accept|download|deposit/i;
	const leaves = e => { const a = e.closest("a[href]"); if (!a) return false; const h = (a.getAttribute("href") || "").trim(); return a.hasAttribute("download") || !(h === "" || h.startsWith("#") || /^javascript:/i.test(h)); };
	const sends = e => { const b = e.closest("button,input"); return !!b && !!b.form && b.type !== "button" && b.type !== "reset"; };
	const usable = e => e.matches("button,[role=button],a,summary,[onclick],input[type=button]") || getComputedStyle(e).cursor === "pointer";
	const walk = document.createTreeWalker(document.body || document.documentElement, NodeFilter.SHOW_ELEMENT);
	let looked = 0;
	for (let e = walk.nextNode(); e && looked < 30000; e = walk.nextNode(), looked++) {
		if (e.childElementCount > 3 || done.has(e)) continue;
		const text = (e.value && e.matches("input[type=button]") ? e.value : e.textContent || "").trim();
		if (text.length === 0 || text.length > 40 || !more.test(text) || never.test(text)) continue;
		const says = (e.getAttribute("aria-label") || "") + (e.getAttribute("title") || "");
		if (never.test(says) || e.getAttribute("aria-expanded") === "true" || e.disabled || !usable(e) || leaves(e) || sends(e)) continue;
		done.add(e);
		e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		await new Promise(go => { const t = setTimeout(go, 200); requestAnimationFrame(() => { clearTimeout(t); go(); }); });
		const r = e.getBoundingClientRect();
		if (r.width < 2 || r.height < 2) continue;
		const x = r.left + r.width / 2, y = r.top + r.height / 2, top = document.elementFromPoint(x, y);
		if (!top || !(e.contains(top) || top.contains(e) && top.textContent.trim() === text)) continue;
		return {opened, text, at: {x, y}};
	}
	return {opened, text: ""};
})()`

// found is what expandScript gives; Text is empty when there is nothing more to open.
type found struct {
	Opened int    `json:"opened"` // <details> that were closed
	Text   string `json:"text"`
	At     point  `json:"at"`
}

// expand opens what a page folds away, one thing after the other, and reports how many. A page that goes on offering more is left at the
// limit, and told. The limit is a number: a slow machine comes to it as well, unless it needs more than a third of the capture's time.
func (h hand) expand(ctx context.Context) (count int, err error) {
	wait, cancel := context.WithTimeout(ctx, h.Request.Limits.Time/3)
	defer cancel()
	text := ""
	for {
		f, err := browsing.Eval[found](wait, h.Page, expandScript)
		if wait.Err() != nil && ctx.Err() == nil {
			return count, h.goesOn(ctx, text)
		}
		if err != nil {
			return count, h.unopened(ctx, err)
		}
		if f.Opened > 0 {
			h.Journal.Note(evidence.ByTool, "expand", "opened %d folded parts (details)", f.Opened)
			count += f.Opened
		}
		if text = f.Text; text == "" {
			return count, context.Cause(ctx)
		}
		if count >= maxExpanded {
			return count, h.goesOn(ctx, text)
		}
		count++
		if err := h.press(ctx, wait, f); err != nil {
			return count, err
		}
	}
}

// press presses what shows more, and waits for what comes of it.
func (h hand) press(ctx, wait context.Context, f found) error {
	h.Journal.Note(evidence.ByTool, "expand", "pressed %q", f.Text)
	if err := h.click(wait, f.At); err != nil && wait.Err() == nil {
		return h.unopened(ctx, err)
	}
	if err := h.Page.Pause(ctx, pressPause); err != nil {
		return err
	}
	if h.Exchanges.Quiet(h.Request.Limits.Idle) >= pressPause {
		return context.Cause(ctx) // it asked for nothing
	}
	return h.Settled(ctx, expandQuiet)
}

// goesOn tells that a page offers more than is opened, in the same words whichever limit was reached first.
func (h hand) goesOn(ctx context.Context, text string) error {
	h.Journal.Limit("expand", evidence.LimitExpand.With(maxExpanded))
	h.Journal.Miss("page", evidence.NotOpened.With(text))
	return context.Cause(ctx)
}

// unopened passes over a page in which nothing can be opened; what it shows is still taken.
func (h hand) unopened(ctx context.Context, err error) error {
	if lost := unscrolled(ctx, h.Exhibit, err); lost != nil {
		return lost
	}
	return nil
}
