// Package control connects the pages: one window, one case at a time. Pages know nothing of each other; the window
// gives each what it needs and decides what follows.
package control

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"yuzheng/app/window/dialog"
	"yuzheng/app/window/page"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/app/window/work"
)

// Voice speaks one language, errors included.
type Voice interface {
	own.Words
	// Error is the sentence for err: what happened, what it means for the evidence, what can be done.
	Error(err error) string
}

// Parts is what the window is made of.
type Parts struct {
	App       fyne.App
	Bench     Bench
	Say       Voice                            // until the person has chosen a language
	Languages []string                         // to choose from
	Speak     func(lang string) (Voice, error) // another language
	Fyne      fs.FS                            // fyne.LANG.json: the words that Fyne itself has
	Regular   fyne.Resource
	Bold      fyne.Resource
	Icon      fyne.Resource
	Now       func() time.Time
	Version   string
	Door      work.Door // fyne.Do
	// Pick chooses two different numbers below n, in order.
	Pick func(n int) (int, int)
}

// Window is the one window of the program. Its methods are called on Fyne's thread.
type Window struct {
	Parts
	win   fyne.Window
	look  *look.Theme
	all   *work.Group // everything under way
	page  page.Page
	again func() // shows the present page anew, in another language or look
	desk  *desk  // nil without an open case
}

// New makes the window, at its start page or, with a case folder, at the page that unlocks it.
func New(ctx context.Context, p Parts, caseDir string) (*Window, error) {
	w := &Window{Parts: p, all: work.New(ctx, p.Door)}
	if saved := w.savedLanguage(); saved != "" {
		if v, err := p.Speak(saved); err == nil {
			w.Say = v
		}
	}
	w.look = &look.Theme{Regular: p.Regular, Bold: p.Bold, Dark: w.savedDark()}
	p.App.Settings().SetTheme(w.look)
	if err := w.teachFyne(); err != nil {
		return nil, err
	}
	w.win = p.App.NewWindow(w.Say.T("window.name"))
	w.win.SetIcon(p.Icon)
	w.win.Resize(fyne.NewSize(1280, 700))
	w.win.SetCloseIntercept(w.quit)
	w.win.SetMaster()
	w.win.Canvas().SetOnTypedKey(w.typed)
	w.win.SetOnDropped(w.dropped)
	if caseDir != "" {
		w.showUnlock(caseDir)
	} else {
		w.showStart()
	}
	return w, nil
}

// Run shows the window until the person closes it, then ends the work and closes the case. It returns the error of that.
func (w *Window) Run() error {
	w.win.ShowAndRun()
	return w.end()
}

// end cancels what is under way, waits for it and closes the case.
func (w *Window) end() error {
	w.all.Close()
	w.all.Wait()
	if w.desk == nil {
		return nil
	}
	c := w.desk.open
	w.desk = nil
	return c.Close()
}

// show puts a page in place of the present one, whose work ends. Again shows the same page anew.
func (w *Window) show(p page.Page, again func()) {
	if w.page != nil && w.page != p && !w.keeps(w.page) {
		w.page.Close()
	}
	w.page, w.again = p, again
	if w.desk != nil && w.desk.entered {
		w.desk.show(p)
	} else {
		w.win.SetContent(container.NewPadded(p.Object()))
	}
	w.win.SetMainMenu(w.menu())
}

// keeps reports whether the page lives on out of sight: those that capture do, as long as the case is open, and one that has something to lose until it
// was seen again.
func (w *Window) keeps(p page.Page) bool {
	if w.desk == nil {
		return false
	}
	return p == page.Page(w.desk.capture) || p == page.Page(w.desk.sitting) || w.desk.entered && w.desk.hold(p)
}

// room is where a new page stands; its work is its own.
func (w *Window) room() page.Room {
	under := w.all
	if w.desk != nil {
		under = w.desk.work
	}
	return page.Room{Say: w.Say, Window: w.win, Work: under.Below(), Now: w.Now, Fail: w.fail}
}

// fail tells of an error in the words that the command line uses too.
func (w *Window) fail(err error) { dialog.Trouble(w.win, w.Say, w.Say.Error(err), err.Error()) }

// speak changes the language of everything, at once.
func (w *Window) speak(language string) {
	v, err := w.Speak(language)
	if err == nil {
		w.Say = v
		w.App.Preferences().SetString(prefLanguage, language)
		err = w.teachFyne()
	}
	if err != nil {
		w.fail(err)
		return
	}
	w.redraw()
}

// dress changes between the light and the dark form.
func (w *Window) dress(dark bool) {
	w.App.Preferences().SetBool(prefDark, dark)
	w.look = &look.Theme{Regular: w.Regular, Bold: w.Bold, Dark: dark}
	w.App.Settings().SetTheme(w.look)
	w.win.SetMainMenu(w.menu())
}

// redraw builds what is shown anew. Captures under way keep their page, in the language in which they began.
func (w *Window) redraw() {
	own.Title(w.win, w.Say.T("window.name"))
	if w.desk != nil && w.desk.entered {
		w.desk.build()
	}
	if w.desk != nil && w.desk.entered && w.desk.loses(w.page) {
		w.desk.show(w.page) // in the language in which it began
		return
	}
	w.again()
}

// teachFyne gives Fyne its own few words in our language, under whatever locale it has found: it has no Traditional
// Chinese and would fall back to Simplified.
func (w *Window) teachFyne() error {
	words, err := fs.ReadFile(w.Fyne, "fyne."+w.Say.T("window.lang")+".json")
	if err == nil {
		err = lang.AddTranslationsForLocale(words, lang.SystemLocale())
	}
	if err != nil {
		return fmt.Errorf("words of the toolkit: %w", err)
	}
	return nil
}

// typed hands keys that no field wants to the page. Escape closes what stands in front of it, as its button does that changes nothing.
func (w *Window) typed(e *fyne.KeyEvent) {
	if front := w.win.Canvas().Overlays().Top(); front != nil {
		if e.Name == fyne.KeyEscape {
			w.win.Canvas().Overlays().Remove(front)
		}
		return
	}
	if p, ok := w.page.(interface{ Key(fyne.KeyName) }); ok {
		p.Key(e.Name)
	}
}

// quit asks first when something is under way, or typed and not saved.
func (w *Window) quit() { w.askFirst("window.quit.yes", w.App.Quit) }

// askFirst asks whether what is under way may end; where nothing is, it does.
func (w *Window) askFirst(yesWord string, yes func()) {
	why := w.desk.unfinished()
	if len(why) == 0 {
		yes()
		return
	}
	var lines []string
	for _, key := range why {
		lines = append(lines, w.Say.T(key))
	}
	dialog.Ask(w.win, w.Say, w.Say.T("window.quit.title"), strings.Join(lines, "\n"), w.Say.T(yesWord), yes)
}
