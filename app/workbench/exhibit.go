package workbench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
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

// captured reads an exhibit. What it is says the entry that admitted it; a verdict in the summary of something that is no capture, as earlier
// versions wrote it, means nothing.
func captured(e casefile.Exhibit) (Captured, error) {
	got := Captured{Exhibit: e.ID, Kind: evidence.KindOf(e.Detail), Session: evidence.SessionOf(e.Detail), Source: sourceOf(e)}
	var err error
	if got.Summary, err = evidence.Decode[evidence.Summary]("summary of exhibit "+e.ID, e.Summary); err != nil {
		return Captured{}, err
	}
	if got.Kind != evidence.Capture {
		got.Verdict = ""
	}
	got.Artifacts = slices.Clone(e.Artifacts)
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

// Source is where a file from outside comes from, as the operator who added it says.
type Source struct {
	File     string `json:"file"`
	From     string `json:"from,omitempty"`     // who gave it
	Received string `json:"received,omitempty"` // when it was given
	Reason   string `json:"reason,omitempty"`   // a reference, e.g. the number of a reply
}

func sourceOf(e casefile.Exhibit) *Source {
	if e.Detail[evidence.DetailFile] == "" {
		return nil
	}
	return &Source{e.Detail[evidence.DetailFile], e.Detail[evidence.DetailFrom], e.Detail[evidence.DetailReceived], e.Reason}
}

// NewFile is a file that is to become an exhibit.
type NewFile struct {
	Kind      evidence.Kind // one of evidence.Given; empty is a file
	MediaType string
	Source
}

// MediaType is what the ending of a file's name says that it is.
func MediaType(file string) string {
	return cmp.Or(mime.TypeByExtension(filepath.Ext(file)), "application/octet-stream")
}

// AddFile admits a file from outside (a reply, a victim's picture) as an exhibit.
func (w *Workbench) AddFile(ctx context.Context, c *casefile.Case, n NewFile, r io.Reader) (Captured, error) {
	kind := cmp.Or(n.Kind, evidence.File)
	if !kind.Given() {
		return Captured{}, refuse("file "+n.File, "file.kind", string(kind), "這一類證物由程式產生，不能以檔案匯入。", "Exhibits of this kind are made by the program, not brought as a file.")
	}
	n.File = writable(n.File)
	in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Person})
	if err != nil {
		return Captured{}, err
	}
	if err := fill(in, n.File, n.MediaType, r); err != nil {
		return Captured{}, errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
	}
	detail := map[string]string{evidence.DetailFile: n.File}
	for key, value := range map[string]string{evidence.DetailFrom: n.From, evidence.DetailReceived: n.Received} {
		if value != "" {
			detail[key] = value
		}
	}
	e, err := w.admitOther(ctx, in, kind, evidence.OtherSummary{Title: n.File}, detail, n.Reason)
	if err != nil {
		return Captured{}, err
	}
	got, err := captured(e)
	if err == nil {
		got.Same, err = sameBytes(c, e)
	}
	return got, err
}

// writable writes the bytes of a file's name that are no UTF-8, which Linux allows and the log does not, as %NN.
func writable(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, "%%%02X", name[0])
		} else {
			b.WriteString(name[:size])
		}
		name = name[size:]
	}
	return b.String()
}

// sameBytes lists the other exhibits that hold the bytes of the file that e was made of. They are exhibits of their own: each has its own source.
func sameBytes(c *casefile.Case, e casefile.Exhibit) ([]string, error) {
	i := slices.IndexFunc(e.Artifacts, func(a evidence.Artifact) bool { return a.Name == e.Detail[evidence.DetailFile] })
	if i < 0 {
		return nil, nil
	}
	list, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	var same []string
	for _, x := range list {
		if x.ID != e.ID && slices.ContainsFunc(x.Artifacts, func(a evidence.Artifact) bool { return a.SHA256 == e.Artifacts[i].SHA256 }) {
			same = append(same, x.ID)
		}
	}
	return same, nil
}

// admitOther admits what is no capture.
func (w *Workbench) admitOther(ctx context.Context, in *casefile.Intake, kind evidence.Kind, s evidence.OtherSummary, detail map[string]string, reason string) (casefile.Exhibit, error) {
	s.Schema, s.Kind, s.Started = evidence.Schema, kind, w.Now().UTC()
	detail = maps.Clone(detail)
	detail[evidence.DetailKind] = string(kind)
	text, err := json.Marshal(s)
	if err != nil {
		return casefile.Exhibit{}, fmt.Errorf("summary of %s: %w", s.Title, err)
	}
	return in.Admit(ctx, text, detail, reason)
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
	evidence.Artifact
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
			list = append(list, Exported{e.ID, a})
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
	gone  []evidence.Artifact // whole
	part  string              // the artifact that failed, and of which bytes were handed out
	bytes int64               // of it
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

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
