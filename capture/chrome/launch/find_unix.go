//go:build !windows

package launch

func browserNames() []string {
	return []string{
		"google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	}
}
