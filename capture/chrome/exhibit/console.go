package exhibit

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// What is kept of the console is bounded in lines, in characters of one, and in bytes. Chrome itself keeps no more than the last thousand
// lines of a page or worker, or what fits into some megabytes, and does not say what it has thrown away.
const (
	maxConsole      = 2000
	maxConsoleText  = 1 << 20
	maxConsoleBytes = 32 << 20
	chromeLines     = 1000
	chromeBytes     = 3 << 20
)

// consoleTime bounds the wait for a page that may be too busy to tell.
const consoleTime = 10 * time.Second

// console keeps what pages and workers write to their consoles.
type console struct {
	journal *journal.Journal

	mu    sync.Mutex
	lines []evidence.ConsoleLine
	bytes int
}

// all are the lines so far.
func (c *console) all() []evidence.ConsoleLine {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lines)
}

// Put adds lines that another console has taken.
func (c *console) Put(list []evidence.ConsoleLine) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, list...)
}

// Take gives the lines between two times, and forgets all that there are.
func (c *console) Take(since, until time.Time) []evidence.ConsoleLine {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.DeleteFunc(c.lines, func(l evidence.ConsoleLine) bool { return !l.At.After(since) || l.At.After(until) })
	c.lines = nil
	return list
}

// Read switches the runtime domain on in every session, now that the page can no longer be disturbed by it: Chrome then
// tells every message that it has kept. A page can notice that domain, so it is off while the page is looked at.
func (c *console) Read(ctx context.Context, p *browsing.Page, all func() <-chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, consoleTime)
	defer cancel()
	var answers []<-chan devtools.Reply
	for _, s := range p.Sessions() {
		answers = append(answers, s.Start(runtime.Enable.Method, nil))
	}
	for _, a := range answers {
		devtools.Wait[cdp.Empty](ctx, runtime.Enable.Method, a) // a session that has gone has nothing to say
	}
	select {
	case <-all():
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		c.journal.Miss(evidence.ConsoleJSONL, evidence.ConsoleUntold.With())
	}
	c.mu.Lock()
	full := len(c.lines) >= chromeLines || c.bytes >= chromeBytes
	c.mu.Unlock()
	if full {
		c.journal.Warn(evidence.ConsoleMayLack.With())
	}
}

// Event takes an event of the runtime domain; others are none of its business.
func (c *console) Event(s devtools.Session, e devtools.Event) {
	switch e.Method {
	case "Runtime.consoleAPICalled":
		devtools.Take(c.journal.Unread, e, func(v runtime.EventConsoleAPICalled) {
			l := evidence.ConsoleLine{At: stamp(v.Timestamp), Target: s.Kind, Kind: string(v.Type), Text: spoken(v.Args)}
			locate(&l, v.StackTrace)
			c.add(l)
		})
	case "Runtime.exceptionThrown":
		devtools.Take(c.journal.Unread, e, func(v runtime.EventExceptionThrown) {
			d := v.ExceptionDetails
			l := evidence.ConsoleLine{At: stamp(v.Timestamp), Target: s.Kind, Kind: "exception", Text: d.Text, URL: d.URL, Line: d.LineNumber}
			if d.Exception != nil && d.Exception.Description != "" {
				l.Text += " " + d.Exception.Description
			}
			c.add(l)
		})
	}
}

// locate says where a line comes from.
func locate(l *evidence.ConsoleLine, t *runtime.StackTrace) {
	if t != nil && len(t.CallFrames) > 0 {
		l.URL, l.Line = t.CallFrames[0].URL, t.CallFrames[0].LineNumber
	}
}

func (c *console) add(l evidence.ConsoleLine) {
	l.Text, l.URL = journal.Cut(l.Text, maxConsoleText), journal.Cut(l.URL, journal.Said)
	c.mu.Lock()
	c.bytes += len(l.Text)
	room := len(c.lines) < maxConsole && c.bytes < maxConsoleBytes
	if room {
		c.lines = append(c.lines, l)
	}
	c.mu.Unlock()
	if !room {
		c.journal.Limit("console", evidence.LimitConsole.With())
	}
}

func stamp(t runtime.Timestamp) time.Time {
	return time.UnixMicro(int64(float64(t) * 1e3)).UTC()
}

// spoken is what a message says: strings as they are, anything else as Chrome describes it.
func spoken(args []*runtime.RemoteObject) string {
	var parts []string
	for _, a := range args {
		var s string
		switch {
		case a.Type == "string" && devtools.Unmarshal(a.Value, &s) == nil:
			parts = append(parts, s)
		case a.Description != "":
			parts = append(parts, a.Description)
		default:
			parts = append(parts, string(a.Value))
		}
	}
	return strings.Join(parts, " ")
}
