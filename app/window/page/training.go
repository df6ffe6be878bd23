package page

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
)

// Trained is what the training case left behind.
type Trained struct{ Case, Packet, Passphrase string }

// Trainer makes the training case.
type Trainer interface {
	// Train makes it in dir, which must be empty or absent, offline. Tell is told each step, from any goroutine: its key
	// and names with values.
	Train(ctx context.Context, dir string, noSandbox bool, tell func(key string, pairs ...any)) (Trained, error)
}

// TrainingNeeds is what the page of the training case needs.
type TrainingNeeds struct {
	Trainer      Trainer
	Dir          string // suggested
	Choose       func(start string, chosen func(dir string))
	Open, Verify func(Trained)
	Back         func()
}

// Training makes the training case and says what it does.
type Training struct {
	frame
	needs   TrainingNeeds
	dir     *widget.Entry
	sandbox *widget.Check
	begin   *widget.Button
	busy    *widget.ProgressBarInfinite
	story   *fyne.Container
	scroll  *container.Scroll
	end     *fyne.Container
}

// NewTraining makes the page.
func NewTraining(r Room, needs TrainingNeeds) *Training {
	p := &Training{frame: frame{Room: r}, needs: needs, dir: own.Entry(""), story: container.NewVBox()}
	p.dir.SetText(needs.Dir)
	p.sandbox = widget.NewCheck(p.t("advanced.sandbox"), nil)
	p.begin = own.Primary(p.t("training.begin"), p.start)
	p.busy = widget.NewProgressBarInfinite()
	p.busy.Stop()
	p.busy.Hide()
	p.scroll = container.NewVScroll(p.story)
	p.end = container.NewHBox(widget.NewButton(p.t("back"), needs.Back))
	choose := widget.NewButton(p.t("choose"), func() { needs.Choose(p.dir.Text, p.dir.SetText) })
	head := container.NewVBox(own.Heading(p.t("training.title")), own.Caption(p.t("training.hint")),
		container.NewBorder(nil, nil, own.Label(p.t("create.dir")), container.NewHBox(choose, p.begin), p.dir), p.sandbox, p.busy)
	p.object = own.Column(1060, container.NewBorder(head, p.end, nil, nil, own.Card(p.scroll)))
	return p
}

func (p *Training) start() {
	dir, noSandbox := strings.TrimSpace(p.dir.Text), p.sandbox.Checked
	p.begin.Disable()
	p.story.RemoveAll()
	p.busy.Show()
	p.busy.Start()
	var got Trained
	p.Work.Go(func(ctx context.Context) (err error) {
		got, err = p.needs.Trainer.Train(ctx, dir, noSandbox, func(key string, pairs ...any) {
			p.Work.Show(func() { p.tell(key, pairs) })
		})
		return err
	}, func(err error) { p.ended(got, err) })
}

// demoWords are values of the training case that have words of their own.
var demoWords = map[string]string{"view": "view.", "verdict": "window.verdict.", "scope": "window.scope.", "result": "window.gate."}

func (p *Training) tell(key string, pairs []any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if k := demoWords[fmt.Sprint(pairs[i])] + fmt.Sprint(pairs[i+1]); p.Say.Has(k) {
			pairs[i+1] = p.Say.T(k)
		}
	}
	p.story.Add(own.Wrapped(p.Say.T(key, pairs...)))
	p.scroll.ScrollToBottom()
}

func (p *Training) ended(got Trained, err error) {
	p.busy.Stop()
	p.busy.Hide()
	if err != nil {
		p.begin.Enable()
		p.Fail(err)
		return
	}
	p.story.Add(own.Note(p.t("training.done", "passphrase", got.Passphrase), theme.ColorNameSuccess))
	p.end.Add(widget.NewButton(p.t("training.verify"), func() { p.needs.Verify(got) }))
	p.end.Add(own.Primary(p.t("training.open"), func() { p.needs.Open(got) }))
	p.scroll.ScrollToBottom()
}
