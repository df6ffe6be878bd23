package control

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"yuzheng/app/window/page"
	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/document"
)

// SetTarget changes the target.
func (c *fakeCase) SetTarget(_ context.Context, id string, scope application.Scope, scopeReason, reason string) error {
	if reason == "不可" {
		return casefile.ErrExists
	}
	i := slices.IndexFunc(c.names, func(t application.Target) bool { return t.ID == id })
	c.names[i].Scope, c.names[i].ScopeReason = scope, scopeReason
	return nil
}

// DropTarget takes the target away.
func (c *fakeCase) DropTarget(_ context.Context, id, _ string) error {
	c.names = slices.DeleteFunc(c.names, func(t application.Target) bool { return t.ID == id })
	return nil
}

// Propose gives a name that was captured, and one that was not.
func (c *fakeCase) Propose(context.Context) ([]application.Proposal, error) {
	tie := application.Tie{Target: "D001", Exhibits: []string{"W0001"}, Text: "同一次造訪", TextEN: "the same visit"}
	return []application.Proposal{
		{Name: "b.example", Unicode: "b.example", Exhibits: []string{"W0002"}, Ties: []application.Tie{tie}}, {Name: "c.example", Unicode: "c.example", Ties: []application.Tie{tie}},
	}, nil
}

// Supplement adds a draft.
func (c *fakeCase) Supplement(_ context.Context, id string, targets []string) (application.Application, error) {
	a := application.Application{ID: "S02", Type: "prosecutor-seizure", Targets: targets, Facts: "承" + id}
	c.draft = append(c.draft, a)
	return a, nil
}

func (c *fakeCase) SaveCalendar(_ context.Context, id, file, lang string) error {
	if strings.Contains(file, "taken") {
		return casefile.ErrExists
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sheets = append(c.sheets, strings.Join([]string{id, file, lang}, " "))
	return nil
}

// fakeDispatch has one packet.
type fakeDispatch struct {
	due      []application.Deadline
	handed   []page.NewHandOver
	receipts []page.NewReceipt
	lists    []string
}

func (d *fakeDispatch) Packets(context.Context) ([]page.Packet, error) {
	p := page.Packet{ID: "X01", Application: "S01", For: application.ForCourt, Written: []page.WrittenPacket{{File: "X01.zip", SHA256: "abc", At: now()}}}
	for _, h := range d.handed {
		p.Handed = append(p.Handed, page.HandOver{To: h.To, Means: h.Means, SHA256: "abc", At: now(), Encrypted: h.Copy, Keys: h.Keys})
	}
	for _, r := range d.receipts {
		p.Receipts = append(p.Receipts, page.Receipt{Number: r.Number, At: r.At, By: r.By, SHA256: "abc", Exhibit: "W0009"})
	}
	return []page.Packet{p, {ID: "X02", Application: "S01"}}, nil
}

func (d *fakeDispatch) Hand(_ context.Context, h page.NewHandOver) error {
	if strings.Contains(h.File, "other") {
		return casefile.ErrNotFound
	}
	d.handed = append(d.handed, h)
	return nil
}

func (d *fakeDispatch) AddReceipt(_ context.Context, r page.NewReceipt) (string, error) {
	d.receipts = append(d.receipts, r)
	return "W0009", nil
}

func (d *fakeDispatch) SaveHashes(_ context.Context, packet, table string) error {
	d.lists = append(d.lists, packet+" "+table)
	return nil
}

// fakeWatches makes a check whenever it is fed.
type fakeWatches struct {
	watchMu sync.Mutex
	watched []page.Watch
	feed    chan struct{}
	rounds  int // that have begun
	running int // at once; never above one
}

func (w *fakeWatches) Watches(context.Context) ([]page.Watch, error) {
	w.watchMu.Lock()
	defer w.watchMu.Unlock()
	return slices.Clone(w.watched), nil
}

func (w *fakeWatches) AddWatch(_ context.Context, id string, o page.Asking, every time.Duration, lastDay string) error {
	until, rest, ok := document.ReadDate(lastDay)
	if !ok || rest != "" {
		return workbench.ErrMoment
	}
	w.watchMu.Lock()
	defer w.watchMu.Unlock()
	w.watched = append(w.watched, page.Watch{ID: fmt.Sprintf("M%03d", len(w.watched)+1), Of: id + strings.Join(o.Resolvers, "+"), Every: every, Until: until})
	return nil
}

func (w *fakeWatches) EndWatch(_ context.Context, id, _ string) error {
	w.watchMu.Lock()
	defer w.watchMu.Unlock()
	for i := range w.watched {
		if w.watched[i].ID == id {
			w.watched[i].Ended = "off"
		}
	}
	return nil
}

// RunWatches makes a check of every watch each time that one is due, until all have ended.
func (w *fakeWatches) RunWatches(ctx context.Context, each func()) error {
	w.begin(1)
	defer w.begin(-1)
	for {
		if w.allEnded() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.feed:
			w.check()
			each()
		}
	}
}

func (w *fakeWatches) begin(n int) {
	w.watchMu.Lock()
	defer w.watchMu.Unlock()
	if w.running += n; w.running > 1 {
		panic("two rounds of watches at once")
	}
	w.rounds += max(n, 0)
}

func (w *fakeWatches) allEnded() bool {
	w.watchMu.Lock()
	defer w.watchMu.Unlock()
	return !slices.ContainsFunc(w.watched, func(a page.Watch) bool { return a.Ended == "" })
}

// allDone is how many checks the first watch has made.
func (w *fakeWatches) allDone() int {
	w.watchMu.Lock()
	defer w.watchMu.Unlock()
	return w.watched[0].Done
}

func (w *fakeWatches) check() {
	w.watchMu.Lock()
	defer w.watchMu.Unlock()
	for i := range w.watched {
		w.watched[i].Done++
		w.watched[i].Last, w.watched[i].Exhibit = now(), "W0033"
	}
}
