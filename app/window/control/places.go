package control

import (
	"context"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"yuzheng/app/window/dialog"
	"yuzheng/app/window/page"
	"yuzheng/casefile/evidence"
)

// goTo shows one of the places.
func (w *Window) goTo(p place) {
	switch p {
	case overview:
		w.showOverview()
	case capturing:
		w.showCapture()
	case sitting:
		w.showSession()
	case exhibits:
		w.showExhibits()
	case applications:
		w.showApplications()
	case handover:
		w.showHandover()
	case custodyLog:
		w.showCustody()
	}
}

// at shows a page of the open case and marks its place.
func (w *Window) at(p place, pg page.Page, again func()) {
	w.desk.rail.Mark(int(p))
	w.show(pg, again)
	w.desk.now = p
}

// heldAt shows the page that is held at a place, and reports whether there is one.
func (w *Window) heldAt(p place, again func()) bool {
	pg := w.desk.again(p)
	if pg != nil {
		w.at(p, pg, again)
	}
	return pg != nil
}

func (w *Window) showOverview() {
	c := w.desk.open
	w.at(overview, page.NewOverview(w.room(), page.OverviewNeeds{
		Info: c.Info(), Shelf: c, Log: c, Capture: w.showCapture, Exhibits: w.showExhibits, HandOut: w.showHandover,
	}), w.showOverview)
}

// showCapture shows the one capture page of the case; it works on when another page is shown.
func (w *Window) showCapture() {
	d := w.desk
	if d.capture == nil {
		d.capture = page.NewCapture(w.room(), page.CaptureNeeds{Queue: d.open, Show: w.showExhibit, Person: w.takeOver, Running: d.running})
	}
	w.at(capturing, d.capture, w.againCapture)
}

// againCapture makes the page anew, unless it has something to lose.
func (w *Window) againCapture() {
	if !w.desk.capture.Busy() {
		w.desk.capture.Close()
		w.desk.capture = nil
	}
	w.showCapture()
}

// showSession shows the one page for sessions of the case; it works on when another page is shown.
func (w *Window) showSession() {
	d := w.desk
	if d.sitting == nil {
		d.sitting = page.NewSessionPage(w.room(), d.open, w.showExhibit, d.sits)
	}
	w.at(sitting, d.sitting, w.againSession)
}

// takeOver offers a page to the person: in a browser of their own.
func (w *Window) takeOver(url string, v evidence.Persona) {
	w.showSession()
	w.desk.sitting.Offer(url, v)
}

// dropped takes files that were dropped on the window as lists of addresses.
func (w *Window) dropped(_ fyne.Position, files []fyne.URI) {
	if w.desk == nil || !w.desk.entered {
		return
	}
	var paths []string
	for _, f := range files {
		if f.Scheme() == "file" {
			paths = append(paths, f.Path())
		}
	}
	w.showCapture()
	w.desk.capture.Drop(paths)
}

// againSession makes the page anew, unless it has something to lose.
func (w *Window) againSession() {
	if !w.desk.sitting.Busy() {
		w.desk.sitting.Close()
		w.desk.sitting = nil
	}
	w.showSession()
}

func (w *Window) showExhibits() {
	if w.heldAt(exhibits, w.showExhibits) {
		return
	}
	w.at(exhibits, page.NewExhibits(w.room(), w.desk.open, w.showExhibit, w.showCapture), w.showExhibits)
}

// showExhibit finds the exhibit anew, so that what is shown is what the case holds.
func (w *Window) showExhibit(number string) { w.stepExhibit(number, 0) }

func (w *Window) stepExhibit(number string, step int) {
	var list []page.Exhibit
	c := w.desk.open
	w.desk.work.Go(func(ctx context.Context) (err error) {
		list, err = c.Exhibits(ctx)
		return err
	}, func(err error) {
		i := slices.IndexFunc(list, func(e page.Exhibit) bool { return e.Number == number }) + step
		switch {
		case err != nil:
			w.fail(err)
		case i >= 0 && i < len(list):
			w.showViewer(list[i])
		}
	})
}

func (w *Window) showViewer(e page.Exhibit) {
	w.at(exhibits, page.NewViewer(w.room(), page.ViewerNeeds{
		Exhibit: e, Reader: w.desk.open, Back: w.showExhibits, Go: func(step int) { w.stepExhibit(e.Number, step) },
		Redact: func() { w.showRedact(e) },
	}), func() { w.showViewer(e) })
}

func (w *Window) showRedact(e page.Exhibit) {
	c := w.desk.open
	w.at(exhibits, page.NewRedact(w.room(), page.RedactNeeds{
		Exhibit: e, Redactor: c, Reader: c, Back: func() { w.showViewer(e) }, Show: w.showExhibit,
	}), func() { w.showRedact(e) })
}

func (w *Window) showApplications() {
	if w.heldAt(applications, w.showApplications) {
		return
	}
	c := w.desk.open
	types, err := c.Types()
	if err != nil {
		w.fail(err)
		return
	}
	w.at(applications, page.NewApplications(w.room(), page.ApplicationsNeeds{
		Targets: c, Gatekeeper: c, Drafts: c, Lives: c, Ledger: c, Law: w.Bench, Shelf: c, Types: types, Info: c.Info(), Handover: w.showHandover,
		Calendar: w.askBeside(".ics", "window.files.calendar"),
	}), w.showApplications)
}

func (w *Window) showCustody() {
	if w.heldAt(custodyLog, w.showCustody) {
		return
	}
	c := w.desk.open
	info := c.Info()
	w.at(custodyLog, page.NewCustody(w.room(), page.CustodyNeeds{
		Log: c, Sealer: c, Number: info.Number, Folder: filepath.Dir(info.Dir), Choose: w.askSave(".html", "window.files.sheet"),
	}), w.showCustody)
}

func (w *Window) showHandover() {
	if w.heldAt(handover, w.showHandover) {
		return
	}
	info := w.desk.open.Info()
	w.at(handover, page.NewHandover(w.room(), page.HandoverNeeds{
		Packer: w.desk.open, Drafts: w.desk.open, Number: info.Number, Folder: filepath.Dir(info.Dir), Choose: w.askSave(".zip", "window.files.save"), Verify: w.showVerify, Another: w.askPacket,
		Execution: w.showExecution, Packets: w.showPackets,
	}), w.showHandover)
}

// showPackets shows what has left the case; a file that was just written of a packet stands in the forms.
func (w *Window) showPackets(file string) {
	c := w.desk.open
	info := c.Info()
	w.at(handover, page.NewPackets(w.room(), page.PacketsNeeds{
		Dispatch: c, File: file, Known: []string{info.Number, info.Title, info.Operator.Name, info.Operator.Office},
		Copy: w.askSave(".age", "window.files.copy"), Table: w.askBeside(".csv", "window.files.table"),
		Verify: w.showVerify, Show: w.showExhibit, Back: w.showHandover,
	}), func() { w.showPackets(file) })
}

func (w *Window) showExecution() {
	c := w.desk.open
	w.at(handover, page.NewExecutionCheck(w.room(), page.ExecutionNeeds{
		Executor: c, Watcher: c, Runner: w.desk.watch, Lives: c, Drafts: c, Show: w.showExhibit, Back: w.showHandover,
	}), w.showExecution)
}

// askBeside gives the question where to write a file of a kind, beginning beside the case.
func (w *Window) askBeside(ext, title string) func(suggested string, chosen func(string)) {
	ask := w.askSave(ext, title)
	return func(suggested string, chosen func(string)) {
		ask(filepath.Join(filepath.Dir(w.desk.open.Info().Dir), suggested), chosen)
	}
}

// askSave gives the question where to write a file of a kind.
func (w *Window) askSave(ext, title string) func(suggested string, chosen func(string)) {
	return func(suggested string, chosen func(string)) {
		dialog.ShowFiles(w.win, w.Say, w.desk.work, dialog.FilesOptions{
			Wish: dialog.SaveFile, Ext: ext, Start: suggested, Title: w.Say.T(title), Yes: w.Say.T("window.files.choose"),
		}, chosen)
	}
}
