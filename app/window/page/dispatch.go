package page

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/passphrase"
	own "yuzheng/app/window/widget"
)

// sheet is one form about a packet: lines to fill in, and one button. What was typed stays where it was refused.
type sheet struct {
	*Packets
	box  *fyne.Container
	said *widget.RichText
	do   *widget.Button
}

func (p *Packets) sheet(hint, do string) *sheet {
	s := &sheet{Packets: p, box: container.NewVBox(own.Caption(p.t(hint))), said: own.Note("", theme.ColorNameWarning), do: own.Primary(p.t(do), nil)}
	s.said.Hide()
	return s
}

func (s *sheet) row(key string, body fyne.CanvasObject) {
	s.box.Add(own.Caption(s.t(key)))
	s.box.Add(body)
}

func (s *sheet) entry(key string) *widget.Entry {
	e := own.Entry(s.t(key + ".hint"))
	s.row(key, e)
	return e
}

// file is an entry for an existing file, beside what looks for it.
func (s *sheet) file(key, ext string) *widget.Entry {
	e := own.Entry(s.t(key + ".hint"))
	s.row(key, s.found(e, key, ext))
	return e
}

// say puts a sentence below the lines.
func (s *sheet) say(text string, color fyne.ThemeColorName) {
	own.SetText(s.said, text, color)
	show(s.said, text != "")
}

// whole gives the form. Its button reads the lines: into the job that they ask for, or a sentence for what lacks. After the job, done says what came
// of it.
func (s *sheet) whole(read func() (job func(context.Context) error, lack string), done func() string) fyne.CanvasObject {
	s.do.OnTapped = func() {
		job, lack := read()
		if lack != "" {
			s.say(lack, theme.ColorNameWarning)
			return
		}
		s.say("", theme.ColorNameWarning)
		s.do.Disable()
		s.jobs++
		s.Work.Go(job, func(err error) {
			s.jobs--
			s.do.Enable()
			if err != nil {
				s.Fail(err)
				return
			}
			s.say(done(), theme.ColorNameSuccess)
		})
	}
	s.box.Add(s.said)
	s.box.Add(container.NewBorder(nil, nil, nil, s.do))
	return s.box
}

// blank reports whether one of the texts says nothing.
func blank(texts ...string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return strings.TrimSpace(t) == "" })
}

// handForm writes down who takes the packet's file. An encrypted copy opens with the keys of who takes it, or with a passphrase.
func (p *Packets) handForm(id string) fyne.CanvasObject {
	s := p.sheet("packets.hand.means", "packets.hand.do")
	file := s.file("packets.file", ".zip")
	file.SetText(p.needs.File)
	to, means, at := s.entry("packets.to"), s.entry("packets.by"), s.entry("life.at")
	closed := own.Entry(p.t("packets.copy.hint"))
	s.row("packets.copy", container.NewBorder(nil, nil, nil, widget.NewButton(p.t("choose"), func() {
		p.needs.Copy(strings.TrimSuffix(file.Text, ".zip")+".zip.age", closed.SetText)
	}), closed))
	keys := s.entry("packets.keys")
	secret, again := own.Secret(p.t("packets.secret.hint")), own.Secret(p.t("create.again.hint"))
	s.row("packets.secret", container.NewGridWithColumns(2, secret, again))
	var h NewHandOver
	read := func() (func(context.Context) error, string) {
		h = NewHandOver{
			Packet: id, File: strings.TrimSpace(file.Text), To: to.Text, Means: means.Text, At: at.Text,
			Copy: strings.TrimSpace(closed.Text), Passphrase: secret.Text, Keys: strings.Fields(keys.Text),
		}
		if lack := p.lacks(h, again.Text); lack != "" {
			return nil, p.t(lack)
		}
		return func(ctx context.Context) error { return p.needs.Dispatch.Hand(ctx, h) }, ""
	}
	return s.whole(read, func() string {
		for _, e := range []*widget.Entry{to, means, at, closed, keys, secret, again} {
			e.SetText("")
		}
		p.load()
		if h.Copy != "" {
			return p.t("packets.hand.closed", "to", strings.TrimSpace(h.To), "file", filepath.Base(h.Copy))
		}
		return p.t("packets.hand.done", "to", strings.TrimSpace(h.To))
	})
}

// lacks is the sentence for what a hand-over lacks, "" for nothing.
func (p *Packets) lacks(h NewHandOver, again string) string {
	locked := len(h.Keys) > 0 || h.Passphrase != ""
	switch {
	case blank(h.File, h.To, h.Means):
		return "packets.lack.hand"
	case h.Copy == "" && locked:
		return "packets.lack.copy"
	case h.Copy != "" && !locked:
		return "packets.lack.lock"
	case len(h.Keys) > 0 && h.Passphrase != "":
		return "packets.lack.one"
	case h.Passphrase != "" && !passphrase.Judge(h.Passphrase, p.needs.Known...).Taken():
		return "packets.lack.secret"
	case h.Passphrase != again:
		return "create.lack.again"
	}
	return ""
}

// receiptForm writes down what an agency answered about the packet.
func (p *Packets) receiptForm(id string) fyne.CanvasObject {
	s := p.sheet("packets.receipt.means", "packets.receipt.do")
	number, at, by := s.entry("packets.number"), s.entry("packets.at"), s.entry("packets.agency")
	paper := s.file("packets.paper", "")
	var exhibit string
	read := func() (func(context.Context) error, string) {
		r := NewReceipt{Packet: id, Number: number.Text, At: at.Text, By: by.Text, File: strings.TrimSpace(paper.Text)}
		if blank(r.Number, r.At, r.By) {
			return nil, p.t("packets.lack.receipt")
		}
		return func(ctx context.Context) (err error) {
			exhibit, err = p.needs.Dispatch.AddReceipt(ctx, r)
			return err
		}, ""
	}
	return s.whole(read, func() string {
		text := p.t("packets.receipt.done", "number", strings.TrimSpace(number.Text))
		for _, e := range []*widget.Entry{number, at, by, paper} {
			e.SetText("")
		}
		p.load()
		if exhibit != "" {
			return text + "　" + p.t("packets.receipt.exhibit", "exhibit", exhibit)
		}
		return text
	})
}

// hashesForm writes the list that an agency registers; the packet is verified first.
func (p *Packets) hashesForm(id string) fyne.CanvasObject {
	s := p.sheet("packets.hashes.means", "packets.hashes.do")
	file := s.file("packets.file", ".zip")
	file.SetText(p.needs.File)
	verify := widget.NewButton(p.t("handover.verify"), func() {
		if !blank(file.Text) {
			p.needs.Verify(strings.TrimSpace(file.Text))
		}
	})
	table := own.Entry(p.t("packets.table.hint"))
	s.row("packets.table", container.NewBorder(nil, nil, nil, widget.NewButton(p.t("choose"), func() { p.needs.Table(id+".csv", table.SetText) }), table))
	s.box.Add(container.NewHBox(verify))
	var packet, list string
	read := func() (func(context.Context) error, string) {
		if packet, list = strings.TrimSpace(file.Text), strings.TrimSpace(table.Text); blank(packet, list) {
			return nil, p.t("packets.lack.hashes")
		}
		return func(ctx context.Context) error { return p.needs.Dispatch.SaveHashes(ctx, packet, list) }, ""
	}
	return s.whole(read, func() string { return p.t("packets.hashes.done", "file", list) })
}
