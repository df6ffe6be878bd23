package sitetest

import (
	"fmt"
	"net/http"
)

// misbehave serves the pages that no recorder should have to meet.
func (s *Site) misbehave() http.Handler {
	return http.NewServeMux()
}

// plain is a page of one sentence.
func plain(sentence string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writePage(w, sentence, "") })
}

// writePage writes a small page: extra is markup that stands behind its one sentence.
func writePage(w http.ResponseWriter, sentence, extra string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><html lang=\"zh-Hant-TW\"><meta charset=\"utf-8\"><title>%s</title><h1>%s</h1><p>%s</p>%s</html>\n",
		sentence, sentence, Marker, extra)
}
