package dialog

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/app/window/work"
)

// Wish is what a Files dialog is to find.
type Wish int

// The wishes.
const (
	Folder   Wish = iota // an existing folder
	OpenFile             // an existing file
	SaveFile             // a file that may be new
)

// Files chooses a file or folder. Fyne's own dialog has words that can't be translated, and does not take a typed path.
type Files struct {
	say     own.Words
	work    *work.Group
	wish    Wish
	ext     string // files shown end so; empty shows all
	chosen  func(path string)
	dir     string
	entries []os.DirEntry
	path    *widget.Entry
	list    *widget.List
	where   *own.Middle
	state   *widget.RichText
	dialog  dialog.Dialog
}

// FilesOptions says what to look for and where to begin.
type FilesOptions struct {
	Wish  Wish
	Ext   string // with its dot; empty is any
	Start string // folder, or with SaveFile the suggested file
	Title string
	Yes   string // the word on the button
}

// ShowFiles opens the dialog; chosen is called once, or never.
func ShowFiles(w fyne.Window, s own.Words, g *work.Group, o FilesOptions, chosen func(path string)) *Files {
	f := &Files{say: s, work: g.Below(), wish: o.Wish, ext: o.Ext, chosen: chosen}
	f.path = own.Entry(s.T("window.files.path"))
	f.where = own.NewMiddle("", theme.ColorNameForeground, true)
	f.state = own.Caption("")
	f.list = widget.NewList(func() int { return len(f.entries) }, newFileRow, f.fill)
	f.list.OnSelected = f.picked
	up := widget.NewButtonWithIcon(s.T("window.files.up"), theme.MoveUpIcon(), func() { f.enter(filepath.Dir(f.dir)) })
	home := widget.NewButtonWithIcon(s.T("window.files.home"), theme.HomeIcon(), func() { f.enter(homeDir()) })
	top := container.NewBorder(nil, nil, container.NewHBox(up, home), nil, f.where)
	body := container.NewBorder(top, container.NewVBox(f.state, f.path), nil, nil, own.Tall(280, f.list))
	f.dialog = dialog.NewCustomConfirm(o.Title, o.Yes, s.T("window.cancel"), own.Wide(760, body), f.answered, w)
	f.dialog.Show()
	f.start(o)
	return f
}

func (f *Files) start(o FilesOptions) {
	dir := o.Start
	if o.Wish == SaveFile {
		dir = filepath.Dir(o.Start)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		dir = homeDir()
	}
	f.enter(dir)
	if o.Wish == SaveFile {
		f.path.SetText(filepath.Join(dir, filepath.Base(o.Start)))
	}
}

// enter lists dir off the window's thread: a network drive may take its time.
func (f *Files) enter(dir string) {
	var entries []os.DirEntry
	f.work.Go(func(context.Context) (err error) {
		entries, err = os.ReadDir(dir)
		return err
	}, func(err error) {
		if err != nil {
			own.SetText(f.state, f.say.T("window.files.unreadable", "dir", dir), theme.ColorNameWarning)
			return
		}
		f.dir, f.entries = dir, slices.DeleteFunc(entries, f.hidden)
		own.SetText(f.state, "", theme.ColorNameForeground)
		f.where.SetText(dir)
		switch f.wish {
		case Folder:
			f.path.SetText(dir)
		case SaveFile:
			f.path.SetText(filepath.Join(dir, filepath.Base(f.path.Text)))
		}
		f.list.UnselectAll()
		f.list.ScrollToTop()
		f.list.Refresh()
	})
}

func (f *Files) hidden(e os.DirEntry) bool {
	if strings.HasPrefix(e.Name(), ".") {
		return true
	}
	return !e.IsDir() && (f.wish == Folder || f.ext != "" && !strings.EqualFold(filepath.Ext(e.Name()), f.ext))
}

func (f *Files) picked(i widget.ListItemID) {
	path := filepath.Join(f.dir, f.entries[i].Name())
	if f.entries[i].IsDir() {
		f.enter(path)
		return
	}
	f.path.SetText(path)
}

func (f *Files) answered(ok bool) {
	f.work.Close()
	if path := strings.TrimSpace(f.path.Text); ok && path != "" {
		f.chosen(path)
	}
}

func newFileRow() fyne.CanvasObject {
	return container.NewBorder(nil, nil, widget.NewIcon(theme.FileIcon()), nil, own.NewMiddle("", theme.ColorNameForeground, false))
}

func (f *Files) fill(i widget.ListItemID, o fyne.CanvasObject) {
	row := o.(*fyne.Container)
	row.Objects[0].(*own.Middle).SetText(f.entries[i].Name())
	icon := theme.FileIcon()
	if f.entries[i].IsDir() {
		icon = theme.FolderIcon()
	}
	row.Objects[1].(*widget.Icon).SetResource(icon)
}

func homeDir() string {
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	return string(filepath.Separator)
}
