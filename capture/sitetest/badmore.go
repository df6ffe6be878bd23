package sitetest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net/http"
	"sync/atomic"
)

// comment is one answer to whoever unfolds the comments.
func comment(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "第 %s 則留言：已入金，準時出金。", r.URL.Query().Get("n"))
}

// pressed notes that something was pressed that should not have been: the log of the site has it.
func pressed(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// swallow takes whatever is sent.
func swallow(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusNoContent)
}

// voice is two seconds of a tone, as WAV (PCM, 8 kHz, 16 bit, one channel).
func voice() []byte {
	const rate, seconds = 8000, 2
	var b bytes.Buffer
	size := uint32(rate * seconds * 2)
	b.WriteString("RIFF")
	must(binary.Write(&b, binary.LittleEndian, 36+size))
	b.WriteString("WAVEfmt ")
	must(binary.Write(&b, binary.LittleEndian, []uint32{16, 1 | 1<<16, rate, rate * 2, 2 | 16<<16}))
	b.WriteString("data")
	must(binary.Write(&b, binary.LittleEndian, size))
	for i := range rate * seconds {
		must(binary.Write(&b, binary.LittleEndian, int16(8000*math.Sin(float64(i)*2*math.Pi*440/rate))))
	}
	return b.Bytes()
}

func serveVoice(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "audio/wav")
	body := voice()
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body)
}

// once shows what it hides to the first visitor alone.
func once() http.HandlerFunc {
	var visits atomic.Int64
	return func(w http.ResponseWriter, _ *http.Request) {
		if visits.Add(1) == 1 {
			writePage(w, "限時邀請 保證獲利", "")
			return
		}
		writePage(w, "手工皂小舖", "")
	}
}

// vanish gives a page and nothing of what belongs to it: every later connection is cut.
func vanish(w http.ResponseWriter, _ *http.Request) {
	writePage(w, "即將關站", `<link rel="stylesheet" href="/vanished/a.css"><img src="/vanished/b.png"><img src="/vanished/c.png"><script src="/vanished/d.js"></script>`)
}

func vanished(w http.ResponseWriter, _ *http.Request) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}

// mislabelled is Big5 that is announced as UTF-8.
func mislabelled(w http.ResponseWriter, r *http.Request) {
	legacy("text/html; charset=utf-8")(w, r)
}

// portal is what a network says that wants a login of its own (RFC 6585, 6).
func portal(w http.ResponseWriter, r *http.Request) {
	status(http.StatusNetworkAuthenticationRequired, "請先登入無線網路")(w, r)
}

// poster is a document that is a picture: all its words are drawn.
func poster(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/svg+xml")
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="2400"><title>海報</title><rect width="800" height="2400" fill="#fe8"/>`+
		`<text x="40" y="100" font-size="48">保證獲利海報</text><text x="40" y="2300" font-size="48">下方帳號 <tspan>004-123</tspan></text><text y="40">%s</text></svg>`, marker)
}
