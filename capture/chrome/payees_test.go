package chrome

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/skip2/go-qrcode"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"

	"yuzheng/capture/compare"
	"yuzheng/casefile/evidence"
)

// onePayee makes a capture for each place in which a payee can stand, where otherwise most places share one.
var onePayee = flag.Bool("payees.each", false, "change the payee in one place alone, for each place")

// payee is whom a place says to pay. The one who stood there first is 0, each place has another after.
type payee int

// account is as its place shows it.
func (p payee) account() string {
	if p == 0 {
		return "808-0001234567890"
	}
	return fmt.Sprintf("822-55500011%05d", 12000+p)
}

// listed is the same as a comparison lists it.
func (p payee) listed() string { return strings.ReplaceAll(p.account(), "-", "") }

// telling is how a comparison must tell that somebody else is to be paid.
type telling int

const (
	inIdentifiers telling = iota // the account is listed among those that came and went
	inLinks
	inCodes
	inPicture
	inBytes // of something that is no text
	inFiles
	inText
)

// payeePlace is where a payee can stand: markup in which {{payee}} is put, or a path that gives it.
type payeePlace struct {
	name   string
	markup string
	path   string // of what is asked for beside the document, with the payee in it
	told   telling
	says   string // inText: what the line holds
}

var payeePlaces = []payeePlace{
	{name: "text", markup: `<p>帳號 {{payee}}</p>`},
	{name: "two elements", markup: `<p>帳號 <b>{{first}}</b>-<i>{{rest}}</i></p>`},
	{name: "value in the document", markup: `<input value="{{payee}}" size="40">`},
	{name: "value set by a script", markup: `<input id="value" value="讀取中" size="40"><script>document.getElementById("value").value = atob("{{base64}}");</script>`},
	{name: "textarea", markup: `<textarea id="area" cols="40"></textarea><script>area.value = atob("{{base64}}");</script>`},
	{name: "chosen option", markup: `<select><option>其他</option><option selected>帳號 {{payee}}</option></select>`},
	{name: "option that is not chosen", markup: `<select><option>其他</option><option>帳號 {{payee}}</option></select>`},
	{name: "placeholder", markup: `<input placeholder="匯款至 {{payee}}" size="40">`},
	{name: "button", markup: `<input type="button" value="轉帳 {{payee}}">`},
	{name: "before and after", markup: `<style>.g::after { content: "：{{payee}}" }</style><p class="g">收款</p>`},
	{name: "style sheet of its own", markup: `<link rel="stylesheet" href="/pay.css"><p class="own">收款</p>`, path: "/pay.css"},
	{name: "attr()", markup: `<style>.t::before { content: attr(data-t) }</style><p class="t" data-t="{{payee}}"></p>`},
	{name: "counter", markup: `<style>.n { counter-reset: n {{last}} } .n::after { content: "帳號 808-000" counter(n) }</style><p class="n"></p>`, told: inText, says: "{{last}}"},
	{name: "mark of a list", markup: `<style>.m::marker { content: "帳號 {{payee}} " }</style><ul><li class="m">入金</li></ul>`},
	{name: "picture in a style sheet", markup: `<style>.d::after { content: url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='300' height='30'><text y='20'>帳號 {{payee}}</text></svg>") }</style><p class="d"></p>`},
	{name: "svg", markup: `<svg width="400" height="40"><text y="30" font-size="24">{{payee}}</text></svg>`},
	{name: "picture that did not come", markup: `<img src="/none.png" alt="帳號 {{payee}}">`},
	{name: "label for readers", markup: `<button aria-label="複製帳號 {{payee}}">複製</button>`},
	{name: "tooltip", markup: `<b title="帳號 {{payee}}">帳號</b>`},
	{name: "closed shadow root", markup: `<div id="closed"></div><script>document.getElementById("closed").attachShadow({mode: "closed"}).innerHTML = "<p>" + atob("{{base64}}") + "</p>";</script>`},
	{name: "frame of the site", markup: `<iframe src="/frame"></iframe>`, path: "/frame"},
	{name: "frame of another site", markup: `<iframe src="http://other.example/far"></iframe>`, path: "/far"},
	{name: "field in a frame without an address", markup: `<iframe srcdoc='<input id=i size=40><script>i.value = atob("{{base64}}")</script>'></iframe>`},
	{name: "canvas", markup: `<canvas id="c" width="400" height="40"></canvas><script>{ const g = document.getElementById("c").getContext("2d"); g.font = "24px sans-serif"; g.fillText(atob("{{base64}}"), 0, 30); }</script>`, told: inPicture},
	{name: "picture", markup: `<img src="/pay.png">`, path: "/pay.png", told: inBytes},
	{name: "QR code", markup: `<img src="/qr.png">`, path: "/qr.png", told: inCodes},
	{name: "background", markup: `<div style="width: 300px; height: 30px; background: url(/back.svg)"></div>`, path: "/back.svg"},
	{name: "font", markup: `<style>@font-face { font-family: f; src: url(/f.ttf) } .f { font-family: f }</style><p class="f">ABCD EFGH</p>`, path: "/f.ttf", told: inBytes},
	{name: "download", markup: `<a id="get" href="/form.doc" download>下載</a><script>addEventListener("load", () => document.getElementById("get").click());</script>`, path: "/form.doc", told: inFiles},
	{name: "link to a chat", markup: `<a href="https://line.me/ti/p/~{{name}}">加好友</a>`, told: inLinks},
	{name: "link to a telephone", markup: `<a href="tel:{{phone}}">來電</a>`, told: inLinks},
	{name: "where a form goes", markup: `<form action="https://{{name}}.example/pay"><button>付款</button></form>`, told: inLinks},
	{name: "click", markup: `<button onclick="navigator.clipboard.writeText('{{payee}}')">複製</button>`},
	{name: "variable of a script", markup: `<script>var pay = "{{payee}}";</script>`},
	{name: "script of its own", markup: `<script src="/pay.js"></script>`, path: "/pay.js"},
	{name: "data for machines", markup: `<script type="application/ld+json">{"payee": "{{payee}}"}</script>`},
	{name: "meta", markup: `<meta name="payee" content="{{payee}}">`},
	{name: "hidden field", markup: `<input type="hidden" name="acct" value="{{payee}}">`},
	{name: "what a button copies", markup: `<button data-clipboard-text="{{payee}}">複製</button>`},
	{name: "dialog that is closed", markup: `<dialog>帳號 {{payee}}</dialog>`},
	{name: "comment", markup: `<!-- 帳號 {{payee}} -->`},
	{name: "console", markup: `<script>console.log("account", atob("{{base64}}"));</script>`},
	{name: "WebSocket", markup: `<script>{ const s = new WebSocket("ws://shop.example/socket"); s.onmessage = () => s.close(); }</script>`, path: "/socket"},
	{name: "answer to a script", markup: `<script>fetch("/api/pay.json").then((r) => r.json());</script>`, path: "/api/pay.json"},
	{name: "binary answer to a script", markup: `<script>fetch("/api/pay.bin").then((r) => r.arrayBuffer());</script>`, path: "/api/pay.bin", told: inBytes},
	{name: "cookie", markup: `<script>document.cookie = "acct=" + atob("{{base64}}");</script>`},
	{name: "storage", markup: `<script>localStorage.setItem("acct", atob("{{base64}}"));</script>`},
	{name: "title", markup: `<script>document.title = "帳號 " + atob("{{base64}}");</script>`},
	{name: "icon", markup: `<link rel="icon" href="/icon.png">`, path: "/icon.png", told: inBytes},
	{name: "name of a holder", markup: `<p>戶名 {{holder}}</p>`, told: inText, says: "{{holder}}"},
	{name: "last digits", markup: `<p>帳號末五碼 {{last}}</p>`, told: inText, says: "末五碼 {{last}}"},
}

// paySite serves one page that holds every place. In those named somebody else is to be paid.
type paySite struct{ others []string }

func (s paySite) in(place string) payee {
	if !slices.Contains(s.others, place) {
		return 0
	}
	return 1 + payee(slices.IndexFunc(payeePlaces, func(p payeePlace) bool { return p.name == place }))
}

// put fills in a payee and what goes with it.
func (p payee) put(text string) string {
	name, phone, holder := "abc88", "+886912345678", "王小明"
	if p > 0 {
		name, phone, holder = "vip66", "+886987654321", "李大華"
	}
	shown := p.account()
	first, rest, _ := strings.Cut(shown, "-")
	return strings.NewReplacer("{{payee}}", shown, "{{first}}", first, "{{rest}}", rest, "{{last}}", shown[len(shown)-5:],
		"{{base64}}", base64.StdEncoding.EncodeToString([]byte(shown)), "{{name}}", name, "{{phone}}", phone, "{{holder}}", holder).Replace(text)
}

func (s paySite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="zh-Hant"><meta charset="utf-8"><title>入金</title><h1>入金</h1>`)
		for _, p := range payeePlaces {
			fmt.Fprintf(w, "<section>%s</section>\n", s.in(p.name).put(p.markup))
		}
		fmt.Fprint(w, "<p>請於期限內完成入金，逾期視同放棄。</p></html>")
		return
	}
	for _, p := range payeePlaces {
		if p.path == r.URL.Path {
			s.part(w, r, s.in(p.name))
			return
		}
	}
	http.NotFound(w, r)
}

// part serves what a place asks for.
func (s paySite) part(w http.ResponseWriter, r *http.Request, p payee) {
	send := func(media string, body []byte) {
		w.Header().Set("Content-Type", media)
		_, _ = w.Write(body)
	}
	switch r.URL.Path {
	case "/pay.css":
		send("text/css", []byte(p.put(`.own::before { content: "{{payee}}" }`)))
	case "/frame":
		send("text/html; charset=utf-8", []byte(p.put(`<p>專戶 <input id=q size=40></p><script>q.value = atob("{{base64}}")</script>`)))
	case "/far":
		send("text/html; charset=utf-8", []byte(p.put(`<p>專戶 {{payee}}</p>`)))
	case "/back.svg":
		send("image/svg+xml", []byte(p.put(`<svg xmlns="http://www.w3.org/2000/svg" width="300" height="30"><text y="20">{{payee}}</text></svg>`)))
	case "/qr.png":
		code, err := qrcode.Encode(p.put("https://pay.example/{{name}}"), qrcode.Medium, 200)
		if err != nil {
			panic(err)
		}
		send("image/png", code)
	case "/f.ttf":
		send("font/ttf", map[bool][]byte{true: gomonobold.TTF, false: goregular.TTF}[p > 0])
	case "/form.doc":
		w.Header().Set("Content-Disposition", "attachment")
		send("application/msword", []byte(p.account()))
	case "/pay.js":
		send("text/javascript", []byte(p.put(`var own = "{{payee}}";`)))
	case "/socket":
		if c, err := websocket.Accept(w, r, nil); err == nil {
			_ = c.Write(r.Context(), websocket.MessageText, []byte(p.put(`{"acct":"{{payee}}"}`)))
			_, _, _ = c.Read(r.Context())
			_ = c.CloseNow()
		}
	case "/api/pay.json":
		send("application/json", []byte(p.put(`{"acct":"{{payee}}"}`)))
	case "/api/pay.bin":
		send("application/x-protobuf", []byte(p.account()))
	default:
		send("image/png", dotsOf(p))
	}
}

// dotsOf is a small picture that looks otherwise for each payee.
func dotsOf(p payee) []byte {
	shown := p.account()
	img := image.NewGray(image.Rect(0, 0, 8*len(shown), 16))
	for i, c := range []byte(shown) {
		for y := range 16 {
			img.SetGray(8*i+int(c)%8, y, color.Gray{255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// payeeSide captures the page with other payees in some places.
func payeeSide(t *testing.T, others ...string) compare.Side {
	t.Helper()
	server := httptest.NewServer(paySite{others})
	t.Cleanup(server.Close)
	address := strings.TrimPrefix(server.URL, "http://")
	req := evidence.Request{
		URL: "http://shop.example/", View: evidence.Desktop, NoSandbox: os.Getuid() == 0, Limits: evidence.DefaultLimits(),
		Resolve: map[string]string{"shop.example:80": address, "other.example:80": address}, AllowPrivate: []string{address},
	}
	req.Limits.Time, req.Limits.Idle = 2*time.Minute, 2*time.Second
	res, sink := record(t, req)
	if !sink.has(evidence.TextTXT) || !sink.has(evidence.Screenshot) {
		t.Fatalf("%v: %s %v %q", others, res.Verdict, res.Missing, res.Warnings)
	}
	return compare.Side{Name: strings.Join(others, ", "), Result: res, Open: func(name string) (io.ReadCloser, error) {
		body, ok := sink.kept[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(bytes.NewReader(body)), nil
	}}
}

func (m *memory) has(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.kept[name]) > 0
}

// Captures that differ in a payee are never the same, wherever the payee stands: the comparison says so, names what differs, and lists the account
// where it can be read. Two that differ in nothing are the same. What only the picture tells is captured alone; with -payees.each every place is.
func TestAChangedPayeeIsTold(t *testing.T) {
	first := payeeSide(t)
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		r, v := setBeside(t, first, payeeSide(t))
		if r.Conclusion != compare.Unchanged || r.Percent == nil || *r.Percent != 0 || v.Conclusion != compare.Same {
			t.Errorf("%s and %s: %v", r.Conclusion, v.Conclusion, r.Signs)
		}
	})
	for name, places := range payeeGroups() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var others []string
			for _, p := range places {
				others = append(others, p.name)
			}
			r, v := setBeside(t, first, payeeSide(t, others...))
			if r.Conclusion != compare.Changed || r.Percent == nil || *r.Percent == 0 || v.Conclusion == compare.Same {
				t.Errorf("%s and %s, %v: %+v", r.Conclusion, v.Conclusion, r.Percent, r.Signs)
			}
			for _, p := range places {
				if !p.toldBy(r) {
					t.Errorf("%s is not named: %+v", p.name, r.Signs)
				}
			}
		})
	}
}

// payeeGroups are the places that change together.
func payeeGroups() map[string][]payeePlace {
	out := map[string][]payeePlace{}
	for _, p := range payeePlaces {
		group := "all that is named by itself"
		if *onePayee || p.told == inPicture {
			group = p.name
		}
		out[group] = append(out[group], p)
	}
	return out
}

func setBeside(t *testing.T, a, b compare.Side) (compare.Recapture, compare.Cloaking) {
	t.Helper()
	if b.Result.Started.Before(a.Result.Started) {
		t.Fatal("the second came first")
	}
	r, err := compare.Times(t.Context(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	v, err := compare.Views(t.Context(), []compare.Side{a, b})
	if err != nil {
		t.Fatal(err)
	}
	return r, v
}

// toldBy reports whether a comparison names what differs in its place.
func (p payeePlace) toldBy(r compare.Recapture) bool {
	d := r.Difference
	signed := func(code compare.SignCode) bool {
		return slices.ContainsFunc(r.Signs, func(s compare.Sign) bool { return s.Code == code })
	}
	now := paySite{[]string{p.name}}.in(p.name)
	switch p.told {
	case inIdentifiers:
		return slices.ContainsFunc(append(slices.Clone(d.Behind), d.Text.Identifiers...), func(c compare.ChangedOfAKind) bool {
			return slices.Contains(c.Added.List, now.listed())
		}) && (signed(compare.ChangedIdentifiers) || signed(compare.ChangedBehind))
	case inLinks:
		return slices.ContainsFunc(d.Links.Added.List, func(to string) bool { return strings.Contains(now.put(p.markup), to) }) && signed(compare.ChangedLinks)
	case inCodes:
		return slices.Contains(d.Codes.Added.List, now.put("https://pay.example/{{name}}")) && signed(compare.ChangedCodes)
	case inPicture:
		return signed(compare.ChangedPicture)
	case inBytes:
		return slices.ContainsFunc(d.Network.Resources.Changed.List, func(c compare.ChangedResource) bool {
			return strings.HasSuffix(c.URL.B, p.path)
		}) && signed(compare.ChangedResources)
	case inFiles:
		return signed(compare.ChangedDownloads)
	}
	return slices.ContainsFunc(d.Text.Added.List, func(line string) bool { return strings.Contains(line, now.put(p.says)) }) &&
		(signed(compare.ChangedText) || signed(compare.ChangedIdentifiers))
}
