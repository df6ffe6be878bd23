// Package dialog holds what the window asks and tells in front of a page.
package dialog

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/casefile/legible"
)

// Trouble tells of an error: the sentence first, the technical words folded away, both to be copied.
func Trouble(w fyne.Window, s own.Words, sentence, details string) {
	technical := own.Wrapped(details)
	technical.Importance = widget.LowImportance
	folded := widget.NewAccordion(widget.NewAccordionItem(s.T("window.trouble.details"), technical))
	copyText := widget.NewButtonWithIcon(s.T("window.copy"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(legible.Block(sentence + "\n" + details))
	})
	body := container.NewVBox(own.Wrapped(sentence), folded, container.NewHBox(copyText, layout.NewSpacer()))
	d := dialog.NewCustom(s.T("window.trouble.title"), s.T("window.close"), own.Wide(560, body), w)
	d.Show()
}

// Tell says something that is no trouble.
func Tell(w fyne.Window, s own.Words, title, text string) {
	dialog.NewCustom(title, s.T("window.close"), own.Wide(480, own.Wrapped(text)), w).Show()
}

// Ask asks a question that can be declined; yes is run only when it is not.
func Ask(w fyne.Window, s own.Words, title, question, yesWord string, yes func()) {
	dialog.NewCustomConfirm(title, yesWord, s.T("window.cancel"), own.Wide(480, own.Wrapped(question)), func(ok bool) {
		if ok {
			yes()
		}
	}, w).Show()
}
