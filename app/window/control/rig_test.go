package control

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
)

// rig is a window whose thread is the test's: what comes through the door waits until the test turns.
type rig struct {
	t     *testing.T
	w     *Window
	bench *fakeBench
	door  chan func()
}

func newRig(t *testing.T, lang, caseDir string) *rig {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	r := &rig{t: t, bench: &fakeBench{}, door: make(chan func(), 1000)}
	app := test.NewTempApp(t)
	w, err := New(context.Background(), Parts{
		App: app, Bench: r.bench, Say: newStrict(t, lang), Languages: []string{"zh-TW", "en"},
		Speak: func(lang string) (Voice, error) { return newStrict(t, lang), nil },
		Fyne:  os.DirFS("../../../assets/translations"), Now: now, Version: "test",
		Door: func(f func()) { r.door <- f }, Pick: func(n int) (int, int) { return 2, n - 2 },
	}, caseDir)
	if err != nil {
		t.Fatal(err)
	}
	r.w = w
	t.Cleanup(func() { w.all.Close() })
	return r
}

// until turns the window's thread until the condition holds.
func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	deadline := time.After(20 * time.Second)
	for !ok() {
		select {
		case f := <-r.door:
			f()
		case <-deadline:
			r.t.Fatalf("%s did not happen; the window shows %q", what, r.texts())
		}
	}
}

// walk visits everything that is visible, dialogs in front included, until visit says that it has seen enough.
func (r *rig) walk(visit func(fyne.CanvasObject) bool) {
	c := r.w.win.Canvas()
	for _, o := range c.Overlays().List() {
		if walk(o, visit) {
			return
		}
	}
	walk(c.Content(), visit)
}

func walk(root fyne.CanvasObject, visit func(fyne.CanvasObject) bool) bool {
	seen := false
	var down func(fyne.CanvasObject)
	down = func(o fyne.CanvasObject) {
		if seen || o == nil || !o.Visible() {
			return
		}
		if visit(o) {
			seen = true
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, c := range o.Objects {
				down(c)
			}
		case *container.AppTabs:
			down(o.Selected().Content)
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				down(c)
			}
		}
	}
	down(root)
	return seen
}

func (r *rig) texts() string {
	var all []string
	r.walk(collect(&all))
	return strings.Join(all, "|")
}

func textsIn(o fyne.CanvasObject) string {
	var all []string
	walk(o, collect(&all))
	return strings.Join(all, "|")
}

func collect(all *[]string) func(fyne.CanvasObject) bool {
	return func(o fyne.CanvasObject) bool {
		switch o := o.(type) {
		case *canvas.Text:
			*all = append(*all, o.Text)
		case *own.Middle:
			*all = append(*all, o.Text())
		}
		return false
	}
}

func (r *rig) shows(want string) bool {
	return strings.Contains(strings.ReplaceAll(r.texts(), "|", ""), want) || strings.Contains(r.texts(), want)
}

func (r *rig) word(key string, pairs ...any) string { return r.w.Say.T("window."+key, pairs...) }

// button finds the button with the words.
func (r *rig) button(words string) *widget.Button {
	r.t.Helper()
	var found *widget.Button
	r.walk(func(o fyne.CanvasObject) bool {
		b, ok := o.(*widget.Button)
		if ok && b.Text == words {
			found = b
		}
		return found != nil
	})
	if found == nil {
		r.t.Fatalf("no button %q; the window shows %q", words, r.texts())
	}
	return found
}

// tap presses the button with the words.
func (r *rig) tap(words string) {
	r.t.Helper()
	found := r.button(words)
	if found.Disabled() {
		r.t.Fatalf("button %q is off; the window shows %q", words, r.texts())
	}
	test.Tap(found)
}

func (r *rig) entry(hint string) *widget.Entry {
	r.t.Helper()
	var found *widget.Entry
	r.walk(func(o fyne.CanvasObject) bool {
		e, ok := o.(*widget.Entry)
		if ok && e.PlaceHolder == hint {
			found = e
		}
		return found != nil
	})
	if found == nil {
		r.t.Fatalf("no entry %q; the window shows %q", hint, r.texts())
	}
	return found
}

func (r *rig) fill(hint, text string) { r.t.Helper(); test.Type(r.entry(hint), text) }

func (r *rig) tick(words string) {
	r.t.Helper()
	r.walk(func(o fyne.CanvasObject) bool {
		c, ok := o.(*widget.Check)
		if ok && c.Text == words {
			test.Tap(c)
			return true
		}
		return false
	})
}

// choose picks a line of the first choice that has it.
func (r *rig) choose(line string) {
	r.t.Helper()
	var found *widget.Select
	r.walk(func(o fyne.CanvasObject) bool {
		if s, ok := o.(*widget.Select); ok && slices.Contains(s.Options, line) {
			found = s
		}
		return found != nil
	})
	if found == nil {
		r.t.Fatalf("nowhere can %q be chosen; the window shows %q", line, r.texts())
	}
	found.SetSelected(line)
}

func (r *rig) tabs() *container.AppTabs {
	r.t.Helper()
	var found *container.AppTabs
	r.walk(func(o fyne.CanvasObject) bool { found, _ = o.(*container.AppTabs); return found != nil })
	if found == nil {
		r.t.Fatalf("no tabs; the window shows %q", r.texts())
	}
	return found
}

func (r *rig) list() *widget.List {
	r.t.Helper()
	var found *widget.List
	r.walk(func(o fyne.CanvasObject) bool {
		if l, ok := o.(*widget.List); ok {
			found = l
		}
		return found != nil
	})
	if found == nil {
		r.t.Fatalf("no list; the window shows %q", r.texts())
	}
	return found
}

func (r *rig) unlocked() *fakeCase {
	r.t.Helper()
	r.fill(r.word("unlock.passphrase"), goodPassphrase)
	r.fill(r.word("operator.name.hint"), "王小明")
	r.tap(r.word("unlock.do"))
	r.until("the case opens", func() bool { return r.w.desk != nil })
	return r.bench.made
}
