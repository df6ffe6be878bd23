package control

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"yuzheng/app/window/page"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/app/window/work"
)

// place is one of the places at the left of the window.
type place int

const (
	overview place = iota
	capturing
	sitting
	exhibits
	applications
	handover
	custodyLog
	places
)

var placeWords = [places]string{"overview", "capture", "sitting", "exhibits", "applications", "handover", "custody"}

// desk is the window while a case is open (S00): the rail at the left, who and when at the top, the page.
type desk struct {
	w       *Window
	open    Case
	entered bool        // the rail is shown
	work    *work.Group // everything that touches the case
	capture *page.Capture
	sitting *page.Session
	watch   *watchman
	rail    *own.Rail
	clock   *own.Middle
	body    *fyne.Container
	left    map[place]string    // numbers on the rail
	now     place               // of the page that is shown
	held    map[place]page.Page // out of sight, with something to lose
}

func (w *Window) newDesk(c Case) *desk {
	d := &desk{w: w, open: c, work: w.all.Below(), left: map[place]string{}, held: map[place]page.Page{}}
	d.watch = &watchman{work: d.work, run: c.RunWatches, fail: w.fail, mark: d.watches}
	return d
}

// enter shows the case that has been opened.
func (w *Window) enter() {
	w.desk.entered = true
	w.desk.build()
	w.desk.work.Every(time.Second, func() bool { w.desk.showTime(); return true })
	w.showOverview()
}

// build lays the frame around the page.
func (d *desk) build() {
	t := d.w.Say.T
	var words []string
	for _, p := range placeWords {
		words = append(words, t("window.place."+p))
	}
	d.rail = own.NewRail(words, func(i int) { d.w.goTo(place(i)) })
	for p, n := range d.left {
		d.rail.Count(int(p), n)
	}
	info := d.open.Info()
	own.Title(d.w.win, info.Number+"　"+info.Title+" — "+t("window.name"))
	d.clock = own.NewMiddle("", look.Secondary, false)
	who := own.NewMiddle(info.Operator.Name+"　"+info.Operator.Title, look.Secondary, false)
	bar := container.NewBorder(nil, nil, own.Subheading(info.Number), container.NewHBox(own.Wide(190, who), own.Wide(230, d.clock)),
		container.NewBorder(nil, nil, nil, nil, own.NewMiddle(info.Title, look.Secondary, false)))
	left := container.NewStack(own.NewPlate(look.Surface, false), container.NewVBox(own.Tall(6, layout.NewSpacer()), d.rail.Object()))
	d.body = container.NewStack()
	top := container.NewStack(own.NewPlate(look.Surface, false), container.New(layout.NewCustomPaddedLayout(2, 2, 12, 8), bar))
	d.w.win.SetContent(container.NewBorder(top, nil, left, nil, container.New(layout.NewCustomPaddedLayout(8, 8, 12, 12), d.body)))
	d.showTime()
}

func (d *desk) show(p page.Page) {
	d.body.Objects = []fyne.CanvasObject{p.Object()}
	d.body.Refresh()
}

func (d *desk) showTime() { d.clock.SetText(page.Clock(d.w.Say, d.w.Now())) }

// running writes on the rail how many captures are still to come.
func (d *desk) running(n int) {
	text := ""
	if n > 0 {
		text = fmt.Sprint(n)
	}
	d.count(capturing, text)
}

// sits marks on the rail that a session is under way.
func (d *desk) sits(on bool) {
	text := ""
	if on {
		text = "●"
	}
	d.count(sitting, text)
}

// watches marks on the rail that watches run.
func (d *desk) watches(on bool) {
	text := ""
	if on {
		text = "●"
	}
	d.count(handover, text)
}

func (d *desk) count(p place, text string) {
	d.left[p] = text
	d.rail.Count(int(p), text)
}

// loses reports whether a page has something to lose: work under way, or words that are not saved.
func (d *desk) loses(p page.Page) bool {
	b, ok := p.(interface{ Busy() bool })
	return ok && b.Busy()
}

// hold keeps a page that has something to lose, until its place is gone to again.
func (d *desk) hold(p page.Page) bool {
	if !d.loses(p) {
		return false
	}
	if before := d.held[d.now]; before != nil && before != p {
		before.Close()
	}
	d.held[d.now] = p
	return true
}

// again gives the page that is held at a place; nil where none is.
func (d *desk) again(p place) page.Page {
	pg := d.held[p]
	delete(d.held, p)
	if s, ok := pg.(interface{ Shown() }); ok {
		s.Shown()
	}
	return pg
}

// unfinished are the words for what would be lost, or cut short, if the case were closed now.
func (d *desk) unfinished() (keys []string) {
	if d == nil {
		return nil
	}
	if d.capture != nil && d.capture.Busy() {
		keys = append(keys, "window.quit.busy")
	}
	if d.sitting != nil && d.sitting.Busy() {
		keys = append(keys, "window.quit.sitting")
	}
	pages := slices.Collect(maps.Values(d.held))
	if p := d.w.page; p != page.Page(d.capture) && p != page.Page(d.sitting) {
		pages = append(pages, p)
	}
	for _, p := range pages {
		key := "window.quit.work"
		switch p.(type) {
		case *page.Applications:
			key = "window.quit.draft"
		case *page.Recovery:
			key = "window.quit.recovery"
		}
		if d.loses(p) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// close ends the work on the case, waits for its end and closes the case. It is not for the window's thread.
func (d *desk) close() error {
	d.work.Wait()
	return d.open.Close()
}
