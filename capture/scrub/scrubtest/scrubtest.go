// Package scrubtest spells a text as browsers, pages and servers do, for tests that hold that none of it is left in what is kept.
package scrubtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"unicode/utf16"
)

// Spellings are the ways in which a page and its server write a text that they were given, by name; most have something around it, as they would.
// The text is UTF-8.
func Spellings(text string) map[string]string {
	nested := inJSON(inJSON(text))
	basic := func(user string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+text)) }
	return map[string]string{
		"raw": text, "form": "user=a&pw=" + url.QueryEscape(text) + "&x=1", "path": "/p/" + url.PathEscape(text), "twice": "u=" + url.QueryEscape("http://h/?p="+url.QueryEscape(text)),
		"json": inJSON(text), "json in json": nested, "json in a form": "d=" + url.QueryEscape(inJSON(text)), "units": `"` + units(text) + `"`,
		"html": "<input value=\"" + html.EscapeString(text) + "\">", "html twice": html.EscapeString(html.EscapeString(text)), "json in html": html.EscapeString(inJSON(text)),
		"every byte": everyByte(text), "quoted-printable": quotedPrintable(text),
		"basic": basic("user"), "basic 1": basic("user1"), "basic 2": basic("user12"), "base64": base64.StdEncoding.EncodeToString([]byte(text)),
		"base64 url": base64.RawURLEncoding.EncodeToString([]byte(`{"password":"` + text + `","more":"?>?>?>"}`)),
	}
}

func inJSON(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic("scrubtest: a text that cannot be JSON: " + err.Error())
	}
	return string(out)
}

// units writes each unit of UTF-16 as an escape, with digits of either case.
func units(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, `\u%02x%02X`, u>>8, u&0xff)
	}
	return b.String()
}

func everyByte(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// quotedPrintable puts a text where its line is about to end.
func quotedPrintable(text string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.Repeat("x", 70) + " " + text + " and more"))
	_ = w.Close()
	return b.String()
}
