package visit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/picture"
	"yuzheng/casefile/evidence"
)

// How long a page is given to become what it is, after it has loaded and the network is quiet. METHOD.md states the rule.
const (
	longestRefresh = 15 * time.Second // an announced document that comes later is not awaited
	refreshGrace   = 5 * time.Second  // for an announced document to come once it is due
	waitingTime    = 10 * time.Second // for a short page that says that something is to come
	longestCount   = 25 * time.Second // for one that counts the seconds until then
	emptyTime      = 8 * time.Second  // for one that shows nothing
	timerTime      = 5 * time.Second  // for one whose scripts have set timers
	stayedTime     = 1500 * time.Millisecond
	surveyPause    = 200 * time.Millisecond
	maxLed         = 6 // documents, one leading to the next
)

// surveyScript tells what there is of a frame. Timers and animation frames are numbered through by the browser: the number that the next
// one gets tells how many the page has asked for, and asks nothing of the page.
const surveyScript = `(() => {
	const g = globalThis, root = document.scrollingElement || document.documentElement;
	if (g.yuzhengTimers === undefined) {
		const t = setTimeout(() => {}, 0), f = requestAnimationFrame(() => {});
		clearTimeout(t); cancelAnimationFrame(f);
		g.yuzhengTimers = t - 1 + f - 1;
	}
	const height = root ? root.scrollHeight : 0;
	const s = {tall: height > innerHeight * 1.5, text: "", waiting: "", seconds: 0, drawn: false, timers: g.yuzhengTimers,
		scripts: document.scripts.length > 0 || g.yuzhengTimers > 0, frames: document.querySelectorAll("iframe,frame").length, loading: document.readyState !== "complete"};
	if (s.tall) return s;
	const text = document.body ? document.body.innerText || "" : "";
	s.chars = text.length;
	s.text = text.slice(0, 1000);
	s.drawn = Array.from(document.querySelectorAll("img,canvas,video,svg,embed,object")).slice(0, 200).some(e => { const r = e.getBoundingClientRect(); return r.width * r.height > innerWidth * innerHeight / 10; });
	const waits = /\d+\s*秒[後后鐘钟]|倒數|倒计|自動(?:前往|跳|轉|進入|開啟)|in \d+ sec|跳轉|轉址|轉跳|導向中|重新導向|轉向中|(?:正在|即將)(?:前往|導向|載入|連線|連接|驗證|檢查|確認|進入|開啟|为您|為您)|[載加读讀][入載载取]中|讀取中|驗證中|檢查中|連線中|請稍[候等待]|请稍[候等]|稍[候等]片刻|跳转|加载|loading\b|redirect|please wait|just a moment|one moment|checking your browser|verifying/i;
	const said = text.trim().length <= 200 ? waits.exec(text) || (text.trim().length <= 20 ? waits.exec(document.title) : null) : null;
	if (said) {
		s.waiting = said[0];
		const count = /(\d{1,3})\s*(?:秒|seconds?\b|secs?\b|s\b)/i.exec(text) || /^\s*(\d{1,2})\s*$/m.exec(text);
		if (count) s.seconds = Number(count[1]);
	}
	return s;
})()`

// survey is what surveyScript tells.
type survey struct {
	Tall    bool   `json:"tall"` // more than one and a half windows
	Text    string `json:"text"` // its beginning; empty where Tall
	Chars   int    `json:"chars"`
	Waiting string `json:"waiting"` // words that speak of something to come
	Seconds int    `json:"seconds"` // that the page says it will take
	Drawn   bool   `json:"drawn"`   // shows pictures
	Timers  int    `json:"timers"`  // and animation frames, that scripts have asked for so far
	Scripts bool   `json:"scripts"`
	Frames  int    `json:"frames"`
	Loading bool   `json:"loading"`
}

// shortPage is, in characters, what may be a page that is still to become one.
const shortPage = 400

func (s survey) short() bool { return !s.Tall && s.Chars < shortPage }

// without is the text without its digits: a clock or a count is no change.
func (s survey) without() string {
	out := make([]rune, 0, len(s.Text))
	for _, r := range s.Text {
		if r < '0' || r > '9' {
			out = append(out, r)
		}
	}
	return string(out)
}

// waiting waits until the page is what it is.
type waiting struct {
	*exhibit.Exhibit
	course *course
}

// documentFailed reports whether the main document broke off after its answer had begun.
func (w waiting) documentFailed() bool { return w.course.broke() != "" || w.Exchanges.DocumentBroke() }

// survey looks at the page, and where it is short at what its frames hold.
func (w waiting) survey(ctx context.Context) (survey, error) {
	s, err := browsing.Eval[survey](ctx, w.Page, surveyScript)
	if err != nil || !s.short() || s.Frames == 0 {
		return s, err
	}
	for _, f := range w.Page.Frames(ctx)[1:] {
		in, err := browsing.EvalIn[survey](ctx, f.Session, f.ID, surveyScript)
		if err != nil {
			continue // it has gone in between
		}
		s.Tall, s.Drawn, s.Scripts = s.Tall || in.Tall, s.Drawn || in.Drawn, s.Scripts || in.Scripts
		s.Text, s.Chars, s.Timers = s.Text+"\n"+in.Text, s.Chars+in.Chars, s.Timers+in.Timers
		if s.Waiting == "" {
			s.Waiting, s.Seconds = in.Waiting, in.Seconds
		}
	}
	return s, nil
}

// wish is what a page is waited for; without a name there is nothing to wait for.
type wish struct {
	name  string
	until time.Time
	stays bool // that it has not come true is for the verdict
}

// wish says what the page may still become. Since is when the wait for this document began, and nth which document it is.
func (w waiting) wish(s survey, since time.Time, nth int) wish {
	if r, inWindow, ok := w.course.next(); ok && r.delay <= longestRefresh && !(inWindow && w.repeats(r, nth)) {
		return wish{fmt.Sprintf("%s, announced after %v", r.url, r.delay), r.due().Add(refreshGrace), true}
	}
	switch {
	case !s.short() || !s.Scripts:
		return wish{}
	case s.Waiting != "":
		return wish{fmt.Sprintf("a short page that says %q", s.Waiting), since.Add(s.patience(time.Since(since))), true}
	case s.Chars <= 20 && !s.Drawn:
		return wish{"a page with scripts that shows nothing", since.Add(emptyTime), false}
	case s.Timers > 0:
		return wish{fmt.Sprintf("a short page whose scripts have asked for %d timers", s.Timers), since.Add(timerTime), false}
	}
	return wish{}
}

// patience is how long a page that speaks of something to come is given, after it has had so much: longer where it counts the seconds.
func (s survey) patience(had time.Duration) time.Duration {
	if s.Seconds == 0 {
		return waitingTime
	}
	return max(waitingTime, min(longestCount, had+time.Duration(s.Seconds)*time.Second+3*time.Second))
}

// repeats reports whether an announced document is the page once more, and has been so before.
func (w waiting) repeats(r refresh, nth int) bool {
	all := w.course.all()
	return nth > 1 && len(all) >= nth && withoutFragment(all[nth-1].URL) == withoutFragment(r.url) && withoutFragment(all[nth-2].URL) == withoutFragment(r.url)
}

// become waits until the page is what it is: documents that it announces have come, and a short one has had some seconds.
func (w waiting) become(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, w.Request.Limits.Time/3)
	defer cancel()
	for range maxLed {
		led, err := w.await(wait)
		if err != nil || !led {
			return w.unawaited(ctx, err)
		}
		if err := w.arrive(wait); err != nil {
			return w.unawaited(ctx, err)
		}
	}
	w.Journal.Bad(evidence.CheckWait, w.LastAddress(), evidence.LeadsOn.With(maxLed))
	return context.Cause(ctx)
}

// unawaited tells that a page could not be waited for. What it shows is still taken.
func (w waiting) unawaited(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || errors.Is(err, devtools.ErrGone) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
	w.Journal.Bad(evidence.CheckWait, w.LastAddress(), evidence.NotAwaited.With(err))
	return nil
}

// await waits for what the document in the window may still become, and reports whether another has come in its place.
func (w waiting) await(ctx context.Context) (led bool, err error) {
	_, nth := w.course.current()
	since, seen, changed := time.Now(), "", time.Time{}
	var first wish
	for {
		s, err := w.survey(ctx)
		if v, n := w.course.current(); n > nth {
			w.Journal.Good(evidence.CheckWait, first.name, "after %v %s came", time.Since(since).Round(100*time.Millisecond), v.URL)
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("%s: %w", first.name, err)
		}
		wanted := w.wish(s, since, nth)
		if first.name == "" {
			if seen, first = s.without(), wanted; wanted.name != "" {
				w.Journal.Note(evidence.ByTool, "wait", "for %s", wanted.name)
				w.nudge(ctx)
			}
		}
		if now := s.without(); now != seen {
			seen, changed = now, time.Now()
		}
		stayed := !changed.IsZero() && time.Since(changed) > stayedTime && s.Waiting == "" && !wanted.stays && w.Exchanges.Quiet(w.Request.Limits.Idle) >= exhibit.Silence
		if wanted.name == "" || stayed || time.Now().After(wanted.until) && !w.course.under() {
			w.waited(first, wanted, stayed, time.Since(since))
			return false, nil
		}
		if err := w.Page.Pause(ctx, surveyPause); err != nil {
			return false, fmt.Errorf("%s: %w", wanted.name, err)
		}
	}
}

// nudgeTime is how long a page may take to hear of the mouse while it is waited for.
const nudgeTime = 3 * time.Second

// nudge moves the mouse over a page that is waited for: some pages wait for that themselves. It is moved again later, where its loss is told.
func (w waiting) nudge(ctx context.Context) {
	short, cancel := context.WithTimeout(ctx, nudgeTime)
	defer cancel()
	_ = hand{w.Exhibit}.move(short)
}

// waited notes how a wait ended.
func (w waiting) waited(first, last wish, stayed bool, took time.Duration) {
	took = took.Round(100 * time.Millisecond)
	switch {
	case first.name == "":
	case last.name == "":
		w.Journal.Good(evidence.CheckWait, first.name, "it was over after %v", took)
	case stayed:
		w.Journal.Good(evidence.CheckWait, first.name, "it changed, and stayed as it is after %v", took)
	case last.stays:
		w.Journal.Bad(evidence.CheckWait, last.name, evidence.StillSo.With(took))
	default:
		w.Journal.Good(evidence.CheckWait, last.name, "nothing more came within %v", took)
	}
	w.unannounced()
}

// unannounced tells of announced documents that were not awaited.
func (w waiting) unannounced() {
	r, inWindow, ok := w.course.next()
	v, _ := w.course.current()
	switch {
	case !ok || !inWindow:
	case withoutFragment(r.url) == withoutFragment(v.URL):
		w.Journal.Warn(evidence.PageLoadsAnew.With(r.delay, v.At.Format(time.RFC3339)))
	case r.delay > longestRefresh:
		w.Journal.Bad(evidence.CheckWait, r.url, evidence.AnnouncedLater.With(r.delay))
	}
}

// arrive waits until a document that came in place of another has loaded and the network is quiet.
func (w waiting) arrive(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, w.Request.Limits.Time/4)
	defer cancel()
	for {
		v, _ := w.course.current()
		if v.loaded && !w.course.under() || w.documentFailed() || w.Exchanges.DocumentSaved() || w.course.called() != "" && w.Exchanges.Quiet(w.Request.Limits.Idle) >= 2*exhibit.Silence {
			break
		}
		if err := w.Page.Pause(wait, exhibit.Tick); err != nil {
			if errors.Is(err, devtools.ErrGone) || ctx.Err() != nil {
				return err
			}
			w.Journal.Limit("time", evidence.LimitLoadOf.With(v.URL, w.Request.Limits.Time/4))
			break
		}
	}
	w.Progress.Step(capture.StepLoad, 0, 0)
	return w.Quiet(ctx)
}

// still waits until nothing moves that comes to rest by itself, and reports whether there was something.
func (w waiting) still(ctx context.Context) (moved bool, err error) {
	s, err := picture.Still(ctx, w.Page)
	switch {
	case err != nil:
		return true, w.unawaited(ctx, err)
	case s.Fonts != "loaded" || s.Left > 0:
		w.Journal.Bad(evidence.CheckWait, "fonts and animations", evidence.NotAtRest.With(s.Fonts, s.Left))
	case s.Animations > 0:
		w.Journal.Good(evidence.CheckWait, "fonts and animations", "%d came to their end", s.Animations)
	}
	return s.Moved, nil
}
