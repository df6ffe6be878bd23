// Package training plays the training case: from a scam site on this machine to a packet that is verified, with the use cases that a real case
// goes through.
package training

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yuzheng/app/training/script"
	"yuzheng/app/training/site"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
	"yuzheng/casefile/stamp/tsa"
)

// Tell is told each step of the training case: its key, and names with values. The faces have the words.
type Tell func(key string, pairs ...any)

// Options say where the training case is played and who is told.
type Options struct {
	Dir       string // must be empty or absent
	NoSandbox bool   // run Chrome without its sandbox
	Progress  capture.Progress
	Tell      Tell
}

// Result says what the training case left behind.
type Result struct {
	Case       string               `json:"case"`
	Passphrase string               `json:"passphrase"`
	Recovery   string               `json:"recovery_key"`
	Exhibits   []workbench.Captured `json:"exhibits"`
	Packet     workbench.PacketInfo `json:"packet"`
	StampRoot  string               `json:"stamp_root"` // file with the root certificate of the training time stamps
	Report     *packet.Report       `json:"report"`
}

// passphrase opens the training case. It protects nothing: all of that case is invented.
const passphrase = "教學案件 training case"

// play is one run of the training case.
type play struct {
	Options
	bench  *workbench.Workbench
	script script.Script
	result Result
	site   *site.Site
	c      *casefile.Case
}

// Play plays the training case with the use cases of bench: scam site and time-stamp server on loopback, a case, captures, targets, application,
// packet, and its verification. Nothing outside this machine is contacted.
func Play(ctx context.Context, bench *workbench.Workbench, o Options) (_ Result, err error) {
	p := &play{Options: o, bench: bench}
	if err := p.prepare(); err != nil {
		return p.result, err
	}
	authority, err := tsa.Start(bench.Now)
	if err != nil {
		return p.result, err
	}
	defer func() { err = errors.Join(err, authority.Close()) }()
	if p.site, err = site.Start(bench.Now()); err != nil {
		return p.result, err
	}
	defer func() { err = errors.Join(err, p.site.Close()) }()
	p.Tell("demo.site", "hosts", strings.Join(site.Hosts, " "))
	if err := p.makeCase(ctx, authority); err != nil {
		return p.result, err
	}
	err = p.steps(ctx)
	return p.result, errors.Join(err, p.c.Close())
}

func (p *play) prepare() (err error) {
	if list, err := os.ReadDir(p.Dir); err == nil && len(list) > 0 {
		return fmt.Errorf("training case in %s: %w", p.Dir, casefile.ErrExists)
	}
	if p.script, err = script.Read(p.bench.Lists); err != nil {
		return err
	}
	return private.Folder(p.Dir)
}

func (p *play) makeCase(ctx context.Context, authority *tsa.Authority) (err error) {
	p.result.StampRoot = filepath.Join(p.Dir, "tsa-root.pem")
	if err := os.WriteFile(p.result.StampRoot, authority.Root, 0o600); err != nil {
		return fmt.Errorf("training case: %w", err)
	}
	p.Tell("demo.tsa", "url", authority.URL)
	p.result.Case, p.result.Passphrase = filepath.Join(p.Dir, "case"), passphrase
	p.c, p.result.Recovery, err = p.bench.CreateCase(ctx, workbench.NewCase{
		Dir: p.result.Case, Number: p.script.Case.Number, Title: p.script.Case.Title, Passphrase: passphrase,
		Operator: p.script.Operator, TSA: []string{authority.URL},
	})
	if err == nil {
		p.Tell("demo.case", "dir", p.result.Case, "passphrase", passphrase, "recovery", p.result.Recovery)
	}
	return err
}

func (p *play) steps(ctx context.Context) error {
	for _, step := range []func(context.Context) error{p.capture, p.name, p.complain, p.apply} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) capture(ctx context.Context) error {
	limits := evidence.DefaultLimits()
	resolve := p.site.Resolve()
	var requests []evidence.Request
	for _, page := range p.script.Captures {
		for _, view := range page.Views {
			requests = append(requests, evidence.Request{
				URL: page.URL, View: view, Resolve: resolve, AllowPrivate: slices.Sorted(maps.Keys(resolve)),
				NoSandbox: p.NoSandbox, Limits: limits, Lookups: p.site.Lookups(),
			})
		}
	}
	err := p.bench.Capture(ctx, p.c, requests, p.Progress, func(got workbench.Captured) {
		p.result.Exhibits = append(p.result.Exhibits, got)
		p.Tell("demo.capture", "url", got.URL, "view", got.View, "exhibit", got.Exhibit, "verdict", got.Verdict,
			"seconds", got.ElapsedMS/1000, "artifacts", len(got.Artifacts))
	})
	if errors.Is(err, workbench.ErrInPart) && p.asExpected() {
		return nil // the dead mirror is meant to be unreachable
	}
	return err
}

// asExpected reports whether every page that is alive was captured whole, and the dead mirror sealed as unreachable.
func (p *play) asExpected() bool {
	return !slices.ContainsFunc(p.result.Exhibits, func(e workbench.Captured) bool {
		want := evidence.Complete
		if strings.HasPrefix(e.URL, "https://"+site.MirrorHost+"/") {
			want = evidence.Unreachable
		}
		return e.Verdict != want
	})
}

func (p *play) name(ctx context.Context) error {
	for _, t := range p.script.Targets {
		made, err := p.bench.AddTarget(ctx, p.c, workbench.NewTarget{
			Name: t.Name, Scope: t.Scope, ScopeReason: t.ScopeReason, SiteKind: t.SiteKind, Victims: t.Victims, Amount: t.Amount,
		})
		if err != nil {
			return err
		}
		p.Tell("demo.target", "id", made.ID, "name", made.Name, "scope", made.Scope)
	}
	results, err := p.bench.Gate(ctx, p.c)
	if err != nil {
		return err
	}
	for _, g := range results {
		p.Tell("demo.gate", "id", g.Target, "name", g.Name, "result", workbench.GateState(g))
	}
	return workbench.GateRefusal(results)
}

func (p *play) complain(ctx context.Context) error {
	c := p.script.Complaint
	got, err := p.bench.ImportLosses(ctx, p.c, workbench.NewLosses{
		Source: workbench.Source{File: c.File, From: c.From, Received: c.Received},
	}, bytes.NewReader(c.CSV()))
	if err == nil {
		p.Tell("demo.losses", "exhibit", got.Exhibit, "n", len(got.Losses))
	}
	return err
}

func (p *play) apply(ctx context.Context) error {
	a, err := p.bench.NewApplication(ctx, p.c, p.script.Application)
	if err != nil {
		return err
	}
	sentences := 0
	for _, paragraph := range application.ParseFacts(a.Facts) {
		sentences += len(paragraph.Sentences)
	}
	p.Tell("demo.application", "id", a.ID, "sentences", sentences)
	p.result.Packet, err = p.bench.BuildPacket(ctx, p.c, a.ID, workbench.PacketOptions{Dir: p.Dir, NoSandbox: p.NoSandbox})
	if err != nil {
		return err
	}
	p.Tell("demo.packet", "file", p.result.Packet.File, "files", p.result.Packet.Files, "sha256", p.result.Packet.SHA256)
	p.result.Report, err = p.bench.Verify(ctx, p.result.Packet.File, workbench.VerifyOptions{Roots: p.result.StampRoot})
	if err != nil {
		return err
	}
	p.Tell("demo.verify", "findings", len(p.result.Report.Findings), "stamps", len(p.result.Report.Stamps))
	p.Tell("demo.done", "file", p.result.Packet.File, "root", p.result.StampRoot)
	return nil
}
