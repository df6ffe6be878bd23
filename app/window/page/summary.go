package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
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
	p.addList(box, "missing", len(e.Missing), func(i int) string { return e.Missing[i].What + "　" + e.Missing[i].Reason })
	p.addList(box, "warnings", len(e.Warnings), func(i int) string { return e.Warnings[i] })
	p.addList(box, "contacts", len(e.Contacts), func(i int) string {
		c := e.Contacts[i]
		return strings.TrimSpace(fmt.Sprintf("%s %s（%s × %d）", c.Host, c.Address, reasonWord(p.Say, c.Reason), c.Count))
	})
	return box
}

func statusText(status int) string {
	if status == 0 {
		return "—"
	}
	return fmt.Sprint("HTTP ", status)
}

func reasonWord(s own.Words, reason string) string {
	if key := "window.contact." + reason; s.Has(key) {
		return s.T(key)
	}
	return reason
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

// outline writes a JSON document as indented lines, in its own order, with our words for the names that we know.
func (p *Viewer) outline(data []byte) string {
	var b strings.Builder
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := p.outlineValue(&b, dec, "", 0); err != nil {
		return string(data)
	}
	return b.String()
}

func (p *Viewer) outlineValue(b *strings.Builder, dec *json.Decoder, name string, depth int) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	open, nested := token.(json.Delim)
	if !nested {
		fmt.Fprintf(b, "%s%s%v\n", strings.Repeat("　　", depth), label(name), scalar(token))
		return nil
	}
	if name != "" {
		fmt.Fprintf(b, "%s%s\n", strings.Repeat("　　", depth), label(name))
		depth++
	}
	for i := 1; dec.More(); i++ {
		inner := fmt.Sprint(i)
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			inner = p.factWord(fmt.Sprint(key))
		}
		if err := p.outlineValue(b, dec, inner, depth); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}

func label(name string) string {
	if name == "" {
		return ""
	}
	return name + "："
}

func scalar(v any) string {
	if v == nil {
		return "—"
	}
	return fmt.Sprint(v)
}

func (p *Viewer) factWord(key string) string {
	if k := "window.fact." + key; p.Say.Has(k) {
		return p.Say.T(k)
	}
	return key
}

// acts writes the actions of tool and page, one a line.
func (p *Viewer) acts(data []byte) string {
	var b strings.Builder
	dec := json.NewDecoder(bytes.NewReader(data))
	for {
		var act map[string]any
		if err := dec.Decode(&act); err == io.EOF {
			return b.String()
		} else if err != nil {
			return string(data)
		}
		b.WriteString(p.act(act))
		b.WriteByte('\n')
	}
}

// act puts time and actor in front and the rest behind, in the order of their names.
func (p *Viewer) act(act map[string]any) string {
	var parts []string
	take := func(key string) {
		if v, ok := act[key]; ok {
			delete(act, key)
			text := fmt.Sprint(v)
			if k := "window.actor." + text; key == "actor" && p.Say.Has(k) {
				text = p.Say.T(k)
			}
			parts = append(parts, text)
		}
	}
	for _, key := range []string{"time", "actor", "kind", "action", "what"} {
		take(key)
	}
	rest, err := json.Marshal(act) // sorted by key
	if err == nil && len(act) > 0 {
		parts = append(parts, string(rest))
	}
	return strings.Join(parts, "　")
}
