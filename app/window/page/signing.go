package page

import (
	"errors"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	own "yuzheng/app/window/widget"
	keys "yuzheng/casefile/sign"
)

// Means says with what somebody signs.
type Means int

// The means.
const (
	NameAlone Means = iota // not at all
	KeyFile                // PKCS#12 or PEM
	KeyCard                // PKCS#11
)

var meansWords = []string{"signing.none", "signing.file", "signing.card"}

// SigningKey says where the key of who signs lies, with what opens it. It is for one act and is kept nowhere.
type SigningKey struct {
	Means         Means
	File          string
	Module, Token string
	Secret        string // passphrase of the file, or PIN of the card
}

// signing is the part of a form that asks for a key. What opens the key stands in its field alone, and no longer than until it was taken or refused.
type signing struct {
	*frame
	means                       *widget.Select
	file, module, token, secret *widget.Entry
	rows                        *fyne.Container
	complaint                   *widget.RichText
	object                      fyne.CanvasObject
}

// newSigning makes the part; what says whose key is meant.
func newSigning(f *frame, what string) *signing {
	s := &signing{frame: f, rows: container.NewVBox(), complaint: own.Note("", theme.ColorNameWarning)}
	s.file, s.module, s.token = own.Entry(f.t("signing.file.hint")), own.Entry(f.t("signing.module.hint")), own.Entry(f.t("signing.token.hint"))
	s.secret = own.Secret("")
	for _, e := range []*widget.Entry{s.file, s.module, s.token, s.secret} {
		e.OnChanged = func(string) { s.complaint.Hide() }
	}
	var words []string
	for _, key := range meansWords {
		words = append(words, f.t(key))
	}
	s.means = widget.NewSelect(own.Options(words), func(string) { s.ask() })
	s.complaint.Hide()
	s.object = container.NewVBox(own.Caption(what), s.means, s.rows, s.complaint)
	s.means.SetSelectedIndex(int(NameAlone))
	return s
}

// ask shows the fields of the means that is chosen.
func (s *signing) ask() {
	s.rows.RemoveAll()
	s.complaint.Hide()
	switch Means(s.means.SelectedIndex()) {
	case KeyFile:
		s.row("signing.path", s.found(s.file, "files.key", ""))
		s.secret.SetPlaceHolder(s.t("signing.secret.hint"))
		s.row("signing.secret", s.secret)
	case KeyCard:
		s.row("signing.module", s.found(s.module, "files.module", ""))
		s.row("signing.token", s.token)
		s.secret.SetPlaceHolder(s.t("signing.pin.hint"))
		s.row("signing.pin", s.secret)
	default:
		s.secret.SetText("")
	}
	s.rows.Refresh()
}

func (s *signing) row(key string, body fyne.CanvasObject) {
	s.rows.Add(own.Caption(s.t(key)))
	s.rows.Add(body)
}

// found is an entry for the path of a file that is there, beside what looks for it: those that end so, "" for any.
func (f *frame) found(path *widget.Entry, title, ext string) fyne.CanvasObject {
	choose := widget.NewButton(f.t("choose"), func() {
		dialog.ShowFiles(f.Window, f.Say, f.Work, dialog.FilesOptions{
			Wish: dialog.OpenFile, Ext: ext, Start: folderOf(path.Text), Title: f.t(title), Yes: f.t("files.choose"),
		}, path.SetText)
	})
	return container.NewBorder(nil, nil, nil, choose, path)
}

// key reads what was filled in; where something is lacking that is told there, and it is not ready.
func (s *signing) key() (k SigningKey, ready bool) {
	k = SigningKey{
		Means: Means(max(s.means.SelectedIndex(), 0)), File: strings.TrimSpace(s.file.Text),
		Module: strings.TrimSpace(s.module.Text), Token: strings.TrimSpace(s.token.Text), Secret: s.secret.Text,
	}
	lack := ""
	switch {
	case k.Means == KeyFile && k.File == "":
		lack = "signing.lack.file"
	case k.Means == KeyCard && (k.Module == "" || k.Token == ""):
		lack = "signing.lack.card"
	case k.Means == KeyCard && k.Secret == "":
		lack = "signing.lack.pin"
	}
	if lack == "" {
		s.complaint.Hide()
		return k, true
	}
	own.SetText(s.complaint, s.t(lack), theme.ColorNameWarning)
	s.complaint.Show()
	return k, false
}

// used forgets what opens the key, after it did or was wrong: a card counts what is wrong. After another refusal it can be tried as it stands.
func (s *signing) used(err error) {
	if err == nil || errors.Is(err, keys.ErrSecret) {
		s.secret.SetText("")
	}
}

// folderOf is the folder of a path that was typed; none for none.
func folderOf(path string) string {
	if path = strings.TrimSpace(path); path == "" {
		return ""
	}
	return filepath.Dir(path)
}
