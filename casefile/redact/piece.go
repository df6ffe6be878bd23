package redact

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// Piece masks a part of an exhibit. Its name says of a picture where to cover it, and what it is where its media type does not.
func (r *Redactor) Piece(name, mediaType string, data []byte) Copy {
	switch {
	case r.LeavesOut(name):
		return leaveOut(evidence.LeftByRule)
	case len(data) > MaxPiece:
		return leaveOut(evidence.LeftLarge)
	}
	media, params, err := mime.ParseMediaType(mediaType)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
		media = strings.TrimSpace(media)
	}
	declared := strings.ToLower(params["charset"])
	marked := data
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	is := form(name, media, data)
	if c := declared; c != "" && c != "utf-8" && c != "utf8" && !isASCII(data) || c == "" && is == "text" && !utf8.Valid(data) {
		e := legacyOf(declared, media, data)
		if e == nil || len(marked) > len(data) || is != "text" && is != "json" && is != "lines" {
			return leaveOut(evidence.LeftCharset)
		}
		if c, ok := r.inCharset(e, data, func(text []byte) Copy { return r.formed(is, name, text) }); ok {
			return c
		}
		return leaveOut(evidence.LeftCharset)
	}
	return r.formed(is, name, data)
}

// formed masks data as the form that it has.
func (r *Redactor) formed(is, name string, data []byte) Copy {
	switch is {
	case "picture":
		return r.picture(name, data)
	case "pdf":
		return leaveOut(evidence.LeftPDF)
	case "zip":
		return r.zip(name, data)
	case "mime":
		return r.mime(data)
	case "json":
		return r.json(data)
	case "lines":
		return r.lines(data)
	case "text":
		return r.text(string(data))
	}
	return leaveOut(evidence.LeftFormat)
}

// form tells as what a part is masked: first by what its bytes are, then by what they are said to be.
func form(name, media string, data []byte) string {
	seen := http.DetectContentType(data)
	ending := strings.ToLower(path.Ext(name))
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "zip"
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return "pdf"
	case strings.HasPrefix(seen, "image/"), strings.HasPrefix(media, "image/"), ending == ".svg", isDrawing(data):
		return "picture"
	case !strings.HasPrefix(seen, "text/"):
		return ""
	case ending == ".pem", media == "application/x-pem-file", bytes.Contains(data, []byte("-----BEGIN ")):
		return "" // Base64 of what has parts of its own
	case strings.HasPrefix(media, "multipart/") && media != "multipart/related":
		return ""
	case media == "multipart/related", media == "message/rfc822", ending == ".mhtml", ending == ".mht", ending == ".eml":
		return "mime"
	case ending == ".jsonl", media == "application/jsonl", media == "application/x-ndjson":
		return "lines"
	case media == "application/json", strings.HasSuffix(media, "+json"), ending == ".json", ending == ".har":
		return "json"
	}
	return "text"
}

// isDrawing reports whether data is a file of SVG: letters may be drawn in it.
func isDrawing(data []byte) bool {
	head := strings.ToLower(strings.TrimSpace(string(data[:min(len(data), 1024)])))
	begins := func(with string) bool { return strings.HasPrefix(head, with) }
	return begins("<svg") || begins("<!doctype svg") || begins("<?xml") && strings.Contains(head, "<svg") && !strings.Contains(head, "<html")
}

func isASCII(data []byte) bool {
	for _, c := range data {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
