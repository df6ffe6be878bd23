package picture

import (
	"context"

	"yuzheng/capture/chrome/browsing"
)

// stillScript waits for fonts, and for animations and transitions that come to an end soon. Time alone moves those that it waits for: what
// hangs on the scroll position stays as it is.
const stillScript = `(async () => {
	const soon = a => { const t = a.effect && a.effect.getComputedTiming(); return a.playState === "running" && a.timeline === document.timeline && t && Number.isFinite(t.endTime) && t.endTime - (t.localTime || 0) < 2500; };
	const limit = new Promise(done => setTimeout(done, 2500));
	const fonts = document.fonts ? document.fonts.status : "loaded";
	const list = document.getAnimations ? document.getAnimations().filter(soon).slice(0, 500) : [];
	await Promise.race([limit, Promise.all([document.fonts ? document.fonts.ready : 0, ...list.map(a => a.finished.catch(() => 0))])]);
	return {moved: list.length > 0 || fonts !== "loaded", animations: list.length, left: list.filter(a => a.playState === "running").length, fonts: document.fonts ? document.fonts.status : "loaded"};
})()`

// stillness is what stillScript tells.
type stillness struct {
	Moved      bool   `json:"moved"` // there was something to wait for
	Animations int    `json:"animations"`
	Left       int    `json:"left"`
	Fonts      string `json:"fonts"` // loading or loaded
}

// Still waits until nothing moves that comes to rest by itself, for 2.5 seconds at the most.
func Still(ctx context.Context, p *browsing.Page) (stillness, error) {
	return browsing.Eval[stillness](ctx, p, stillScript)
}

// SettleScript goes back to the top and waits for fonts and for every picture to be decoded.
const SettleScript = `(async () => {
	window.scrollTo({top: 0, left: 0, behavior: "instant"});
	for (let e = document.elementFromPoint(innerWidth / 2, innerHeight / 2); e; e = e.parentElement) e.scrollTop = 0;
	const limit = new Promise(done => setTimeout(done, 5000));
	await Promise.race([limit, Promise.all([document.fonts ? document.fonts.ready : 0,
		...Array.from(document.images, i => i.decode().catch(() => 0))])]);
	return true;
})()`

// Settle puts a frame back to its top and waits for its fonts and pictures, for five seconds at the most.
func Settle(ctx context.Context, f browsing.Frame) error {
	_, err := browsing.EvalIn[bool](ctx, f.Session, f.ID, SettleScript)
	return err
}
