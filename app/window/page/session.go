package page

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
)

// Sitter holds sessions in the open case.
type Sitter interface {
	// Sit opens a browser for a person.
	Sit(ctx context.Context, n NewSession) (Held, error)
	// Logins are those that the case keeps.
	Logins() []casefile.LoginInfo
	// RemoveLogin takes one away.
	RemoveLogin(ctx context.Context, name, reason string) error
}

// NewSession says how a session is to be held. Told is called from any goroutine.
type NewSession struct {
	Request             evidence.Request
	Login, Keep, Reason string
	Ask                 string // the question before something is pressed that changes the other side
	Told                func(evidence.Act)
}

// Held is a session under way. Whoever began it calls End.
type Held interface {
	Capture(ctx context.Context, p capture.Progress) (Exhibit, error)
	Done() <-chan struct{}
	// End gives the number of the exhibit that lists what was done.
	End(ctx context.Context) (exhibit string, err error)
}

// Session is the page on which a person begins to drive a browser, and captures what it shows (S10). It may be out of sight while it works.
type Session struct {
	frame
	sitter  Sitter
	show    func(exhibit string)
	running func(bool)

	address, keep, reason *widget.Entry
	view, login           *widget.Select
	logins                []string // names beside the choices of login; the first is none
	advanced              advanced
	begin, remove         *widget.Button
	complaint             *widget.RichText
	form                  fyne.CanvasObject

	take, end *widget.Button
	state     *own.Mark
	at        *own.Middle
	bar       fyne.CanvasObject
	acts      []evidence.Act
	list      *widget.List
	exhibits  *fyne.Container

	cancel context.CancelFunc // nil when nothing is under way
	orders chan order
}

// order is what the person wants of the session under way.
type order int

const (
	captureIt order = iota
	endIt
)

const shownActs = 1000 // the latest ones; all are in the exhibit

// NewSessionPage makes the page. Show opens an exhibit; running is told whether a session is under way.
func NewSessionPage(r Room, sitter Sitter, show func(exhibit string), running func(bool)) *Session {
	p := &Session{frame: frame{Room: r}, sitter: sitter, show: show, running: running}
	p.buildForm()
	p.buildBar()
	p.list = widget.NewList(func() int { return len(p.acts) }, p.newRow, p.fillRow)
	p.exhibits = container.NewVBox()
	body := container.NewHSplit(own.Card(p.list), own.Card(own.Scrolling(p.exhibits)))
	body.Offset = 0.68
	p.object = container.NewBorder(container.NewVBox(own.Heading(p.t("sitting.title")), p.form, p.bar), nil, nil, nil, body)
	p.bar.Hide()
	p.tellExhibits()
	p.judge()
	return p
}

func (p *Session) buildForm() {
	p.address = own.Entry(p.t("sitting.address.hint"))
	p.keep, p.reason = own.Entry(p.t("sitting.keep.hint")), own.Entry(p.t("sitting.reason.hint"))
	p.address.OnChanged = func(string) { p.judge() }
	var views []string
	for _, v := range evidence.Personas {
		views = append(views, viewWord(p.Say, v))
	}
	p.view = widget.NewSelect(own.Options(views), nil)
	p.view.SetSelectedIndex(0)
	p.remove = own.Quiet(p.t("sitting.login.remove"), p.askRemove)
	p.login = widget.NewSelect(nil, func(string) { own.Enable(p.remove, p.login.SelectedIndex() > 0) })
	p.listLogins()
	p.begin, p.complaint = own.Primary(p.t("sitting.begin"), p.start), own.Caption("")
	p.advanced = newAdvanced(p.Say, p.judge)
	p.form = own.Card(container.NewVBox(own.Caption(p.t("sitting.hint")), own.Fields(
		own.Field{Name: p.t("sitting.address"), Body: p.address},
		own.Field{Name: p.t("sitting.view"), Body: p.view},
		own.Field{Name: p.t("sitting.login"), Body: container.NewBorder(nil, nil, nil, p.remove, p.login)},
		own.Field{Name: p.t("sitting.keep"), Body: p.keep},
		own.Field{Name: p.t("sitting.reason"), Body: p.reason},
	), container.NewBorder(nil, nil, nil, p.begin, p.complaint), p.advanced.object))
}

func (p *Session) buildBar() {
	p.state, p.at = own.NewMark("", "", theme.ColorNameForeground), own.NewMiddle("", look.Secondary, false)
	p.take = own.Primary(p.t("sitting.capture"), func() { p.order(captureIt) })
	p.end = widget.NewButton(p.t("sitting.end"), func() { p.order(endIt) })
	p.bar = own.Card(container.NewVBox(container.NewBorder(nil, nil, own.Wide(180, p.state), container.NewHBox(p.end, p.take), p.at), own.Caption(p.t("sitting.how"))))
}

// listLogins offers what the case keeps, and none.
func (p *Session) listLogins() {
	names := []string{p.t("sitting.login.none")}
	p.logins = []string{""}
	for _, l := range p.sitter.Logins() {
		names, p.logins = append(names, l.Name), append(p.logins, l.Name)
	}
	p.login.SetOptions(own.Options(names))
	p.login.SetSelectedIndex(0)
}

// chosenLogin is the name of the login to begin with; empty is none.
func (p *Session) chosenLogin() string {
	if i := p.login.SelectedIndex(); i > 0 {
		return p.logins[i]
	}
	return ""
}

// Offer fills in a page that a person is to take over.
func (p *Session) Offer(url string, v evidence.Persona) {
	p.address.SetText(url)
	p.view.SetSelectedIndex(max(0, slices.Index(evidence.Personas, v)))
}

// Busy reports whether a session is under way.
func (p *Session) Busy() bool { return p.cancel != nil }

// judge says why the form cannot be used.
func (p *Session) judge() {
	if p.begin == nil || p.complaint == nil || p.advanced.object == nil {
		return
	}
	_, err := p.request()
	own.SetText(p.complaint, "", theme.ColorNameForeground)
	if bad, ok := err.(*badInput); ok && p.address.Text != "" {
		own.SetText(p.complaint, p.t(bad.key, "line", bad.line), theme.ColorNameError)
	}
	own.Enable(p.begin, err == nil && !p.Busy())
}

func (p *Session) request() (evidence.Request, error) {
	address, err := readAddress(strings.TrimSpace(p.address.Text))
	if err != nil {
		return evidence.Request{}, err
	}
	r := evidence.Request{
		URL: address, View: evidence.Personas[max(0, p.view.SelectedIndex())], Lookups: evidence.Lookups{DNS: true, RDAP: true, Clock: true}, Limits: evidence.DefaultLimits(),
	}
	if err := p.advanced.apply(&r); err != nil {
		return r, err
	}
	if err := capture.Validate(r); err != nil {
		return r, &badInput{"capture.bad.request", err.Error()}
	}
	return r, nil
}

func (p *Session) start() {
	r, err := p.request()
	if err != nil || p.Busy() {
		return
	}
	n := NewSession{Request: r, Ask: p.Say.T("sitting.ask", "what", capture.AskedOf), Keep: strings.TrimSpace(p.keep.Text), Reason: strings.TrimSpace(p.reason.Text)}
	n.Login = p.chosenLogin()
	n.Told = func(a evidence.Act) { p.Work.Show(func() { p.did(a) }) }
	orders := make(chan order, 1)
	p.acts, p.orders = nil, orders
	p.exhibits.RemoveAll()
	p.tellExhibits()
	p.list.Refresh()
	var listed string
	p.cancel = p.Work.Go(func(ctx context.Context) (err error) {
		held, err := p.sitter.Sit(ctx, n)
		if err != nil {
			return err
		}
		p.Work.Show(p.ready)
		err = p.drive(ctx, held, orders)
		var ended error
		if listed, ended = held.End(context.WithoutCancel(ctx)); err == nil {
			err = ended
		}
		return err
	}, func(err error) { p.over(listed, err) })
	p.form.Hide()
	p.bar.Show()
	p.running(true)
	p.mark("sitting.opening", false)
}

// drive does what is ordered until the person ends the session, here or by closing the browser.
func (p *Session) drive(ctx context.Context, held Held, orders <-chan order) error {
	progress := &steps{show: p.Work.Show, paint: func(_ string, s capture.Step, _, _ int64) {
		p.state.Set("○", p.Say.T("step."+string(s)), theme.ColorNamePrimary)
	}}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-held.Done():
			return nil
		case o := <-orders:
			if o == endIt {
				return nil
			}
			got, err := held.Capture(ctx, progress)
			if err != nil {
				return err
			}
			p.Work.Show(func() { p.sealed(got) })
		}
	}
}

func (p *Session) order(o order) {
	select {
	case p.orders <- o:
	default: // one is waiting already
		return
	}
	word := "sitting.capturing"
	if o == endIt {
		word = "sitting.ending"
	}
	p.mark(word, false)
}

// mark says what is going on; ready means that orders are taken.
func (p *Session) mark(word string, ready bool) {
	c := theme.ColorNamePrimary
	if ready {
		c = theme.ColorNameError // as on a camera
	}
	p.state.Set("●", p.t(word), c)
	own.Enable(p.take, ready)
	own.Enable(p.end, ready)
}

func (p *Session) ready() { p.mark("sitting.recording", true) }

// did adds an act to the list.
func (p *Session) did(a evidence.Act) {
	if a.Action == "navigate" {
		p.at.SetText(a.Detail)
	}
	if a.Action == "scroll" {
		return
	}
	p.acts = append(p.acts, a)
	p.acts = p.acts[max(0, len(p.acts)-shownActs):]
	p.list.Refresh()
	p.list.ScrollToBottom()
}

func (p *Session) sealed(e Exhibit) {
	mark := own.NewMark("", "", theme.ColorNameForeground)
	markExhibit(mark, p.Say, e)
	p.exhibits.Add(container.NewBorder(nil, nil, widget.NewButton(p.t("sitting.exhibit", "exhibit", e.Number), func() { p.show(e.Number) }), own.Wide(120, mark),
		own.NewMiddle(e.Title, theme.ColorNameForeground, false)))
	p.ready()
}

func (p *Session) tellExhibits() { p.exhibits.Add(own.Caption(p.t("sitting.exhibits"))) }

func (p *Session) over(listed string, err error) {
	p.cancel = nil
	p.running(false)
	p.bar.Hide()
	p.form.Show()
	p.listLogins()
	p.judge()
	if listed != "" {
		p.exhibits.Add(container.NewBorder(nil, nil, widget.NewButton(p.t("sitting.exhibit", "exhibit", listed), func() { p.show(listed) }), nil,
			own.NewMiddle(p.t("sitting.list"), theme.ColorNameForeground, false)))
	}
	if err != nil {
		p.Fail(err)
	}
}

func (p *Session) askRemove() {
	name := p.chosenLogin()
	dialog.Ask(p.Window, p.Say, p.t("sitting.login.remove"), p.t("sitting.login.ask", "name", name), p.t("sitting.login.yes"), func() {
		p.Work.Go(func(ctx context.Context) error {
			return p.sitter.RemoveLogin(ctx, name, strings.TrimSpace(p.reason.Text))
		}, func(err error) {
			if err != nil {
				p.Fail(err)
			}
			p.listLogins()
		})
	})
}

var actWidths = []float32{80, 70, 110, 0}

func (p *Session) newRow() fyne.CanvasObject {
	cell := func() fyne.CanvasObject { return own.NewMiddle("", theme.ColorNameForeground, false) }
	return own.Columns(actWidths, cell(), cell(), cell(), cell())
}

func (p *Session) fillRow(i widget.ListItemID, o fyne.CanvasObject) {
	a := p.acts[i]
	for n, text := range []string{a.At.In(document.Taiwan).Format("15:04:05"), p.Say.T("actor." + string(a.Actor)), p.Say.T("act." + a.Action), a.Detail} {
		o.(*fyne.Container).Objects[n].(*own.Middle).SetText(text)
	}
}
