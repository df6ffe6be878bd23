package page

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/evidence"
)

// CaptureNeeds is what the page needs from the rest. Running is told how many captures are still to come.
type CaptureNeeds struct {
	Queue   Queue
	Show    func(exhibit string)
	Person  func(url string, v evidence.Persona) // takes a page over that stands before a challenge or a login
	Running func(n int)
}

// Capture is the page that takes addresses and lists, and works through the queue (S06 to S08). It may be out of sight while it works.
type Capture struct {
	frame
	CaptureNeeds
	line *line

	addresses   *widget.Entry
	views       map[evidence.Persona]*widget.Check
	advanced    advanced
	begin, read *widget.Button
	complaint   *widget.RichText
}

// NewCapture makes the page.
func NewCapture(r Room, n CaptureNeeds) *Capture {
	p := &Capture{frame: frame{Room: r}, CaptureNeeds: n}
	p.line = newLine(r, n)
	p.addresses = widget.NewMultiLineEntry()
	p.addresses.SetPlaceHolder(p.t("capture.addresses.hint"))
	p.addresses.SetMinRowsVisible(2)
	p.addresses.OnChanged = func(string) { p.judge() }
	p.begin, p.read = own.Primary(p.t("capture.begin"), p.start), widget.NewButton(p.t("capture.read"), p.readText)
	p.complaint = own.Caption("")
	p.advanced = newAdvanced(r.Say, func() { p.judge() })
	buttons := container.NewHBox(widget.NewButton(p.t("capture.file"), p.askFile), p.read, p.begin)
	form := own.Card(container.NewVBox(own.Caption(p.t("capture.addresses")), p.addresses,
		container.NewBorder(nil, nil, p.viewChecks(), buttons), p.complaint, p.advanced.object))
	p.object = container.NewBorder(container.NewVBox(own.Heading(p.t("capture.title")), form, p.line.bar), nil, nil, nil, p.line.body)
	p.judge()
	p.line.load()
	return p
}

// Busy reports whether captures are under way.
func (p *Capture) Busy() bool { return p.line.busy() }

func (p *Capture) viewChecks() fyne.CanvasObject {
	p.views = map[evidence.Persona]*widget.Check{}
	box := container.NewHBox(own.Label(p.t("capture.views")))
	for _, v := range evidence.Personas {
		c := widget.NewCheck(viewWord(p.Say, v), func(bool) { p.judge() })
		c.Checked = v == evidence.Desktop || v == evidence.Mobile
		p.views[v] = c
		box.Add(c)
	}
	return box
}

// judge says what the form would do, or why it can't.
func (p *Capture) judge() {
	if p.begin == nil || p.complaint == nil || p.advanced.object == nil {
		return
	}
	list, err := p.requests()
	var bad *badInput
	switch {
	case errors.As(err, &bad):
		p.tell(p.t(bad.key, "line", bad.line), theme.ColorNameError)
	case len(list) == 0:
		p.tell("", theme.ColorNameForeground)
	default:
		p.tell(p.t("capture.count", "n", len(list)), theme.ColorNameForeground)
	}
	own.Enable(p.begin, err == nil && len(list) > 0)
	own.Enable(p.read, strings.TrimSpace(p.addresses.Text) != "")
}

func (p *Capture) tell(text string, c fyne.ThemeColorName) { own.SetText(p.complaint, text, c) }

// start captures what the form holds before anything else that waits.
func (p *Capture) start() {
	list, err := p.requests()
	if err != nil || len(list) == 0 {
		return
	}
	p.addresses.SetText("")
	p.line.enter(func(ctx context.Context) ([]string, error) { return p.Queue.Enqueue(ctx, list) }, p.line.goOn)
}

// readText reads what was pasted as a list: defanged addresses, whole sentences, tables.
func (p *Capture) readText() {
	text := p.addresses.Text
	p.takeIn("", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, func() { p.addresses.SetText("") })
}

func (p *Capture) askFile() {
	dialog.ShowFiles(p.Window, p.Say, p.Work, dialog.FilesOptions{
		Wish: dialog.OpenFile, Title: p.t("capture.file"), Yes: p.t("files.choose"),
	}, func(path string) { p.Drop([]string{path}) })
}

// Drop reads files as lists.
func (p *Capture) Drop(paths []string) {
	for _, path := range paths {
		p.takeIn(filepath.Base(path), func() (io.ReadCloser, error) { return os.Open(path) }, func() {})
	}
}

// takeIn reads a list into the queue, in the views that are chosen, and tells what became of it.
func (p *Capture) takeIn(name string, open func() (io.ReadCloser, error), done func()) {
	l := List{Name: name, Base: evidence.Request{Lookups: evidence.Lookups{DNS: true, RDAP: true, Clock: true}, Limits: evidence.DefaultLimits()}}
	var bad *badInput
	if err := p.advanced.apply(&l.Base); errors.As(err, &bad) {
		p.tell(p.t(bad.key, "line", bad.line), theme.ColorNameError)
		return
	}
	for _, v := range evidence.Personas {
		if p.views[v].Checked {
			l.Views = append(l.Views, v)
		}
	}
	p.tell(p.t("capture.reading", "file", name), theme.ColorNameForeground)
	var t Taken
	p.Work.Go(func(ctx context.Context) error {
		f, err := open()
		if err != nil {
			return err
		}
		defer f.Close()
		l.File = f
		t, err = p.Queue.TakeIn(ctx, l)
		return err
	}, func(err error) {
		if err != nil {
			p.judge()
			p.Fail(err)
			return
		}
		done()
		word, color := "capture.taken", theme.ColorNameSuccess
		if t.Queued == 0 {
			word, color = "capture.taken.none", theme.ColorNameWarning
		}
		p.tell(p.t(word, "exhibit", t.Exhibit, "rows", t.Rows, "queued", t.Queued, "known", t.Known, "skipped", t.Skipped), color)
		p.line.load()
	})
}
