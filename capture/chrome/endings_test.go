package chrome

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// endings are pages whose end is not that of a page that has loaded.
var endings = []situation{
	{number: "e", name: "no content", path: "/204", verdict: evidence.Partial, warning: "answered 204", missing: evidence.DOMHTML, check: within(12)},
	{number: "e", name: "content reset", path: "/205", verdict: evidence.Partial, warning: "answered 205", missing: evidence.DOMHTML, check: within(12)},
	{number: "e", name: "document that says it is compressed and is not", path: "/not-gzip", verdict: evidence.Partial, missing: "shows nothing of the document", check: within(12)},
	{number: "e", name: "page that sends its visitor to a file while it loads", path: "/app-store", verdict: evidence.Complete, text: "未知來源", action: "download", check: all(within(25), kept("app-release.apk"))},
	{number: "e", name: "page that calls an app while it loads", path: "/deeplink", verdict: evidence.Complete, text: "加 LINE", action: "line:", check: within(25)},
	{number: "e", name: "page whose print style leaves out what it shows", path: "/print-differs", verdict: evidence.Complete, text: "畫面帳號444", warning: "leaves out 1 lines that a visitor sees, the first \"請匯至畫面帳號444\""},
	{number: "e", name: "page whose print style puts in what it does not show", path: "/print-differs", verdict: evidence.Complete, warning: "shows 1 lines that no visitor sees, the first \"請匯至紙上帳號333\""},
	{number: "e", name: "page that prints itself, again and again", path: "/print-twice", verdict: evidence.Complete, text: "條款 399"},
	{number: "e", name: "folded without end", path: "/folded-forever", verdict: evidence.Partial, warning: "more than is opened of it, 40 parts", missing: "載入更多", text: "第 40 段"},
}

// What ends otherwise than by a load event ends soon, and with its own words.
func TestEndings(t *testing.T) { runSituations(t, endings) }

// kept: a file stands among the downloads, byte for byte.
func kept(name string) reader {
	return func(t *testing.T, _ *sitetest.Site, _ evidence.Summary, sink *memory) {
		if !bytes.Equal(sink.kept[evidence.DownloadsPath+name], sitetest.DownloadBody) {
			t.Errorf("%s: %d bytes", name, len(sink.kept[evidence.DownloadsPath+name]))
		}
	}
}

// A layer over everything lies over the first page of the PDF, and over no other. Its colour is in no other thing of the page.
func TestWallOnOnePage(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	res, sink := record(t, quick(s, s.URL("http", "bad", "/modal")))
	painted := regexp.MustCompile(`\.039\d* \.078\d* \.117\d* rg`)
	if n := len(painted.FindAllString(inflated(t, sink.kept[evidence.PagePDF]), -1)); n != 1 {
		t.Errorf("the layer is painted %d times", n)
	}
	if pages := bytes.Count(sink.kept[evidence.PagePDF], []byte("/Type /Page\n")); pages < 5 {
		t.Errorf("%d pages", pages)
	}
	if !contains(res.Warnings, "over its first page") || bytes.Contains(sink.kept[evidence.DOMHTML], []byte("absolute")) {
		t.Errorf("warnings %q", res.Warnings)
	}
}

// inflated are the streams of a PDF.
func inflated(t *testing.T, pdf []byte) string {
	t.Helper()
	var out strings.Builder
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		z, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // not the beginning of a stream, or not packed
		}
		if _, err := io.Copy(&out, z); err != nil {
			t.Log(err)
		}
	}
	return out.String()
}

// The script of a service worker behind a certificate that the browser does not accept is given up by it as soon as the answer begins, however much of it
// has come by then: that is the browser's rule and no loss.
func TestWorkerBehindBadCertificate(t *testing.T) {
	t.Parallel()
	for _, whole := range []bool{true, false} {
		server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/sw.js" {
				w.Header().Set("Content-Type", "text/javascript")
				fmt.Fprint(w, "self.addEventListener('fetch', () => 0);")
				if !whole {
					w.(http.Flusher).Flush()
					<-r.Context().Done()
				}
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<!doctype html><title>投資</title><link rel=icon href=data:,><p id="m"></p><script>
				navigator.serviceWorker.register("/sw.js").then(() => m.textContent = "runs", () => m.textContent = "runs not")</script>`)
		}))
		defer server.Close()
		at, _ := url.Parse(server.URL)
		res, sink := record(t, evidence.Request{
			URL: server.URL + "/", View: evidence.Desktop, AllowPrivate: []string{at.Host}, NoSandbox: os.Getuid() == 0, Limits: evidence.DefaultLimits(),
		})
		if res.Verdict != evidence.Complete {
			t.Errorf("whole %v: %s, missing %v, warnings %q", whole, res.Verdict, res.Missing, res.Warnings)
		}
		if report := string(sink.kept[evidence.CaptureJSON]); !strings.Contains(report, "does not run behind such a certificate") && !whole {
			t.Errorf("the report does not tell what the browser gave up: %s", report)
		}
		if text := string(sink.kept[evidence.TextTXT]); !strings.Contains(text, "runs not") {
			t.Errorf("text %q", text)
		}
	}
}
