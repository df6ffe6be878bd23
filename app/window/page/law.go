package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// Lawbook tells which law, lists and templates are in force.
type Lawbook interface {
	Law() (Law, error)
	LawText(id string) (LawText, error)
}

// Law is what is in force, and the office's folder where there is one.
type Law struct {
	Folder, SHA256 string
	Items          []LawItem
}

// LawItem is one list, one template, or one article that has a source of its own.
type LawItem struct {
	ID string
	application.Source
	AgeDays int
	Old     bool // than its limit
}

// LawText is an item with its words: of statutes the articles, of everything else its file.
type LawText struct {
	LawItem
	Articles []application.Statute
	Text     string
}

// law is the part of the applications page that shows what is in force. Nothing is changed here.
type law struct {
	*frame
	book   Lawbook
	items  []LawItem
	list   *widget.List
	office *fyne.Container
	source *fyne.Container
	text   *own.Lines
	now    string // id that is shown
	object fyne.CanvasObject
}

// lawColumns is how many columns of text stand beside the list at the least width of the window.
const lawColumns = 42

func newLaw(f *frame, book Lawbook) *law {
	p := &law{frame: f, book: book, office: container.NewVBox(), source: container.NewVBox(own.Caption(f.t("law.choose"))), text: own.NewNarrowLines("", lawColumns)}
	p.list = widget.NewList(func() int { return len(p.items) }, newLawRow, p.fill)
	p.list.OnSelected = func(i widget.ListItemID) { p.show(p.items[i].ID) }
	split := container.NewHSplit(p.list, own.Card(container.NewBorder(p.source, nil, nil, nil, p.text.Object())))
	split.Offset = 0.5
	p.object = container.NewBorder(container.NewVBox(own.Caption(f.t("law.hint")), p.office), nil, nil, nil, split)
	p.load()
	return p
}

func (p *law) load() {
	var got Law
	p.Work.Go(func(context.Context) (err error) {
		got, err = p.book.Law()
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.items = got.Items
		if got.Folder != "" {
			p.office.Add(own.NewMiddle(p.t("law.folder", "folder", got.Folder, "sha256", got.SHA256), look.Secondary, false))
		}
		p.list.Refresh()
	})
}

var lawWidths = []float32{0, 100, 112}

func newLawRow() fyne.CanvasObject {
	return own.Columns(lawWidths, own.NewMiddle("", theme.ColorNameForeground, false), own.NewMiddle("", look.Secondary, false),
		own.NewMark("", "", theme.ColorNameForeground))
}

func (p *law) fill(i widget.ListItemID, o fyne.CanvasObject) {
	row, item := o.(*fyne.Container).Objects, p.items[i]
	row[0].(*own.Middle).SetText(p.name(item.ID))
	row[1].(*own.Middle).SetText(item.Date)
	switch {
	case item.Old:
		row[2].(*own.Mark).Set("▲", p.t("law.old"), theme.ColorNameWarning)
	case item.From == application.FromOffice:
		row[2].(*own.Mark).Set("□", p.t("law.office"), theme.ColorNamePrimary)
	default:
		row[2].(*own.Mark).Set("", p.t("law.program"), look.Secondary)
	}
}

// name is what an item is called; an article of the office's own by its id, too.
func (p *law) name(id string) string {
	if key := "law." + id; p.Say.Has(key) {
		return p.Say.T(key)
	}
	return told(p.Say.T("law.article"), id)
}

// show tells where an item comes from and how old it is, then its words.
func (p *law) show(id string) {
	p.now = id
	var got LawText
	p.Work.Go(func(context.Context) (err error) {
		got, err = p.book.LawText(id)
		return err
	}, func(err error) {
		if id != p.now {
			return
		}
		if err != nil {
			p.Fail(err)
			return
		}
		p.tell(got)
	})
}

func (p *law) tell(t LawText) {
	p.source.RemoveAll()
	p.source.Add(own.Subheading(p.name(t.ID)))
	from := "law.program"
	if t.From == application.FromOffice {
		from = "law.office"
	}
	p.source.Add(own.Wrapped(p.t("law.version", "version", t.Version, "date", t.Date, "from", p.t(from))))
	if t.Old {
		p.source.Add(own.Note(p.t("law.age.old", "age", t.AgeDays, "limit", t.LimitDays), theme.ColorNameWarning))
	} else {
		p.source.Add(own.Caption(p.t("law.age", "age", t.AgeDays, "limit", t.LimitDays)))
	}
	p.source.Refresh()
	text := p.t("law.source", "source", t.Source.Source) + "\n"
	if t.Note != "" {
		text += p.t("law.note", "note", t.Note) + "\n"
	}
	text += "\n" + t.Text
	for _, a := range t.Articles {
		text += p.article(a)
	}
	p.text.SetText(text)
}

// article is one article: a text that is not its own words says so before it.
func (p *law) article(a application.Statute) string {
	lines := []string{told(a.ID, a.Law+a.Article, "〔"+p.Say.T("law.kind."+a.Kind)+"〕"), a.Text}
	if a.AsOf != "" {
		lines[0] = told(lines[0], p.t("law.amended", "date", a.AsOf))
	}
	if a.Note != "" {
		lines = append(lines, p.t("law.note", "note", a.Note))
	}
	return strings.Join(lines, "\n") + "\n\n"
}
