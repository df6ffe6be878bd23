package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/skip2/go-qrcode"
)

// marker stands in every page and every answer of the site: whoever searches a disk for traces of the training case searches for it.
const marker = "YUZHENG-MARKER-7Q4Z 域證標記"

// lineAddress is what the QR code of the invitation holds. There is no such group.
const lineAddress = "https://line.me/ti/g2/TRAINING-ONLY-NOT-A-GROUP"

// trades are what the investment site's WebSocket says when its page has greeted it.
var trades = []string{"老師：現在入金", "老師：穩賺不賠，保證獲利", "老師：加入 LINE 群組"}

//go:embed pages
var files embed.FS

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

// handler serves a page at the top of each host, and below it what any of the pages needs.
func handler() (http.Handler, error) {
	parsed, err := template.ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]http.HandlerFunc{}
	for _, t := range parsed.Templates() {
		var b bytes.Buffer
		if err := t.Execute(&b, map[string]any{
			"Marker": marker, "Join": "https://" + joinHost + "/", "Line": lineAddress, "Members": members, "Goods": goods,
		}); err != nil {
			return nil, err
		}
		pages[t.Name()] = page(b.Bytes())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+investHost+"/{$}", pages["invest.html"])
	mux.HandleFunc("GET "+joinHost+"/{$}", pages["join.html"])
	mux.HandleFunc("GET "+ShopHost+"/{$}", cloaked(pages["shop.html"], pages["invest.html"]))
	mux.HandleFunc("GET /ws", chat)
	mux.HandleFunc("GET /api/today", serve("application/json", []byte(`{"gain":"+38.6%","left":7,"marker":"`+marker+`"}`)))
	mux.HandleFunc("POST /api/account", serve("application/json", []byte(`{"account":"000-0000-0000000","marker":"`+marker+`"}`)))
	return mux, resources(mux)
}

// resources mounts style, script and pictures.
func resources(mux *http.ServeMux) error {
	for name, mime := range map[string]string{"style.css": "text/css; charset=utf-8", "invest.js": "text/javascript; charset=utf-8"} {
		body, err := files.ReadFile("pages/" + name)
		if err != nil {
			return err
		}
		mux.HandleFunc("GET /"+name, serve(mime, body))
	}
	code, err := qrcode.Encode(lineAddress, qrcode.Medium, 320)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	pictures := map[string][]byte{"/qr.png": code, "/chart.png": chart(), "/favicon.png": favicon()}
	for i, c := range members {
		pictures[c.Image] = statement(i)
	}
	for i, c := range goods {
		pictures[c.Image] = soap(i)
	}
	for path, body := range pictures {
		mux.HandleFunc("GET "+path, serve("image/png", body))
	}
	return nil
}

// serve answers with the same bytes each time.
func serve(mime string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mime)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	}
}

// page serves a document, with the cookie by which such sites know a visitor again.
func page(body []byte) http.HandlerFunc {
	document := serve("text/html; charset=utf-8", body)
	return func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: "training-0001", Path: "/"})
		document(w, r)
	}
}

// cloaked shows what it hides to phones and to whoever has clicked an advertisement, and what it pretends to be to everybody else.
func cloaked(pretended, hidden http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "User-Agent, Referer")
		if strings.Contains(r.UserAgent(), "Mobile") || strings.Contains(r.Referer(), "facebook.com") {
			hidden(w, r)
			return
		}
		pretended(w, r)
	}
}

// chat says the trades whenever the visitor has said something, until he leaves.
func chat(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer socket.CloseNow()
	for {
		if _, _, err := socket.Read(r.Context()); err != nil {
			return
		}
		for _, trade := range trades {
			if socket.Write(r.Context(), websocket.MessageText, []byte(trade)) != nil {
				return
			}
		}
	}
}
