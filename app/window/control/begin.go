package control

import (
	"context"
	"os"
	"path/filepath"

	"yuzheng/app/window/dialog"
	"yuzheng/app/window/page"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/custody"
)

// showStart shows the start page.
func (w *Window) showStart() {
	w.show(page.NewStart(w.room(), page.StartActions{
		Create: w.showCreate, Open: w.askCase, Verify: w.askPacket, Training: w.showTraining,
		Recent: w.recent(), OpenRecent: w.showUnlock, Forget: w.forget,
		Languages: w.Languages, Language: w.speak, Version: w.Version, Checker: w.Bench,
	}), w.showStart)
}

// showCreate shows the page for a new case.
func (w *Window) showCreate() {
	var made Case
	var chosen page.NewCase
	w.show(page.NewCreate(w.room(), page.CreateNeeds{
		Folder: CasesDir(), Operator: w.lastOperator(), Choose: w.askFolder, Back: w.showStart,
		Create: func(ctx context.Context, c page.NewCase) (key string, err error) {
			chosen = c
			made, key, err = w.Bench.Create(ctx, c)
			return key, err
		},
		Created: func(key string) {
			w.remember(chosen.Dir, chosen.Operator)
			w.desk = w.newDesk(made)
			w.showRecovery(key)
		},
	}), w.showCreate)
}

// showRecovery shows the recovery key. The case is open by now, but its places wait until the key is written down.
func (w *Window) showRecovery(key string) {
	w.show(page.NewRecovery(w.room(), key, w.Pick, w.enter), func() { w.showRecovery(key) })
}

// showUnlock asks for the key of the case in dir.
func (w *Window) showUnlock(dir string) {
	var opened Case
	var operator custody.Operator
	p := page.NewUnlock(w.room(), page.UnlockNeeds{
		Dir: dir, Operator: w.lastOperator(), Back: w.showStart,
		Open: func(ctx context.Context, k page.Key, op custody.Operator) (err error) {
			operator = op
			opened, err = w.Bench.Open(ctx, dir, k, op)
			return err
		},
		Opened: func() {
			w.remember(dir, operator)
			w.desk = w.newDesk(opened)
			w.enter()
			if i := opened.Info(); i.Joined {
				dialog.Tell(w.win, w.Say, w.Say.T("window.unlock.joined"), w.Say.T("operator.joined", "name", i.Operator.Name))
			}
		},
	})
	w.show(p, func() { w.showUnlock(dir) })
	w.win.Canvas().Focus(p.Focus())
}

// askLeave closes the case, after a question when something is under way, or typed and not saved.
func (w *Window) askLeave() { w.askFirst("window.leave.yes", w.leave) }

// leave ends the work on the case, waits for it out of sight, closes the case and shows the start page.
func (w *Window) leave() {
	d := w.desk
	d.work.Close()
	w.desk = nil
	own.Title(w.win, w.Say.T("window.name"))
	w.showStart()
	w.all.Go(func(context.Context) error { return d.close() }, func(err error) {
		if err != nil {
			w.fail(err)
		}
	})
}

func (w *Window) askCase() { w.askFolder(CasesDir(), w.showUnlock) }

func (w *Window) askFolder(start string, chosen func(string)) {
	dialog.ShowFiles(w.win, w.Say, w.all, dialog.FilesOptions{
		Wish: dialog.Folder, Start: start, Title: w.Say.T("window.files.folder"), Yes: w.Say.T("window.files.choose"),
	}, chosen)
}

// askPacket asks for a packet and verifies it, with or without an open case.
func (w *Window) askPacket() {
	dialog.ShowFiles(w.win, w.Say, w.all, dialog.FilesOptions{
		Wish: dialog.OpenFile, Ext: ".zip", Start: CasesDir(), Title: w.Say.T("window.files.packet"), Yes: w.Say.T("window.verify.do"),
	}, w.showVerify)
}

// askSeal asks for a seal that was kept elsewhere, in whatever file it is.
func (w *Window) askSeal(chosen func(string)) {
	dialog.ShowFiles(w.win, w.Say, w.all, dialog.FilesOptions{
		Wish: dialog.OpenFile, Start: CasesDir(), Title: w.Say.T("window.files.seal"), Yes: w.Say.T("window.whose.compare.do"),
	}, chosen)
}

func (w *Window) showVerify(path string) {
	again := func() { w.showVerify(path) }
	needs := page.VerifyNeeds{Verifier: w.Bench, Path: path, Back: w.showStart, Another: w.askPacket, Choose: w.askSeal}
	if w.desk != nil && w.desk.entered {
		needs.Back = w.showHandover
		w.at(handover, page.NewVerify(w.room(), needs), again)
		return
	}
	w.show(page.NewVerify(w.room(), needs), again)
}

func (w *Window) about() {
	dialog.Tell(w.win, w.Say, w.Say.T("window.menu.about"), w.Say.T("window.about", "version", w.Version))
}

// CasesDir is where cases are kept unless the person says otherwise.
func CasesDir() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	for _, name := range []string{"Documents", "文件"} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return home
}

// showTraining shows the page that makes the training case.
func (w *Window) showTraining() {
	w.show(page.NewTraining(w.room(), page.TrainingNeeds{
		Trainer: w.Bench, Dir: filepath.Join(CasesDir(), "yuzheng-training-"+w.Now().Format("20060102-150405")), Choose: w.askFolder,
		Open: func(t page.Trained) { w.showUnlock(t.Case) }, Verify: func(t page.Trained) { w.showVerify(t.Packet) }, Back: w.showStart,
	}), w.showTraining)
}
