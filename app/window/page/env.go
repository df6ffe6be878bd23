package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
)

// EnvItem is one part of what a capture depends on. Name is a key of the words under "env."; State is ok, warning or bad.
type EnvItem struct{ Name, State, Value string }

// Checker looks at what a capture depends on, without contacting anybody outside this machine.
type Checker interface {
	Env(ctx context.Context) []EnvItem
}

var envSigns = map[string]sign{
	"ok": {"●", theme.ColorNameSuccess}, "warning": {"▲", theme.ColorNameWarning}, "bad": {"×", theme.ColorNameError},
}

// environment shows the check (S04): each part as a mark, and in words what is not as it should be.
func (f *frame) environment(c Checker) fyne.CanvasObject {
	row, trouble := container.NewHBox(widget.NewLabel(f.t("env.title"))), container.NewVBox()
	var items []EnvItem
	f.Work.Go(func(ctx context.Context) error {
		items = c.Env(ctx)
		return nil
	}, func(error) {
		for _, i := range items {
			g, word := envSigns[i.State], f.Say.T("env."+i.Name)
			row.Add(own.NewMark(g.symbol, word, g.color))
			if i.State != "ok" {
				trouble.Add(own.Note(word+"："+printable(i.Value), g.color))
			}
		}
	})
	return container.NewVBox(row, trouble)
}
