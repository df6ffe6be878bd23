package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Field is one line of a form: its name and what is filled in.
type Field struct {
	Name string
	Body fyne.CanvasObject
}

// Fields lays out a form with the names in a column of their own.
func Fields(fields ...Field) fyne.CanvasObject {
	box := container.New(layout.NewFormLayout())
	for _, f := range fields {
		name := Label(f.Name)
		name.Alignment = fyne.TextAlignTrailing
		box.Add(container.NewVBox(name))
		box.Add(f.Body)
	}
	return box
}

// Entry makes a line for typing with a hint in it.
func Entry(hint string) *widget.Entry {
	e := widget.NewEntry()
	e.SetPlaceHolder(hint)
	return e
}

// Secret makes a line whose text is hidden until the person looks at it.
func Secret(hint string) *widget.Entry {
	e := widget.NewPasswordEntry()
	e.SetPlaceHolder(hint)
	return e
}

// Primary makes the one button of a page that goes on.
func Primary(word string, tapped func()) *widget.Button {
	b := widget.NewButton(line(word), tapped)
	b.Importance = widget.HighImportance
	return b
}

// Quiet makes a button that does not ask for attention.
func Quiet(word string, tapped func()) *widget.Button {
	b := widget.NewButton(line(word), tapped)
	b.Importance = widget.LowImportance
	return b
}

// Enable switches a thing on or off by a condition.
func Enable(d fyne.Disableable, on bool) {
	if on {
		d.Enable()
	} else {
		d.Disable()
	}
}

// Tall gives content at least the height.
func Tall(height float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(sized{fyne.NewSize(0, height)}, content)
}

// Wide gives content at least the width.
func Wide(width float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(sized{fyne.NewSize(width, 0)}, content)
}

type sized struct{ least fyne.Size }

func (s sized) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

func (s sized) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := s.least
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m
}
