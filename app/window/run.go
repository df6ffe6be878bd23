// Package window is the desktop face of the workbench. It knows Fyne's toolkit but not its driver: whoever runs it hands
// in the fyne.App, so that everything below compiles and is tested without a screen.
//
// This package joins the window to the use cases; package control connects the pages; package page holds them.
package window

import (
	"context"
	"io/fs"
	"math/rand/v2"

	"fyne.io/fyne/v2"

	"yuzheng/app/say"
	"yuzheng/app/window/control"
	"yuzheng/app/workbench"
	"yuzheng/assets"
	"yuzheng/assets/fonts"
	"yuzheng/assets/icons"
)

// Run shows the window until the person closes it and returns the exit code of the program: 0, or 1 when the case could
// not be closed in order. With caseDir it begins at the page that unlocks that case.
func Run(app fyne.App, bench *workbench.Workbench, speaker *say.Speaker, caseDir string) int {
	words, err := fs.Sub(assets.Translations, "translations")
	if err == nil {
		err = run(app, bench, speaker, words, caseDir)
	}
	if err != nil {
		fyne.LogError("window", err)
		return 1
	}
	return 0
}

func run(app fyne.App, bench *workbench.Workbench, speaker *say.Speaker, words fs.FS, caseDir string) error {
	w, err := control.New(context.Background(), control.Parts{
		App: app, Bench: &desk{bench}, Say: speaker, Languages: say.Langs, Fyne: words,
		Speak:   func(lang string) (control.Voice, error) { return say.New(words, lang) },
		Regular: fyne.NewStaticResource("NotoSansTC-Regular.ttf", fonts.Regular),
		Bold:    fyne.NewStaticResource("NotoSansTC-Bold.ttf", fonts.Bold),
		Icon:    fyne.NewStaticResource("yuzheng.png", icons.PNG),
		Now:     bench.Now, Version: bench.Version, Door: fyne.Do, Pick: pick,
	}, caseDir)
	if err != nil {
		return err
	}
	return w.Run()
}

// pick chooses two different numbers below n, in order.
func pick(n int) (int, int) {
	p := rand.Perm(n)[:2]
	return min(p[0], p[1]), max(p[0], p[1])
}
