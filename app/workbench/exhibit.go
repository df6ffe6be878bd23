package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
)

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
		x := export{c: c, e: e, write: write}
		err := x.run(ctx)
		for _, a := range x.gone {
			list = append(list, Exported{e.ID, capture.Artifact(a)})
		}
		if err = errors.Join(err, x.log(context.WithoutCancel(ctx), err)); err != nil {
			return list, err
		}
	}
	return list, nil
}

// export is one exhibit on its way out.
type export struct {
	c     *casefile.Case
	e     casefile.Exhibit
	write func(exhibit, artifact string, r io.Reader) error
	gone  []custody.Artifact // whole
	part  string             // the artifact that failed, and of which bytes were handed out
	bytes int64              // of it
}

func (x *export) run(ctx context.Context) error {
	for _, a := range x.e.Artifacts {
		r, err := x.c.OpenArtifact(ctx, x.e.Entry, a.Name)
		if err != nil {
			return err
		}
		n := &counter{}
		err = errors.Join(x.write(x.e.ID, a.Name, io.TeeReader(r, n)), r.Close())
		if err != nil {
			if n.n > 0 {
				x.part, x.bytes = a.Name, n.n
			}
			return err
		}
		x.gone = append(x.gone, a)
	}
	return nil
}

// log says what has left the case, also where the rest could not: bytes that were handed out do not come back.
func (x *export) log(ctx context.Context, failed error) error {
	if failed != nil && len(x.gone) == 0 && x.part == "" {
		return nil
	}
	e := custody.Entry{Actor: custody.Person, Action: custody.ExhibitExport, Object: x.e.ID, Artifacts: x.gone}
	if failed != nil {
		e.Detail = map[string]string{casefile.DetailFailed: failed.Error()}
	}
	if x.part != "" {
		e.Detail["part"] = fmt.Sprintf("%s: %d bytes", x.part, x.bytes)
	}
	_, err := x.c.Log(ctx, e)
	return err
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
