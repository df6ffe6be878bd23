package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
)

// StartActions is what the start page can lead to.
type StartActions struct {
	Create, Open, Verify, Training func()
	Recent                         []string // case folders, last opened first
	OpenRecent                     func(dir string)
	Forget                         func()   // empties Recent
	Languages                      []string // to choose from; Language is told which
	Language                       func(lang string)
	Version                        string
	Checker                        Checker
}

// Start is the first page (S01).
type Start struct{ frame }

// NewStart makes the page.
func NewStart(r Room, do StartActions) *Start {
	p := &Start{frame{Room: r}}
	head := container.NewVBox(container.NewBorder(nil, nil, own.Heading(p.t("start.title")), p.languages(do)), own.Caption(p.t("start.subtitle")))
	left := container.NewVBox(
		p.action(theme.ContentAddIcon(), "start.create", do.Create),
		p.action(theme.FolderOpenIcon(), "start.open", do.Open),
		p.action(theme.ConfirmIcon(), "start.verify", do.Verify),
	)
	right := container.NewVBox(own.Card(p.recent(do)), p.action(theme.MediaPlayIcon(), "start.training", do.Training))
	body := container.New(layout.NewGridLayoutWithColumns(2), left, right)
	foot := own.Caption(p.t("start.version", "version", do.Version))
	p.object = own.Column(1000, container.NewVBox(own.Tall(24, layout.NewSpacer()), head, own.Tall(8, layout.NewSpacer()), body,
		own.Tall(16, layout.NewSpacer()), p.environment(do.Checker), foot))
	return p
}

// action is one big thing to do with a line that explains it.
func (p *Start) action(icon fyne.Resource, key string, do func()) fyne.CanvasObject {
	b := widget.NewButtonWithIcon(p.t(key), icon, do)
	b.Alignment = widget.ButtonAlignLeading
	if key == "start.create" {
		b.Importance = widget.HighImportance
	}
	return own.Card(container.NewVBox(own.Tall(40, b), own.Caption(p.t(key+".hint"))))
}

func (p *Start) recent(do StartActions) fyne.CanvasObject {
	box := container.NewVBox(own.Subheading(p.t("start.recent")))
	if len(do.Recent) == 0 {
		box.Add(own.Caption(p.t("start.recent.none")))
		return box
	}
	for _, dir := range do.Recent {
		line := own.NewMiddle(dir, theme.ColorNameForeground, false)
		box.Add(container.NewBorder(nil, nil, nil, widget.NewButton(p.t("start.recent.open"), func() { do.OpenRecent(dir) }), line))
	}
	box.Add(container.NewHBox(layout.NewSpacer(), own.Quiet(p.t("start.recent.forget"), do.Forget)))
	return box
}

// languages offers each language under its own name; the present one can't be chosen.
func (p *Start) languages(do StartActions) fyne.CanvasObject {
	box := container.NewHBox()
	for _, lang := range do.Languages {
		b := own.Quiet(p.t("language."+lang), func() { do.Language(lang) })
		own.Enable(b, lang != p.t("lang"))
		box.Add(b)
	}
	return container.NewVBox(box)
}
