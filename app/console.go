//go:build headless

package app

import (
	"fmt"

	"yuzheng/app/say"
	"yuzheng/app/workbench"
)

// openWindow says that this program has none.
func openWindow(_ *workbench.Workbench, speaker *say.Speaker, env Env, _ string) int {
	fmt.Fprintln(env.Stderr, speaker.T("cli.nowindow"))
	return codeUsage
}
