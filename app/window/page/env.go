package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/faults"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
)

// EnvItem is one part of what a capture depends on. Name is a key of the words under "env.", and Code one below it; State is ok, warning, bad or
// untried.
type EnvItem struct {
	Name, State, Code string
	Data              map[string]string
}

// Checker tries what a capture depends on. Only where contact is set are the time server, the resolver and the proxy asked.
type Checker interface {
	Env(ctx context.Context, contact bool) []EnvItem
}

var envSigns = map[string]sign{
	"ok": {"●", theme.ColorNameSuccess}, "warning": {"▲", theme.ColorNameWarning}, "bad": {"×", theme.ColorNameError}, "untried": {"○", look.Secondary},
}

// environment shows the check (S04): each part as a mark, and in words what is not as it should be. What is on this machine is tried at once; a
// button says whom it contacts for the rest.
func (f *frame) environment(c Checker) fyne.CanvasObject {
	row, trouble := container.NewHBox(own.Label(f.t("env.title"))), container.NewVBox()
	var ask *widget.Button
	try := func(contact bool) {
		own.Enable(ask, false)
		var items []EnvItem
		f.Work.Go(func(ctx context.Context) error {
			items = c.Env(ctx, contact)
			return nil
		}, func(error) {
			row.Objects = row.Objects[:1]
			trouble.RemoveAll()
			f.envItems(items, row, trouble)
			own.Enable(ask, true)
		})
	}
	ask = widget.NewButton(f.t("env.ask"), func() { try(true) })
	try(false)
	return container.NewVBox(row, trouble, container.NewBorder(nil, nil, ask, nil, own.Caption(f.t("env.contacts"))))
}

func (f *frame) envItems(items []EnvItem, row, trouble *fyne.Container) {
	for _, i := range items {
		g, word := envSigns[i.State], f.Say.T("env."+i.Name)
		row.Add(own.NewMark(g.symbol, word, g.color))
		if i.State == "warning" || i.State == "bad" || i.Name == "clock" && i.State == "ok" {
			trouble.Add(own.Note(word+"："+f.Say.T("env."+i.Name+"."+i.Code, f.envPairs(i)...), g.color))
		}
	}
}

func (f *frame) envPairs(i EnvItem) []any {
	pairs := []any{}
	for key, value := range i.Data {
		switch {
		case key == "why":
			value = faults.Say(spoken(f.Say), value)
		case key == "dir" && i.Data["absent"] != "":
			value = f.Say.T("env.disk.above", "absent", i.Data["absent"], "dir", value)
		case key == "resolver" && value == "":
			value = f.Say.T("env.resolver.system")
		}
		pairs = append(pairs, key, value)
	}
	return pairs
}
