package page

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/casefile/evidence"
)

// advanced is what weakens a capture's guards. It is folded away, warns, and all of it is recorded.
type advanced struct {
	object           fyne.CanvasObject
	private, resolve *widget.Entry
	sandbox          *widget.Check
}

func newAdvanced(s own.Words, changed func()) advanced {
	a := advanced{private: own.Entry("192.0.2.7:8080"), resolve: own.Entry("vip-invest.example:443:127.0.0.1:8443")}
	a.sandbox = widget.NewCheck(s.T("window.advanced.sandbox"), func(bool) { changed() })
	a.private.OnChanged = func(string) { changed() }
	a.resolve.OnChanged = a.private.OnChanged
	body := container.NewVBox(own.Note(s.T("window.advanced.warning"), theme.ColorNameWarning), own.Fields(
		own.Field{Name: s.T("window.advanced.private"), Body: a.private},
		own.Field{Name: s.T("window.advanced.resolve"), Body: a.resolve},
		own.Field{Body: a.sandbox},
	))
	a.object = widget.NewAccordion(widget.NewAccordionItem(s.T("window.advanced.title"), body))
	return a
}

// apply writes what was chosen into r.
func (a advanced) apply(r *evidence.Request) error {
	r.AllowPrivate = strings.Fields(a.private.Text)
	r.NoSandbox = a.sandbox.Checked
	for _, item := range strings.Fields(a.resolve.Text) {
		parts := strings.SplitN(item, ":", 3)
		if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
			return &badInput{"advanced.bad.resolve", item}
		}
		if r.Resolve == nil {
			r.Resolve = map[string]string{}
		}
		r.Resolve[parts[0]+":"+parts[1]] = parts[2]
	}
	return nil
}
