package exchange

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// maxDownloads bounds the files of one capture.
const maxDownloads = 50

// Paused takes a document whose answer has begun. A file to be saved is read as a stream before Chrome can put it on the
// disk; everything else goes on.
func (r *Recorder) Paused(s devtools.Session, e fetch.EventRequestPaused) {
	if isBeacon(e) {
		r.beacon(s, e)
		return
	}
	name, is := downloadName(e)
	if !is {
		devtools.Send(s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
		return
	}
	r.journal.Note(evidence.ByPage, "download", "%s", e.Request.URL)
	r.beside.mu.Lock()
	r.beside.streamed[e.Request.URL] = true
	r.beside.mu.Unlock()
	r.ledger.downloading(string(e.NetworkID))
	r.work.Go(func() { r.download(s, e, name) })
}

// downloadName says whether an answer is a file to be saved (RFC 6266, or a type that Chrome does not show), and its name.
func downloadName(e fetch.EventRequestPaused) (string, bool) {
	if e.ResponseStatusCode < 200 || e.ResponseStatusCode > 299 || e.ResponseStatusCode == 204 || e.ResponseErrorReason != "" {
		return "", false
	}
	var list []evidence.Header
	for _, h := range e.ResponseHeaders {
		list = append(list, evidence.Header{Name: h.Name, Value: h.Value})
	}
	disposition, params, err := mime.ParseMediaType(Header(list, "Content-Disposition"))
	attachment := err == nil && !strings.EqualFold(disposition, "inline")
	media, _, _ := mime.ParseMediaType(Header(list, "Content-Type"))
	if !attachment && shown(media) {
		return "", false
	}
	if params["filename"] != "" {
		return safeName(params["filename"]), true
	}
	u, _ := url.Parse(e.Request.URL)
	return safeName(path.Base(u.Path)), true
}

// shown reports whether Chrome shows documents of a type rather than saving them. No type at all is sniffed and mostly shown.
func shown(media string) bool {
	kind, sub, _ := strings.Cut(media, "/")
	switch kind {
	case "", "text", "image", "video", "audio", "multipart":
		return true
	case "application":
		return sub == "xhtml+xml" || sub == "xml" || sub == "json" || sub == "javascript" || sub == "pdf" || strings.HasSuffix(sub, "+xml") || strings.HasSuffix(sub, "+json")
	}
	return false
}

// safeName makes a name that no file system and no archive takes for a path.
func safeName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	clean = strings.Trim(clean, ". ")
	for len(clean) > 120 {
		_, size := lastRune(clean)
		clean = clean[:len(clean)-size]
	}
	stem, _, _ := strings.Cut(clean, ".")
	switch {
	case clean == "":
		return "download"
	case reserved[strings.ToUpper(stem)]:
		return "_" + clean
	}
	return clean
}

// reserved are names of devices on Windows, with any extension.
var reserved = map[string]bool{
	"CON": true, "PRN": true, "AUX": true, "NUL": true,
	"COM1": true, "COM2": true, "COM3": true, "COM4": true, "COM5": true, "COM6": true, "COM7": true, "COM8": true, "COM9": true,
	"LPT1": true, "LPT2": true, "LPT3": true, "LPT4": true, "LPT5": true, "LPT6": true, "LPT7": true, "LPT8": true, "LPT9": true,
}

func lastRune(s string) (rune, int) {
	last, size := rune(0), len(s)
	for i, r := range s {
		last, size = r, len(s)-i
	}
	return last, size
}

// download keeps a file and then ends the request.
func (r *Recorder) download(s devtools.Session, e fetch.EventRequestPaused, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), r.limits.Time)
	defer cancel()
	defer devtools.Send(s, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonAborted})
	got, err := devtools.Call(ctx, s, fetch.TakeResponseBodyAsStream, fetch.TakeResponseBodyAsStreamParams{RequestID: e.RequestID})
	if err != nil {
		r.journal.Miss(e.Request.URL, "download: "+err.Error())
		return
	}
	file, err := r.keeper.Create(r.uniqueDownload(name), "application/octet-stream")
	if err != nil {
		return
	}
	var body []byte
	err = devtools.ReadStream(ctx, s, got.Stream, r.limits.Body, func(p []byte) (int, error) {
		body = append(body, p...)
		return file.Write(p)
	})
	if errors.Is(err, devtools.ErrTooLong) {
		r.journal.Limit("body", "download %s is longer than %d bytes", e.Request.URL, r.limits.Body)
	}
	reason := ""
	if err != nil {
		reason = "download: " + err.Error()
		r.journal.Miss(e.Request.URL, reason)
	}
	if file.Close() == nil {
		r.journal.Note(evidence.ByTool, "download", "kept as %s, %d bytes", file.Name, file.Size)
	}
	r.ledger.downloaded(string(e.NetworkID), e, body, reason)
}

func (r *Recorder) uniqueDownload(name string) string {
	r.beside.mu.Lock()
	defer r.beside.mu.Unlock()
	ext := path.Ext(name)
	try := evidence.DownloadsPath + name
	for i := 2; r.beside.downloads[try]; i++ {
		try = fmt.Sprintf("%s%s-%d%s", evidence.DownloadsPath, strings.TrimSuffix(name, ext), i, ext)
	}
	r.beside.downloads[try] = true
	return try
}

// DownloadBegins takes a download that did not come through paused: a blob of the page, or a link that says so. Chrome refuses it; one
// that has an address of its own is asked for again, as the page's own request would be.
func (r *Recorder) DownloadBegins(e browser.EventDownloadWillBegin) {
	r.beside.mu.Lock()
	count := len(r.beside.downloads)
	known := r.beside.streamed[e.URL]
	r.beside.streamed[e.URL] = true
	r.beside.mu.Unlock()
	if known {
		return
	}
	r.journal.Note(evidence.ByPage, "download", "%s", e.URL)
	if !OverNetwork(e.URL) || count >= maxDownloads {
		r.journal.Miss(e.URL, "download that is not a request of its own")
		return
	}
	r.work.Go(func() { r.fetchAgain(e) })
}

func (r *Recorder) fetchAgain(e browser.EventDownloadWillBegin) {
	ctx, cancel := context.WithTimeout(context.Background(), r.limits.Time)
	defer cancel()
	r.network.Ask(HostPort(e.URL))
	r.journal.Note(evidence.ByTool, "download", "asked for %s again", e.URL)
	s := r.hooks.PageOf("")
	got, err := devtools.Call(ctx, s, network.LoadNetworkResource, network.LoadNetworkResourceParams{
		FrameID: cdp.FrameID(s.Target), URL: e.URL, Options: &network.LoadNetworkResourceOptions{IncludeCredentials: true},
	})
	if err == nil && !got.Resource.Success {
		err = fmt.Errorf("%s, status %.0f", got.Resource.NetErrorName, got.Resource.HTTPStatusCode)
	}
	if err != nil {
		r.journal.Miss(e.URL, "download: "+err.Error())
		return
	}
	file, err := r.keeper.Create(r.uniqueDownload(safeName(e.SuggestedFilename)), "application/octet-stream")
	if err != nil {
		return
	}
	if err := devtools.ReadStream(ctx, s, got.Resource.Stream, r.limits.Body, file.Write); err != nil {
		r.journal.Miss(e.URL, "download: "+err.Error())
	}
	file.Close()
}

// downloading marks a request whose answer is being saved: Chrome will say that it failed.
func (l *ledger) downloading(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.threads[id]; t != nil && t.last() != nil {
		t.last().Download = true
	}
}

// downloaded gives the exchange of a download its body.
func (l *ledger) downloaded(id string, e fetch.EventRequestPaused, body []byte, lost string) {
	l.mu.Lock()
	t := l.threads[id]
	if t == nil || t.last() == nil || t.last().sealed {
		l.mu.Unlock()
		return
	}
	h := t.last()
	h.Body, h.body, h.Lost, h.Truncated, h.Failed = body, true, lost, lost, ""
	if !h.Answered {
		h.Answered, h.extra, h.Status = true, false, int(e.ResponseStatusCode)
		for _, x := range e.ResponseHeaders {
			h.ResponseHeader = append(h.ResponseHeader, evidence.Header{Name: x.Name, Value: x.Value})
		}
	}
	h.Elapsed = time.Since(h.Started)
	l.finish(h)
	l.mu.Unlock()
	l.offer(t)
}
