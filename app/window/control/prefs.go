package control

import (
	"slices"

	"yuzheng/casefile/custody"
)

// What the window remembers between runs: nothing of a case but where it lies.
const (
	prefLanguage = "language"
	prefDark     = "dark"
	prefRecent   = "recent"
	prefName     = "operator.name"
	prefTitle    = "operator.title"
	prefOffice   = "operator.office"
	keepRecent   = 5
)

func (w *Window) savedLanguage() string { return w.App.Preferences().String(prefLanguage) }
func (w *Window) savedDark() bool       { return w.App.Preferences().Bool(prefDark) }
func (w *Window) recent() []string      { return w.App.Preferences().StringList(prefRecent) }

func (w *Window) remember(dir string, op custody.Operator) {
	list := slices.DeleteFunc(w.recent(), func(d string) bool { return d == dir })
	list = append([]string{dir}, list...)
	p := w.App.Preferences()
	p.SetStringList(prefRecent, list[:min(len(list), keepRecent)])
	p.SetString(prefName, op.Name)
	p.SetString(prefTitle, op.Title)
	p.SetString(prefOffice, op.Office)
}

func (w *Window) forget() {
	w.App.Preferences().SetStringList(prefRecent, nil)
	w.again()
}

func (w *Window) lastOperator() custody.Operator {
	p := w.App.Preferences()
	return custody.Operator{Name: p.String(prefName), Title: p.String(prefTitle), Office: p.String(prefOffice)}
}
