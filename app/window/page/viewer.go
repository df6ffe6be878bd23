package page

import (
	"cmp"
	"context"
	"errors"
	"image"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/evidence"
)

// Reader opens artifacts of exhibits; every chunk is verified as it is read. The caller closes.
type Reader interface {
	Open(ctx context.Context, exhibit, artifact string) (io.ReadSeekCloser, error)
}

// ViewerNeeds is what the viewer needs.
type ViewerNeeds struct {
	Exhibit Exhibit
	Reader  Reader
	Back    func()
	Go      func(step int) // to the exhibit before (-1) or after (1)
	Redact  func()         // makes a redacted copy
}

// Viewer shows one exhibit (S13). Each tab loads when it is first looked at.
type Viewer struct {
	frame
	needs   ViewerNeeds
	exhibit Exhibit
	tabs    *container.AppTabs
	loaders map[*container.TabItem]func()
	picture *own.Picture
	place   *widget.RichText
}

// NewViewer makes the page.
func NewViewer(r Room, needs ViewerNeeds) *Viewer {
	p := &Viewer{frame: frame{Room: r}, needs: needs, exhibit: needs.Exhibit, loaders: map[*container.TabItem]func(){}}
	p.tabs = container.NewAppTabs(p.tab("summary", container.NewVScroll(p.summary()), nil))
	for _, item := range p.contents() {
		p.tabs.Append(item)
	}
	p.tabs.OnSelected = p.opened
	p.object = container.NewBorder(p.head(), nil, nil, nil, p.tabs)
	return p
}

// contents are the tabs for what an exhibit of its kind holds.
func (p *Viewer) contents() []*container.TabItem {
	switch p.exhibit.Kind {
	case evidence.Capture:
		return []*container.TabItem{
			p.pictureTab(),
			p.linesTab("text", evidence.TextTXT, func(_ own.Words, data []byte) string { return string(data) }),
			p.linesTab("facts", evidence.FactsJSON, outline),
			p.tab("artifacts", p.artifacts(), nil),
			p.linesTab("actions", evidence.ActionsJSONL, journal),
		}
	case evidence.List:
		return []*container.TabItem{
			p.linesTab("addresses", evidence.AddressesJSONL, rows), p.linesTab("skipped", evidence.SkippedJSONL, rows),
			p.linesTab("clues", evidence.CluesJSONL, rows), p.tab("artifacts", p.artifacts(), nil),
		}
	case evidence.Crawl:
		return []*container.TabItem{p.linesTab("crawl", evidence.CrawlJSON, outline), p.tab("artifacts", p.artifacts(), nil)}
	case evidence.Comparison:
		return []*container.TabItem{p.linesTab("comparison", evidence.ComparisonJSON, outline), p.tab("artifacts", p.artifacts(), nil)}
	case evidence.Copy:
		return []*container.TabItem{p.linesTab("redaction", evidence.RedactionJSON, redactionLines), p.tab("artifacts", p.artifacts(), nil)}
	case evidence.Session:
		return []*container.TabItem{p.linesTab("session", evidence.SessionJSON, outline), p.tab("artifacts", p.artifacts(), nil)}
	case evidence.Execution:
		if p.has(evidence.ExecutionJSON) { // and no record that somebody gave
			return []*container.TabItem{p.linesTab("execution", evidence.ExecutionJSON, executionLines), p.tab("artifacts", p.artifacts(), nil)}
		}
	}
	return []*container.TabItem{p.tab("artifacts", p.artifacts(), nil)}
}

func (p *Viewer) head() fyne.CanvasObject {
	mark := own.NewMark("", "", theme.ColorNameForeground)
	markExhibit(mark, p.Say, p.exhibit)
	left := container.NewHBox(widget.NewButtonWithIcon(p.t("viewer.back"), theme.NavigateBackIcon(), p.needs.Back),
		own.Subheading(p.t("viewer.exhibit", "exhibit", p.exhibit.Number)), mark)
	right := container.NewHBox(widget.NewButton(p.t("viewer.redact"), p.needs.Redact), widget.NewButton(p.t("viewer.before"), func() { p.needs.Go(-1) }),
		widget.NewButton(p.t("viewer.after"), func() { p.needs.Go(1) }))
	return container.NewBorder(nil, nil, left, right, own.NewMiddle(cmp.Or(arrived(p.exhibit), p.exhibit.URL, p.exhibit.Title), look.Secondary, false))
}

// tab makes a tab; load runs when it is first opened.
func (p *Viewer) tab(key string, content fyne.CanvasObject, load func()) *container.TabItem {
	item := container.NewTabItem(p.t("viewer.tab."+key), content)
	if load != nil {
		p.loaders[item] = load
	}
	return item
}

func (p *Viewer) opened(item *container.TabItem) {
	if load := p.loaders[item]; load != nil {
		delete(p.loaders, item)
		load()
	}
}

func (p *Viewer) has(name string) bool {
	for _, a := range p.exhibit.Artifacts {
		if a.Name == name {
			return true
		}
	}
	return false
}

// maxText is how much of a text artifact is shown; the whole of it is in the packet.
const maxText = 4 << 20

// linesTab shows an artifact as lines of text.
func (p *Viewer) linesTab(key, artifact string, words func(own.Words, []byte) string) *container.TabItem {
	if !p.has(artifact) {
		return p.tab(key, own.Alone(p.t("viewer.absent", "artifact", artifact)), nil)
	}
	lines := own.NewLines(p.t("loading"))
	return p.tab(key, lines.Object(), func() {
		var text string
		p.Work.Go(func(ctx context.Context) error {
			data, err := p.read(ctx, artifact)
			text = words(p.Say, data)
			return err
		}, func(err error) {
			if err != nil {
				lines.SetText("")
				p.Fail(err)
				return
			}
			lines.SetText(text)
		})
	})
}

func (p *Viewer) read(ctx context.Context, artifact string) ([]byte, error) {
	f, err := p.needs.Reader.Open(ctx, p.exhibit.Number, artifact)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxText))
	return data, errors.Join(err, f.Close())
}

// shot is the picture of the page: of the whole of it, or else of what fitted the window.
func (p *Viewer) shot() (name, word string) {
	name, word = evidence.Screenshot, "viewer.whole"
	if !p.has(name) && p.has(evidence.ViewportShot) {
		name, word = evidence.ViewportShot, "viewer.window"
	}
	if !p.exhibit.Outcome().Answered() {
		word = "viewer.errorpage"
	}
	return name, p.t(word)
}

func (p *Viewer) pictureTab() *container.TabItem {
	if name, _ := p.shot(); !p.has(name) {
		return p.tab("picture", own.Alone(p.t("viewer.absent", "artifact", name)), nil)
	}
	p.place = own.Caption(p.t("viewer.decoding"))
	p.picture = own.NewPicture(tileFetcher(&p.frame))
	whole := widget.NewButton(p.t("viewer.full"), func() { p.cut(0) })
	fit := widget.NewButton(p.t("viewer.fit"), func() { p.cut(p.fitting()) })
	bar := container.NewBorder(nil, nil, nil, container.NewHBox(fit, whole), p.place)
	return p.tab("picture", container.NewBorder(bar, nil, nil, nil, p.picture.Object()), func() { p.cut(p.reading()) })
}

// tileFetcher decodes tiles beside the window.
func tileFetcher(f *frame) func(own.Tile, func(image.Image)) {
	return func(t own.Tile, show func(image.Image)) {
		var pixels image.Image
		f.Work.Go(func(context.Context) (err error) {
			pixels, err = t.Image()
			return err
		}, func(err error) {
			if err == nil {
				show(pixels)
			}
		})
	}
}

// phoneWidth is how wide a phone's page is shown at first: its pixels are so fine that it would fill the window.
const phoneWidth = 520

// reading is the width at which the picture is shown at first.
func (p *Viewer) reading() int {
	if !p.exhibit.View.Phone() {
		return p.fitting()
	}
	return min(p.fitting(), phoneWidth)
}

// fitting is how many pixels wide the picture may be without scrolling sideways.
func (p *Viewer) fitting() int {
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.object); c != nil {
		scale = c.Scale()
	}
	return int(max(p.object.Size().Width-30, 320) * min(scale, 1))
}

// cut reads the picture out of the case and shows it at the width.
func (p *Viewer) cut(width int) {
	own.SetText(p.place, p.t("viewer.decoding"), look.Secondary)
	name, what := p.shot()
	var tiles []own.Tile
	p.Work.Go(func(ctx context.Context) error {
		f, err := p.needs.Reader.Open(ctx, p.exhibit.Number, name)
		if err != nil {
			return err
		}
		tiles, err = own.Cut(ctx, f, width)
		return errors.Join(err, f.Close())
	}, func(err error) {
		if err != nil {
			own.SetText(p.place, p.t("viewer.unreadable"), theme.ColorNameError)
			p.Fail(err)
			return
		}
		p.picture.Show(tiles)
		height := 0
		for _, t := range tiles {
			height += t.From.Dy()
		}
		own.SetText(p.place, p.t("viewer.size", "what", what, "width", tiles[0].From.Dx(), "height", height), look.Secondary)
	})
}

// Key turns to other exhibits and moves in the picture.
func (p *Viewer) Key(key fyne.KeyName) {
	switch {
	case key == fyne.KeyLeft:
		p.needs.Go(-1)
	case key == fyne.KeyRight:
		p.needs.Go(1)
	case p.picture == nil:
	case key == fyne.KeyPageDown || key == fyne.KeySpace:
		p.picture.Turn(1)
	case key == fyne.KeyPageUp:
		p.picture.Turn(-1)
	case key == fyne.KeyHome:
		p.picture.Turn(-wholeWay)
	case key == fyne.KeyEnd:
		p.picture.Turn(wholeWay)
	}
}

// wholeWay is more pages than a picture has.
const wholeWay = 1 << 12

func (p *Viewer) artifacts() fyne.CanvasObject {
	widths := []float32{0, 230, 100, 0, 60}
	list := widget.NewList(func() int { return len(p.exhibit.Artifacts) }, func() fyne.CanvasObject {
		plain := func() fyne.CanvasObject { return own.NewMiddle("", theme.ColorNameForeground, false) }
		return own.Columns(widths, plain(), plain(), plain(), plain(), widget.NewButtonWithIcon("", theme.ContentCopyIcon(), nil))
	}, func(i widget.ListItemID, o fyne.CanvasObject) {
		row, a := o.(*fyne.Container).Objects, p.exhibit.Artifacts[i]
		row[0].(*own.Middle).SetText(artifactWord(p.Say, a.Name))
		row[1].(*own.Middle).SetText(a.MediaType)
		row[2].(*own.Middle).SetText(size(a.Size))
		row[3].(*own.Middle).SetText(a.SHA256)
		row[4].(*widget.Button).OnTapped = func() { fyne.CurrentApp().Clipboard().SetContent(a.SHA256) }
	})
	head := own.Columns(widths)
	for _, key := range []string{"name", "type", "size", "hash", "copy"} {
		head.Add(own.NewMiddle(p.t("artifact."+key), look.Secondary, false))
	}
	return container.NewBorder(head, nil, nil, nil, list)
}
