package page

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
)

// Recovery shows the recovery key, once, and lets nobody pass who can't type two groups of it back (S02, step 2).
type Recovery struct {
	frame
	groups []string
	asked  [2]int // indices into groups
	typed  [2]*widget.Entry
	done   *widget.Button
	key    *fyne.Container
	hidden fyne.CanvasObject // in place of the key while it is typed back
	wrong  *widget.RichText
}

// NewRecovery makes the page. Pick chooses two different numbers below n, in order; done goes on.
func NewRecovery(r Room, key string, pick func(n int) (int, int), done func()) *Recovery {
	p := &Recovery{frame: frame{Room: r}, groups: keyGroups(key)}
	p.asked[0], p.asked[1] = pick(len(p.groups))
	p.done = own.Primary(p.t("recovery.done"), done)
	p.done.Disable()
	for i := range p.typed {
		p.typed[i] = own.Entry(p.t("recovery.group", "n", p.asked[i]+1))
		p.typed[i].OnChanged = func(string) { p.judge() }
	}
	p.wrong = own.Note("", theme.ColorNameWarning)
	p.wrong.Hide()
	p.key = container.NewStack(p.shown())
	p.hidden = container.NewBorder(nil, nil, nil, widget.NewButton(p.t("recovery.again"), p.again), own.Caption(p.t("recovery.hidden")))
	p.hidden.Hide()
	copyKey := widget.NewButtonWithIcon(p.t("copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(key) })
	p.object = own.Column(820, container.NewVBox(
		own.Tall(24, layout.NewSpacer()), own.Heading(p.t("recovery.title")), own.Note(p.t("recovery.hint"), theme.ColorNameForeground),
		own.Card(container.NewVBox(p.key, p.hidden, container.NewHBox(layout.NewSpacer(), copyKey))),
		own.Note(p.t("recovery.loss"), theme.ColorNameError),
		own.Card(container.NewVBox(
			own.Wrapped(p.t("recovery.type", "a", p.asked[0]+1, "b", p.asked[1]+1)),
			container.New(layout.NewGridLayoutWithColumns(2), p.typed[0], p.typed[1]), p.wrong,
		)),
		container.NewHBox(layout.NewSpacer(), p.done),
	))
	return p
}

// shown lays the groups out with their numbers, so that they can be copied by hand without losing the place.
func (p *Recovery) shown() fyne.CanvasObject {
	grid := container.New(layout.NewGridLayoutWithColumns(4))
	for i, g := range p.groups {
		text := own.Big(g, theme.ColorNameForeground, theme.SizeNameHeadingText)
		number := own.Caption(p.t("recovery.group", "n", i+1))
		number.Segments[0].(*widget.TextSegment).Style.Alignment = fyne.TextAlignCenter
		grid.Add(container.NewVBox(number, text))
	}
	return grid
}

// Busy reports whether the key is not known to be written down: it is never shown again.
func (p *Recovery) Busy() bool { return !p.right() }

func (p *Recovery) right() bool { return p.matches(0) && p.matches(1) }

func (p *Recovery) matches(i int) bool {
	return strings.EqualFold(strings.TrimSpace(p.typed[i].Text), p.groups[p.asked[i]])
}

// judge hides the key from the first letter on, for what is typed back shall come from the paper, and names a group that is whole and wrong.
func (p *Recovery) judge() {
	begun, wrong := false, ""
	for i, e := range p.typed {
		text := strings.TrimSpace(e.Text)
		begun = begun || text != ""
		if len(text) >= len(p.groups[p.asked[i]]) && !p.matches(i) {
			wrong = told(wrong, p.t("recovery.wrong", "n", p.asked[i]+1))
		}
	}
	if begun {
		p.key.Hide()
		p.hidden.Show()
	}
	own.SetText(p.wrong, wrong, theme.ColorNameWarning)
	show(p.wrong, wrong != "")
	own.Enable(p.done, p.right())
}

// again shows the key once more; the groups are then typed anew.
func (p *Recovery) again() {
	for _, e := range p.typed {
		e.SetText("")
	}
	p.hidden.Hide()
	p.key.Show()
}

func keyGroups(key string) []string {
	return strings.FieldsFunc(key, func(r rune) bool { return r == '-' || r == ' ' })
}
