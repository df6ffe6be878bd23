package sitetest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	dots "golang.org/x/image/math/fixed"
)

// LastWords is a page of which is known what it says in the end: an account in Latin letters, that a machine can read from a picture
// too, and whose it is.
type LastWords struct {
	Kind    string
	Path    string // on the "bad" hosts
	Account string
	Holder  string

	Drawn bool   // in pictures: no text holds the words
	Told  string // part of the warning that is right where picture or text cannot hold the words
	Known string // what capture/METHOD.md says of such words; no warning tells of them
}

// lastKind is one kind of page, served once for each of its numbers.
type lastKind struct {
	name    string
	numbers []int
	body    func(l lastPage) string
	page    LastWords // what is said of each
}

// lastPage is one page as it is written.
type lastPage struct {
	LastWords
	n     int    // its number
	at    string // "/last/3/"
	cross string // the same on the other site, with scheme and host
}

// words is markup of what it says.
func (l lastPage) words() string { return "<p class=w>" + l.Account + "<p>" + l.Holder }

// put is a script that writes the words in place of an element's own.
func (l lastPage) put(id string) string {
	return fmt.Sprintf("document.getElementById(%q).innerHTML=%q;", id, l.words())
}

const (
	lastStyle  = "<style>body{font:20px sans-serif;margin:16px}.w,input,textarea,select,button{font:36px Arial,'Liberation Sans',sans-serif;color:#000;background:#fff}input,textarea,select{width:700px}</style>"
	lastSaying = "<p>投資平臺 會員專區 每日結算 老師帶單 穩定收益 請加入群組 "
)

// LastWordsPages lists the pages, those of one kind beside each other.
func LastWordsPages() (list []LastWords) {
	for _, l := range lastPages() {
		list = append(list, l.page.LastWords)
	}
	return list
}

// lastOne is a page with what writes it.
type lastOne struct {
	page lastPage
	body func(l lastPage) string
}

func lastPages() (list []lastOne) {
	const clear = "234689" // digits that no reader takes for letters
	for _, k := range lastKinds {
		for _, n := range k.numbers {
			digits, i := make([]byte, 6), len(list)
			for d := range digits {
				digits[d] = clear[(i/[]int{1, 6, 36, 1, 2, 3}[d]+d)%len(clear)]
			}
			p := lastPage{LastWords: k.page, n: n, at: fmt.Sprintf("/last/%d/", i)}
			p.Kind, p.Path = k.name, p.at
			p.Account, p.Holder = fmt.Sprintf("ACCT-%s-%s", digits[:4], digits[4:]), fmt.Sprintf("收款戶名 丁%c%c", '一'+rune(i), '甲'+rune(i))
			list = append(list, lastOne{p, k.body})
		}
	}
	return list
}

// lastWords serves them, and what they ask for.
func (s *Site) lastWords(mux *http.ServeMux) {
	pages := lastPages()
	mux.HandleFunc("GET /last/{i}/{part...}", func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(r.PathValue("i"))
		if err != nil || i < 0 || i >= len(pages) {
			http.NotFound(w, r)
			return
		}
		one := pages[i]
		one.page.cross = "http://bad.example:" + s.port(s.clear) + one.page.at
		w.Header().Set("Cache-Control", "no-store")
		if part := r.PathValue("part"); part != "" {
			s.lastPart(w, r, one.page, part)
			return
		}
		if one.page.Kind == "refresh header" {
			w.Header().Set("Refresh", fmt.Sprintf("%d; url=%slanded", one.page.n, one.page.at))
		}
		lastHTML(w, one.body(one.page))
	})
}

func lastHTML(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if strings.HasPrefix(body, "<svg") {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, body)
		return
	}
	fmt.Fprint(w, "<!doctype html><html lang=zh-Hant-TW><meta charset=utf-8><title>會員專區</title>"+lastStyle+body)
}

// lastPart serves what a page asks for.
func (s *Site) lastPart(w http.ResponseWriter, r *http.Request, l lastPage, part string) {
	switch part {
	case "landed", "frame":
		lastHTML(w, l.words())
	case "nested":
		lastHTML(w, fmt.Sprintf("<p>中層<iframe width=900 height=200 src=%sframe></iframe>", l.cross))
	case "late-frame":
		lastHTML(w, lastTimer(lastPage{LastWords: l.LastWords, n: 3}))
	case "empty":
		lastHTML(w, lastSaying)
	case "words.png":
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(wordsPNG(l.Account))
	case "slow.txt":
		if s.wait(r, time.Duration(l.n)*time.Second) {
			fmt.Fprint(w, l.words())
		}
	case "slow.ttf":
		if s.wait(r, time.Duration(l.n)*time.Second) {
			w.Header().Set("Content-Type", "font/ttf")
			_, _ = w.Write(goregular.TTF)
		}
	default:
		http.NotFound(w, r)
	}
}

// wordsPNG is a picture of words, black on white.
func wordsPNG(words string) []byte {
	f, err := opentype.Parse(goregular.TTF)
	must(err)
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 40, DPI: 72})
	must(err)
	img := image.NewGray(image.Rect(0, 0, 560, 100))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	(&font.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: face, Dot: dots.P(30, 65)}).DrawString(words)
	var b bytes.Buffer
	must(png.Encode(&b, img))
	return b.Bytes()
}

// lastTimer is a page that says that it loads, and has its words after so many seconds.
func lastTimer(l lastPage) string {
	return fmt.Sprintf("<div id=a>載入中，請稍候…</div><script>setTimeout(()=>{%s},%d)</script>", l.put("a"), l.n*1000)
}
