// Package page holds the pages of the window. A page is something to look at and a Close that cancels its work.
//
// A page declares, as small interfaces or functions, what it needs from the case; it never holds the case itself.
package page

import (
	"time"

	"fyne.io/fyne/v2"

	own "yuzheng/app/window/widget"
	"yuzheng/app/window/work"
	"yuzheng/casefile/evidence"
)

// Page is one page. Close cancels what it has under way; after it the page touches the window no more.
type Page interface {
	Object() fyne.CanvasObject
	Close()
}

// Room is what every page stands in.
type Room struct {
	Say    own.Words
	Window fyne.Window
	Work   *work.Group // of this page alone
	Now    func() time.Time
	Fail   func(error) // tells the person: what happened, what it means for the evidence, what can be done
}

// frame is the part that all pages have in common.
type frame struct {
	Room
	object fyne.CanvasObject
}

// Object implements Page.
func (f *frame) Object() fyne.CanvasObject { return f.object }

// Close implements Page.
func (f *frame) Close() { f.Work.Close() }

// t is the text of window.key.
func (r *Room) t(key string, pairs ...any) string { return r.Say.T("window."+key, pairs...) }

// Exhibit is a row of the case: its number and what the capture came to.
type Exhibit struct {
	Number  string
	Kind    evidence.Kind
	Session string  // in which a person drove the browser
	Source  *Source // of a file from outside
	evidence.Summary
}

// Source is where a file from outside comes from.
type Source struct{ File, From, Received, Reason string }

// Outcome is how the visit ended; "" for what is no capture.
func (e Exhibit) Outcome() evidence.Outcome {
	if e.Kind != evidence.Capture {
		return ""
	}
	return evidence.OutcomeOf(e.Verdict, e.Status)
}
