package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Captured is an exhibit as the command line prints it: a capture with all that it came to, or something else with its kind, title and time.
// Only a capture has a verdict.
type Captured struct {
	Exhibit string        `json:"exhibit"`
	Kind    evidence.Kind `json:"kind"`
	Session string        `json:"session,omitempty"` // in which a person drove the browser
	Source  *Source       `json:"source,omitempty"`  // of a file from outside
	Same    []string      `json:"same,omitempty"`    // other exhibits with its bytes; told when it is added
	evidence.Summary
}

// Outcome is how the visit ended; "" for what is no capture.
func (c Captured) Outcome() evidence.Outcome { return evidence.OutcomeOf(c.Verdict, c.Status) }

// Capture records each request as one exhibit and tells each when it is sealed. A page that can't be reached or is
// incomplete is an exhibit too; then the error is a *PartError at the end. Any other error means that the machine failed:
// what was sealed before it stays.
func (w *Workbench) Capture(ctx context.Context, c *casefile.Case, requests []evidence.Request, p capture.Progress, each func(Captured)) error {
	parts := ended{}
	for _, r := range requests {
		if ctx.Err() != nil {
			return fmt.Errorf("capture of %s not begun: %w", capture.Told(r).URL, context.Cause(ctx))
		}
		got, err := w.captureOne(ctx, c, r, "", p)
		if err != nil {
			return fmt.Errorf("capture of %s: %w", capture.Told(r).URL, err)
		}
		parts.count(got)
		each(got)
	}
	if err := w.seal(context.WithoutCancel(ctx), c); err != nil {
		return err
	}
	return parts.err()
}

// captureOne admits what the browser recorded, however little. The sealing outlives a cancelled ctx: what was received
// stays, and the interruption is part of its verdict. A job of the queue has its name in the entry that admits the exhibit.
func (w *Workbench) captureOne(ctx context.Context, c *casefile.Case, r evidence.Request, job string, p capture.Progress) (Captured, error) {
	browser, err := w.theBrowser()
	if err != nil {
		return Captured{}, err
	}
	settle := context.WithoutCancel(ctx)
	r = w.passwords.complete(r)
	told := w.passwords.withhold(r)
	begun, err := c.Log(settle, custody.Entry{
		Actor: custody.Person, Action: custody.CaptureBegin, Object: told.URL, Detail: requestDetail(told, job),
	})
	if err != nil {
		return Captured{}, err
	}
	return w.take(settle, c, begun, origin{job: job}, func(to capture.Sink) (evidence.Summary, error) { return browser.Record(ctx, r, to, p) })
}

// take admits what record gives, under the entry that began it. Whom it asked on the way is logged whatever comes of it.
func (w *Workbench) take(ctx context.Context, c *casefile.Case, begun custody.Entry, from origin, record func(capture.Sink) (evidence.Summary, error)) (Captured, error) {
	in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool, Begin: begun.Number})
	if err != nil {
		return Captured{}, err
	}
	result, err := record(sink{in})
	if lerr := logContacts(ctx, c, begun, result.Contacts); err == nil {
		err = lerr
	}
	if err != nil {
		return Captured{}, errors.Join(err, in.Abandon(ctx, err.Error()))
	}
	exhibit, err := w.admit(ctx, in, from, result)
	return Captured{Exhibit: exhibit.ID, Kind: evidence.Capture, Session: from.session, Summary: result}, err
}

// origin says on whose behalf a page was captured.
type origin struct {
	job     string // of the queue, a crawl, a watch
	session string // in which a person drove the browser
}

func logContacts(ctx context.Context, c *casefile.Case, begun custody.Entry, contacts []evidence.Contact) error {
	if len(contacts) == 0 {
		return nil
	}
	detail := contactDetail(contacts)
	detail[casefile.DetailBegin] = strconv.FormatInt(begun.Number, 10)
	_, err := c.Log(ctx, custody.Entry{Actor: custody.Tool, Action: custody.NetworkContact, Object: begun.Object, Detail: detail})
	return err
}

func (w *Workbench) admit(ctx context.Context, in *casefile.Intake, from origin, r evidence.Summary) (casefile.Exhibit, error) {
	summary, err := json.Marshal(struct {
		Kind    evidence.Kind `json:"kind"`
		Session string        `json:"session,omitempty"`
		evidence.Summary
	}{evidence.Capture, from.session, r})
	if err != nil {
		err = fmt.Errorf("summary of %s: %w", r.URL, err)
		return casefile.Exhibit{}, errors.Join(err, in.Abandon(ctx, err.Error()))
	}
	detail := map[string]string{
		evidence.DetailKind: string(evidence.Capture), "url": r.URL, "final_url": r.FinalURL, "view": string(r.View), "verdict": string(r.Verdict),
		detailStatus: strconv.Itoa(r.Status),
	}
	if from.job != "" {
		detail[detailJob] = from.job
	}
	if from.session != "" {
		detail[evidence.DetailSession] = from.session
	}
	if n := len(r.Missing); n > 0 {
		detail[detailMissing] = strconv.Itoa(n)
	}
	if r.Interrupted {
		detail[detailInterrupted] = "true"
	}
	return in.Admit(ctx, summary, detail, "")
}

func requestDetail(r evidence.Request, job string) map[string]string {
	detail := map[string]string{"view": string(r.View)}
	set := func(key, value string) {
		if value != "" {
			detail[key] = value
		}
	}
	set("allow_private", strings.Join(r.AllowPrivate, " "))
	set("proxy", r.Proxy)
	set(detailJob, job)
	var mapped []string
	for _, name := range slices.Sorted(maps.Keys(r.Resolve)) {
		mapped = append(mapped, name+"="+r.Resolve[name])
	}
	set("resolve", strings.Join(mapped, " "))
	if r.NoSandbox {
		set("no_sandbox", "true")
	}
	if r.NetLog {
		set("net_log", "true")
	}
	return detail
}

func contactDetail(contacts []evidence.Contact) map[string]string {
	detail := map[string]string{}
	for _, c := range contacts {
		detail[strings.TrimSpace(c.Reason+" "+c.Host+" "+c.Address)] = fmt.Sprint(c.Count)
	}
	return detail
}

// sink is the whole of the joint between capture and casefile.
type sink struct{ in *casefile.Intake }

func (s sink) Create(name, mediaType string) (capture.Writer, error) {
	return s.in.Create(name, mediaType)
}
