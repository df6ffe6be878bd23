package workbench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"yuzheng/app/faults"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
)

// Render makes the papers of an application and seals them as they are: what was approved is what leaves. Papers of an unchanged application are not
// made again, whatever law, lists, templates or programs are in force by now: Notices says that they are others. What the checks refuse is not
// rendered, and papers of which the gate would refuse a target today are not given.
func (w *Workbench) Render(ctx context.Context, c *casefile.Case, id string, noSandbox bool) (casefile.Exhibit, error) {
	b, err := w.brief(ctx, c, id)
	if err != nil {
		return casefile.Exhibit{}, err
	}
	return w.render(ctx, c, b, renderOptions{noSandbox: noSandbox})
}

// RenderAgain makes the papers anew, with what is in force now, where Render would keep those that there are. Those of a draft alone: what was
// approved or filed stands until it is handed back.
func (w *Workbench) RenderAgain(ctx context.Context, c *casefile.Case, id string, noSandbox bool) (casefile.Exhibit, error) {
	b, err := w.brief(ctx, c, id)
	if err != nil {
		return casefile.Exhibit{}, err
	}
	if b.life.State() != application.Draft {
		return casefile.Exhibit{}, w.refuseStep(application.ErrApproved, id)
	}
	return w.render(ctx, c, b, renderOptions{noSandbox: noSandbox, again: true})
}

// renderOptions says how papers are made.
type renderOptions struct {
	noSandbox, again bool
	told             func(done, total int64) // how many papers are ready; may be nil
}

// render is Render of what was read of an application.
func (w *Workbench) render(ctx context.Context, c *casefile.Case, b brief, o renderOptions) (casefile.Exhibit, error) {
	id := b.app.ID
	made, err := w.rendering(b)
	if err != nil {
		return casefile.Exhibit{}, err
	}
	before, last, err := lastRendering(c, b.set())
	if err != nil {
		return casefile.Exhibit{}, err
	}
	if b.approved() || last.Inputs == made.Inputs && !o.again {
		return before, LintRefusal("application "+id, b.gated(operatorOf(c)))
	}
	if err := LintRefusal("application "+id, b.lint(operatorOf(c))); err != nil {
		return casefile.Exhibit{}, err
	}
	made.Serial = rpz.Serial(w.Now(), last.Serial)
	papers, err := w.papers(ctx, c, b, made.Serial)
	if err != nil {
		return casefile.Exhibit{}, err
	}
	return w.sealPapers(ctx, c, b.set(), made, papers, o)
}

func lastRendering(c *casefile.Case, id string) (casefile.Exhibit, evidence.Rendering, error) {
	var r evidence.Rendering
	e, err := c.Papers(id)
	if errors.Is(err, casefile.ErrNotFound) {
		return e, r, nil
	}
	if err == nil {
		err = json.Unmarshal(e.Summary, &r)
	}
	return e, r, err
}

// rendering hashes what the papers will be made of: the application and what it rests on, without the words in which lists put it; and law, lists and
// templates.
func (w *Workbench) rendering(b brief) (evidence.Rendering, error) {
	gates := slices.Clone(b.gates)
	for i := range gates {
		gates[i].Time, gates[i].Results = time.Time{}, slices.Clone(gates[i].Results)
		for j := range gates[i].Results {
			gates[i].Results[j].Text, gates[i].Results[j].TextEN = "", ""
		}
	}
	cited := b.cited()
	for i := range cited {
		cited[i].Warnings, cited[i].Missing, cited[i].Raw = nil, nil, nil
	}
	made := []any{b.app, b.targets, gates, cited}
	if len(b.losses) > 0 {
		made = append(made, b.losses)
	}
	if b.earlier != nil {
		made = append(made, b.earlier.Application, b.earlier.Targets)
	}
	if b.set() != b.app.ID {
		made = append(made, b.to, b.life.Steps, b.life.LetGo) // what the court is asked for does not change with what comes of it
	}
	inputs, data := sha256.New(), sha256.New()
	err := json.NewEncoder(inputs).Encode(made)
	if err = errors.Join(err, hashFiles(data, w.Papers), hashFiles(data, w.Lists)); err != nil {
		return evidence.Rendering{}, err
	}
	return evidence.Rendering{Inputs: hex.EncodeToString(inputs.Sum(nil)), Data: hex.EncodeToString(data.Sum(nil))}, nil
}

// hashFiles hashes the names and contents of all files of a folder.
func hashFiles(h io.Writer, files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(data), data)
		return err
	})
}

func (w *Workbench) versions(ctx context.Context) ([]application.Version, error) {
	browser, err := w.theBrowser()
	if err != nil {
		return nil, err
	}
	v, err := browser.Version(ctx)
	if err != nil {
		return nil, err
	}
	return append([]application.Version{{Name: "域證 Yuzheng", Value: w.Version}, {Name: "瀏覽器", Value: v}}, w.Libraries...), nil
}

func (w *Workbench) papers(ctx context.Context, c *casefile.Case, b brief, serial uint32) ([]application.Paper, error) {
	versions, err := w.versions(ctx)
	if err != nil {
		return nil, err
	}
	lines, left, err := custodyLines(c, b)
	if err != nil {
		return nil, err
	}
	exhibits := slices.Clone(b.exhibits)
	if err := visits(ctx, c, exhibits, application.Cited(b.app, b.targets, b.losses)); err != nil {
		return nil, err
	}
	operator := c.Info().Operator
	papers, err := application.Papers(application.PaperInput{
		Application: b.app, Targets: b.targets, Gates: b.gates, Exhibits: exhibits, Custody: lines, CustodyLeft: left, Versions: versions,
		Lists: b.lists, Operator: operator.Name, Contact: contact(operator, b.app.Office), Serial: serial, Time: w.Now(),
		Losses: b.losses, Life: b.life, Earlier: b.earlier, For: b.to,
	}, w.Papers)
	var refused *application.RefusedError
	if errors.As(err, &refused) {
		return nil, LintRefusal("application "+b.app.ID, refused.Findings)
	}
	return papers, err
}

// contact is whom to turn to at the office: by title and name, and by the office where it is another one.
func contact(o custody.Operator, office string) string {
	if o.Office == office {
		o.Office = ""
	}
	return strings.Join(strings.Fields(o.Office+" "+o.Title+" "+o.Name), " ")
}

// custodyLines are the entries that concern the packet, as they are printed, and how many others there are by kind.
func custodyLines(c *casefile.Case, b brief) ([]application.CustodyLine, []application.CustodyCount, error) {
	numbers, left, err := b.concerned(c, 0)
	if err != nil {
		return nil, nil, err
	}
	var lines []application.CustodyLine
	for _, n := range numbers {
		line, err := c.Line(n)
		if err != nil {
			return nil, nil, err
		}
		e, err := custody.ParseEntry(line)
		if err != nil {
			return nil, nil, err
		}
		hash := custody.LeafHash(line)
		lines = append(lines, application.CustodyLine{
			Number: n, Time: e.Time.Time, Actor: string(e.Actor), Operator: e.Operator.Name, Action: string(e.Action),
			Object: e.Object, Detail: detailText(b.lists, e), Hash: hex.EncodeToString(hash[:]),
		})
	}
	var counts []application.CustodyCount
	for _, a := range slices.Sorted(maps.Keys(left)) {
		counts = append(counts, application.CustodyCount{Action: string(a), Count: left[a]})
	}
	return lines, counts, nil
}

func detailText(lists *application.Lists, e custody.Entry) string {
	parts := []string{lists.Detail(string(e.Action), e.Detail)}
	reason := e.Reason
	if e.Actor != custody.Person {
		reason = faults.Say(paperLang, reason)
	}
	if reason != "" {
		parts = append(parts, "理由："+reason)
	}
	return strings.Trim(strings.Join(parts, "；"), "；")
}

// sealPapers writes every format of every paper into the case.
func (w *Workbench) sealPapers(ctx context.Context, c *casefile.Case, id string, made evidence.Rendering, papers []application.Paper, o renderOptions) (casefile.Exhibit, error) {
	detail, err := w.byOffice(map[string]string{"inputs_sha256": made.Inputs})
	if err != nil {
		return casefile.Exhibit{}, err
	}
	in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.DocumentRender, Object: id, Actor: custody.Tool})
	if err != nil {
		return casefile.Exhibit{}, err
	}
	told := o.told
	if told == nil {
		told = func(int64, int64) {}
	}
	next, stop, err := w.print(ctx, papers, o.noSandbox)
	if err != nil {
		return casefile.Exhibit{}, errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
	}
	defer stop()
	for i, p := range papers {
		told(int64(i), int64(len(papers)))
		if err := writePaper(in, p, next); err != nil {
			err = fmt.Errorf("paper %s: %w", p.File, err)
			return casefile.Exhibit{}, errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
		}
	}
	told(int64(len(papers)), int64(len(papers)))
	summary, err := json.Marshal(made)
	if err != nil {
		return casefile.Exhibit{}, err
	}
	return in.Admit(ctx, summary, detail, "")
}

// print has the browser print all PDFs of papers: each call of next gives the next of them, made while others were written.
func (w *Workbench) print(ctx context.Context, papers []application.Paper, noSandbox bool) (next func() ([]byte, error, bool), stop func(), err error) {
	browser, err := w.theBrowser()
	if err != nil {
		return nil, nil, err
	}
	var pages []func() ([]byte, error)
	var one sync.Mutex // pictures are large: those of one paper are decoded at a time
	for _, p := range papers {
		if slices.Contains(p.Formats, application.PDF) {
			pages = append(pages, func() ([]byte, error) {
				one.Lock()
				defer one.Unlock()
				return typeset(p.Document, application.PDF)
			})
		}
	}
	next, stop = iter.Pull2(browser.Print(ctx, slices.Values(pages), noSandbox))
	return next, stop, nil
}

var errUnprinted = errors.New("the browser printed fewer papers than it was given")

// writePaper writes every format of a paper; next gives its PDF.
func writePaper(in *casefile.Intake, p application.Paper, next func() ([]byte, error, bool)) error {
	for _, f := range p.Formats {
		var data []byte
		var err error
		if f == application.PDF {
			var ok bool
			if data, err, ok = next(); !ok {
				err = errUnprinted
			}
		} else {
			data, err = typeset(p.Document, f)
		}
		if err != nil {
			return err
		}
		if err := fill(in, p.File+"."+string(f), mediaTypes[f], bytes.NewReader(data)); err != nil {
			return err
		}
	}
	for _, f := range slices.Sorted(maps.Keys(p.Data)) {
		if err := fill(in, p.File+"."+string(f), mediaTypes[f], bytes.NewReader(p.Data[f])); err != nil {
			return err
		}
	}
	return nil
}

var mediaTypes = map[application.Format]string{
	application.PDF: "application/pdf", application.HTML: "text/html; charset=utf-8", application.CSV: "text/csv; charset=utf-8",
	application.ODT:  "application/vnd.oasis.opendocument.text",
	application.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	application.JSON: "application/json", application.ZONE: "text/dns; charset=utf-8", application.NSUP: "text/plain; charset=utf-8",
}

// typeset writes a document in one format; of a PDF, the page that is printed.
func typeset(d document.Document, f application.Format) ([]byte, error) {
	write := map[application.Format]func(io.Writer, document.Document) error{
		application.ODT: document.ODT, application.DOCX: document.DOCX, application.HTML: plainHTML, application.PDF: plainHTML,
	}[f]
	if write == nil {
		return nil, fmt.Errorf("no way to write %s", f)
	}
	var b bytes.Buffer
	err := write(&b, d)
	return b.Bytes(), err
}

func plainHTML(w io.Writer, d document.Document) error { return document.HTML(w, d, "") }

func decode(r casefile.Record, v any) error {
	if err := json.Unmarshal(r.Value, v); err != nil {
		return fmt.Errorf("%s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}
