package page

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/casefile/custody"
)

// Key is what a person unlocks a case with: a passphrase or the recovery key.
type Key struct {
	Passphrase, Recovery string // exactly one is set
}

// UnlockNeeds is what the unlock page needs.
type UnlockNeeds struct {
	Dir      string
	Operator custody.Operator // who worked here last
	// Open opens the case; it may take seconds.
	Open   func(ctx context.Context, k Key, op custody.Operator) error
	Opened func()
	Back   func()
}

// Unlock asks for the passphrase or the recovery key of a case (S03).
type Unlock struct {
	frame
	needs              UnlockNeeds
	passphrase         *widget.Entry
	recovery           *widget.Entry
	name, post, office *widget.Entry
	useRecovery        *widget.Check
	open               *widget.Button
	busy               *widget.ProgressBarInfinite
}

// NewUnlock makes the page.
func NewUnlock(r Room, needs UnlockNeeds) *Unlock {
	p := &Unlock{frame: frame{Room: r}, needs: needs}
	p.passphrase, p.recovery = own.Secret(p.t("unlock.passphrase")), own.Entry(p.t("unlock.recovery.hint"))
	p.name, p.post, p.office = own.Entry(p.t("operator.name.hint")), own.Entry(p.t("operator.post.hint")), own.Entry(p.t("operator.office.hint"))
	p.name.SetText(needs.Operator.Name)
	p.post.SetText(needs.Operator.Title)
	p.office.SetText(needs.Operator.Office)
	p.recovery.Hide()
	p.open = own.Primary(p.t("unlock.do"), p.submit)
	p.open.Disable()
	p.busy = widget.NewProgressBarInfinite()
	p.busy.Hide()
	p.useRecovery = widget.NewCheck(p.t("unlock.forgot"), p.switchKey)
	for _, e := range []*widget.Entry{p.passphrase, p.recovery, p.name} {
		e.OnChanged = func(string) { own.Enable(p.open, p.ready()) }
		e.OnSubmitted = func(string) { p.submit() }
	}
	p.object = own.Column(640, container.NewVBox(own.Tall(60, layout.NewSpacer()), p.card()))
	return p
}

func (p *Unlock) card() fyne.CanvasObject {
	return own.Card(container.NewVBox(
		own.Heading(p.t("unlock.title")), own.NewMiddle(filepath.Clean(p.needs.Dir), theme.ColorNameForeground, false),
		p.passphrase, p.recovery, p.useRecovery,
		own.Caption(p.t("unlock.operator")), container.New(layout.NewGridLayoutWithColumns(3), p.name, p.post, p.office),
		p.busy, container.NewBorder(nil, nil, widget.NewButton(p.t("back"), p.needs.Back), p.open),
	))
}

func (p *Unlock) switchKey(recovery bool) {
	if recovery {
		p.passphrase.Hide()
		p.recovery.Show()
	} else {
		p.recovery.Hide()
		p.passphrase.Show()
	}
	own.Enable(p.open, p.ready())
}

func (p *Unlock) key() Key {
	if p.useRecovery.Checked {
		return Key{Recovery: strings.TrimSpace(p.recovery.Text)}
	}
	return Key{Passphrase: p.passphrase.Text}
}

func (p *Unlock) ready() bool {
	return p.key() != Key{} && strings.TrimSpace(p.name.Text) != "" && p.busy.Hidden
}

func (p *Unlock) submit() {
	if !p.ready() {
		return
	}
	k := p.key()
	op := custody.Operator{Name: strings.TrimSpace(p.name.Text), Title: strings.TrimSpace(p.post.Text), Office: strings.TrimSpace(p.office.Text)}
	p.busy.Show()
	p.open.Disable()
	p.Work.Go(func(ctx context.Context) error { return p.needs.Open(ctx, k, op) }, func(err error) {
		p.busy.Hide()
		p.open.Enable()
		if err != nil {
			p.Fail(err)
			return
		}
		p.needs.Opened()
	})
}

// Focus is where typing goes first.
func (p *Unlock) Focus() fyne.Focusable { return p.passphrase }
