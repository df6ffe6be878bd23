package page

import (
	"cmp"
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
)

// Exhibits lists the exhibits of the case (S12).
type Exhibits struct {
	frame
	all, shown []Exhibit
	filter     *widget.Entry
	list       *widget.List
	count      *own.Middle
	empty      fyne.CanvasObject
}

// NewExhibits makes the page. Show opens an exhibit; capture leads to where exhibits come from.
func NewExhibits(r Room, shelf Shelf, show func(exhibit string), capture func()) *Exhibits {
	p := &Exhibits{frame: frame{Room: r}}
	p.filter = own.Entry(p.t("exhibits.filter"))
	p.filter.OnChanged = func(string) { p.sift() }
	p.count = own.NewMiddle(p.t("loading"), look.Secondary, false)
	p.list = widget.NewList(func() int { return len(p.shown) }, p.newRow, p.fillRow)
	p.list.OnSelected = func(i widget.ListItemID) { show(p.shown[i].Number) }
	p.empty = container.NewCenter(own.Wide(460, container.NewVBox(own.Caption(p.t("exhibits.empty")),
		container.NewCenter(own.Primary(p.t("overview.capture"), capture)))))
	p.empty.Hide()
	head := container.NewBorder(nil, nil, own.Heading(p.t("exhibits.title")), own.Wide(360, container.NewVBox(layout.NewSpacer(), p.filter, layout.NewSpacer())), p.count)
	p.object = container.NewBorder(container.NewVBox(head, p.headings()), nil, nil, nil, container.NewStack(p.list, p.empty))
	p.load(shelf)
	return p
}

func (p *Exhibits) load(shelf Shelf) {
	var list []Exhibit
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = shelf.Exhibits(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.all = list
		p.sift()
	})
}

// sift shows the exhibits that carry the filter's words in number, address, title or kind.
func (p *Exhibits) sift() {
	want := strings.ToLower(strings.TrimSpace(p.filter.Text))
	p.shown = nil
	for _, e := range p.all {
		if strings.Contains(strings.ToLower(e.Number+" "+e.URL+" "+e.FinalURL+" "+e.Title+" "+kindWord(p.Say, e)), want) {
			p.shown = append(p.shown, e)
		}
	}
	p.count.SetText(p.t("exhibits.count", "n", len(p.shown), "all", len(p.all)))
	if len(p.all) == 0 {
		p.empty.Show()
	} else {
		p.empty.Hide()
	}
	p.list.Refresh()
}

var exhibitWidths = []float32{84, 180, -3, -2, 110, 190}

func (p *Exhibits) headings() fyne.CanvasObject {
	row := own.Columns(exhibitWidths)
	for _, key := range []string{"number", "verdict", "address", "heading", "view", "time"} {
		row.Add(own.NewMiddle(p.t("exhibits."+key), look.Secondary, false))
	}
	return row
}

func (p *Exhibits) newRow() fyne.CanvasObject {
	plain := func(bold bool) fyne.CanvasObject { return own.NewMiddle("", theme.ColorNameForeground, bold) }
	return own.Columns(exhibitWidths, plain(true), own.NewMark("", "", theme.ColorNameForeground), plain(false), plain(false), plain(false), plain(false))
}

func (p *Exhibits) fillRow(i widget.ListItemID, o fyne.CanvasObject) {
	row, e := o.(*fyne.Container).Objects, p.shown[i]
	text := func(n int, t string) { row[n].(*own.Middle).SetText(t) }
	text(0, e.Number)
	markExhibit(row[1].(*own.Mark), p.Say, e)
	text(2, cmp.Or(e.URL, "—"))
	text(3, e.Title)
	text(4, viewWord(p.Say, e.View))
	text(5, Clock(p.Say, e.Started))
}
