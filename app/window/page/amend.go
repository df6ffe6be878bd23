package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// scopes asks how far a target reaches.
func (p *targets) scopes(now application.Scope) *widget.RadioGroup {
	g := widget.NewRadioGroup([]string{p.t("scope.subdomains"), p.t("scope.exact")}, nil)
	g.Required = true
	g.SetSelected(p.t("scope." + string(now)))
	return g
}

func (p *targets) scopeOf(g *widget.RadioGroup) application.Scope {
	if g.Selected == p.t("scope.exact") {
		return application.Exact
	}
	return application.Subdomains
}

// amend is how a target is corrected or taken back: either wants a reason, which the log keeps.
func (p *targets) amend(j judged) fyne.CanvasObject {
	scope, why, reason := p.scopes(j.Scope), own.Entry(p.t("target.reason.hint")), own.Entry(p.t("target.why.hint"))
	why.SetText(j.ScopeReason)
	set, drop := widget.NewButton(p.t("target.set"), nil), widget.NewButton(p.t("target.drop"), nil)
	set.Disable()
	drop.Disable()
	ready := func() {
		given := strings.TrimSpace(reason.Text) != ""
		own.Enable(set, given && (p.scopeOf(scope) != j.Scope || strings.TrimSpace(why.Text) != j.ScopeReason))
		own.Enable(drop, given)
	}
	reason.OnChanged = func(string) { ready() }
	why.OnChanged, scope.OnChanged = reason.OnChanged, reason.OnChanged
	do := func(job func(ctx context.Context, reason string) error, gone bool) {
		text := strings.TrimSpace(reason.Text)
		set.Disable()
		drop.Disable()
		p.Work.Go(func(ctx context.Context) error { return job(ctx, text) }, func(err error) {
			if err != nil { // what was typed stays
				ready()
				p.Fail(err)
				return
			}
			if gone {
				p.hide()
			}
			p.load()
		})
	}
	set.OnTapped = func() {
		reach, because := p.scopeOf(scope), strings.TrimSpace(why.Text)
		do(func(ctx context.Context, reason string) error {
			return p.list.SetTarget(ctx, j.ID, reach, because, reason)
		}, false)
	}
	drop.OnTapped = func() {
		dialog.Ask(p.Window, p.Say, p.t("target.drop"), p.t("target.drop.ask", "id", j.ID, "name", bothForms(j.Target)), p.t("target.drop"), func() {
			do(func(ctx context.Context, reason string) error { return p.list.DropTarget(ctx, j.ID, reason) }, true)
		})
	}
	return container.NewVBox(widget.NewSeparator(), own.Caption(p.t("target.amend")), scope, why, reason, container.NewBorder(nil, nil, nil, container.NewHBox(drop, set)))
}

// hide empties the detail.
func (p *targets) hide() {
	p.shown = ""
	p.rows.UnselectAll()
	p.detail.RemoveAll()
	p.detail.Add(own.Caption(p.t("target.choose")))
	p.detail.Refresh()
}
