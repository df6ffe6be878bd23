package page

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// Built is a packet that has been written.
type Built struct {
	ID, File, SHA256 string
	Files            int
	Size             int64
	Stamps           int    // time stamps in it
	Signer           string // empty where it is not signed
}

// Packer builds packets.
type Packer interface {
	// Build writes the packet of an application. What gate or checks refuse is an error that Fail knows the words for.
	Build(ctx context.Context, application string, o BuildOptions) (Built, error)
}

// BuildOptions says where a packet goes and how it is made.
type BuildOptions struct {
	File      string
	For       application.Recipient
	Key       SigningKey                         // of who hands it over: packet and papers are signed with it
	NoSandbox bool                               // for printing papers
	Step      func(name string, done, total int) // called from any goroutine
}

// HandoverNeeds is what the hand-over page needs.
type HandoverNeeds struct {
	Packer Packer
	Drafts Drafts
	Number string // of the case, for the name of the file
	Folder string // where packets go unless the person says otherwise
	// Choose asks where to write, beginning with the suggestion.
	Choose  func(suggested string, chosen func(file string))
	Verify  func(file string) // checks a packet and shows the report
	Another func()            // asks for a packet to check
	// Execution leads to the check whether what was ordered is carried out.
	Execution func()
	// Packets leads to what has left the case; file is a packet that was just written, or "".
	Packets func(file string)
}

// Handover builds packets and leads to their verification (S23).
type Handover struct {
	frame
	needs       HandoverNeeds
	choices     []application.Application
	sandbox     *widget.Check
	choose, to  *widget.Select
	key         *signing
	file        *widget.Entry
	build, stop *widget.Button
	bar         *widget.ProgressBar
	state       *widget.RichText
	after       *fyne.Container
	cancel      context.CancelFunc // nil when nothing is under way
}

// Busy reports whether work is under way: the page then stays when another is shown.
func (p *Handover) Busy() bool { return p.cancel != nil }

// NewHandover makes the page.
func NewHandover(r Room, needs HandoverNeeds) *Handover {
	p := &Handover{frame: frame{Room: r}, needs: needs}
	p.choose = widget.NewSelect(nil, func(string) { p.suggest() })
	p.choose.PlaceHolder = p.t("handover.choose")
	p.file = own.Entry(p.t("handover.file.hint"))
	p.file.OnChanged = func(string) { p.judge() }
	where := widget.NewButton(p.t("choose"), func() { needs.Choose(p.file.Text, p.file.SetText) })
	p.build, p.stop = own.Primary(p.t("handover.build"), p.start), widget.NewButton(p.t("cancel"), func() { p.cancel() })
	p.sandbox = widget.NewCheck(p.t("advanced.sandbox"), nil)
	p.to = widget.NewSelect(own.Options(p.recipients()), nil)
	p.to.SetSelectedIndex(0)
	p.key = newSigning(&p.frame, p.t("handover.key"))
	p.bar, p.state, p.after = widget.NewProgressBar(), own.Caption(""), container.NewVBox()
	p.bar.Hide()
	p.stop.Hide()
	p.build.Disable()
	form := own.Card(container.NewVBox(own.Subheading(p.t("handover.new")), own.Caption(p.t("handover.hint")), own.Fields(
		own.Field{Name: p.t("handover.application"), Body: p.choose},
		own.Field{Name: p.t("handover.to"), Body: p.to},
		own.Field{Name: p.t("handover.file"), Body: container.NewBorder(nil, nil, nil, where, p.file)},
	), p.key.object, p.sandbox, p.bar, container.NewBorder(nil, nil, nil, container.NewHBox(p.stop, p.build), p.state)))
	check := own.Card(container.NewVBox(own.Subheading(p.t("verify.title")), own.Caption(p.t("start.verify.hint")),
		container.NewHBox(widget.NewButton(p.t("verify.choose"), needs.Another))))
	execution := own.Card(container.NewVBox(own.Subheading(p.t("execution.title")), own.Caption(p.t("handover.execution.hint")),
		container.NewHBox(widget.NewButton(p.t("handover.execution"), needs.Execution))))
	packets := own.Card(container.NewVBox(own.Subheading(p.t("packets.title")), own.Caption(p.t("packets.hint")),
		container.NewHBox(widget.NewButton(p.t("handover.packets"), func() { needs.Packets("") }))))
	p.object = own.Scrolling(container.NewVBox(own.Heading(p.t("handover.title")), form, p.after, packets, execution, check))
	p.load()
	return p
}

func (p *Handover) recipients() (words []string) {
	for _, r := range application.Recipients {
		words = append(words, p.t("recipient."+string(r)))
	}
	return words
}

func (p *Handover) load() {
	var list []application.Application
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = p.needs.Drafts.Drafts(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.choices = list
		var names []string
		for _, c := range list {
			names = append(names, c.ID+"　"+c.Number+"　"+c.Court)
		}
		p.choose.SetOptions(own.Options(names))
		if len(list) == 0 {
			own.SetText(p.state, p.t("handover.none"), theme.ColorNameWarning)
			return
		}
		p.choose.SetSelectedIndex(len(list) - 1)
	})
}

func (p *Handover) suggest() {
	name := folderName(strings.Join([]string{p.needs.Number, p.choices[p.choose.SelectedIndex()].ID}, "-")) + ".zip"
	p.file.SetText(filepath.Join(p.needs.Folder, name))
}

func (p *Handover) judge() {
	own.Enable(p.build, p.cancel == nil && p.choose.SelectedIndex() >= 0 && strings.TrimSpace(p.file.Text) != "")
}

func (p *Handover) start() {
	key, ready := p.key.key()
	if !ready {
		return
	}
	id := p.choices[p.choose.SelectedIndex()].ID
	o := BuildOptions{
		File: strings.TrimSpace(p.file.Text), For: application.Recipients[max(p.to.SelectedIndex(), 0)], Key: key, NoSandbox: p.sandbox.Checked,
	}
	o.Step = func(name string, done, total int) { p.Work.Show(func() { p.stepped(name, done, total) }) }
	p.after.RemoveAll()
	p.bar.SetValue(0)
	p.bar.Show()
	p.stop.Show()
	var built Built
	p.cancel = p.Work.Go(func(ctx context.Context) (err error) {
		built, err = p.needs.Packer.Build(ctx, id, o)
		return err
	}, func(err error) { p.built(built, err) })
	p.judge()
}

func (p *Handover) stepped(name string, done, total int) {
	p.bar.SetValue(float64(done) / float64(max(total, 1)))
	own.SetText(p.state, wordOr(p.Say, "window.packet.", name), look.Secondary)
}

func (p *Handover) built(b Built, err error) {
	p.cancel = nil
	p.bar.Hide()
	p.stop.Hide()
	own.SetText(p.state, "", look.Secondary)
	p.key.used(err)
	p.judge()
	switch {
	case errors.Is(err, context.Canceled):
		own.SetText(p.state, p.t("job.cancelled"), look.Secondary)
		return
	case err != nil:
		p.Fail(err)
		return
	}
	card := container.NewVBox(
		container.NewHBox(own.NewMark("✓", p.t("handover.done", "id", b.ID), theme.ColorNameSuccess)),
		own.NewMiddle(b.File, theme.ColorNameForeground, false),
		own.Caption(p.t("handover.built", "files", b.Files, "size", size(b.Size), "sha256", b.SHA256)),
	)
	if b.Signer != "" {
		card.Add(own.Caption(p.t("life.signed", "signer", b.Signer)))
	}
	if b.Stamps == 0 {
		card.Add(own.Note(p.t("handover.unstamped"), theme.ColorNameWarning))
	}
	card.Add(container.NewHBox(own.Primary(p.t("handover.verify"), func() { p.needs.Verify(b.File) }),
		widget.NewButton(p.t("handover.hand"), func() { p.needs.Packets(b.File) })))
	p.after.Add(own.Card(card))
}
