package window

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/net/http/httpproxy"

	"yuzheng/app/training"
	"yuzheng/app/window/control"
	"yuzheng/app/window/page"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/sign"
)

// desk is the workbench in the words of the window.
type desk struct{ bench *workbench.Workbench }

// Create implements control.Bench.
func (d *desk) Create(ctx context.Context, n page.NewCase) (control.Case, string, error) {
	c, key, err := d.bench.CreateCase(ctx, workbench.NewCase{
		Dir: n.Dir, Number: n.Number, Title: n.Title, Passphrase: n.Passphrase, Operator: n.Operator,
	})
	if err != nil {
		return nil, "", err
	}
	return newFile(d.bench, c, n.Dir), key, nil
}

// Open implements control.Bench.
func (d *desk) Open(ctx context.Context, dir string, k page.Key, op custody.Operator) (control.Case, error) {
	way := casefile.Passphrase(k.Passphrase)
	if k.Recovery != "" {
		way = casefile.RecoveryKey(k.Recovery)
	}
	c, err := d.bench.OpenCase(ctx, dir, way, op)
	if err != nil {
		return nil, err
	}
	return newFile(d.bench, c, dir), nil
}

// Env implements page.Checker, for the folder in which cases are kept. The page has said whom it contacts.
func (d *desk) Env(ctx context.Context, contact bool) []page.EnvItem {
	var items []page.EnvItem
	for _, i := range d.bench.Env(ctx, workbench.EnvOptions{Dir: control.CasesDir(), Proxy: httpproxy.FromEnvironment().ProxyFunc(), Contact: contact}) {
		items = append(items, page.EnvItem{Name: i.Name, State: string(i.State), Code: i.Code, Data: i.Data})
	}
	return items
}

// Train implements control.Bench.
func (d *desk) Train(ctx context.Context, dir string, noSandbox bool, tell func(key string, pairs ...any)) (page.Trained, error) {
	r, err := training.Play(ctx, d.bench, training.Options{Dir: dir, NoSandbox: noSandbox, Progress: capture.NoProgress{}, Tell: tell})
	return page.Trained{Case: r.Case, Packet: r.Packet.File, Passphrase: r.Passphrase}, err
}

// Verify implements page.Verifier.
func (d *desk) Verify(ctx context.Context, path, seal string) (packet.Report, error) {
	r, err := d.bench.Verify(ctx, path, workbench.VerifyOptions{Seal: seal})
	if err != nil && !errors.Is(err, workbench.ErrMismatch) && !errors.Is(err, workbench.ErrNoPacket) {
		return packet.Report{}, err
	}
	return *r, nil
}

// Know implements page.Verifier.
func (d *desk) Know(_ context.Context, k packet.KnownKey) error {
	_, err := d.bench.AddKnownKey(k)
	return err
}

// Law implements page.Lawbook.
func (d *desk) Law() (page.Law, error) {
	got, err := d.bench.Law()
	law := page.Law{Folder: got.Folder, SHA256: got.SHA256}
	for _, i := range got.Items {
		law.Items = append(law.Items, page.LawItem(i))
	}
	return law, err
}

// LawText implements page.Lawbook.
func (d *desk) LawText(id string) (page.LawText, error) {
	got, err := d.bench.LawText(id)
	return page.LawText{LawItem: page.LawItem(got.LawItem), Articles: got.Articles, Text: got.Text}, err
}

// file is an open case in the words of the pages.
type file struct {
	*queue
	bench *workbench.Workbench
	c     *casefile.Case
	dir   string
}

func newFile(bench *workbench.Workbench, c *casefile.Case, dir string) *file {
	return &file{queue: &queue{bench: bench, c: c}, bench: bench, c: c, dir: dir}
}

// Info implements control.Case.
func (f *file) Info() page.Info {
	i := f.c.Info()
	return page.Info{Dir: f.dir, Number: i.Number, Title: i.Title, Operator: i.Operator, Joined: i.Joined}
}

// Close implements control.Case.
func (f *file) Close() error { return f.c.Close() }

// Sit implements page.Sitter.
func (f *file) Sit(ctx context.Context, n page.NewSession) (page.Held, error) {
	s, err := f.bench.Sit(ctx, f.c, workbench.NewSession{
		Request: n.Request, Login: n.Login, Keep: n.Keep, Reason: n.Reason, Ask: n.Ask, Told: n.Told,
	})
	if err != nil {
		return nil, err
	}
	return held{s}, nil
}

// Logins implements page.Sitter.
func (f *file) Logins() []casefile.LoginInfo { return f.c.Logins() }

// RemoveLogin implements page.Sitter.
func (f *file) RemoveLogin(ctx context.Context, name, reason string) error {
	return f.c.RemoveLogin(ctx, name, reason)
}

// held is a session in the words of its page.
type held struct{ *workbench.Session }

// Capture implements page.Held.
func (h held) Capture(ctx context.Context, p capture.Progress) (page.Exhibit, error) {
	got, err := h.Session.Capture(ctx, p)
	return exhibit(got), err
}

// End implements page.Held.
func (h held) End(ctx context.Context) (string, error) {
	r, err := h.Session.End(ctx)
	if errors.Is(err, workbench.ErrInPart) {
		err = nil
	}
	return r.Exhibit, err
}

func exhibit(c workbench.Captured) page.Exhibit {
	e := page.Exhibit{Number: c.Exhibit, Kind: c.Kind, Session: c.Session, Summary: c.Summary}
	if s := c.Source; s != nil {
		e.Source = &page.Source{File: s.File, From: s.From, Received: s.Received, Reason: s.Reason}
	}
	return e
}

// Exhibits implements page.Shelf.
func (f *file) Exhibits(context.Context) ([]page.Exhibit, error) {
	list, err := f.bench.Exhibits(f.c)
	exhibits := make([]page.Exhibit, 0, len(list))
	for _, c := range list {
		exhibits = append(exhibits, exhibit(c))
	}
	return exhibits, err
}

// Open implements page.Reader.
func (f *file) Open(ctx context.Context, exhibit, artifact string) (io.ReadSeekCloser, error) {
	return f.bench.OpenArtifact(ctx, f.c, exhibit, artifact)
}

// Entries implements page.Log.
func (f *file) Entries(ctx context.Context) ([]custody.Entry, error) {
	var list []custody.Entry
	for e, err := range f.c.Entries(1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// Details implements page.Log.
func (f *file) Details(lang string, e custody.Entry) ([]string, error) {
	lists, err := application.LoadLists(f.bench.Lists)
	if err != nil {
		return nil, err
	}
	return lists.Details(lang, string(e.Action), e.Detail), nil
}

// Check implements page.Log.
func (f *file) Check(ctx context.Context, progress func(done, total int64)) ([]page.Finding, error) {
	found, err := f.bench.Check(ctx, f.c, progress)
	if errors.Is(err, workbench.ErrMismatch) {
		err = nil
	}
	var list []page.Finding
	for _, n := range found {
		list = append(list, page.Finding{Place: n.Place, Problem: n.Problem, Want: n.Want, Got: n.Got})
	}
	return list, err
}

// Seal implements page.Sealer.
func (f *file) Seal(ctx context.Context) (page.Sealed, error) {
	s, err := f.bench.Seal(ctx, f.c)
	if err != nil {
		return page.Sealed{}, err
	}
	made := page.Sealed{Size: s.Size, Stamps: len(s.Stamps), Pending: len(s.Pending)}
	list, err := f.bench.Unstamped(f.c, s)
	for _, u := range list {
		made.Why = append(made.Why, page.Unstamped{URL: u.URL, Why: u.Why})
	}
	return made, err
}

// SaveSeal implements page.Sealer.
func (f *file) SaveSeal(_ context.Context, size int64, file string) error {
	return f.bench.WriteSealSheet(f.c, size, file)
}

// Targets implements page.Targets.
func (f *file) Targets(context.Context) ([]application.Target, error) { return f.bench.Targets(f.c) }

// AddTarget implements page.Targets.
func (f *file) AddTarget(ctx context.Context, name string, scope application.Scope, reason string) (application.Target, error) {
	return f.bench.AddTarget(ctx, f.c, workbench.NewTarget{Name: name, Scope: scope, ScopeReason: reason})
}

// SetTarget implements page.Targets.
func (f *file) SetTarget(ctx context.Context, id string, scope application.Scope, scopeReason, reason string) error {
	_, err := f.bench.SetTarget(ctx, f.c, id, workbench.TargetChange{Scope: &scope, ScopeReason: &scopeReason}, reason)
	return err
}

// DropTarget implements page.Targets.
func (f *file) DropTarget(ctx context.Context, id, reason string) error {
	return f.bench.DropTarget(ctx, f.c, id, reason)
}

// Propose implements page.Targets.
func (f *file) Propose(ctx context.Context) ([]application.Proposal, error) {
	return f.bench.Propose(ctx, f.c)
}

// Gates implements page.Gatekeeper.
func (f *file) Gates(ctx context.Context) ([]application.GateResult, error) {
	return f.bench.Gate(ctx, f.c)
}

// Override implements page.Gatekeeper.
func (f *file) Override(ctx context.Context, o application.Override, k page.SigningKey) error {
	return signing(k, f.bench.Now(), func(by *sign.Signer) error { return f.bench.Override(ctx, f.c, o, by) })
}

// Types implements control.Case.
func (f *file) Types() ([]application.Type, error) {
	all, err := f.bench.ApplicationTypes()
	if err != nil {
		return nil, err
	}
	var types []application.Type
	for _, t := range all {
		if t.Complete {
			types = append(types, t)
		}
	}
	return types, nil
}

// Drafts implements page.Drafts.
func (f *file) Drafts(context.Context) ([]application.Application, error) {
	return f.bench.Applications(f.c)
}

// Save implements page.Drafts.
func (f *file) Save(ctx context.Context, a application.Application) (application.Application, error) {
	if a.ID == "" {
		return f.bench.NewApplication(ctx, f.c, a)
	}
	return a, f.bench.SetApplication(ctx, f.c, a, "")
}

// Supplement implements page.Drafts.
func (f *file) Supplement(ctx context.Context, id string, targets []string) (application.Application, error) {
	return f.bench.Supplement(ctx, f.c, id, targets)
}

// Lint implements page.Drafts.
func (f *file) Lint(ctx context.Context, id string) ([]application.Finding, error) {
	found, err := f.bench.Lint(ctx, f.c, id)
	if err != nil {
		return nil, err
	}
	notices, err := f.bench.Notices(ctx, f.c, id)
	return append(found, notices...), err
}

// Life implements page.Lives.
func (f *file) Life(_ context.Context, id string) (application.Life, error) {
	a, err := f.bench.Application(f.c, id)
	if err != nil {
		return application.Life{}, err
	}
	return f.bench.Life(f.c, a)
}

// TakeStep implements page.Lives.
func (f *file) TakeStep(ctx context.Context, id string, s page.TakenStep) error {
	n := workbench.NewStep{Kind: s.Kind, Person: s.Person, Number: s.Number, Note: s.Note, Exhibit: s.Exhibit}
	var err error
	if n.At, err = workbench.Moment(s.At); err != nil {
		return err
	}
	if s.Names != nil {
		if n.Order, err = ruling(s); err != nil {
			return err
		}
	}
	return signing(s.Key, f.bench.Now(), func(by *sign.Signer) error {
		n.By = by
		_, err := f.bench.TakeStep(ctx, f.c, id, n)
		return err
	})
}

// ruling reads what was decided, with its days.
func ruling(s page.TakenStep) (*application.Ruling, error) {
	r := &application.Ruling{Court: s.Court, Names: s.Names, Instructions: s.Instructions}
	for _, day := range []struct {
		into *time.Time
		text string
	}{{&r.ValidTo, s.Valid}, {&r.TermFrom, s.From}, {&r.TermTo, s.Until}} {
		var err error
		if *day.into, err = workbench.Moment(day.text); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Deadlines implements page.Lives.
func (f *file) Deadlines(_ context.Context, id string) ([]application.Deadline, error) {
	return f.bench.Deadlines(f.c, id)
}

// SaveCalendar implements page.Lives.
func (f *file) SaveCalendar(_ context.Context, id, file, lang string) error {
	due, err := f.bench.Deadlines(f.c, id)
	if err != nil {
		return err
	}
	return f.bench.WriteCalendar(f.c, due, file, lang)
}

// Build implements page.Packer.
func (f *file) Build(ctx context.Context, id string, o page.BuildOptions) (page.Built, error) {
	var p workbench.PacketInfo
	err := signing(o.Key, f.bench.Now(), func(by *sign.Signer) (err error) {
		p, err = f.bench.BuildPacket(ctx, f.c, id, workbench.PacketOptions{File: o.File, For: o.For, Signer: by, NoSandbox: o.NoSandbox, Progress: o.Step})
		return err
	})
	return page.Built{ID: p.ID, File: p.File, SHA256: p.SHA256, Files: p.Files, Size: p.Size, Stamps: p.Stamps, Signer: p.Signer}, err
}

// Redact implements page.Redactor.
func (f *file) Redact(ctx context.Context, exhibit string, rules evidence.RedactionRules, reason string) (page.Redacted, error) {
	text, err := json.Marshal(rules)
	if err != nil {
		return page.Redacted{}, err
	}
	got, err := f.bench.Redact(ctx, f.c, exhibit, bytes.NewReader(text), reason)
	return page.Redacted{Exhibit: got.Exhibit, Redaction: got.Redaction}, err
}

// RedactionRules implements page.Redactor.
func (f *file) RedactionRules(exhibit, file string) (evidence.RedactionRules, error) {
	r, err := os.Open(file)
	if err != nil {
		return evidence.RedactionRules{}, err
	}
	defer r.Close()
	return workbench.RedactionRules(exhibit, r)
}

// Resolvers implements page.Executor.
func (f *file) Resolvers() ([]page.NamedResolver, error) {
	list, err := f.bench.OpenResolvers()
	var named []page.NamedResolver
	for _, r := range list {
		named = append(named, page.NamedResolver(r))
	}
	return named, err
}

// CheckExecution implements page.Executor.
func (f *file) CheckExecution(ctx context.Context, id string, o page.Asking, told func(done, total int)) (page.Execution, error) {
	got, err := f.bench.CheckExecution(ctx, f.c, id, execution(o), told)
	if loose := (*workbench.NotStoppedError)(nil); errors.As(err, &loose) {
		err = nil // the page shows it, name by name
	}
	return page.Execution(got), err
}

func execution(o page.Asking) workbench.ExecutionOptions {
	return workbench.ExecutionOptions{Resolvers: o.Resolvers, Control: o.Control, Landing: o.Landing, Reason: o.Reason}
}

// Executions implements page.Executor.
func (f *file) Executions(ctx context.Context, id string) ([]page.Execution, error) {
	list, err := f.bench.Executions(ctx, f.c, id)
	var checks []page.Execution
	for _, x := range list {
		checks = append(checks, page.Execution(x))
	}
	return checks, err
}

// Losses implements page.Ledger.
func (f *file) Losses(context.Context) ([]application.Loss, error) { return f.bench.Losses(f.c) }

// ImportLosses implements page.Ledger.
func (f *file) ImportLosses(ctx context.Context, t page.LossTable) (page.TakenLosses, error) {
	r, err := os.Open(t.File)
	if err != nil {
		return page.TakenLosses{}, err
	}
	defer r.Close()
	source := workbench.Source{File: filepath.Base(t.File), From: t.From, Received: t.Received, Reason: t.Reason}
	said := map[string]string{}
	for i, heading := range t.Headings {
		if heading != "" {
			said[application.LossFields[i]] = heading
		}
	}
	got, err := f.bench.ImportLosses(ctx, f.c, workbench.NewLosses{Exhibit: t.Exhibit, Columns: said, Source: source}, r)
	if refused := (*workbench.RefusedError)(nil); errors.As(err, &refused) {
		var told page.TakenLosses
		for _, why := range refused.Reasons {
			told.Refused = append(told.Refused, page.Refusal{Text: why.Text, TextEN: why.TextEN})
		}
		return told, nil
	}
	return page.TakenLosses{Exhibit: got.Exhibit, Rows: got.Losses, Columns: got.Columns, Alike: got.Alike}, err
}

// DropLosses implements page.Ledger.
func (f *file) DropLosses(ctx context.Context, exhibit, reason string) error {
	return f.bench.DropLosses(ctx, f.c, exhibit, reason)
}
