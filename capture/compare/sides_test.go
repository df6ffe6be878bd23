package compare

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/archive"

	"yuzheng/casefile/evidence"
)

const asked = "https://site.example/h5/"

var noon = time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)

// page is a capture in the making. What is left empty is as an ordinary, complete one has it.
type page struct {
	name      string
	view      evidence.Persona
	verdict   evidence.Verdict
	status    int
	asked     string
	final     string
	hops      []evidence.Hop
	title     string
	text      string
	source    string // the text in paragraphs
	dom       string // the source
	code      []string
	requests  []archive.Exchange // beside document and code
	picture   image.Image        // the window; none where it is nil
	downloads map[string]string
	missing   []evidence.Missing
	started   time.Time
	stopped   bool // by the operator
	network   *evidence.NetworkFacts
	servers   []served
	pem       []byte
	without   []string          // artifacts that are not there
	instead   map[string][]byte // bytes of artifacts in place of those made here
}

// served is a server as facts.json has it.
type served struct {
	Origin string                 `json:"origin"`
	Chain  []evidence.Certificate `json:"certificates"`
}

// visitors are the headers of the views, as they are recorded.
var visitors = map[evidence.Persona][]evidence.Header{
	evidence.Desktop:  asks("Mozilla/5.0 (Windows NT 10.0)", "zh-TW", "sec-ch-ua-mobile", "?0"),
	evidence.Mobile:   asks("Mozilla/5.0 (Linux; Android 10; K)", "zh-TW", "sec-ch-ua-mobile", "?1"),
	evidence.Ad:       asks("Mozilla/5.0 (Linux; Android 10; K)", "zh-TW", "sec-ch-ua-mobile", "?1", "Referer", "https://l.facebook.com/"),
	evidence.Line:     asks("Mozilla/5.0 (Linux; Android 15; wv) Line/15.17.1/IAB", "zh-TW"),
	evidence.Facebook: asks("Mozilla/5.0 (Linux; Android 15; wv) [FB_IAB]", "zh-TW", "Referer", "http://m.facebook.com/"),
	evidence.Crawler:  asks("Mozilla/5.0 (compatible; Googlebot/2.1)", "en-US"),
}

func asks(agent, language string, more ...string) []evidence.Header {
	list := []evidence.Header{{Name: "User-Agent", Value: agent}, {Name: "Accept-Language", Value: language}}
	for pair := range slices.Chunk(more, 2) {
		list = append(list, evidence.Header{Name: pair[0], Value: pair[1]})
	}
	return list
}

// none is the status of a page that no server answered with.
const none = -1

func (p page) filled() page {
	def := func(to *string, value string) {
		if *to == "" {
			*to = value
		}
	}
	def((*string)(&p.view), string(evidence.Desktop))
	def((*string)(&p.verdict), string(evidence.Complete))
	def(&p.name, "W-"+string(p.view))
	def(&p.asked, asked)
	def(&p.final, p.asked)
	def(&p.source, "<html><body><p>"+strings.ReplaceAll(p.text, "\n", "</p>\n<p>")+"</p></body></html>")
	def(&p.dom, p.source)
	switch {
	case p.status == none:
		p.status = 0
	case p.status == 0 && p.verdict != evidence.Unreachable:
		p.status = 200
	}
	if p.code == nil {
		p.code = []string{"/app.js", "/lib.js", "/style.css", "/print.css"}
	}
	if p.started.IsZero() {
		p.started = noon
	}
	return p
}

// side makes a capture of a page, whose artifacts lie in memory.
func (p page) side(t testing.TB) Side {
	t.Helper()
	p = p.filled()
	files := map[string][]byte{evidence.NetworkHAR: p.har(t), evidence.FactsJSON: p.facts(t), evidence.Certificates: p.pem}
	if p.verdict != evidence.Unreachable {
		files[evidence.TextTXT], files[evidence.SourceHTML], files[evidence.DOMHTML] = []byte(p.text), []byte(p.source), []byte(p.dom)
	}
	if p.picture != nil {
		files[evidence.ViewportShot], files[evidence.Screenshot] = encoded(t, p.picture), encoded(t, p.picture)
	}
	for name, body := range p.downloads {
		files[evidence.DownloadsPath+name] = []byte(body)
	}
	maps.Copy(files, p.instead)
	for _, name := range p.without {
		delete(files, name)
	}
	result := evidence.Summary{
		URL: p.asked, FinalURL: p.final, View: p.view, Status: p.status, Title: p.title, Verdict: p.verdict, Missing: p.missing,
		Redirects: p.hops, Started: p.started, Interrupted: p.stopped,
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sum := sha256.Sum256(files[name])
		result.Artifacts = append(result.Artifacts, evidence.Artifact{Name: name, Size: int64(len(files[name])), SHA256: hex.EncodeToString(sum[:])})
	}
	return Side{Name: p.name, Result: result, Open: func(name string) (io.ReadCloser, error) {
		body, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("artifact %s: %w", name, fs.ErrNotExist)
		}
		return io.NopCloser(bytes.NewReader(body)), nil
	}}
}

// har is what package archive writes of the visit.
func (p page) har(t testing.TB) []byte {
	h := archive.NewHAR(archive.HAROptions{Software: "yuzheng", Title: p.title, Started: p.started})
	base, _, _ := strings.Cut(p.final, "?")
	base = strings.TrimSuffix(base, "/")
	list := []archive.Exchange{{URL: p.asked, Kind: "document", RequestHeader: visitors[p.view], Status: p.status, Body: []byte(p.source)}}
	for _, path := range p.code {
		kind := "script"
		if strings.HasSuffix(path, ".css") {
			kind = "stylesheet"
		}
		list = append(list, archive.Exchange{URL: base + path, Kind: kind, Status: 200, Body: []byte(path)})
	}
	for i, e := range append(list, p.requests...) {
		e.Method, e.Started, e.Target = "GET", p.started.Add(time.Duration(i)*time.Millisecond), "page"
		if !e.Remote.IsValid() && e.Status > 0 {
			e.Remote = netip.MustParseAddrPort("192.0.2.7:443")
		}
		h.Add(e)
	}
	var b bytes.Buffer
	if err := h.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (p page) facts(t testing.TB) []byte {
	b, err := json.Marshal(map[string]any{"taken": p.started, "network": p.network, "servers": p.servers, "something_new": []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// window paints a page: a white ground, a banner, and columns of lines whose lengths and colours follow from what the page is about.
func window(width, height int, banner, about string) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	fill := func(r image.Rectangle, seed uint64) {
		draw.Draw(img, r, image.NewUniform(color.RGBA{byte(seed), byte(seed >> 8), byte(seed >> 16), 255}), image.Point{}, draw.Src)
	}
	next := numbers(banner)
	for x := 0; x < width; x += width / 8 {
		fill(image.Rect(x, height/20, x+width/8, height/20+height/5), next())
	}
	next = numbers(about)
	for y := height * 3 / 10; y < height; y += 24 {
		for x := 20; x < width-20; x += width / 4 {
			n := next()
			fill(image.Rect(x, y, x+20+int(n>>32)%(width/4-40), y+int(n>>50)%20+3), n)
		}
	}
	return img
}

func blank(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	return img
}

// inverted is a dark page.
func inverted(img *image.RGBA) *image.RGBA {
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = 255 - img.Pix[i]
		}
	}
	return img
}

// numbers gives a row of numbers that follows from a seed.
func numbers(seed string) func() uint64 {
	n := uint64(0)
	return func() uint64 {
		h := fnv.New64a()
		fmt.Fprint(h, seed, n)
		n++
		x := h.Sum64()
		x ^= x >> 31 // FNV's upper bits move little
		return x * 0x9e3779b97f4a7c15
	}
}

func views(t *testing.T, pages ...page) Cloaking {
	t.Helper()
	var list []Side
	for _, p := range pages {
		list = append(list, p.side(t))
	}
	c, err := Views(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func times(t *testing.T, before, after page) Recapture {
	t.Helper()
	if after.started.IsZero() {
		after.started = noon.AddDate(0, 0, 3)
	}
	r, err := Times(t.Context(), before.side(t), after.side(t))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func differ(t testing.TB, a, b page) Difference {
	t.Helper()
	d, err := ofSides(t.Context(), a.side(t), b.side(t))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ofSides compares two captures as Views and Times do.
func ofSides(ctx context.Context, a, b Side) (Difference, error) {
	list, err := readAll(ctx, []Side{a, b})
	if err != nil {
		return Difference{}, err
	}
	return difference(ctx, list[0], list[1])
}

func codes(signs []Sign) []SignCode {
	var list []SignCode
	for _, s := range signs {
		list = append(list, s.Code)
	}
	return list
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
