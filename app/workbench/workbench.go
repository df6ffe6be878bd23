// Package workbench holds the use cases: what the window and the command line both can do.
//
// A use case returns values and reports progress through an interface; it does not print, translate, show or exit.
// This is also the one place where capture and casefile meet.
package workbench

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"yuzheng/app/office"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Browser records pages and prints papers. Package capture/chrome is the one there is.
type Browser interface {
	Record(ctx context.Context, r evidence.Request, sink capture.Sink, p capture.Progress) (evidence.Summary, error)
	// Sit opens a visible browser for a person.
	Sit(ctx context.Context, r evidence.Request, o capture.SessionOptions) (capture.Session, error)
	// Print prints HTML documents, with the network cut off, as tagged PDFs, in their order. Each is asked
	// for when its turn comes, several at a time; an error is the last that is given.
	Print(ctx context.Context, papers iter.Seq[func() ([]byte, error)], noSandbox bool) iter.Seq2[[]byte, error]
	// Try starts the browser, opens and prints a page, and names its version. Nobody is contacted.
	Try(ctx context.Context, noSandbox bool) (version string, err error)
	// Version names the browser.
	Version(ctx context.Context) (string, error)
	Close() error
}

// Config is what a Workbench is made of.
type Config struct {
	Browser   func() (Browser, error) // called when a browser is first needed
	Papers    fs.FS                   // document templates
	Lists     fs.FS                   // platforms, sinkholes, statutes …
	Office    *office.Folder          // whose Papers and Lists they are; nil where they are the program's alone
	Viewer    fs.FS                   // the offline viewer of a packet
	HTTP      *http.Client            // for time stamps
	Roots     *x509.CertPool          // authorities of the certificates of resolvers; nil are the system's
	Now       func() time.Time
	Known     string // file of the keys that a person has added on this machine; empty: there is none
	Version   string
	Libraries []application.Version // printed with the papers
}

// Workbench is the program without its faces. It is safe for concurrent use as far as its cases are.
type Workbench struct {
	Config
	passwords passwords
	queue     queueRead

	mu      sync.Mutex
	browser Browser
}

// New makes a Workbench. Nothing is started before it is needed.
func New(c Config) *Workbench { return &Workbench{Config: c} }

// Close ends the browser, where one was started.
func (w *Workbench) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.browser == nil {
		return nil
	}
	return w.browser.Close()
}

// theBrowser gives the one browser.
func (w *Workbench) theBrowser() (Browser, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.browser != nil {
		return w.browser, nil
	}
	b, err := w.Config.Browser()
	if err != nil {
		return nil, err
	}
	w.browser = b
	return b, nil
}

// ErrInPart says that everything is sealed but not everything is whole: a capture is partial, failed or needs a person.
var ErrInPart = errors.New("done in part")

// PartError says how the visits ended that did not come out whole. It is an ErrInPart.
type PartError struct{ Ended map[evidence.Outcome]int }

func (e *PartError) Error() string {
	parts := []string{}
	for _, o := range evidence.Outcomes {
		if n := e.Ended[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", o, n))
		}
	}
	return ErrInPart.Error() + ": " + strings.Join(parts, ", ")
}

// Unwrap gives ErrInPart.
func (e *PartError) Unwrap() error { return ErrInPart }

// ended counts how visits ended that did not come out whole.
type ended map[evidence.Outcome]int

func (e ended) count(got Captured) {
	if got.Verdict != evidence.Complete {
		e[got.Outcome()]++
	}
}

// err is a *PartError, or nil where everything came out whole.
func (e ended) err() error {
	if len(e) == 0 {
		return nil
	}
	return &PartError{maps.Clone(e)}
}

// ErrMismatch says that evidence is not what the log says; the findings tell where.
var ErrMismatch = errors.New("the evidence does not match")

// ErrForeign says that a packet agrees with itself and is not by the key of its office, or not of the history that a kept seal tells. It is an
// ErrMismatch.
var ErrForeign = fmt.Errorf("not of the office or history that it should be: %w", ErrMismatch)

// ErrNoPacket says that what was to be verified is no packet, or none that can be read as it is; nothing was checked.
var ErrNoPacket = errors.New("not a packet")

// RefusedError is a refusal that the person can mend: a gate, a missing field, an untied sentence.
type RefusedError struct {
	What    string   // what was refused, e.g. "packet of S01"
	Reasons []Reason // at least one
}

// Reason is one thing to mend.
type Reason struct {
	Code   string `json:"code"`
	Object string `json:"object,omitempty"`
	Text   string `json:"text"` // zh-TW
	TextEN string `json:"text_en"`
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s refused: %d reasons, first %s %s", e.What, len(e.Reasons), e.Reasons[0].Code, e.Reasons[0].Object)
}

// NewCase is what a case begins with.
type NewCase struct {
	Dir, Number, Title string
	Passphrase         string
	Operator           custody.Operator
	Recipients         []string // age public keys of the office
	TSA                []string // addresses of time-stamp servers
}

const (
	kindSettings = "settings"
	settingsID   = "case"
)

// CreateCase makes a case folder and returns its recovery key, which is shown once and stored nowhere.
func (w *Workbench) CreateCase(ctx context.Context, n NewCase) (*casefile.Case, string, error) {
	if err := checkTSA(n.TSA); err != nil {
		return nil, "", err
	}
	c, recovery, err := casefile.Create(ctx, n.Dir, casefile.CreateOptions{
		Number: n.Number, Title: n.Title, Operator: n.Operator, Passphrase: n.Passphrase, Recipients: n.Recipients, Now: w.Now,
	})
	if err != nil {
		return nil, "", err
	}
	if len(n.TSA) > 0 {
		if _, err := c.Put(ctx, kindSettings, settingsID, evidence.Settings{TSA: n.TSA}, ""); err != nil {
			return nil, "", errors.Join(err, c.Close())
		}
	}
	return c, recovery, nil
}

// OpenCase opens a case folder; a zero operator is the case's first one.
func (w *Workbench) OpenCase(ctx context.Context, dir string, way casefile.Way, op custody.Operator) (*casefile.Case, error) {
	return casefile.Open(ctx, dir, way, casefile.OpenOptions{Operator: op, Now: w.Now})
}
