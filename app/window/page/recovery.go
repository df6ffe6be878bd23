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
}

// NewRecovery makes the page. Pick chooses two different numbers below n, in order; done goes on.
func NewRecovery(r Room, key string, pick func(n int) (int, int), done func()) *Recovery {
	p := &Recovery{frame: frame{Room: r}, groups: keyGroups(key)}
	p.asked[0], p.asked[1] = pick(len(p.groups))
	p.done = own.Primary(p.t("recovery.done"), done)
	p.done.Disable()
	for i := range p.typed {
		p.typed[i] = own.Entry(p.t("recovery.group", "n", p.asked[i]+1))
		p.typed[i].OnChanged = func(string) { own.Enable(p.done, p.right()) }
	}
	copyKey := widget.NewButtonWithIcon(p.t("copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(key) })
	p.object = own.Column(820, container.NewVBox(
		own.Tall(24, layout.NewSpacer()), own.Heading(p.t("recovery.title")), own.Note(p.t("recovery.hint"), theme.ColorNameForeground),
		own.Card(container.NewVBox(p.shown(), container.NewHBox(layout.NewSpacer(), copyKey))),
		own.Note(p.t("recovery.loss"), theme.ColorNameError),
		own.Card(container.NewVBox(
			own.Wrapped(p.t("recovery.type", "a", p.asked[0]+1, "b", p.asked[1]+1)),
			container.New(layout.NewGridLayoutWithColumns(2), p.typed[0], p.typed[1]),
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

func (p *Recovery) right() bool {
	for i, e := range p.typed {
		if !strings.EqualFold(strings.TrimSpace(e.Text), p.groups[p.asked[i]]) {
			return false
		}
	}
	return true
}

func keyGroups(key string) []string {
	return strings.FieldsFunc(key, func(r rune) bool { return r == '-' || r == ' ' })
}
