package workbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yuzheng/app/training/site"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
	"yuzheng/casefile/stamp/tsa"
)

// Tell is told each step of the training case: its key, and names with values. The faces have the words.
type Tell func(key string, pairs ...any)

// DemoResult says what the training case left behind.
type DemoResult struct {
	Case       string         `json:"case"`
	Passphrase string         `json:"passphrase"`
	Recovery   string         `json:"recovery_key"`
	Exhibits   []Captured     `json:"exhibits"`
	Packet     PacketInfo     `json:"packet"`
	StampRoot  string         `json:"stamp_root"` // file with the root certificate of the training time stamps
	Report     *packet.Report `json:"report"`
}

// trainingPassphrase opens the training case. It protects nothing: all of that case is invented.
const trainingPassphrase = "教學案件 training case"

// training is the script of the training case: data, like everything that a court could read.
type training struct {
	application.Source
	Case     struct{ Number, Title string } `json:"case"`
	Operator custody.Operator               `json:"operator"`
	Captures []struct {
		URL   string             `json:"url"`
		Views []evidence.Persona `json:"views"`
	} `json:"captures"`
	Targets []struct {
		Name        string            `json:"name"`
		Scope       application.Scope `json:"scope"`
		ScopeReason string            `json:"scope_reason"`
		SiteKind    string            `json:"site_kind"`
		Victims     int               `json:"victims"`
		Amount      int64             `json:"amount"`
	} `json:"targets"`
	Application application.Application `json:"application"`
}

// demo is one run of the training case.
type demo struct {
	*Workbench
	dir       string
	noSandbox bool
	script    training
	tell      Tell
	progress  capture.Progress
	result    DemoResult
	site      *site.Site
	c         *casefile.Case
}

// Demo plays the training case in dir, which must be empty or absent: scam site and time-stamp server on loopback, a case,
// captures, targets, application, packet, and its verification. Nothing outside this machine is contacted.
func (w *Workbench) Demo(ctx context.Context, dir string, noSandbox bool, p capture.Progress, tell Tell) (_ DemoResult, err error) {
	d := &demo{Workbench: w, dir: dir, noSandbox: noSandbox, tell: tell, progress: p}
	if err := d.prepare(); err != nil {
		return d.result, err
	}
	authority, err := tsa.Start(w.Now)
	if err != nil {
		return d.result, err
	}
	defer func() { err = errors.Join(err, authority.Close()) }()
	if d.site, err = site.Start(w.Now()); err != nil {
		return d.result, err
	}
	defer func() { err = errors.Join(err, d.site.Close()) }()
	tell("demo.site", "hosts", strings.Join(site.Hosts, " "))
	if err := d.makeCase(ctx, authority); err != nil {
		return d.result, err
	}
	err = d.play(ctx)
	return d.result, errors.Join(err, d.c.Close())
}

func (d *demo) prepare() error {
	if list, err := os.ReadDir(d.dir); err == nil && len(list) > 0 {
		return fmt.Errorf("training case in %s: %w", d.dir, casefile.ErrExists)
	}
	data, err := fs.ReadFile(d.Lists, "training.json")
	if err != nil {
		return fmt.Errorf("training case: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d.script); err != nil {
		return fmt.Errorf("training case: %w", err)
	}
	return private.Folder(d.dir)
}

func (d *demo) makeCase(ctx context.Context, authority *tsa.Authority) (err error) {
	d.result.StampRoot = filepath.Join(d.dir, "tsa-root.pem")
	if err := os.WriteFile(d.result.StampRoot, authority.Root, 0o600); err != nil {
		return fmt.Errorf("training case: %w", err)
	}
	d.tell("demo.tsa", "url", authority.URL)
	d.result.Case, d.result.Passphrase = filepath.Join(d.dir, "case"), trainingPassphrase
	d.c, d.result.Recovery, err = d.CreateCase(ctx, NewCase{
		Dir: d.result.Case, Number: d.script.Case.Number, Title: d.script.Case.Title, Passphrase: trainingPassphrase,
		Operator: d.script.Operator, TSA: []string{authority.URL},
	})
	if err == nil {
		d.tell("demo.case", "dir", d.result.Case, "passphrase", trainingPassphrase, "recovery", d.result.Recovery)
	}
	return err
}

func (d *demo) play(ctx context.Context) error {
	for _, step := range []func(context.Context) error{d.capture, d.name, d.apply} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) capture(ctx context.Context) error {
	limits := evidence.DefaultLimits()
	resolve := d.site.Resolve()
	var requests []evidence.Request
	for _, page := range d.script.Captures {
		for _, view := range page.Views {
			requests = append(requests, evidence.Request{
				URL: page.URL, View: view, Resolve: resolve, AllowPrivate: slices.Sorted(maps.Keys(resolve)),
				NoSandbox: d.noSandbox, Limits: limits, Lookups: d.site.Lookups(),
			})
		}
	}
	err := d.Capture(ctx, d.c, requests, d.progress, func(got Captured) {
		d.result.Exhibits = append(d.result.Exhibits, got)
		d.tell("demo.capture", "url", got.URL, "view", got.View, "exhibit", got.Exhibit, "verdict", got.Verdict,
			"seconds", got.ElapsedMS/1000, "artifacts", len(got.Artifacts))
	})
	if errors.Is(err, ErrInPart) && d.asExpected() {
		return nil // the dead mirror is meant to be unreachable
	}
	return err
}

// asExpected reports whether every page that is alive was captured whole, and the dead mirror sealed as unreachable.
func (d *demo) asExpected() bool {
	return !slices.ContainsFunc(d.result.Exhibits, func(e Captured) bool {
		want := evidence.Complete
		if hostOf(e.URL) == site.MirrorHost {
			want = evidence.Unreachable
		}
		return e.Verdict != want
	})
}

func (d *demo) name(ctx context.Context) error {
	for _, t := range d.script.Targets {
		made, err := d.AddTarget(ctx, d.c, NewTarget{
			Name: t.Name, Scope: t.Scope, ScopeReason: t.ScopeReason, SiteKind: t.SiteKind, Victims: t.Victims, Amount: t.Amount,
		})
		if err != nil {
			return err
		}
		d.tell("demo.target", "id", made.ID, "name", made.Name, "scope", made.Scope)
	}
	results, err := d.Gate(ctx, d.c)
	if err != nil {
		return err
	}
	for _, g := range results {
		d.tell("demo.gate", "id", g.Target, "name", g.Name, "result", GateState(g))
	}
	return GateRefusal(results)
}

func (d *demo) apply(ctx context.Context) error {
	a, err := d.NewApplication(ctx, d.c, d.script.Application)
	if err != nil {
		return err
	}
	sentences := 0
	for _, p := range application.ParseFacts(a.Facts) {
		sentences += len(p.Sentences)
	}
	d.tell("demo.application", "id", a.ID, "sentences", sentences)
	d.result.Packet, err = d.BuildPacket(ctx, d.c, a.ID, PacketOptions{Dir: d.dir, NoSandbox: d.noSandbox})
	if err != nil {
		return err
	}
	d.tell("demo.packet", "file", d.result.Packet.File, "files", d.result.Packet.Files, "sha256", d.result.Packet.SHA256)
	d.result.Report, err = d.Verify(ctx, d.result.Packet.File, VerifyOptions{Roots: d.result.StampRoot})
	if err != nil {
		return err
	}
	d.tell("demo.verify", "findings", len(d.result.Report.Findings), "stamps", len(d.result.Report.Stamps))
	d.tell("demo.done", "file", d.result.Packet.File, "root", d.result.StampRoot)
	return nil
}
