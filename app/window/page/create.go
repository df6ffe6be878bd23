package page

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/passphrase"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/custody"
)

// strengthColors are what the strengths are shown in.
var strengthColors = map[passphrase.Strength]fyne.ThemeColorName{
	passphrase.None: theme.ColorNamePlaceHolder, passphrase.Weak: theme.ColorNameError, passphrase.Enough: theme.ColorNameWarning, passphrase.Good: theme.ColorNameSuccess,
}

// NewCase is what the person has filled in.
type NewCase struct {
	Dir, Number, Title, Passphrase string
	Operator                       custody.Operator
}

// CreateNeeds is what the page for a new case needs.
type CreateNeeds struct {
	Folder   string           // where cases are kept unless the person says otherwise
	Operator custody.Operator // who worked here last
	// Choose asks for a folder and calls back with it, or not at all.
	Choose func(start string, chosen func(dir string))
	// Create makes the case; the recovery key it returns is stored nowhere. It may take seconds.
	Create func(ctx context.Context, c NewCase) (recoveryKey string, err error)
	// Created goes on, with the key still to be written down.
	Created func(recoveryKey string)
	Back    func()
}

// Create is the page for a new case (S02, steps 1 to 3).
type Create struct {
	frame
	needs                           CreateNeeds
	number, title, dir              *widget.Entry
	name, post, office              *widget.Entry
	passphrase, again               *widget.Entry
	aware                           *widget.Check
	strength, complaint             *widget.RichText
	create                          *widget.Button
	busy                            *widget.ProgressBarInfinite
	dirTouched, settingDir, working bool
}

// NewCreate makes the page.
func NewCreate(r Room, needs CreateNeeds) *Create {
	p := &Create{frame: frame{Room: r}, needs: needs}
	p.fields()
	p.create = own.Primary(p.t("create.do"), p.submit)
	p.busy = widget.NewProgressBarInfinite()
	p.busy.Hide()
	p.complaint = own.Note("", theme.ColorNameWarning)
	buttons := container.NewBorder(nil, nil, widget.NewButton(p.t("back"), needs.Back), p.create, container.NewStack(p.complaint, p.busy))
	body := container.NewVBox(own.Heading(p.t("create.title")), own.Card(p.caseForm()), own.Card(p.operatorForm()), own.Card(p.keyForm()), buttons)
	p.object = own.Scrolling(own.Column(900, body))
	p.changed("")
	return p
}

func (p *Create) fields() {
	p.number, p.title = own.Entry(p.t("create.number.hint")), own.Entry(p.t("create.title.hint"))
	p.dir = own.Entry(p.t("create.dir.hint"))
	p.name, p.post, p.office = own.Entry(p.t("operator.name.hint")), own.Entry(p.t("operator.post.hint")), own.Entry(p.t("operator.office.hint"))
	p.name.SetText(p.needs.Operator.Name)
	p.post.SetText(p.needs.Operator.Title)
	p.office.SetText(p.needs.Operator.Office)
	p.passphrase, p.again = own.Secret(p.t("create.passphrase.hint")), own.Secret(p.t("create.again.hint"))
	p.strength = own.Caption("")
	p.aware = widget.NewCheck(p.t("create.aware"), func(bool) { p.changed("") })
	p.number.OnChanged = func(string) { p.suggestDir(); p.changed("") }
	p.dir.OnChanged = func(string) { p.dirTouched = p.dirTouched || !p.settingDir; p.changed("") }
	for _, e := range []*widget.Entry{p.title, p.name, p.post, p.office, p.passphrase, p.again} {
		e.OnChanged = p.changed
	}
	p.suggestDir()
}

func (p *Create) caseForm() fyne.CanvasObject {
	choose := widget.NewButton(p.t("choose"), func() {
		p.needs.Choose(filepath.Dir(p.dir.Text), func(dir string) { p.dir.SetText(filepath.Join(dir, folderName(p.number.Text))) })
	})
	return container.NewVBox(own.Subheading(p.t("create.case")), own.Fields(
		own.Field{Name: p.t("create.number"), Body: p.number},
		own.Field{Name: p.t("create.name"), Body: p.title},
		own.Field{Name: p.t("create.dir"), Body: container.NewBorder(nil, nil, nil, choose, p.dir)},
	))
}

func (p *Create) operatorForm() fyne.CanvasObject {
	return container.NewVBox(own.Subheading(p.t("create.operator")),
		container.New(layout.NewGridLayoutWithColumns(3), p.name, p.post, p.office), p.aware)
}

func (p *Create) keyForm() fyne.CanvasObject {
	return container.NewVBox(own.Subheading(p.t("create.key")), own.Caption(p.t("create.key.hint")),
		container.New(layout.NewGridLayoutWithColumns(2), p.passphrase, p.again), p.strength)
}

// suggestDir follows the case number until the person has chosen a place.
func (p *Create) suggestDir() {
	if p.dirTouched {
		return
	}
	p.settingDir = true
	p.dir.SetText(filepath.Join(p.needs.Folder, folderName(p.number.Text)))
	p.settingDir = false
}

// changed says what is still lacking and lets the case be made when nothing is.
func (p *Create) changed(string) {
	if p.create == nil || p.working {
		return
	}
	s := p.judged()
	own.SetText(p.strength, p.t("strength."+string(s)), strengthColors[s])
	lack := p.lacking()
	own.Enable(p.create, lack == "")
	if lack != "" {
		lack = p.t(lack)
	}
	own.SetText(p.complaint, lack, theme.ColorNameWarning)
}

// judged is the strength of the passphrase to somebody who knows what stands on the case's papers.
func (p *Create) judged() passphrase.Strength {
	return passphrase.Judge(p.passphrase.Text, p.number.Text, p.title.Text, p.name.Text, p.post.Text, p.office.Text)
}

// lacking is the key of the first thing that is missing, or empty.
func (p *Create) lacking() string {
	switch {
	case strings.TrimSpace(p.number.Text) == "":
		return "create.lack.number"
	case strings.TrimSpace(p.title.Text) == "":
		return "create.lack.title"
	case strings.TrimSpace(p.dir.Text) == "":
		return "create.lack.dir"
	case strings.TrimSpace(p.name.Text) == "":
		return "create.lack.operator"
	case !p.aware.Checked:
		return "create.lack.aware"
	case !p.judged().Taken():
		return "create.lack.passphrase"
	case p.passphrase.Text != p.again.Text:
		return "create.lack.again"
	}
	return ""
}

func (p *Create) submit() {
	c := NewCase{
		Dir: strings.TrimSpace(p.dir.Text), Number: strings.TrimSpace(p.number.Text), Title: strings.TrimSpace(p.title.Text),
		Passphrase: p.passphrase.Text,
		Operator: custody.Operator{
			Name: strings.TrimSpace(p.name.Text), Title: strings.TrimSpace(p.post.Text), Office: strings.TrimSpace(p.office.Text),
		},
	}
	p.setWorking(true)
	var key string
	p.Work.Go(func(ctx context.Context) (err error) {
		key, err = p.needs.Create(ctx, c)
		return err
	}, func(err error) {
		p.setWorking(false)
		if err != nil {
			p.Fail(err)
			return
		}
		p.needs.Created(key)
	})
}

func (p *Create) setWorking(on bool) {
	p.working = on
	if on {
		p.create.Disable()
		p.complaint.Hide()
		p.busy.Show()
		return
	}
	p.busy.Hide()
	p.complaint.Show()
	p.changed("")
}

// folderName makes a case number into a name that every file system takes.
func folderName(number string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(number))
	if clean = strings.Trim(clean, ". "); clean == "" {
		return "case"
	}
	return clean
}
