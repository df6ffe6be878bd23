package page

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/evidence"
)

// Redactor makes redacted copies of exhibits.
type Redactor interface {
	// Redact makes a copy by rules, as an exhibit of its own, and tells what became of each artifact.
	Redact(ctx context.Context, exhibit string, rules evidence.RedactionRules, reason string) (Redacted, error)
	// RedactionRules reads rules that somebody wrote into a file for an exhibit.
	RedactionRules(exhibit, file string) (evidence.RedactionRules, error)
}

// Redacted is a copy that was made.
type Redacted struct {
	Exhibit string
	evidence.Redaction
}

// RedactNeeds is what the page needs.
type RedactNeeds struct {
	Exhibit  Exhibit
	Redactor Redactor
	Reader   Reader
	Back     func()
	Show     func(exhibit string)
}

// Redact makes a redacted copy of one exhibit (S15).
type Redact struct {
	frame
	needs              RedactNeeds
	kinds              map[evidence.RedactionKind]*widget.Check
	words, expressions *widget.Entry
	leaveOut           *widget.CheckGroup
	names              map[string]string // of artifacts, by their lines among those to leave out
	reason             *widget.Entry
	pictures           *pictures
	complaint          *widget.RichText
	make, stop         *widget.Button
	busy               *widget.ProgressBarInfinite
	tabs               *container.AppTabs
	result             *fyne.Container
	cancel             context.CancelFunc // nil when nothing is under way
}

// Busy reports whether work is under way: the page then stays when another is shown.
func (p *Redact) Busy() bool { return p.cancel != nil }

// NewRedact makes the page.
func NewRedact(r Room, needs RedactNeeds) *Redact {
	p := &Redact{frame: frame{Room: r}, needs: needs, result: container.NewVBox()}
	p.make, p.stop = own.Primary(p.t("redact.do"), p.start), widget.NewButton(p.t("cancel"), func() { p.cancel() })
	p.stop.Hide()
	p.busy, p.complaint = widget.NewProgressBarInfinite(), own.Note("", theme.ColorNameWarning)
	p.busy.Hide()
	p.reason = own.Entry(p.t("redact.reason.hint"))
	p.tabs = container.NewAppTabs(container.NewTabItem(p.t("redact.rules"), own.Scrolling(p.rulesForm())))
	if p.pictures = newPictures(&p.frame, needs); p.pictures != nil {
		p.tabs.Append(container.NewTabItem(p.t("redact.pictures"), p.pictures.object))
		p.tabs.OnSelected = func(*container.TabItem) { p.pictures.first() }
	}
	left := container.NewHBox(widget.NewButton(p.t("back"), needs.Back), own.Subheading(p.t("redact.title", "exhibit", needs.Exhibit.Number)))
	head := container.NewBorder(nil, nil, left, nil, own.NewMiddle(needs.Exhibit.Title, look.Secondary, false))
	foot := container.NewVBox(p.complaint, container.NewBorder(nil, nil, nil, container.NewHBox(p.stop, p.make), container.NewStack(p.reason, p.busy)))
	p.object = container.NewBorder(head, foot, nil, nil, p.tabs)
	p.complaint.Hide()
	return p
}

func (p *Redact) rulesForm() fyne.CanvasObject {
	p.kinds = map[evidence.RedactionKind]*widget.Check{}
	kinds := container.NewGridWithColumns(3)
	for _, k := range evidence.RedactionBuiltIn {
		p.kinds[k] = widget.NewCheck(p.Say.T("redact."+string(k)), nil)
		p.kinds[k].Checked = true
		kinds.Add(p.kinds[k])
	}
	several := func(hint string, rows int) *widget.Entry {
		e := widget.NewMultiLineEntry()
		e.SetPlaceHolder(p.t(hint))
		e.SetMinRowsVisible(rows)
		return e
	}
	p.words, p.expressions = several("redact.words.hint", 4), several("redact.expressions.hint", 2)
	p.names = map[string]string{}
	var lines []string
	for _, a := range p.needs.Exhibit.Artifacts {
		lines = append(lines, artifactWord(p.Say, a.Name))
	}
	lines = own.Options(lines)
	for i, a := range p.needs.Exhibit.Artifacts {
		p.names[lines[i]] = a.Name
	}
	p.leaveOut = widget.NewCheckGroup(own.Options(lines), nil)
	read := widget.NewButton(p.t("redact.read"), p.askRules)
	return container.NewVBox(own.Caption(p.t("redact.hint")),
		container.NewBorder(nil, nil, nil, read, own.Subheading(p.t("redact.kinds"))), kinds,
		own.Subheading(p.t("redact.words")), p.words, own.Subheading(p.t("redact.expressions")), p.expressions,
		own.Subheading(p.t("redact.leave")), p.leaveOut)
}

func (p *Redact) askRules() {
	dialog.ShowFiles(p.Window, p.Say, p.Work, dialog.FilesOptions{
		Wish: dialog.OpenFile, Ext: ".json", Title: p.t("files.rules"), Yes: p.t("files.choose"),
	}, func(file string) {
		var rules evidence.RedactionRules
		p.Work.Go(func(context.Context) (err error) {
			rules, err = p.needs.Redactor.RedactionRules(p.needs.Exhibit.Number, file)
			return err
		}, func(err error) {
			if err != nil {
				p.Fail(err)
				return
			}
			p.fill(rules)
		})
	})
}

// fill puts rules that were read into the form.
func (p *Redact) fill(r evidence.RedactionRules) {
	for k, c := range p.kinds {
		c.SetChecked(r.Kinds == nil || slices.Contains(r.Kinds, k))
	}
	p.words.SetText(strings.Join(r.Words, "\n"))
	p.expressions.SetText(strings.Join(r.Expressions, "\n"))
	var left []string
	for line, name := range p.names {
		if slices.Contains(r.LeaveOut, name) {
			left = append(left, line)
		}
	}
	p.leaveOut.SetSelected(left)
	if p.pictures != nil {
		p.pictures.fill(r.Pictures)
	}
}

// rules reads the form. What cannot be meant is told with its line.
func (p *Redact) rules() (r evidence.RedactionRules, wrong string) {
	r.Kinds = []evidence.RedactionKind{}
	for _, k := range evidence.RedactionBuiltIn {
		if p.kinds[k].Checked {
			r.Kinds = append(r.Kinds, k)
		}
	}
	for n, w := range linesOf(p.words.Text) {
		if utf8.RuneCountInString(w) < 2 {
			return r, p.t("redact.bad.word", "n", n, "text", w)
		}
		r.Words = append(r.Words, w)
	}
	for n, x := range linesOf(p.expressions.Text) {
		if _, err := regexp.Compile(x); err != nil {
			return r, p.t("redact.bad.expression", "n", n, "text", x)
		}
		r.Expressions = append(r.Expressions, x)
	}
	for _, line := range p.leaveOut.Selected {
		r.LeaveOut = append(r.LeaveOut, p.names[line])
	}
	if p.pictures != nil {
		r.Pictures = p.pictures.rules()
	}
	return r, ""
}

// linesOf gives the lines of a text that say something, by their numbers from 1.
func linesOf(text string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i, line := range strings.Split(text, "\n") {
			if line = strings.TrimSpace(line); line != "" && !yield(i+1, line) {
				return
			}
		}
	}
}

func (p *Redact) start() {
	rules, wrong := p.rules()
	p.tell(wrong, theme.ColorNameWarning)
	if wrong != "" {
		return
	}
	p.make.Disable()
	p.stop.Show()
	p.reason.Hide() // the bar takes its place
	p.busy.Show()
	p.busy.Start()
	var made Redacted
	exhibit, reason := p.needs.Exhibit.Number, strings.TrimSpace(p.reason.Text)
	p.cancel = p.Work.Go(func(ctx context.Context) (err error) {
		made, err = p.needs.Redactor.Redact(ctx, exhibit, rules, reason)
		return err
	}, func(err error) {
		p.cancel = nil
		p.make.Enable()
		p.stop.Hide()
		p.busy.Stop()
		p.busy.Hide()
		p.reason.Show()
		switch {
		case errors.Is(err, context.Canceled):
			p.tell(p.t("redact.cancelled"), look.Secondary)
		case err != nil:
			p.Fail(err)
		default:
			p.made(made)
		}
	})
}

func (p *Redact) tell(text string, c fyne.ThemeColorName) {
	own.SetText(p.complaint, text, c)
	p.complaint.Hidden = text == ""
	p.object.Refresh()
}

// made tells which exhibit the copy is, and what became of each artifact.
func (p *Redact) made(m Redacted) {
	if len(p.result.Objects) == 0 {
		p.tabs.Append(container.NewTabItem(p.t("redact.result"), container.NewVScroll(p.result)))
	}
	p.result.RemoveAll()
	p.result.Add(container.NewBorder(nil, nil, own.NewMark("✓", p.t("redact.made", "exhibit", m.Exhibit, "original", m.Original), theme.ColorNameSuccess),
		own.Primary(p.t("redact.show"), func() { p.needs.Show(m.Exhibit) })))
	p.result.Add(own.Caption(p.t("redact.kept")))
	for _, a := range m.Artifacts {
		p.result.Add(p.became(a))
	}
	p.tabs.SelectIndex(len(p.tabs.Items) - 1)
}

func (p *Redact) became(a evidence.RedactionArtifact) fyne.CanvasObject {
	box := container.NewVBox(own.NewMiddle(artifactWord(p.Say, a.Name), theme.ColorNameForeground, true))
	color := theme.ColorNameForeground
	if a.LeftOut != "" {
		color = theme.ColorNameWarning
	}
	box.Add(own.Note(strings.Join(became(p.Say, a), "\n"), color))
	return box
}

// became says what became of an artifact, and of the parts of it that are not in the copy.
func became(s own.Words, a evidence.RedactionArtifact) []string {
	if a.LeftOut != "" {
		return []string{s.T("window.redact.left", "reason", s.T("redact.left."+string(a.LeftOut)))}
	}
	var masked []string
	for _, k := range evidence.RedactionKinds {
		if n := a.Masked[k]; n > 0 {
			masked = append(masked, fmt.Sprintf("%s %d", s.T("redact."+string(k)), n))
		}
	}
	lines := []string{s.T("window.redact.nothing")}
	if len(masked) > 0 {
		lines[0] = s.T("window.redact.masked", "kinds", strings.Join(masked, "　"))
	}
	for _, why := range evidence.RedactionReasons {
		n := 0
		for _, l := range a.Left {
			if l.Reason == why {
				n++
			}
		}
		if n > 0 {
			lines = append(lines, s.T("window.redact.parts", "n", n, "reason", s.T("redact.left."+string(why))))
		}
	}
	if a.More > 0 {
		lines = append(lines, s.T("window.redact.more", "n", a.More))
	}
	return lines
}

// redactionLines are the report of a copy in words; what is none is shown as it is.
func redactionLines(s own.Words, data []byte) string {
	var r evidence.Redaction
	if json.Unmarshal(data, &r) != nil {
		return outline(s, data)
	}
	var text strings.Builder
	for _, a := range r.Artifacts {
		fmt.Fprintf(&text, "%s\n    %s\n", artifactWord(s, a.Name), strings.Join(became(s, a), "\n    "))
		for _, l := range a.Left {
			fmt.Fprintf(&text, "        %s　%s\n", l.Place, s.T("redact.left."+string(l.Reason)))
		}
	}
	return text.String()
}

// pictures is the part of the page on which a person looks at pictures and covers parts of them.
type pictures struct {
	*frame
	needs  RedactNeeds
	names  []string // of artifacts
	seen   map[string]bool
	drawn  map[string][]image.Rectangle
	now    string
	choose *widget.Select
	look   *widget.Check
	undo   *widget.Button
	state  *widget.RichText
	shown  *own.Picture
	boxes  *own.Boxes
	object fyne.CanvasObject
}

// newPictures makes the part; nil for an exhibit without a picture.
func newPictures(f *frame, needs RedactNeeds) *pictures {
	p := &pictures{frame: f, needs: needs, seen: map[string]bool{}, drawn: map[string][]image.Rectangle{}}
	var lines []string
	for _, a := range needs.Exhibit.Artifacts {
		if a.MediaType == "image/png" || a.MediaType == "image/jpeg" {
			p.names = append(p.names, a.Name)
			lines = append(lines, artifactWord(f.Say, a.Name))
		}
	}
	if len(p.names) == 0 {
		return nil
	}
	p.boxes = own.NewBoxes(func(list []image.Rectangle) {
		p.drawn[p.now] = list
		p.tell()
	})
	p.shown = own.NewPicture(tileFetcher(f), p.boxes)
	p.look = widget.NewCheck(f.t("redact.seen"), func(on bool) { p.seen[p.now] = on })
	p.undo = widget.NewButton(f.t("redact.undo"), func() { p.boxes.Undo() })
	p.state = own.Caption("")
	p.choose = widget.NewSelect(own.Options(lines), func(string) { p.open(p.names[max(p.choose.SelectedIndex(), 0)]) })
	p.choose.PlaceHolder = f.t("redact.choose")
	bar := container.NewVBox(own.Caption(f.t("redact.pictures.hint")), p.choose, container.NewBorder(nil, nil, p.look, p.undo, p.state))
	p.object = container.NewBorder(bar, nil, nil, nil, p.shown.Object())
	own.Enable(p.look, false)
	own.Enable(p.undo, false)
	return p
}

// first shows the first picture where none is shown yet.
func (p *pictures) first() {
	if p.now == "" {
		p.choose.SetSelectedIndex(0)
	}
}

// open reads a picture out of the case. It can be said to have been looked at once it is shown.
func (p *pictures) open(name string) {
	p.now = name
	own.Enable(p.look, false)
	own.Enable(p.undo, false)
	p.look.SetChecked(p.seen[name])
	p.boxes.Set(image.Rectangle{}, 1, nil)
	p.shown.Show(nil)
	own.SetText(p.state, p.t("viewer.decoding"), look.Secondary)
	var tiles []own.Tile
	width := int(max(p.object.Size().Width-30, 320))
	p.Work.Go(func(ctx context.Context) error {
		f, err := p.needs.Reader.Open(ctx, p.needs.Exhibit.Number, name)
		if err != nil {
			return err
		}
		tiles, err = own.Cut(ctx, f, width)
		return errors.Join(err, f.Close())
	}, func(err error) {
		if name != p.now {
			return // another was chosen meanwhile
		}
		if err != nil {
			own.SetText(p.state, p.t("viewer.unreadable"), theme.ColorNameError)
			p.Fail(err)
			return
		}
		whole := tiles[0].From.Union(tiles[len(tiles)-1].From)
		p.shown.Show(tiles)
		p.boxes.Set(whole, float32(tiles[0].Width), p.drawn[name])
		own.Enable(p.look, true)
		own.Enable(p.undo, true)
		p.tell()
	})
}

func (p *pictures) tell() {
	own.SetText(p.state, p.t("redact.boxes", "n", len(p.drawn[p.now])), look.Secondary)
}

// rules are the pictures that were looked at, with what is covered.
func (p *pictures) rules() map[string][]evidence.RedactionBox {
	all := map[string][]evidence.RedactionBox{}
	for _, name := range p.names {
		if !p.seen[name] {
			continue
		}
		all[name] = []evidence.RedactionBox{}
		for _, r := range p.drawn[name] {
			all[name] = append(all[name], evidence.RedactionBox{X: r.Min.X, Y: r.Min.Y, Width: r.Dx(), Height: r.Dy()})
		}
	}
	return all
}

// fill takes over what rules say of pictures.
func (p *pictures) fill(all map[string][]evidence.RedactionBox) {
	for _, name := range p.names {
		var list []image.Rectangle
		for _, b := range all[name] {
			list = append(list, image.Rect(b.X, b.Y, b.X+b.Width, b.Y+b.Height))
		}
		_, p.seen[name] = all[name]
		p.drawn[name] = list
	}
	if p.now != "" {
		p.open(p.now)
	}
}
