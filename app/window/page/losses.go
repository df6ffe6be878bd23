package page

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// Ledger holds what was reported as lost.
type Ledger interface {
	Losses(ctx context.Context) ([]application.Loss, error)
	// ImportLosses takes a table in as a whole. One with a row that cannot be read is refused with those rows, and nothing is taken in.
	ImportLosses(ctx context.Context, t LossTable) (TakenLosses, error)
	// DropLosses takes back what an exhibit reports; the exhibit stays.
	DropLosses(ctx context.Context, exhibit, reason string) error
}

// LossTable is a table of losses (CSV), and where it comes from.
type LossTable struct {
	File                   string
	Exhibit                string // that reports the losses; without it the table becomes one
	From, Received, Reason string
	Headings               [5]string // of the columns for application.LossFields, where a person names them
}

// TakenLosses is what came of a table: its rows, or why it was refused.
type TakenLosses struct {
	Exhibit string
	Rows    []application.Loss
	Columns map[string]string // of application.LossFields, the heading that was read
	Alike   []int             // rows that say what an earlier one says
	Refused []Refusal
}

// Refusal says in both languages what a person has to mend.
type Refusal struct{ Text, TextEN string }

// losses is the part of the applications page that takes in what was reported as lost (釋明).
type losses struct {
	*frame
	ledger                                Ledger
	all                                   []application.Loss
	file, exhibit, from, received, reason *widget.Entry
	columns                               *widget.Entry
	take, drop                            *widget.Button
	state                                 *fyne.Container
	said                                  *container.Scroll // around state
	sum                                   *own.Middle
	rows                                  *widget.List
	object                                fyne.CanvasObject
}

func newLosses(f *frame, ledger Ledger) *losses {
	p := &losses{frame: f, ledger: ledger, state: container.NewVBox()}
	p.file, p.exhibit = own.Entry(f.t("loss.file.hint")), own.Entry(f.t("loss.exhibit.hint"))
	p.from, p.received, p.reason = own.Entry(f.t("loss.from.hint")), own.Entry(f.t("loss.received.hint")), own.Entry(f.t("loss.reason.hint"))
	p.columns = own.Entry(f.t("loss.columns.hint"))
	p.take, p.drop = own.Primary(f.t("loss.take"), p.submit), widget.NewButton(f.t("loss.drop"), p.takeBack)
	p.take.Disable()
	p.drop.Disable()
	droppable := func(string) {
		own.Enable(p.drop, strings.TrimSpace(p.exhibit.Text) != "" && strings.TrimSpace(p.reason.Text) != "")
	}
	p.exhibit.OnChanged, p.reason.OnChanged = droppable, droppable
	p.file.OnChanged = func(text string) { own.Enable(p.take, strings.TrimSpace(text) != "") }
	p.said = container.NewVScroll(p.state)
	p.sum = own.NewMiddle("", theme.ColorNameForeground, true)
	p.rows = widget.NewList(func() int { return len(p.all) }, newLossRow, p.fill)
	form := own.Card(container.NewVBox(own.Caption(f.t("loss.hint")), f.found(p.file, "files.losses", ""),
		container.NewGridWithColumns(2, p.exhibit, p.from, p.received, p.reason), container.NewBorder(nil, nil, nil, container.NewHBox(p.drop, p.take), p.columns), p.said))
	p.object = container.NewBorder(container.NewVBox(form, p.sum, lossHeadings(f)), nil, nil, nil, p.rows)
	p.load()
	return p
}

func (p *losses) load() {
	var all []application.Loss
	p.Work.Go(func(ctx context.Context) (err error) {
		all, err = p.ledger.Losses(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.all = all
		p.sum.SetText(p.t("loss.sum", "n", len(all), "victims", victims(all), "sum", dollars(sumOf(all))))
		p.rows.Refresh()
	})
}

func (p *losses) submit() {
	t := LossTable{
		File: strings.TrimSpace(p.file.Text), Exhibit: strings.TrimSpace(p.exhibit.Text),
		From: strings.TrimSpace(p.from.Text), Received: strings.TrimSpace(p.received.Text), Reason: strings.TrimSpace(p.reason.Text),
	}
	headings, ok := p.headings()
	if !ok {
		p.say(theme.ColorNameWarning, p.t("loss.columns.bad", "fields", strings.Join(p.fields(), "、")))
		return
	}
	t.Headings = headings
	p.take.Disable()
	var got TakenLosses
	p.Work.Go(func(ctx context.Context) (err error) {
		got, err = p.ledger.ImportLosses(ctx, t)
		return err
	}, func(err error) {
		p.take.Enable()
		if err != nil {
			p.Fail(err)
			return
		}
		p.tell(got)
		if len(got.Refused) == 0 {
			p.file.SetText("")
			p.columns.SetText("")
			p.load()
		}
	})
}

// takeBack takes back what the exhibit reports that is named, for the reason that is given.
func (p *losses) takeBack() {
	exhibit, reason := strings.TrimSpace(p.exhibit.Text), strings.TrimSpace(p.reason.Text)
	p.drop.Disable()
	p.Work.Go(func(ctx context.Context) error { return p.ledger.DropLosses(ctx, exhibit, reason) }, func(err error) {
		p.drop.Enable()
		if err != nil {
			p.Fail(err)
			return
		}
		p.say(theme.ColorNameSuccess, p.t("loss.dropped", "exhibit", exhibit))
		p.exhibit.SetText("")
		p.reason.SetText("")
		p.load()
	})
}

// fields are the words of application.LossFields.
func (p *losses) fields() (list []string) {
	for _, name := range application.LossFields {
		list = append(list, p.t("loss."+name))
	}
	return list
}

var pairRE = regexp.MustCompile(`[,，、;；]`)

// headings reads 「金額=實付、日期=入帳日」; ok is false where a field is none.
func (p *losses) headings() (list [5]string, ok bool) {
	for _, pair := range pairRE.Split(p.columns.Text, -1) {
		field, heading, _ := strings.Cut(strings.ReplaceAll(pair, "＝", "="), "=")
		field, heading = strings.TrimSpace(field), strings.TrimSpace(heading)
		i := max(slices.Index(p.fields(), field), slices.Index(application.LossFields, field))
		switch {
		case field == "" && heading == "":
		case i < 0 || heading == "":
			return list, false
		default:
			list[i] = heading
		}
	}
	return list, true
}

// saidHeight is how much room there is for what came of a table; more of it scrolls.
const saidHeight = 110

// tell says what came of a table where it was given: what was refused, row by row, or what was taken in.
func (p *losses) tell(got TakenLosses) {
	if len(got.Refused) == 0 {
		lines := []string{p.t("loss.taken", "exhibit", got.Exhibit, "n", len(got.Rows), "sum", dollars(sumOf(got.Rows))), p.t("loss.read", "columns", p.read(got.Columns))}
		for _, row := range got.Alike {
			lines = append(lines, p.t("loss.alike", "row", row))
		}
		p.say(theme.ColorNameSuccess, lines...)
		return
	}
	lines := []string{p.t("loss.refused")}
	for _, r := range got.Refused {
		lines = append(lines, "・"+p.pick(r.Text, r.TextEN))
	}
	p.say(theme.ColorNameWarning, lines...)
}

// say puts lines below the form.
func (p *losses) say(color fyne.ThemeColorName, lines ...string) {
	p.state.RemoveAll()
	p.state.Add(own.Note(strings.Join(lines, "\n"), color))
	p.said.SetMinSize(fyne.NewSize(0, saidHeight)) // before it is laid out a text does not know how high it is
	p.said.ScrollToTop()
}

// read says out of which column each field was read: a wrong one is seen here or in court.
func (p *losses) read(columns map[string]string) string {
	var list []string
	for i, name := range application.LossFields {
		if heading := columns[name]; heading != "" {
			list = append(list, p.fields()[i]+" ← "+heading)
		}
	}
	return strings.Join(list, "　")
}

var lossWidths = []float32{84, 60, -2, 130, 150, 84, -2}

func lossHeadings(f *frame) fyne.CanvasObject {
	row := own.Columns(lossWidths)
	for _, key := range []string{"exhibit", "row", "victim", "date", "amount", "target", "way"} {
		row.Add(own.NewMiddle(f.t("loss."+key), look.Secondary, false))
	}
	return row
}

func newLossRow() fyne.CanvasObject {
	row := own.Columns(lossWidths)
	for range lossWidths {
		row.Add(own.NewMiddle("", theme.ColorNameForeground, false))
	}
	return row
}

func (p *losses) fill(i widget.ListItemID, o fyne.CanvasObject) {
	l := p.all[i]
	for n, text := range []string{l.Exhibit, fmt.Sprint(l.Row), l.Victim, Day(p.Say, l.Date), dollars(l.Amount), cmp.Or(l.Target, l.Site), l.Way} {
		o.(*fyne.Container).Objects[n].(*own.Middle).SetText(text)
	}
}

func sumOf(list []application.Loss) (sum int64) {
	for _, l := range list {
		sum += l.Amount
	}
	return sum
}

func victims(list []application.Loss) int {
	var all []string
	for _, l := range list {
		all = append(all, l.Victim)
	}
	slices.Sort(all)
	return len(slices.Compact(all))
}

// dollars writes an amount with its thousands apart.
func dollars(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
