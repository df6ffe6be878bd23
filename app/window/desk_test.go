package window

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"yuzheng/app/window/control"
	"yuzheng/app/window/page"
	"yuzheng/app/workbench"
	"yuzheng/assets"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet"
)

func newDesk(t *testing.T) *desk {
	t.Helper()
	lists, err := fs.Sub(assets.Data, "data")
	if err != nil {
		t.Fatal(err)
	}
	papers, err := fs.Sub(assets.Documents, "documents")
	if err != nil {
		t.Fatal(err)
	}
	bench := workbench.New(workbench.Config{Lists: lists, Papers: papers, Known: filepath.Join(t.TempDir(), "known.jsonl"), Now: time.Now, Version: "test"})
	t.Cleanup(func() { bench.Close() })
	return &desk{bench}
}

// TestDeskOnARealCase goes through the window's own calls on a real case file: both keys open it, nothing else does.
func TestDeskOnARealCase(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	dir := filepath.Join(t.TempDir(), "case")
	op := custody.Operator{Name: "王小明", Title: "檢察事務官", Office: "臺灣教學地方檢察署"}
	c, recovery, err := d.Create(ctx, page.NewCase{Dir: dir, Number: "115偵1", Title: "教學", Passphrase: "correct horse battery 77", Operator: op})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Open(ctx, dir, page.Key{Recovery: recovery}, op); !errors.Is(err, casefile.ErrOpenElsewhere) {
		t.Errorf("an open case was opened again: %v", err)
	}
	useCase(t, c, op)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Open(ctx, dir, page.Key{Passphrase: "correct horse battery 78"}, op); !errors.Is(err, casefile.ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	for _, k := range []page.Key{{Passphrase: "correct horse battery 77"}, {Recovery: recovery}} {
		c, err := d.Open(ctx, dir, k, op)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func useCase(t *testing.T, c control.Case, op custody.Operator) {
	t.Helper()
	ctx := context.Background()
	if i := c.Info(); i.Number != "115偵1" || i.Title != "教學" || i.Operator != op {
		t.Errorf("the case says %+v", i)
	}
	if found, err := c.Check(ctx, func(int64, int64) {}); err != nil || len(found) > 0 {
		t.Errorf("a new case does not match: %v, %v", found, err)
	}
	list, err := c.Entries(ctx)
	if err != nil || len(list) == 0 || list[0].Action != custody.CaseCreate {
		t.Errorf("entries %+v, %v", list, err)
	}
	for lang, want := range map[string]string{"zh-TW": "案號：115偵1", "en": "case number: 115偵1"} {
		if said, err := c.Details(lang, list[0]); err != nil || !slices.Contains(said, want) {
			t.Errorf("%s: the first entry says %q, %v", lang, said, err)
		}
	}
	types, err := c.Types()
	if err != nil || len(types) == 0 || len(types[0].Fields) == 0 {
		t.Fatalf("types %+v, %v", types, err)
	}
	var refused *workbench.RefusedError
	if _, err := c.AddTarget(ctx, "never-captured.example", application.Exact, ""); !errors.As(err, &refused) {
		t.Errorf("a target without an exhibit: %v", err)
	}
	draftAndRefuse(t, c, types[0].ID)
	dispatch(t, c)
	sealAndSave(t, c)
}

// dispatch hands over, registers and watches what is not there: each is refused, and nothing is written down.
func dispatch(t *testing.T, c control.Case) {
	t.Helper()
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _ := c.Entries(ctx)
	_, receipt := c.AddReceipt(ctx, page.NewReceipt{Packet: "X01", Number: "1", At: "1", By: "1", File: file})
	for what, err := range map[string]error{
		"a hand-over":                  c.Hand(ctx, page.NewHandOver{Packet: "X01", File: file, To: "法院", Means: "光碟"}),
		"a receipt":                    receipt,
		"a target's scope":             c.SetTarget(ctx, "D001", application.Exact, "", "更正"),
		"a target that is taken back":  c.DropTarget(ctx, "D001", "誤列"),
		"a watch of an empty draft":    c.AddWatch(ctx, "S01", page.Asking{Resolvers: []string{"192.0.2.1"}}, time.Hour, "2099-12-31"),
		"the hashes of what is no ZIP": c.SaveHashes(ctx, file, file+".csv"),
	} {
		if err == nil {
			t.Errorf("%s that is not there is taken", what)
		}
	}
	for what, err := range map[string]error{
		"a hand-over": c.Hand(ctx, page.NewHandOver{Packet: "X01", File: file, To: "法院", Means: "光碟", At: "明天"}),
		"a watch":     c.AddWatch(ctx, "S01", page.Asking{}, time.Hour, "明天"),
	} {
		if !errors.Is(err, workbench.ErrMoment) {
			t.Errorf("%s on a day that is none: %v", what, err)
		}
	}
	if list, err := c.Packets(ctx); err != nil || len(list) > 0 {
		t.Errorf("packets %+v, %v", list, err)
	}
	if list, err := c.Watches(ctx); err != nil || len(list) > 0 {
		t.Errorf("watches %+v, %v", list, err)
	}
	if list, err := c.Propose(ctx); err != nil || len(list) > 0 {
		t.Errorf("proposed %+v, %v", list, err)
	}
	calendar := file + ".ics"
	if err := c.SaveCalendar(ctx, "S01", calendar, "zh-TW"); err != nil {
		t.Error(err)
	}
	if err := c.SaveCalendar(ctx, "S01", calendar, "zh-TW"); !errors.Is(err, casefile.ErrExists) {
		t.Errorf("written over: %v", err)
	}
	if after, _ := c.Entries(ctx); len(after) != len(before) {
		t.Errorf("%d entries were written", len(after)-len(before))
	}
}

// sealAndSave seals the log and writes its sheet, once.
func sealAndSave(t *testing.T, c control.Case) {
	t.Helper()
	ctx := context.Background()
	made, err := c.Seal(ctx)
	if err != nil || made.Size == 0 || made.Stamps != 0 || made.Pending != 0 {
		t.Fatalf("%+v %v", made, err)
	}
	file := filepath.Join(t.TempDir(), "sheet.html")
	if err := c.SaveSeal(ctx, made.Size, file); err != nil {
		t.Fatal(err)
	}
	if err := c.SaveSeal(ctx, made.Size, file); !errors.Is(err, casefile.ErrExists) {
		t.Errorf("written over: %v", err)
	}
}

// TestKnow adds a key through the window's own call to the list that the commands have.
func TestKnow(t *testing.T) {
	d := newDesk(t)
	want := packet.KnownKey{Fingerprint: "11111", Office: "甲署", Number: "115偵1"}
	if err := d.Know(context.Background(), want); err != nil {
		t.Fatal(err)
	}
	if list, err := d.bench.KnownKeys(); err != nil || len(list) != 1 || list[0].KnownKey != want {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := d.Verify(context.Background(), t.TempDir(), "desk_test.go"); err != nil { // a folder is no packet, which the report says
		t.Errorf("a folder that is no packet: %v", err)
	}
	if _, err := d.Verify(context.Background(), t.TempDir(), t.TempDir()); !errors.Is(err, packet.ErrNotSeal) {
		t.Errorf("a seal that is none: %v", err)
	}
}

// draftAndRefuse saves a draft twice under one number; unfinished as it is, no packet comes of it.
func draftAndRefuse(t *testing.T, c control.Case, kind string) {
	t.Helper()
	ctx := context.Background()
	a, err := c.Save(ctx, application.Application{Type: kind})
	if err != nil || a.ID == "" {
		t.Fatalf("draft %+v, %v", a, err)
	}
	a.Court = "臺灣教學地方法院"
	if again, err := c.Save(ctx, a); err != nil || again.ID != a.ID {
		t.Errorf("saved again as %q, %v; want %q", again.ID, err, a.ID)
	}
	drafts, err := c.Drafts(ctx)
	if err != nil || len(drafts) != 1 || drafts[0].Court != a.Court {
		t.Errorf("drafts %+v, %v", drafts, err)
	}
	if found, err := c.Lint(ctx, a.ID); err != nil || len(found) == 0 {
		t.Errorf("nothing is lacking in an empty application: %v", err)
	}
	var refused *workbench.RefusedError
	if _, err := c.Build(ctx, a.ID, page.BuildOptions{File: filepath.Join(t.TempDir(), "x.zip")}); !errors.As(err, &refused) {
		t.Errorf("a packet of an empty application: %v", err)
	}
}
