package intake

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// Kind is the form of a file.
type Kind string

// The kinds. A saved page that holds a table with a column of addresses is read as a list there.
const (
	kindText     Kind = "text"     // one entry a line, or running text
	kindTable    Kind = "table"    // CSV, TSV
	kindJSON     Kind = "json"     // an array of objects or of texts, or one value after the other
	kindPage     Kind = "html"     //
	kindMail     Kind = "mail"     // RFC 5322 with MIME; a page saved as MHTML too
	kindShortcut Kind = "shortcut" // Windows .url
)

// shape is what was seen of a file before it is read.
type shape struct {
	kind      Kind
	separator byte
	columns   []Field // found by looking at a table without a heading
}

// magic lists beginnings of files that are no text, and what to call them.
var magic = []struct{ begin, what string }{
	{"PK\x03\x04", "a ZIP archive or an Office file: save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0", "an old Office file: save the sheet as CSV"},
	{"%PDF-", "a PDF file"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
	{"GIF8", "a picture"},
	{"\x1f\x8b", "a gzip archive"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{"Rar!", "a RAR archive"},
	{"MZ", "a program"},
	{"\x7fELF", "a program"},
}

// sniff judges by the content first, and then by the name.
func sniff(name string, head []byte, enc encoding) (shape, error) {
	for _, m := range magic {
		if strings.HasPrefix(string(head[:min(len(head), 8)]), m.begin) && !printable(head) {
			return shape{}, fmt.Errorf("%w: %s", ErrKind, m.what)
		}
	}
	text := enc.text(head)
	if binary(text) {
		return shape{}, fmt.Errorf("%w: its bytes are no text", ErrKind)
	}
	ending := strings.ToLower(path.Ext(name))
	trimmed := strings.TrimSpace(text)
	switch {
	case isShortcut(trimmed):
		return shape{kind: kindShortcut}, nil
	case isJSON(trimmed):
		return shape{kind: kindJSON}, nil
	case isPage(trimmed, ending):
		return shape{kind: kindPage}, nil
	case isMail(text, ending):
		return shape{kind: kindMail}, nil
	}
	if s, ok := sniffTable(text, ending); ok {
		return s, nil
	}
	return shape{kind: kindText}, nil
}

// printable saves a text that begins with the letters of a magic number, like "MZ" or "GIF8".
func printable(head []byte) bool {
	head = head[:min(len(head), 512)]
	return utf8.Valid(head) && !binary(string(head))
}

// binary reports whether more than one character in ten, and more than eight, are control characters or no text at all.
func binary(text string) bool {
	odd, all := 0, 0
	for _, c := range text {
		all++
		if c < ' ' && !strings.ContainsRune("\t\n\r\f\v\x1b", c) || c == 0x7f || c == utf8.RuneError {
			odd++
		}
	}
	return odd > 8 && odd*10 > all
}

func isShortcut(text string) bool {
	return len(text) > 0 && text[0] == '[' && strings.HasPrefix(strings.ToLower(text), "[internetshortcut")
}

// isJSON tells JSON from text that begins with a bracket, like a Markdown link.
func isJSON(text string) bool {
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	rest := strings.TrimLeft(text[1:], " \t\r\n")
	if rest == "" {
		return false
	}
	if text[0] == '{' {
		return rest[0] == '"' || rest[0] == '}'
	}
	return strings.IndexByte(`{["]`, rest[0]) >= 0
}

func isPage(text, ending string) bool {
	lower := strings.ToLower(text[:min(len(text), 4096)])
	if strings.HasPrefix(lower, "<!doctype html") || strings.HasPrefix(lower, "<html") {
		return true
	}
	if !strings.HasPrefix(lower, "<") {
		return false
	}
	if ending == ".html" || ending == ".htm" || ending == ".xhtml" {
		return true
	}
	for _, tag := range []string{"<html", "<head", "<body", "<table", "<div", "<a ", "<p>", "<p ", "<!-- saved from"} {
		if strings.Contains(lower, tag) {
			return true
		}
	}
	return false
}

// isMail wants two well-known fields in a header that begins with the first line.
func isMail(text, ending string) bool {
	known := 0
	for i, line := range strings.SplitN(text[:min(len(text), 32<<10)], "\n", 200) {
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' || i == 0 && strings.HasPrefix(line, "From ") {
			continue
		}
		field, _, ok := strings.Cut(line, ":")
		if !ok || strings.ContainsAny(field, " \t") {
			break
		}
		switch strings.ToLower(field) {
		case "from", "to", "subject", "date", "received", "message-id", "mime-version", "return-path", "delivered-to", "reply-to", "content-type", "dkim-signature":
			known++
		}
	}
	return known >= 2 || known == 1 && ending == ".eml"
}
