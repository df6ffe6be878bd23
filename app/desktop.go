//go:build !headless

package app

import (
	fyneapp "fyne.io/fyne/v2/app"

	"yuzheng/app/say"
	"yuzheng/app/window"
	"yuzheng/app/workbench"
)

// openWindow runs the desktop program until its window is closed. This is the one place that links OpenGL.
func openWindow(bench *workbench.Workbench, speaker *say.Speaker, _ Env, path string) int {
	return window.Run(fyneapp.NewWithID("tw.yuzheng.workbench"), bench, speaker, path)
}
