package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"yuzheng/capture/intake"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// IntakeOptions say what becomes of the addresses of a list.
type IntakeOptions struct {
	Views  []evidence.Persona // in which each address is queued; none queues nothing
	Base   evidence.Request   // settings of the queued captures
	Reason string             // where the list comes from
}

// IntakeResult is what a list came to.
type IntakeResult struct {
	Exhibit string        `json:"exhibit"`
	File    string        `json:"file"`
	Same    []string      `json:"same,omitempty"` // other exhibits with the bytes of the file
	Report  intake.Report `json:"report"`
	Queued  int           `json:"queued"` // jobs
	Known   int           `json:"known"`  // addresses that were in the queue, or captured, before
}

// Intake reads a list of addresses: the file itself becomes an exhibit, with what was found in it and what was not, each row with its reason.
// Addresses are queued unless they are invitations, which nobody opens, or known to the case already. A file that is no list is refused.
func (w *Workbench) Intake(ctx context.Context, c *casefile.Case, name string, r io.Reader, o IntakeOptions) (IntakeResult, error) {
	in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Person})
	if err != nil {
		return IntakeResult{}, err
	}
	l := &listed{in: in}
	result := IntakeResult{File: name}
	if result.Report, err = l.read(ctx, name, r); err != nil {
		err = errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
		if errors.Is(err, intake.ErrBroken) {
			return result, errors.Join(refuse("intake of "+name, "intake.broken", name, "讀取這個檔案時程式發生錯誤，檔案未收入案件；請將檔案保留並回報。",
				"A fault of this program ended the reading; the file was not taken in. Keep it, and report the fault."), err)
		}
		if errors.Is(err, intake.ErrKind) {
			return result, refuse("intake of "+name, "intake.kind", name, "這個檔案不是文字，也不是可讀的清單；請另存為 CSV、TXT 或 JSON。",
				"The file is neither a text nor a list that can be read; save it as CSV, TXT or JSON.")
		}
		return result, err
	}
	e, err := w.admitList(ctx, in, name, result.Report, o.Reason)
	if err != nil {
		return result, err
	}
	result.Exhibit = e.ID
	if result.Same, err = sameBytes(c, e); err != nil {
		return result, err
	}
	pages, known, err := w.unknown(c, l.rows, o.Views, result.Exhibit)
	if err != nil {
		return result, err
	}
	jobs, err := w.Enqueue(ctx, c, o.Base, pages, "intake of "+result.Exhibit)
	result.Queued, result.Known = len(jobs), known
	return result, err
}

func (w *Workbench) admitList(ctx context.Context, in *casefile.Intake, name string, rep intake.Report, reason string) (casefile.Exhibit, error) {
	s := evidence.OtherSummary{Title: name}
	if rep.Cut != "" {
		s.Missing = []evidence.Missing{evidence.Lacking(name, evidence.RemarkCode("list."+rep.Cut).With(rep.CutLine))}
	}
	return w.admitOther(ctx, in, evidence.List, s, map[string]string{
		evidence.DetailFile: name, "format": string(rep.Kind), "dataset": string(rep.Dataset), "addresses": fmt.Sprint(rep.Addresses), "skipped": fmt.Sprint(total(rep.Skipped)),
	}, reason)
}

func total(counts map[intake.Reason]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// unknown are the pages of rows that the case does not know yet, each as one persona. An address is known when it is as every persona that is asked for.
func (w *Workbench) unknown(c *casefile.Case, rows []row, views []evidence.Persona, exhibit string) (pages []evidence.QueuedPage, known int, err error) {
	jobs, err := w.queue.jobs(c)
	if err != nil {
		return nil, 0, err
	}
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, 0, err
	}
	type visit struct {
		url  string
		view evidence.Persona
	}
	seen := map[visit]bool{}
	for _, j := range jobs {
		seen[visit{j.URL, j.View}] = true
	}
	for _, e := range exhibits {
		if evidence.KindOf(e.Detail) == evidence.Capture {
			seen[visit{e.Detail["url"], evidence.Persona(e.Detail["view"])}] = true
		}
	}
	for _, r := range rows {
		before := len(pages)
		for _, v := range views {
			if !seen[visit{r.url, v}] {
				pages = append(pages, evidence.QueuedPage{URL: r.url, View: v, Source: fmt.Sprintf("%s line %d", exhibit, r.line)})
			}
		}
		if len(pages) == before {
			known++
		}
	}
	return pages, known, nil
}

// row is what the queue needs of an address.
type row struct {
	url  string
	line int
}

// listed takes what a reading finds and writes it into the exhibit.
type listed struct {
	in                      *casefile.Intake
	addresses, clues, skips *json.Encoder
	rows                    []row
}

func (l *listed) read(ctx context.Context, name string, r io.Reader) (intake.Report, error) {
	var open []casefile.Writer
	create := func(name, media string) (casefile.Writer, error) {
		wr, err := l.in.Create(name, media)
		if err == nil {
			open = append(open, wr)
		}
		return wr, err
	}
	file, err := create(plainName(name), "application/octet-stream")
	if err != nil {
		return intake.Report{}, err
	}
	for artifact, enc := range map[string]**json.Encoder{evidence.AddressesJSONL: &l.addresses, evidence.CluesJSONL: &l.clues, evidence.SkippedJSONL: &l.skips} {
		wr, err := create(artifact, "application/jsonl")
		if err != nil {
			return intake.Report{}, err
		}
		*enc = json.NewEncoder(wr)
		(*enc).SetEscapeHTML(false)
	}
	whole := io.TeeReader(r, file)
	report, err := intake.Read(ctx, name, whole, intake.Options{}, l)
	if err != nil {
		return report, err
	}
	if _, err := io.Copy(io.Discard, whole); err != nil { // what lies beyond a bound is evidence too
		return report, fmt.Errorf("file %s: %w", name, err)
	}
	wr, err := create(evidence.IntakeJSON, "application/json")
	if err != nil {
		return report, err
	}
	if err := json.NewEncoder(wr).Encode(report); err != nil {
		return report, fmt.Errorf("%s: %w", evidence.IntakeJSON, err)
	}
	for _, wr := range open {
		if err := wr.Close(); err != nil {
			return report, err
		}
	}
	return report, nil
}

// plainName is the last part of a file's name, without what a path could be made of; never one of the fixed names.
func plainName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, path.Base(strings.ReplaceAll(name, `\`, "/")))
	switch clean {
	case "", ".", "..", "-", "_":
		return "pasted.txt"
	case evidence.AddressesJSONL, evidence.CluesJSONL, evidence.SkippedJSONL, evidence.IntakeJSON:
		return "list-" + clean
	}
	return clean
}

// Address implements intake.Receiver.
func (l *listed) Address(r intake.Row) error {
	if !r.RecordOnly {
		l.rows = append(l.rows, row{r.URL, r.Line})
	}
	return l.addresses.Encode(r)
}

// Clue implements intake.Receiver.
func (l *listed) Clue(c intake.Clue) error { return l.clues.Encode(c) }

// Skip implements intake.Receiver.
func (l *listed) Skip(s intake.Skipped) error { return l.skips.Encode(s) }
