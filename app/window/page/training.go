package page

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
)

// Trained is what the training case left behind.
type Trained struct{ Case, Packet, Passphrase string }

// Training runs the training case and says what it does.
type Training struct{ frame }

// NewTraining makes the page and begins at once. Run tells its steps from any goroutine.
func NewTraining(r Room, run func(ctx context.Context, tell func(line string)) (Trained, error), open, verify func(Trained), back func()) *Training {
	p := &Training{frame{Room: r}}
	busy, story := widget.NewProgressBarInfinite(), container.NewVBox()
	end := container.NewHBox()
	scroll := container.NewVScroll(story)
	p.object = own.Column(960, container.NewBorder(
		container.NewVBox(own.Heading(p.t("training.title")), own.Caption(p.t("training.hint")), busy), end, nil, nil, own.Card(scroll)))
	end.Add(widget.NewButton(p.t("back"), back))
	var got Trained
	p.Work.Go(func(ctx context.Context) (err error) {
		got, err = run(ctx, func(line string) {
			p.Work.Show(func() {
				story.Add(own.Wrapped(line))
				scroll.ScrollToBottom()
			})
		})
		return err
	}, func(err error) {
		busy.Stop()
		busy.Hide()
		if err != nil {
			p.Fail(err)
			return
		}
		story.Add(own.Note(p.t("training.done", "passphrase", got.Passphrase), theme.ColorNameSuccess))
		end.Add(widget.NewButton(p.t("training.verify"), func() { verify(got) }))
		end.Add(own.Primary(p.t("training.open"), func() { open(got) }))
		scroll.ScrollToBottom()
	})
	return p
}
