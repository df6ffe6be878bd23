package workbench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// NewSession says how a session is to be held.
type NewSession struct {
	Request evidence.Request `json:"request"`
	Login   string           `json:"login,omitempty"` // the name of a kept login to begin with
	Keep    string           `json:"keep,omitempty"`  // the name under which the login is kept, with every exhibit and at the end
	Reason  string           `json:"-"`               // by which authority; it stands in the log

	Ask  string             `json:"-"` // as in capture.SessionOptions
	Told func(evidence.Act) `json:"-"` // as in capture.SessionOptions
}

// Session is a browser that a person drives, in an open case. Whoever began it calls End.
type Session struct {
	ID string // I001

	w     *Workbench
	c     *casefile.Case
	n     NewSession
	drive capture.Session
	acts  chan evidence.Act
	noted sync.WaitGroup
	told  func(evidence.Act)

	mu       sync.Mutex
	exhibits []string
	parts    ended
	failed   error // of the log
}

// SessionReport is what a session came to, as the command line prints it.
type SessionReport struct {
	ID       string   `json:"sitting"`
	Exhibit  string   `json:"exhibit"`  // of the session as a whole: the list of all that was done
	Exhibits []string `json:"exhibits"` // captured
	evidence.SessionSummary
}

const (
	kindSitting = "sitting"

	waitingActs = 1024 // before the browser has to wait for the log
)

// Sit opens a browser for a person. What the person does is in the log as it happens, but for scrolling; each Capture is an exhibit, and the list
// of everything that was done is one in the end. A login that the case does not keep is ErrNotFound; without a screen it gives ErrNoDisplay.
func (w *Workbench) Sit(ctx context.Context, c *casefile.Case, n NewSession) (*Session, error) {
	if err := capture.Validate(n.Request); err != nil {
		return nil, err
	}
	var login []byte
	if n.Login != "" {
		var err error
		if login, err = c.Login(n.Login); err != nil {
			return nil, err
		}
	}
	browser, err := w.theBrowser()
	if err != nil {
		return nil, err
	}
	settle := context.WithoutCancel(ctx)
	given := w.passwords.complete(n.Request)
	n.Request = w.passwords.withhold(given)
	r, err := c.Put(settle, kindSitting, "", n, "")
	if err != nil {
		return nil, err
	}
	s := &Session{ID: r.ID, w: w, c: c, n: n, acts: make(chan evidence.Act, waitingActs), told: n.Told, parts: ended{}}
	detail := requestDetail(n.Request, s.ID)
	detail["url"] = n.Request.URL
	if n.Login != "" {
		detail["login"] = n.Login
	}
	if err := s.log(settle, custody.Entry{Action: custody.InteractiveBegin, Actor: custody.Person, Reason: n.Reason, Detail: detail}); err != nil {
		return nil, err
	}
	s.noted.Go(func() { s.note(settle) })
	s.drive, err = browser.Sit(ctx, given, capture.SessionOptions{Ask: n.Ask, Login: login, Told: s.tell})
	if err != nil {
		s.stopNoting()
		detail := map[string]string{casefile.DetailFailed: err.Error()}
		return nil, errors.Join(err, s.log(settle, custody.Entry{Action: custody.InteractiveEnd, Actor: custody.Tool, Detail: detail}))
	}
	return s, nil
}

func (s *Session) log(ctx context.Context, e custody.Entry) error {
	e.Object = s.ID
	_, err := s.c.Log(ctx, e)
	return err
}

// tell hands on what is done. The log is written beside it, so that a slow disk does not hold up the browser; what the page does by itself, as
// often as it likes, is only in the list.
func (s *Session) tell(a evidence.Act) {
	if s.told != nil {
		s.told(a)
	}
	if a.Action != "scroll" && a.Actor != evidence.ByPage {
		s.acts <- a
	}
}

func (s *Session) note(ctx context.Context) {
	for a := range s.acts {
		detail := map[string]string{"action": a.Action, "at": a.At.Format(time.RFC3339Nano)}
		if a.Detail != "" {
			detail["what"] = a.Detail
		}
		err := s.log(ctx, custody.Entry{Action: custody.InteractiveAction, Actor: custody.Kind(a.Actor), Detail: detail})
		s.mu.Lock()
		s.failed = errors.Join(s.failed, err)
		s.mu.Unlock()
	}
}

func (s *Session) stopNoting() {
	close(s.acts)
	s.noted.Wait()
}

// Done is closed when there is nothing left to drive.
func (s *Session) Done() <-chan struct{} { return s.drive.Done() }

// Capture seals what is in front of the person as an exhibit. Its error is the machine's.
func (s *Session) Capture(ctx context.Context, p capture.Progress) (Captured, error) {
	settle := context.WithoutCancel(ctx)
	detail := requestDetail(s.n.Request, s.ID)
	begun, err := s.c.Log(settle, custody.Entry{Actor: custody.Person, Action: custody.CaptureBegin, Object: s.drive.Address(), Detail: detail})
	if err != nil {
		return Captured{}, err
	}
	got, err := s.w.take(settle, s.c, begun, origin{job: s.ID, session: s.ID}, func(to capture.Sink) (evidence.Summary, error) { return s.drive.Capture(ctx, to, p) })
	if err != nil {
		return Captured{}, err
	}
	s.mu.Lock()
	s.exhibits = append(s.exhibits, got.Exhibit)
	s.parts.count(got)
	s.mu.Unlock()
	return got, s.keep(settle)
}

// keep keeps the login as it is now, if that was asked for.
func (s *Session) keep(ctx context.Context) error {
	if s.n.Keep == "" || s.over() {
		return nil
	}
	login, err := s.drive.Login(ctx)
	if err != nil {
		return err
	}
	_, err = s.c.KeepLogin(ctx, s.n.Keep, s.n.Request.URL, login)
	return err
}

func (s *Session) over() bool {
	select {
	case <-s.drive.Done():
		return true
	default:
		return false
	}
}

// End closes the browser and seals the list of what was done. A *PartError says that an exhibit of the session is not whole.
func (s *Session) End(ctx context.Context) (SessionReport, error) {
	settle := context.WithoutCancel(ctx)
	kept := s.keep(settle)
	result, err := s.drive.End(settle)
	s.stopNoting()
	err = errors.Join(kept, err, s.failed)
	report := SessionReport{ID: s.ID, Exhibits: append([]string{}, s.exhibits...), SessionSummary: result}
	var sealed error
	if report.Exhibit, sealed = s.seal(settle, result); sealed != nil {
		detail := map[string]string{casefile.DetailFailed: sealed.Error()}
		return report, errors.Join(err, sealed, s.log(settle, custody.Entry{Action: custody.InteractiveEnd, Actor: custody.Tool, Detail: detail}))
	}
	if err == nil {
		err = s.parts.err()
	}
	return report, err
}

func (s *Session) seal(ctx context.Context, r evidence.SessionSummary) (string, error) {
	if len(r.Contacts) > 0 {
		if err := s.log(ctx, custody.Entry{Action: custody.NetworkContact, Actor: custody.Tool, Detail: contactDetail(r.Contacts)}); err != nil {
			return "", err
		}
	}
	in, err := s.c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool})
	if err != nil {
		return "", err
	}
	detail := map[string]string{"sitting": s.ID, "url": r.URL, "actions": fmt.Sprint(len(r.Actions)), "unsealed": fmt.Sprint(r.Unsealed)}
	exhibit, err := s.w.admitJSON(ctx, in, evidence.Session, evidence.SessionJSON, r, detail, "")
	if err != nil {
		return "", err
	}
	detail["exhibits"], detail["exhibit"] = fmt.Sprint(len(s.exhibits)), exhibit
	if err := s.log(ctx, custody.Entry{Action: custody.InteractiveEnd, Actor: custody.Person, Detail: detail}); err != nil {
		return exhibit, err
	}
	return exhibit, s.w.seal(ctx, s.c)
}
