package session

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// The listener's world in every document, and its way out: a function that only that world has.
const (
	ListenerWorld = "yuzheng"
	ListenerOut   = "yuzhengTold"
	maxTold       = 64 << 10 // bytes of one message
)

// Dress implements browsing.Driver: it puts the listener into every document of a page or frame, before the page's own scripts.
func (s *Session) Dress(p devtools.Session) {
	devtools.Send(p, page.SetLifecycleEventsEnabled, page.SetLifecycleEventsEnabledParams{Enabled: true})
	devtools.Send(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: listener(s.options.Ask), WorldName: ListenerWorld, RunImmediately: new(true),
	})
	if s.Live.Visitor.Mobile && p.Kind == "page" { // the person's mouse is a finger there; any other window has the size that it has
		s.Live.Context.Size(p)
		devtools.Send(p, emulation.SetEmitTouchEventsForMouse, emulation.SetEmitTouchEventsForMouseParams{
			Enabled: true, Configuration: emulation.SetEmitTouchEventsForMouseConfigurationMobile,
		})
	}
	s.speak(p)
}

// speak gives the listeners of a session their way out. Chrome gives it by itself only to worlds that begin while the runtime domain is on, which
// a page can notice; so it is given again with every document.
func (s *Session) speak(p devtools.Session) {
	devtools.Send(p, runtime.AddBinding, runtime.AddBindingParams{Name: ListenerOut, ExecutionContextName: ListenerWorld})
}

// told is what a listener says.
type told struct {
	Is      string `json:"is"`
	Kind    string `json:"kind"`
	Text    string `json:"text"`
	At      string `json:"at"` // where in the document, as a short CSS path
	Name    string `json:"name"`
	Label   string `json:"label"`
	Value   string `json:"value"`
	Secret  bool   `json:"secret"`
	Login   bool   `json:"login"`
	Guarded bool   `json:"guarded"`
	What    string `json:"what"`
	Reason  string `json:"reason"`
	Action  string `json:"action"`
	Method  string `json:"method"`
	Key     string `json:"key"`
	X       int    `json:"x"`
	Y       int    `json:"y"`
	URL     string `json:"url"`

	shown bool // the question, before it was held back
	Final bool `json:"final"`
}

// heard takes what a listener says. It comes out of a world that the page cannot reach; what it tells of the page is the page's own word.
func (s *Session) heard(p devtools.Session, e runtime.EventBindingCalled) {
	var m told
	if e.Name != ListenerOut || len(e.Payload) > maxTold || devtools.Unmarshal([]byte(e.Payload), &m) != nil {
		return
	}
	switch m.Is {
	case "front":
		s.comes(p.Owner)
	case "again":
		s.showsAgain(p, m)
	case "secret":
		s.mu.Lock()
		s.typed.add(m.Value, m.Kind == "code", m.Final)
		s.mu.Unlock()
		if m.Final && m.Value != "" && !sought(m.Value) {
			s.Live.Journal.Warn(evidence.PasswordNotSought.With(scrub.Shortest, longTyped))
		}
	default:
		s.did(p, m)
	}
}

// showsAgain notes a document that the browser had kept: nothing is asked for when the person goes back to it.
func (s *Session) showsAgain(p devtools.Session, m told) {
	s.mu.Lock()
	if t := s.tabs[p.Owner]; t != nil {
		t.address, t.window.URL = m.URL, m.URL
	}
	s.mu.Unlock()
	s.act(evidence.ByPerson, "navigate", "%s (gone back to, as it was left)", journal.Cut(m.URL, maxDetail))
}

// did notes what the person did in a page.
func (s *Session) did(p devtools.Session, m told) {
	if m.Is != "scroll" && m.Is != "fill" {
		s.mu.Lock()
		if t := s.tabs[p.Owner]; t != nil {
			t.input = s.Live.Options.Now()
			m.shown, t.questioned = t.questioned, false
		}
		s.mu.Unlock()
		s.comes(p.Owner)
	}
	if what, detail := m.act(); what != "" {
		s.act(evidence.ByPerson, what, "%s", detail)
	}
}

// act is the line of the list for what was done.
func (m told) act() (what, detail string) {
	thing := strings.TrimSpace(fmt.Sprintf("%s %q at %s", m.Kind, journal.Cut(m.Text, maxDetail), m.At))
	switch m.Is {
	case "click":
		switch {
		case m.Login:
			thing += " (logs in)"
		case m.Guarded:
			thing += " (for the reason given)"
		}
		return "click", thing
	case "fill":
		return "fill", m.field() + ": " + m.content()
	case "submit":
		return "submit", fmt.Sprintf("form at %s, %s %s", m.At, m.Method, m.Action)
	case "key":
		return "key", m.Key + " in " + m.field()
	case "scroll":
		if m.At != "" {
			return "scroll", fmt.Sprintf("%s to %d, %d", m.At, m.X, m.Y)
		}
		return "scroll", fmt.Sprintf("to %d, %d", m.X, m.Y)
	case "confirmed":
		return "confirmed", fmt.Sprintf("%q: %s", m.What, m.Reason)
	case "held":
		if !m.shown {
			return "held back", fmt.Sprintf("%q: no reason could be asked for here", m.What)
		}
		return "held back", fmt.Sprintf("%q: no reason was given", m.What)
	}
	return "", ""
}

func (m told) field() string {
	name := m.Label
	if name == "" {
		name = m.Name
	}
	return fmt.Sprintf("%s %q (%s) at %s", m.Kind, name, m.Name, m.At)
}

func (m told) content() string {
	if m.Secret {
		return "typed, not recorded"
	}
	return fmt.Sprintf("%q", journal.Cut(m.Value, maxDetail))
}

// dialogOpens notes a dialog, which the person answers. Our own question is no dialog of the page.
func (s *Session) dialogOpens(p devtools.Session, e page.EventJavascriptDialogOpening) {
	s.mu.Lock()
	own := s.asks(e.Message)
	if t := s.tabs[p.Owner]; t != nil {
		t.dialog = string(e.Type)
		if own {
			t.dialog, t.questioned = ownDialog, true
		} else if e.Type == page.DialogTypePrompt && secretWords.MatchString(e.Message) {
			t.dialog = secretDialog
		}
	}
	s.mu.Unlock()
	if own {
		s.act(evidence.ByTool, "guard", "asked: %s", journal.Cut(e.Message, maxDetail))
		return
	}
	s.act(evidence.ByPage, "dialog", "%s: %s", e.Type, journal.Cut(e.Message, 500))
}

// Kinds of dialogs that are not just the page's.
const (
	ownDialog    = "own"
	secretDialog = "secret"
)

// asks reports whether a message is our question, about anything.
func (s *Session) asks(message string) bool {
	ask := s.options.Ask
	if strings.TrimSpace(ask) == "" {
		ask = defaultAsk
	}
	before, after, _ := strings.Cut(ask, capture.AskedOf)
	return strings.HasPrefix(message, before) && strings.HasSuffix(message, after)
}

func (s *Session) dialogCloses(p devtools.Session, e page.EventJavascriptDialogClosed) {
	s.mu.Lock()
	kind := ""
	if t := s.tabs[p.Owner]; t != nil {
		kind, t.dialog, t.input = t.dialog, "", s.Live.Options.Now()
	}
	if kind == secretDialog {
		s.typed.add(e.UserInput, false, true)
	}
	s.mu.Unlock()
	switch {
	case kind == ownDialog: // the listener tells what came of it
	case kind == secretDialog:
		s.act(evidence.ByPerson, "dialog", "answered %v, typed, not recorded", e.Result)
	case e.UserInput != "":
		s.act(evidence.ByPerson, "dialog", "answered %v, %q", e.Result, journal.Cut(e.UserInput, maxDetail))
	default:
		s.act(evidence.ByPerson, "dialog", "answered %v", e.Result)
	}
}
