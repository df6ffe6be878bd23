package packet

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// errPath is wrapped by the error for a name that cannot stand in a packet.
var errPath = errors.New("name cannot stand in a packet")

// maxPath is the longest name in UTF-16 units, folder of the packet included: Windows' 260 less a place to unpack to.
const maxPath = 200

// maxPart is the longest part of a path in bytes, the limit of Linux and macOS file systems.
const maxPart = 255

// forbidden are the characters that Windows refuses, and %, which BagIt (RFC 8493, 2.1.3) would have us encode so
// that sha256sum no longer finds the file.
const forbidden = `<>:"|?*\%`

// checkPath reports whether path, as it would stand below data/, is the same file on Windows, macOS and Linux.
// Whoever names artifacts can ask beforehand.
func checkPath(path string) error {
	if n := len(utf16.Encode([]rune(path))); n > maxPath {
		return fmt.Errorf("%w: %.60q… has %d characters, at most %d are possible", errPath, path, n, maxPath)
	}
	for part := range strings.SplitSeq(path, "/") {
		if problem := partProblem(part); problem != "" {
			return fmt.Errorf("%w: %q: %s", errPath, path, problem)
		}
	}
	return nil
}

func checkName(name string) error {
	if strings.Contains(name, "/") {
		return fmt.Errorf("%w: %q is not one name", errPath, name)
	}
	return checkPath(name)
}

func partProblem(part string) string {
	switch {
	case part == "" || part == "." || part == "..":
		return "a part is empty or dots"
	case !utf8.ValidString(part) || !norm.NFC.IsNormalString(part):
		return "not in Unicode form NFC"
	case len(part) > maxPart:
		return "a part is too long"
	case strings.ContainsAny(part, forbidden):
		return "a character that Windows or BagIt refuses"
	case strings.HasSuffix(part, ".") || strings.TrimSpace(part) != part:
		return "a dot or space at an edge"
	case strings.ContainsFunc(part, func(r rune) bool { return unicode.Is(unicode.C, r) }):
		return "an invisible character"
	case reserved(part):
		return "a device name of Windows"
	}
	return ""
}

// reserved reports whether Windows takes part for a device, whatever follows its first dot.
func reserved(part string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(part), ".")
	base = strings.TrimRight(base, " ")
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port, ok := strings.CutPrefix(base, "COM")
	if !ok {
		port, ok = strings.CutPrefix(base, "LPT")
	}
	return ok && utf8.RuneCountInString(port) == 1 && strings.Contains("0123456789¹²³", port)
}

// clashes returns the paths that another one before them would overwrite on a file system that ignores case, or that
// need a file of the same name to be a folder.
func clashes(paths []string) []string {
	fold := func(s string) string { return strings.ToLower(strings.ToUpper(s)) }
	files, folders := map[string]bool{}, map[string]bool{}
	var bad []string
	for _, p := range paths {
		key := fold(p)
		clash := files[key] || folders[key]
		for i := range key {
			if key[i] == '/' {
				clash = clash || files[key[:i]]
				folders[key[:i]] = true
			}
		}
		files[key] = true
		if clash {
			bad = append(bad, p)
		}
	}
	return bad
}
