package page

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/capture"
)

// summary is the exhibit on one page, in plain words.
func (p *Viewer) summary() fyne.CanvasObject {
	e := p.exhibit
	line := func(key, text string) own.Field {
		l := own.Wrapped(printable(text))
		l.Selectable = true
		return own.Field{Name: p.t("summary." + key), Body: l}
	}
	fields := []own.Field{
		line("url", e.URL), line("final", e.FinalURL), line("title", e.Title), line("view", viewWord(p.Say, e.View)),
		line("time", Clock(p.Say, e.Started)), line("status", statusText(e.Status)),
		line("elapsed", fmt.Sprintf("%.1f s", float64(e.ElapsedMS)/1000)),
	}
	for i, hop := range e.Redirects {
		fields = append(fields, line("redirect", fmt.Sprintf("%d. %s → %s", i+1, hop.URL, hop.To)))
	}
	box := container.NewVBox(own.Note(p.t("verdict."+string(e.Verdict)+".means"), theme.ColorNameForeground), own.Card(own.Fields(fields...)))
	p.addList(box, "missing", len(e.Missing), func(i int) string { return p.lacks(e.Missing[i]) })
	p.addList(box, "warnings", len(e.Warnings), func(i int) string { return e.Warnings[i] })
	p.addList(box, "contacts", len(e.Contacts), func(i int) string {
		c := e.Contacts[i]
		return strings.TrimSpace(fmt.Sprintf("%s %s（%s × %d）", c.Host, c.Address, wordOr(p.Say, "window.contact.", c.Reason), c.Count))
	})
	return box
}

// lacks names a missing thing and why it is missing, in our words where we have them and always in the recorder's.
func (p *Viewer) lacks(m capture.Missing) string {
	what := artifactWord(p.Say, m.What)
	if m.What == "capture" {
		what = p.t("summary.whole")
	}
	if word := wordOr(p.Say, "window.reason.", m.Reason); word != m.Reason {
		return what + "　" + word + "（" + m.Reason + "）"
	}
	return what + "　" + m.Reason
}

func statusText(status int) string {
	if status == 0 {
		return "—"
	}
	return fmt.Sprint("HTTP ", status)
}

func (p *Viewer) addList(box *fyne.Container, key string, n int, text func(int) string) {
	if n == 0 {
		return
	}
	list := container.NewVBox(own.Subheading(p.t("summary."+key, "n", n)))
	for i := range n {
		l := own.Wrapped("・" + printable(text(i)))
		l.Importance = widget.MediumImportance
		list.Add(l)
	}
	box.Add(own.Card(list))
}

func artifactWord(s own.Words, name string) string {
	if key := "window.artifact." + name; s.Has(key) {
		return s.T(key) + "　" + name
	}
	return name
}
