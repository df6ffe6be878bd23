package sitetest

import (
	"bytes"
	"embed"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"sync"

	"github.com/skip2/go-qrcode"
)

// The names of the training case. All of it is made up; nothing but loopback serves them.
const (
	InvestHost = "vip-invest.example"      // a false investment site
	JoinHost   = "join.vip-invest.example" // its invitation, with a QR code
	ShopHost   = "shop.example"            // a shop on a desktop, the investment site for phones and clicks from an advertisement
	MirrorHost = "mirror-old.example"      // a mirror that no longer answers
)

// LineAddress is what the QR code of the invitation holds. There is no such group.
const LineAddress = "https://line.me/ti/g2/TRAINING-ONLY-NOT-A-GROUP"

// TrainingPages are the addresses of the training case in the order in which it is told.
var TrainingPages = []string{
	"https://" + InvestHost + "/", "https://" + JoinHost + "/", "https://" + ShopHost + "/", "https://" + MirrorHost + "/",
}

//go:embed training
var trainingFiles embed.FS

var trainingHTML = template.Must(template.ParseFS(trainingFiles, "training/*.html"))

// Training serves the scam site of the training case. Resolve and AllowPrivate of the site are what a capture needs to
// find it.
func Training(o Options) (*Site, error) {
	return start(o, func(s *Site) map[string]http.Handler {
		invest, join, shop := s.training("invest.html"), s.training("join.html"), s.training("shop.html")
		return map[string]http.Handler{
			InvestHost: invest,
			JoinHost:   join,
			ShopHost: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Vary", "User-Agent, Referer")
				if r.URL.Path == "/" && Lured(r.Header) {
					invest.ServeHTTP(w, r)
					return
				}
				shop.ServeHTTP(w, r)
			}),
			MirrorHost: nil,
		}
	})
}

// training serves one page with everything that any of the three needs.
func (s *Site) training(name string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: "training-0001", Path: "/"})
		s.send(w, r, get("/", "text/html; charset=utf-8", func() []byte { return trainingPage(name) }))
	})
	mux.HandleFunc("GET /ws", chat)
	s.mount(mux, trainingResources())
	return mux
}

var trainingResources = sync.OnceValue(func() []resource {
	list := []resource{
		get("/style.css", "text/css; charset=utf-8", trainingFile("style.css")),
		get("/invest.js", script, trainingFile("invest.js")),
		get("/chart.png", "image/png", chart),
		get("/qr.png", "image/png", qrCode),
		get("/favicon.png", "image/png", favicon),
		words("/api/today", map[string]any{"gain": "+38.6%", "left": 7}),
		post(words("/api/account", map[string]any{"account": "000-0000-0000000"})),
	}
	for _, c := range append(members, goods...) {
		list = append(list, picturePNG(c.Image))
	}
	return list
})

// card is a picture with a name and some words.
type card struct{ Image, Name, Words string }

var members = []card{
	{"/img/member-1.png", "高雄 陳○明", "第一週就獲利 28 萬，感謝老師！"},
	{"/img/member-2.png", "臺中 林○華", "退休金放這裡，每月領分紅。"},
	{"/img/member-3.png", "臺北 王○婷", "原本不相信，出金真的很快。"},
	{"/img/member-4.png", "桃園 張○豪", "跟單 30 天，本金翻三倍。"},
}

var goods = []card{
	{"/img/soap-1.png", "檜木皂", "NT$180"},
	{"/img/soap-2.png", "艾草皂", "NT$160"},
	{"/img/soap-3.png", "苦茶皂", "NT$170"},
}

func trainingPage(name string) []byte {
	var b bytes.Buffer
	must(trainingHTML.ExecuteTemplate(&b, name, map[string]any{
		"Marker": Marker, "Join": "https://" + JoinHost + "/", "Line": LineAddress, "Members": members, "Goods": goods,
	}))
	return b.Bytes()
}

func trainingFile(name string) func() []byte {
	return func() []byte {
		b, err := trainingFiles.ReadFile("training/" + name)
		must(err)
		return b
	}
}

func qrCode() []byte {
	b, err := qrcode.Encode(LineAddress, qrcode.Medium, 320)
	must(err)
	return b
}

// chart draws gains that only rise.
func chart() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 900, 300))
	for x := range 900 {
		top := 280 - x*x*260/(900*900) - (x*37%23)/2
		for y := range 300 {
			c := color.NRGBA{250, 250, 245, 255}
			if y >= top {
				c = color.NRGBA{200, uint8(60 + y/3), 40, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return encoded(img)
}

func favicon() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range 32 * 32 {
		x, y := i%32, i/32
		c := color.NRGBA{122, 12, 12, 255}
		if (x-16)*(x-16)+(y-16)*(y-16) < 100 {
			c = color.NRGBA{212, 160, 23, 255}
		}
		img.SetNRGBA(x, y, c)
	}
	return encoded(img)
}

func encoded(img image.Image) []byte {
	var b bytes.Buffer
	must(png.Encode(&b, img))
	return b.Bytes()
}
