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
	"yuzheng/casefile/legible"
)

// propose looks for names that captures tie to the targets, and lists them in place of the detail.
func (p *targets) propose() {
	p.hide()
	var list []application.Proposal
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = p.list.Propose(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.tellProposals(list)
	})
}

func (p *targets) tellProposals(list []application.Proposal) {
	p.hide()
	p.detail.RemoveAll()
	p.detail.Add(own.Subheading(p.t("propose.title", "n", len(list))))
	if len(list) == 0 {
		p.detail.Add(own.Caption(p.t("propose.none")))
	} else {
		p.detail.Add(own.Note(p.t("propose.lead"), theme.ColorNameWarning))
	}
	for _, n := range list {
		p.detail.Add(p.proposal(n))
	}
	p.detail.Refresh()
}

// proposal is a name with what ties it to the targets. One that was captured can be taken over into the form.
func (p *targets) proposal(n application.Proposal) fyne.CanvasObject {
	box := container.NewVBox(widget.NewSeparator())
	name := legible.Line(bothForms(application.Target{Name: n.Name, Unicode: n.Unicode}))
	if len(n.Exhibits) == 0 {
		box.Add(own.NewMiddle(name, theme.ColorNameForeground, true))
		box.Add(own.Caption(p.t("propose.uncaptured")))
	} else {
		take := own.Quiet(p.t("propose.take"), func() { p.name.SetText(n.Name) })
		box.Add(container.NewBorder(nil, nil, nil, take, own.NewMiddle(name, theme.ColorNameForeground, true)))
		box.Add(own.NewMiddle(strings.Join(n.Exhibits, "  "), look.Secondary, false))
	}
	for _, t := range n.Ties {
		box.Add(own.Wrapped(legible.Line("・" + p.pick(t.Text, t.TextEN) + "（" + strings.Join(t.Exhibits, " ") + "）")))
	}
	return box
}
