package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/casefile/legible"
)

// findings lists what a check has to report. It can't be dismissed: it goes only when a new check begins.
type findings struct {
	say    own.Words
	list   []Finding
	rows   *widget.List
	object fyne.CanvasObject
}

func newFindings(s own.Words) *findings {
	f := &findings{say: s}
	f.rows = widget.NewList(func() int { return len(f.list) }, func() fyne.CanvasObject {
		l := own.Note("", theme.ColorNameForeground)
		return container.NewBorder(nil, nil, own.NewMark("×", "", theme.ColorNameError), nil, l)
	}, func(i widget.ListItemID, o fyne.CanvasObject) {
		l := o.(*fyne.Container).Objects[0].(*widget.RichText)
		own.SetText(l, legible.Line(f.list[i].text(f.say)), theme.ColorNameForeground)
		f.rows.SetItemHeight(i, l.MinSize().Height)
	})
	f.object = own.Tall(180, f.rows)
	f.object.Hide()
	return f
}

func (f *findings) set(list []Finding) {
	f.list = list
	if len(list) == 0 {
		f.object.Hide()
		return
	}
	f.object.Show()
	f.rows.Refresh()
}

// showLines shows lines to be read or copied, in front of the page.
func showLines(r Room, title, text string) {
	list := own.NewLines(text)
	copyAll := widget.NewButtonWithIcon(r.Say.T("window.copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(text) })
	body := container.NewBorder(nil, container.NewHBox(copyAll), nil, nil, list.Object())
	d := dialog.NewCustom(title, r.Say.T("window.close"), own.Wide(820, own.Tall(360, body)), r.Window)
	d.Show()
}
