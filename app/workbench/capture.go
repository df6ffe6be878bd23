package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
)

// Captured is an exhibit that a capture made, as the command line prints it.
type Captured struct {
	Exhibit string `json:"exhibit"`
	capture.Result
}

// Capture records each request as one exhibit and tells each when it is sealed. A page that can't be reached or is
// incomplete is an exhibit too; then the error is ErrInPart at the end. Any other error means that the machine failed:
// what was sealed before it stays.
func (w *Workbench) Capture(ctx context.Context, c *casefile.Case, requests []capture.Request, p capture.Progress, each func(Captured)) error {
	whole := true
	for _, r := range requests {
		if ctx.Err() != nil {
			return fmt.Errorf("capture of %s not begun: %w", r.URL, context.Cause(ctx))
		}
		got, err := w.captureOne(ctx, c, r, p)
		if err != nil {
			return fmt.Errorf("capture of %s: %w", r.URL, err)
		}
		whole = whole && got.Verdict == capture.Complete
		each(got)
	}
	if err := w.seal(context.WithoutCancel(ctx), c); err != nil {
		return err
	}
	if !whole {
		return ErrInPart
	}
	return nil
}

// captureOne admits what the browser recorded, however little. The sealing outlives a cancelled ctx: what was received
// stays, and the interruption is part of its verdict.
func (w *Workbench) captureOne(ctx context.Context, c *casefile.Case, r capture.Request, p capture.Progress) (Captured, error) {
	browser, err := w.theBrowser()
	if err != nil {
		return Captured{}, err
	}
	settle := context.WithoutCancel(ctx)
	if _, err := c.Log(settle, custody.Entry{
		Actor: custody.Person, Action: custody.CaptureBegin, Object: r.URL, Detail: requestDetail(r),
	}); err != nil {
		return Captured{}, err
	}
	in, err := c.Receive(settle, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool})
	if err != nil {
		return Captured{}, err
	}
	result, err := browser.Record(ctx, r, sink{in}, p)
	if err != nil {
		return Captured{}, errors.Join(err, in.Abandon(settle, err.Error()))
	}
	exhibit, err := w.admit(settle, c, in, result)
	return Captured{exhibit.ID, result}, err
}

func (w *Workbench) admit(ctx context.Context, c *casefile.Case, in *casefile.Intake, r capture.Result) (casefile.Exhibit, error) {
	if len(r.Contacts) > 0 {
		_, err := c.Log(ctx, custody.Entry{
			Actor: custody.Tool, Action: custody.NetworkContact, Object: r.URL, Detail: contactDetail(r.Contacts),
		})
		if err != nil {
			return casefile.Exhibit{}, err
		}
	}
	summary, err := json.Marshal(r)
	if err != nil {
		return casefile.Exhibit{}, fmt.Errorf("summary of %s: %w", r.URL, err)
	}
	return in.Admit(ctx, summary, map[string]string{
		"url": r.URL, "final_url": r.FinalURL, "view": string(r.View), "verdict": string(r.Verdict),
	}, "")
}

func requestDetail(r capture.Request) map[string]string {
	detail := map[string]string{"view": string(r.View)}
	set := func(key, value string) {
		if value != "" {
			detail[key] = value
		}
	}
	set("allow_private", strings.Join(r.AllowPrivate, " "))
	set("proxy", r.Proxy)
	var mapped []string
	for _, name := range slices.Sorted(maps.Keys(r.Resolve)) {
		mapped = append(mapped, name+"="+r.Resolve[name])
	}
	set("resolve", strings.Join(mapped, " "))
	if r.NoSandbox {
		set("no_sandbox", "true")
	}
	return detail
}

func contactDetail(contacts []capture.Contact) map[string]string {
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

// Exhibits lists the captures and imported files of a case in the order of their numbers.
func (w *Workbench) Exhibits(c *casefile.Case) ([]Captured, error) {
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	list := make([]Captured, 0, len(exhibits))
	for _, e := range exhibits {
		got, err := captured(e)
		if err != nil {
			return nil, err
		}
		list = append(list, got)
	}
	return list, nil
}

func captured(e casefile.Exhibit) (Captured, error) {
	got := Captured{Exhibit: e.ID}
	if err := json.Unmarshal(e.Summary, &got.Result); err != nil {
		return Captured{}, fmt.Errorf("summary of exhibit %s: %w", e.ID, err)
	}
	got.Artifacts = nil
	for _, a := range e.Artifacts {
		got.Artifacts = append(got.Artifacts, capture.Artifact(a))
	}
	return got, nil
}

// OpenArtifact opens one artifact of an exhibit for reading; every chunk is verified as it is read.
func (w *Workbench) OpenArtifact(ctx context.Context, c *casefile.Case, exhibit, name string) (io.ReadSeekCloser, error) {
	e, err := c.Exhibit(exhibit)
	if err != nil {
		return nil, err
	}
	return c.OpenArtifact(ctx, e.Entry, name)
}

// AddFile admits a file from outside (a reply, a victim's picture) as an exhibit.
func (w *Workbench) AddFile(ctx context.Context, c *casefile.Case, name, mediaType string, r io.Reader, reason string) (Captured, error) {
	in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Person})
	if err != nil {
		return Captured{}, err
	}
	if err := fill(in, name, mediaType, r); err != nil {
		return Captured{}, errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
	}
	summary, err := json.Marshal(capture.Result{Title: name, Verdict: capture.Complete, Started: w.Now().UTC()})
	if err != nil {
		return Captured{}, err
	}
	e, err := in.Admit(ctx, summary, map[string]string{"file": name}, reason)
	if err != nil {
		return Captured{}, err
	}
	return captured(e)
}

func fill(in *casefile.Intake, name, mediaType string, r io.Reader) error {
	wr, err := in.Create(name, mediaType)
	if err != nil {
		return err
	}
	if _, err := io.Copy(wr, r); err != nil {
		return fmt.Errorf("file %s: %w", name, err)
	}
	return wr.Close()
}

// Exhibit gives one exhibit by its number.
func (w *Workbench) Exhibit(c *casefile.Case, id string) (Captured, error) {
	e, err := c.Exhibit(id)
	if err != nil {
		return Captured{}, err
	}
	return captured(e)
}

// Exported is one artifact that left the case.
type Exported struct {
	Exhibit string `json:"exhibit"`
	capture.Artifact
}

// Export hands every artifact of the exhibits named (all, when none is) to write, and logs that they left the case.
// The bytes are compared with the log as they are read: a difference is a *casefile.TamperError.
func (w *Workbench) Export(ctx context.Context, c *casefile.Case, ids []string, write func(exhibit, artifact string, r io.Reader) error) ([]Exported, error) {
	exhibits, err := chosen(c, ids)
	if err != nil {
		return nil, err
	}
	list := []Exported{}
	for _, e := range exhibits {
		for _, a := range e.Artifacts {
			if err := exportOne(ctx, c, e, a.Name, write); err != nil {
				return list, err
			}
			list = append(list, Exported{e.ID, capture.Artifact(a)})
		}
		entry := custody.Entry{Actor: custody.Person, Action: custody.ExhibitExport, Object: e.ID, Artifacts: e.Artifacts}
		if _, err := c.Log(ctx, entry); err != nil {
			return list, err
		}
	}
	return list, nil
}

func exportOne(ctx context.Context, c *casefile.Case, e casefile.Exhibit, name string, write func(exhibit, artifact string, r io.Reader) error) error {
	r, err := c.OpenArtifact(ctx, e.Entry, name)
	if err != nil {
		return err
	}
	return errors.Join(write(e.ID, name, r), r.Close())
}

func chosen(c *casefile.Case, ids []string) ([]casefile.Exhibit, error) {
	if len(ids) == 0 {
		return c.Exhibits()
	}
	var list []casefile.Exhibit
	for _, id := range ids {
		e, err := c.Exhibit(id)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}
