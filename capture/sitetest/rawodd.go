package sitetest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"

	"yuzheng/capture/sitetest/wire"
)

// written is an answer that is written out; header tells what its fields are.
func written(literal, body string, header ...wire.Field) wire.Answer {
	return wire.Answer{Status: http.StatusOK, Reason: "OK", Header: header, Body: []byte(body), Literal: literal, Last: true}
}

// rawOdd is what servers get wrong and browsers take all the same. Over HTTP/2, which has none of it, the answers are ordinary.
func rawOdd() map[string]rawHandler {
	mime := wire.Field{Name: "Content-Type", Value: "text/plain"}
	field := func(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }
	zip := func(b []byte) []byte {
		return squeezed(b, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	}
	zipped := zip(codedText)
	// A line without a colon has no name; what records it gives it one that says so.
	odd := map[string]wire.Answer{
		"http10":    written("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold", "old", mime),
		"lf":        written("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 2\n\nlf", "lf", mime, field("Content-Length", "2")),
		"lead":      written("\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nlead", "lead", mime, field("Content-Length", "4")),
		"fold":      written("HTTP/1.1 200 OK\r\nX-Fold: one\r\n two\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nfold", "fold", field("X-Fold", "one two"), mime, field("Content-Length", "4")),
		"long":      written("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabcdef", "abc", mime, field("Content-Length", "3")),
		"both":      written("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 999\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nboth\r\n0\r\n\r\n", "both", mime, field("Content-Length", "999"), field("Transfer-Encoding", "chunked")),
		"twice":     written("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\ntwice", "twice", field("Content-Length", "5"), mime, field("Content-Length", "5")),
		"chunks":    written("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ntransfer-encoding: Chunked\r\n\r\n000A;a=\"b\"\r\n0123456789\r\n1\r\nx\r\n00\r\n\r\n", "0123456789x", mime, field("transfer-encoding", "Chunked")),
		"no-fields": written("HTTP/1.1 200 OK\r\n\r\nbare", "bare"),
		"no-colon":  written("HTTP/1.1 200 OK\r\nthis is no field\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno", "no", field("_", "this is no field"), mime, field("Content-Length", "2")),
		"not-gzip":  told("text/plain", []byte("not compressed at all"), field("Content-Encoding", "gzip")),
		"gzip-tail": compressed("gzip", append(slices.Clone(zipped), "and more"...)),
		"gzip-cut":  told("text/plain", zipped[:len(zipped)-10], field("Content-Encoding", "gzip")),
		"gzip-two":  compressed("gzip, gzip", zip(zipped)),
		"x-gzip":    compressed("x-gzip", zipped),
		"members":   compressed("gzip", append(zip(codedText[:30]), zip(codedText[30:])...)),
		"unknown":   told("text/plain", []byte("in a coding of its own"), field("Content-Encoding", "rot13")),
		"999":       {Status: 999, Reason: "Request\tdenied", Header: []wire.Field{mime}, Body: []byte("denied")},
		"hints":     hinting(told("text/plain", []byte("after three"))),
	}
	var script strings.Builder
	list := map[string]rawHandler{}
	for name, a := range odd {
		list["/odd/"+name] = always(a)
		script.WriteString(`await fetch("/odd/` + name + `").then(r => r.text()).catch(() => {});`)
	}
	list["/odd"] = always(rawPage("做錯的伺服器", `<script>(async () => {`+script.String()+`document.body.append("全部到齊")})()</script>`))
	return list
}

func hinting(a wire.Answer) wire.Answer {
	for _, status := range []int{http.StatusContinue, http.StatusProcessing, http.StatusEarlyHints} {
		a.Interim = append(a.Interim, wire.Interim{Status: status, Header: []wire.Field{{Name: "X-Before", Value: "前"}}})
	}
	return a
}

func squeezed(body []byte, with func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	z := with(&b)
	_, err := z.Write(body)
	must(err)
	must(z.Close())
	return b.Bytes()
}
