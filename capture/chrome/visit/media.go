package visit

import (
	"context"

	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/casefile/evidence"
)

// playScript plays what a frame holds of sound and film, without sound, until it has come or some seconds have passed, and puts it back to
// its beginning. It gives what there is.
const playScript = `(async () => {
	const all = Array.from(document.querySelectorAll("video,audio")), out = [];
	const sleep = ms => new Promise(go => setTimeout(go, ms));
	const has = m => { const n = m.buffered.length; return n ? m.buffered.end(n - 1) : 0; };
	await Promise.all(all.slice(0, 8).map(async m => {
		const was = {muted: m.muted, time: m.currentTime, paused: m.paused};
		m.muted = true;
		if (m.preload !== "auto") m.preload = "auto";
		try { await Promise.race([m.play(), sleep(2000)]); } catch (e) {}
		for (let i = 0; i < 32 && !m.error && !(m.duration > 0 && has(m) >= m.duration - 0.5); i++) await sleep(250);
		const buffered = has(m);
		if (was.paused) m.pause();
		try { if (Number.isFinite(m.duration)) m.currentTime = was.time; } catch (e) {}
		m.muted = was.muted;
		out.push({kind: m.localName, url: m.currentSrc || "", poster: m.poster || "", live: m.duration === Infinity,
			seconds: Number.isFinite(m.duration) ? m.duration : 0, buffered_seconds: buffered, width: m.videoWidth || 0, height: m.videoHeight || 0,
			error: m.error ? (m.error.message || String(m.error.code)) : "", protected: !!m.mediaKeys});
	}));
	return {count: all.length, media: out};
})()`

type playing struct {
	Count int               `json:"count"`
	Media []evidence.Medium `json:"media"`
}

// play lets sound and film come, so that they are recorded; Chrome takes it for a visitor's wish. What did not come whole is told.
func (h hand) play(ctx context.Context) error {
	for _, f := range h.Page.Frames(ctx) {
		p, err := browsing.EvalWith[playing](ctx, f.Session, f.ID, runtime.EvaluateParams{Expression: playScript, UserGesture: new(true)})
		if err != nil || p.Count == 0 {
			continue // a frame that has gone
		}
		h.Journal.Note(evidence.ByTool, "play", "%d of %d films and sounds, without sound", len(p.Media), p.Count)
		if p.Count > len(p.Media) {
			h.Journal.Miss("media", evidence.MediaNotPlayed.With(len(p.Media), p.Count))
		}
		for _, m := range p.Media {
			h.judgeMedium(m)
		}
		h.Says.Media = append(h.Says.Media, p.Media...)
	}
	if len(h.Says.Media) == 0 {
		return context.Cause(ctx)
	}
	return h.Quiet(ctx)
}

func (h hand) judgeMedium(m evidence.Medium) {
	name := m.Kind + " " + m.URL
	switch {
	case m.Error != "":
		h.Journal.Warn(evidence.MediaFails.With(name, m.Error))
	case m.Protected:
		h.Journal.Miss(name, evidence.MediaProtected.With())
	case m.Live:
		h.Journal.Miss(name, evidence.MediaLive.With(m.Buffered))
	case m.Seconds > m.Buffered+1:
		h.Journal.Miss(name, evidence.MediaCut.With(m.Buffered, m.Seconds))
	}
}
