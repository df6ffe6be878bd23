package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// menu is the main menu. Its shortcuts work while an entry has the focus, which those of the canvas do not.
func (w *Window) menu() *fyne.MainMenu {
	t := w.Say.T
	create := fyne.NewMenuItem(t("window.menu.create"), w.showCreate)
	open := fyne.NewMenuItem(t("window.menu.open"), w.askCase)
	create.Shortcut, open.Shortcut = ctrl(fyne.KeyN), ctrl(fyne.KeyO)
	leave := fyne.NewMenuItem(t("window.menu.leave"), w.askLeave)
	leave.Shortcut = ctrl(fyne.KeyL)
	verify := fyne.NewMenuItem(t("window.menu.verify"), w.askPacket)
	inside := w.desk != nil
	create.Disabled, open.Disabled, leave.Disabled = inside, inside, !inside
	quit := fyne.NewMenuItem(t("window.menu.quit"), w.quit)
	quit.IsQuit = true
	return fyne.NewMainMenu(
		fyne.NewMenu(t("window.menu.file"), create, open, leave, fyne.NewMenuItemSeparator(), verify, fyne.NewMenuItemSeparator(), quit),
		fyne.NewMenu(t("window.menu.view"), w.viewItems()...),
		fyne.NewMenu(t("window.menu.help"), fyne.NewMenuItem(t("window.menu.about"), w.about)),
	)
}

func (w *Window) viewItems() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	if w.desk != nil && w.desk.entered {
		for p := range places {
			item := fyne.NewMenuItem(w.Say.T("window.place."+placeWords[p]), func() { w.goTo(p) })
			item.Shortcut = ctrl(fyne.KeyName(rune('1' + p)))
			items = append(items, item)
		}
		items = append(items, fyne.NewMenuItemSeparator())
	}
	for _, l := range w.Languages {
		item := fyne.NewMenuItem(w.Say.T("window.language."+l), func() { w.speak(l) })
		item.Checked = l == w.Say.T("window.lang")
		items = append(items, item)
	}
	dark := fyne.NewMenuItem(w.Say.T("window.menu.dark"), func() { w.dress(!w.look.Dark) })
	dark.Checked = w.look.Dark
	return append(items, fyne.NewMenuItemSeparator(), dark)
}

func ctrl(key fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl}
}
