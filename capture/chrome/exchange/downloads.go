package exchange

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
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

// downloads keeps files that are to be saved, and notes beacons: requests that were stopped before Chrome went on with them.
type downloads struct {
	*core

	mu       sync.Mutex
	names    map[string]bool // taken
	streamed map[string]bool // addresses already dealt with
	beacons  []beacon
}

// Paused takes a document whose answer has begun. A file to be saved is read as a stream before Chrome can put it on the
// disk; everything else goes on.
func (d *downloads) Paused(s devtools.Session, e fetch.EventRequestPaused) {
	if isBeacon(e) {
		d.beacon(s, e)
		return
	}
	name, is := downloadName(e)
	if !is {
		devtools.Send(s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
		return
	}
	d.journal.Note(evidence.ByPage, "download", "%s", e.Request.URL)
	d.mu.Lock()
	d.streamed[e.Request.URL] = true
	d.mu.Unlock()
	d.ledger.downloading(string(e.NetworkID))
	d.work.Go(func() { d.download(s, e, name) })
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
	attachment, name := disposition(Header(list, "Content-Disposition"))
	media, _, _ := mime.ParseMediaType(Header(list, "Content-Type"))
	if !attachment && shown(media) {
		return "", false
	}
	if name != "" {
		return safeName(name), true
	}
	u, _ := url.Parse(e.Request.URL)
	return safeName(path.Base(u.Path)), true
}

// disposition reads Content-Disposition (RFC 6266), and what servers write in its place as browsers do: a name without quotes may have blanks and
// bytes of any kind. Whatever is not inline is to be saved.
func disposition(value string) (attachment bool, name string) {
	kind, params, err := mime.ParseMediaType(value)
	if err == nil {
		return !strings.EqualFold(kind, "inline"), params["filename"]
	}
	kind, rest, _ := strings.Cut(value, ";")
	kind = strings.TrimSpace(kind)
	for part := range strings.SplitSeq(rest, ";") {
		key, text, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(key), "filename") {
			name = strings.Trim(strings.TrimSpace(text), `"`)
		}
	}
	return kind != "" && !strings.ContainsAny(kind, "= ") && !strings.EqualFold(kind, "inline"), name
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
func (d *downloads) download(s devtools.Session, e fetch.EventRequestPaused, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), d.limits.Time)
	defer cancel()
	defer devtools.Send(s, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonAborted})
	got, err := devtools.Call(ctx, s, fetch.TakeResponseBodyAsStream, fetch.TakeResponseBodyAsStreamParams{RequestID: e.RequestID})
	if err != nil {
		d.journal.Miss(e.Request.URL, evidence.DownloadFailed.With(err))
		return
	}
	file, err := d.keeper.Create(d.uniqueDownload(name), "application/octet-stream")
	if err != nil {
		return
	}
	var body []byte
	err = devtools.ReadStream(ctx, s, got.Stream, d.limits.Body, func(p []byte) (int, error) {
		body = append(body, p...)
		return file.Write(p)
	})
	if errors.Is(err, devtools.ErrTooLong) {
		d.journal.Limit("body", evidence.LimitDownload.With(e.Request.URL, d.limits.Body))
	}
	var reason evidence.Remark
	if err != nil {
		reason = evidence.DownloadFailed.With(err)
		d.journal.Miss(e.Request.URL, reason)
	}
	if file.Close() == nil {
		d.journal.Note(evidence.ByTool, "download", "kept as %s, %d bytes", file.Name, file.Size)
	}
	d.ledger.downloaded(string(e.NetworkID), e, body, reason)
}

func (d *downloads) uniqueDownload(name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	ext := path.Ext(name)
	try := evidence.DownloadsPath + name
	for i := 2; d.names[try]; i++ {
		try = fmt.Sprintf("%s%s-%d%s", evidence.DownloadsPath, strings.TrimSuffix(name, ext), i, ext)
	}
	d.names[try] = true
	return try
}

// Begins takes a download that did not come through paused: a blob of the page, or a link that says so. Chrome refuses it; one
// that has an address of its own is asked for again, as the page's own request would be.
func (d *downloads) Begins(e browser.EventDownloadWillBegin) {
	d.mu.Lock()
	count := len(d.names)
	known := d.streamed[e.URL]
	d.streamed[e.URL] = true
	d.mu.Unlock()
	if known {
		return
	}
	d.journal.Note(evidence.ByPage, "download", "%s", e.URL)
	switch method := d.ledger.method(e.URL); {
	case !OverNetwork(e.URL) || count >= maxDownloads:
		d.journal.Miss(e.URL, evidence.DownloadNoRequest.With())
		return
	case method != "" && method != "GET":
		d.journal.Miss(e.URL, evidence.DownloadNotAsked.With(method))
		return
	}
	d.work.Go(func() { d.fetchAgain(e) })
}

func (d *downloads) fetchAgain(e browser.EventDownloadWillBegin) {
	ctx, cancel := context.WithTimeout(context.Background(), d.limits.Time)
	defer cancel()
	d.network.Ask(HostPort(e.URL))
	d.journal.Note(evidence.ByTool, "download", "asked for %s again", e.URL)
	s := d.hooks.PageOf("")
	got, err := devtools.Call(ctx, s, network.LoadNetworkResource, network.LoadNetworkResourceParams{
		FrameID: cdp.FrameID(s.Target), URL: e.URL, Options: &network.LoadNetworkResourceOptions{IncludeCredentials: true},
	})
	if err == nil && !got.Resource.Success {
		err = fmt.Errorf("%s, status %.0f", got.Resource.NetErrorName, got.Resource.HTTPStatusCode)
	}
	if err != nil {
		d.journal.Miss(e.URL, evidence.DownloadFailed.With(err))
		return
	}
	file, err := d.keeper.Create(d.uniqueDownload(safeName(e.SuggestedFilename)), "application/octet-stream")
	if err != nil {
		return
	}
	if err := devtools.ReadStream(ctx, s, got.Resource.Stream, d.limits.Body, file.Write); err != nil {
		d.journal.Miss(e.URL, evidence.DownloadFailed.With(err))
	}
	file.Close()
}

// method is that of the last request to an address, "" where there was none.
func (l *ledger) method(address string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range slices.Backward(l.order) {
		if h.URL == address {
			return h.Method
		}
	}
	return ""
}

// downloading marks a request whose answer is being saved: Chrome will say that it failed.
func (l *ledger) downloading(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.chains[id]; t != nil && t.last() != nil {
		t.last().Download = true
	}
}

// downloaded gives the exchange of a download its body.
func (l *ledger) downloaded(id string, e fetch.EventRequestPaused, body []byte, lost evidence.Remark) {
	l.mu.Lock()
	t := l.chains[id]
	if t == nil || t.last() == nil || t.last().sealed {
		l.mu.Unlock()
		return
	}
	h := t.last()
	h.Body, h.body, h.Lost, h.Truncated, h.Failed = body, true, lost, lost.String(), ""
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
