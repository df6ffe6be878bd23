package sitetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// becoming serves what the pages need that are not at once what they are, and what only a server can do to a page.
func (s *Site) becoming(mux *http.ServeMux) {
	mux.HandleFunc("GET /again", again())
	mux.HandleFunc("GET /later-header", laterHeader)
	mux.HandleFunc("GET /not-gzip", notGzip)
	mux.HandleFunc("GET /204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /205", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusResetContent) })
	mux.HandleFunc("GET /older", older)
	mux.HandleFunc("GET /slow-script", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", script)
		s.wait(r, time.Duration(number(r, "s", 2))*time.Second)
	})
}

// again is another document each time, and announces the next.
func again() http.HandlerFunc {
	var visits atomic.Int64
	return func(w http.ResponseWriter, _ *http.Request) {
		n := visits.Add(1)
		body := `<meta http-equiv="refresh" content="3">`
		for i := range 20 {
			body += fmt.Sprintf("<p style=\"height:300px\">第%d版內容 %d</p>", n, i)
		}
		writePage(w, fmt.Sprintf("第%d版", n), body)
	}
}

func laterHeader(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Refresh", "3; url=/landed?from=header")
	writePage(w, "標頭轉址", "")
}

// notGzip says that its document is compressed, and it is not.
func notGzip(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	writePage(w, "不是壓縮檔", "")
}

// older are the ten messages up to a number.
func older(w http.ResponseWriter, r *http.Request) {
	to, list := number(r, "to", 10), []string{}
	for i := max(1, to-9); i <= to; i++ {
		list = append(list, fmt.Sprintf("訊息 %d", i))
	}
	w.Header().Set("Content-Type", "application/json")
	must(json.NewEncoder(w).Encode(list))
}
