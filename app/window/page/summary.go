package page

import (
	"cmp"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/faults"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/evidence"
)

// summary is the exhibit on one page, in plain words.
func (p *Viewer) summary() fyne.CanvasObject {
	e := p.exhibit
	means, fields := p.t("kind."+cmp.Or(string(e.Kind), "unknown")+".means"), p.ofOther()
	if e.Kind == evidence.Capture {
		means, fields = p.t("verdict."+string(e.Outcome())+".means"), p.ofCapture()
	}
	box := container.NewVBox(own.Note(means, theme.ColorNameForeground), own.Card(own.Fields(fields...)))
	p.addList(box, "missing", len(e.Missing), func(i int) string { return p.lacks(e.Missing[i]) })
	warned := faults.Warnings(spoken(p.Say), e.Cautions)
	p.addList(box, "warnings", len(warned), func(i int) string { return beside(warned[i], e.Warnings[i]) })
	p.addList(box, "contacts", len(e.Contacts), func(i int) string {
		c := e.Contacts[i]
		return strings.TrimSpace(fmt.Sprintf("%s %s（%s × %d）", c.Host, c.Address, wordOr(p.Say, "window.contact.", c.Reason), c.Count))
	})
	return box
}

func (p *Viewer) line(key, text string) own.Field {
	l := own.Wrapped(cmp.Or(text, "—"))
	l.Selectable = true
	return own.Field{Name: p.t("summary." + key), Body: l}
}

// ofCapture are the lines on a page: it was asked for by a visitor whom the program simulates, or whom a person drove.
func (p *Viewer) ofCapture() []own.Field {
	e := p.exhibit
	how := p.t("summary.simulated", "view", viewWord(p.Say, e.View))
	if e.Session != "" {
		how = p.t("summary.driven", "view", viewWord(p.Say, e.View), "session", e.Session)
	}
	fields := []own.Field{
		p.line("url", e.URL), p.line("final", cmp.Or(arrived(e), p.t("summary.nowhere"))), p.line("title", e.Title), p.line("view", how),
		p.line("time", Clock(p.Say, e.Started)), p.line("status", statusText(e.Status)),
		p.line("elapsed", fmt.Sprintf("%.1f s", float64(e.ElapsedMS)/1000)),
	}
	for i, hop := range e.Redirects {
		fields = append(fields, p.line("redirect", fmt.Sprintf("%d. %s → %s", i+1, hop.URL, hop.To)))
	}
	return fields
}

// ofOther are the lines on what is no capture.
func (p *Viewer) ofOther() []own.Field {
	e := p.exhibit
	fields := []own.Field{p.line("kind", kindWord(p.Say, e)), p.line("name", e.Title), p.line("admitted", Clock(p.Say, e.Started))}
	if s := e.Source; s != nil {
		fields = append(fields, p.line("from", s.From), p.line("received", s.Received), p.line("reference", s.Reason))
	}
	return fields
}

// beside is what the recorder wrote in our words, with what it wrote where they differ.
func beside(said, raw string) string {
	if said != raw {
		return said + "（" + raw + "）"
	}
	return raw
}

// lacks names a missing thing and why it is missing, in our words where we have them and always in the recorder's.
func (p *Viewer) lacks(m evidence.Missing) string {
	what := artifactWord(p.Say, m.What)
	if m.What == "capture" {
		what = p.t("summary.whole")
	}
	return what + "　" + beside(faults.Missing(spoken(p.Say), m), m.Reason)
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
		l := own.Wrapped("・" + text(i))
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
