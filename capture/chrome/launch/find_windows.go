package launch

import "golang.org/x/sys/windows/registry"

// browserNames looks where installers register their program for every user and for one.
func browserNames() []string {
	var out []string
	for _, exe := range []string{"chrome.exe", "chromium.exe", "msedge.exe"} {
		for _, root := range []registry.Key{registry.CURRENT_USER, registry.LOCAL_MACHINE} {
			if path := registered(root, exe); path != "" {
				out = append(out, path)
			}
		}
	}
	return append(out,
		`C:\Program Files\Google\Chrome\Application\chrome.exe`,
		`C:\Program Files (x86)\Google\Chrome\Application\chrome.exe`,
		`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
		`C:\Program Files\Microsoft\Edge\Application\msedge.exe`,
	)
}

func registered(root registry.Key, exe string) string {
	key, err := registry.OpenKey(root, `SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\`+exe, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer key.Close()
	path, _, err := key.GetStringValue("")
	if err != nil {
		return ""
	}
	return path
}
