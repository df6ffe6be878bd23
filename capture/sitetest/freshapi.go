package sitetest

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"golang.org/x/image/font/gofont/goregular"
)

// freshHandlers answers what no file does.
func freshHandlers() map[string]freshHandler {
	all := map[string]freshHandler{}
	for _, list := range []map[string]freshHandler{
		h5Handlers(), phpHandlers(), shopHandlers(), liveHandlers(), deskHandlers(), appHandlers(), bankHandlers(), wallHandlers(), goHandlers(), widgetHandlers(),
	} {
		maps.Copy(all, list)
	}
	all["/news"], all["/news/frame"] = article, newsFrame
	return all
}

func h5Handlers() map[string]freshHandler {
	return map[string]freshHandler{
		"/h5/js/chunk-vendors.1f0c9a.js": coded("gzip", freshTypes[".js"], vendors),
		"/h5/js/sign.wasm":               fixed("application/wasm", addModule),
		"/h5/api/notice":                 fixed("application/json", big5(`{"title":"許功蓋公告","text":"入金滿萬送千"}`)),
		"/h5/api/quotes":                 coded("deflate", "application/json", func() []byte { return []byte(`{"BTC":"97,000","2330":1180,"漲":"+38.6%"}`) }),
		"/h5/api/ticker":                 say(func(r *http.Request) any { return map[string]any{"price": 100 + number(r, "n", 0)} }),
		"/h5/api/kline.bin":              ranged("application/octet-stream", seeded("kline", 20_000), "no-cache"),
		"/h5/api/depth": stream("text/event-stream", openEnd, 150*time.Millisecond,
			"event: depth\ndata: [[1,2]]\n\n", "event: depth\ndata: [[3,4]]\n\n", "event: end\ndata: 完\n\n"),
		"/h5/api/sign":      say(func(r *http.Request) any { return r.URL.Query().Get("sum") }),
		"/h5/api/config":    config,
		"/h5/api/me":        me,
		"/h5/api/session":   session,
		"/h5/api/upload":    upload,
		"/h5/api/address/7": say(func(r *http.Request) any { return r.Method + " 地址已更新" }),
		"/h5/api/device":    say(func(r *http.Request) any { return r.Method }),
		"/h5/api/ping":      fixed("text/plain", []byte("pong")),
		"/h5/api/lang":      lang,
	}
}

func phpHandlers() map[string]freshHandler {
	return map[string]freshHandler{
		"/php/ajax.php": ajax,
		"/php/jsonp.php": func(_ *freshSite, p *pen, r *http.Request) {
			p.send("text/javascript; charset=big5", big5(r.URL.Query().Get("callback")+`({"rate":"當沖 38.6%"});`))
		},
		"/php/track.php":         picture1,
		"/php/cgi-bin/Count.cgi": picture1,
		"/php/go.php":            func(_ *freshSite, p *pen, r *http.Request) { leadTo(p, http.StatusFound, other(r, "/open/away.png")) },
		"/php/moved.php":         lead(http.StatusTemporaryRedirect, "ajax.php?act=moved"),
		"/php/old/banner.gif":    lead(http.StatusMovedPermanently, "/php/images/banner.gif"),
		"/php/js/empty.js":       fixed("application/x-javascript", nil),
		"/php/none.txt":          fixed("text/plain", nil),
		"/php/log.txt":           fixed("text/plain", nulText()),
		"/php/cut.txt":           fixed("text/plain; charset=utf-8", cutText()),
		"/php/utf16.txt":         fixed("text/plain", utf16Text()),
		"/php/notice.txt":        fixed("text/plain; charset=big5", big5Text()),
	}
}

func shopHandlers() map[string]freshHandler {
	font := fixed("font/woff2", goregular.TTF)
	return map[string]freshHandler{
		"/shop":                 shop,
		"/shop/num.woff2":       font,
		"/shop/num-greek.woff2": font,
		"/shop/tw.8.woff2":      font,
		"/shop/voice.wav":       ranged("audio/wav", voice(), "public, max-age=600"),
		"/shop/later.json":      fixed("application/json", []byte(`{"reviews":["陳小姐","林先生 & 太太","王+媽媽","A/B?C"]}`)),
		"/shop/tr":              picture1,
		"/shop/collect":         fixed("application/json", []byte(`{"ok":1}`)),
		"/shop/collect-quiet":   stream("text/plain", itsEnd, time.Millisecond, "o", "k"),
		"/shop/order":           fixed(freshTypes[".html"], []byte("訂單成立")),
	}
}

func liveHandlers() map[string]freshHandler {
	const hls = "application/vnd.apple.mpegurl"
	level := "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:METHOD=AES-128,URI=\"/live/hls/key?id=1\"\n"
	list := map[string]freshHandler{
		"/live/hls/master.m3u8": coded("gzip", hls, func() []byte {
			return []byte("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1280000,RESOLUTION=1280x720\n720p/index.m3u8\n")
		}),
		"/live/hls/key":  fixed("application/octet-stream", seeded("key", 16)),
		"/live/danmaku":  stream("text/plain; charset=utf-8", itsEnd, 250*time.Millisecond, "老師好", "跟單賺", "入金了\xe2", "\x80\xa6 ", "已出金"),
		"/live/clip.mp4": ranged("video/mp4", seeded("clip", 12_000), "public, max-age=600"),
		"/live/gifts":    stream("text/event-stream", itsEnd, 200*time.Millisecond, ":開始\n\n", "data: 火箭\n\n", "id: 3\ndata: 跑車\n\n"),
		"/live/bell.wav": ranged("audio/wav", voice(), "no-store"),
	}
	for i := range 6 {
		name := fmt.Sprintf("seg-%05d.ts", i)
		level += "#EXTINF:4.0,\n" + name + "\n"
		list["/live/hls/720p/"+name] = fixed("video/mp2t", seeded(name, 60_000+i*188))
	}
	list["/live/hls/720p/index.m3u8"] = fixed(hls, []byte(level+"#EXT-X-ENDLIST\n"))
	return list
}

func deskHandlers() map[string]freshHandler {
	return map[string]freshHandler{
		"/desk/add.wasm":       coded("gzip", "application/wasm", func() []byte { return addModule }),
		"/desk/api/blob":       fixed("text/plain; charset=utf-8", []byte("給 blob 工作者")),
		"/desk/api/slow":       stream("application/json", itsEnd, 200*time.Millisecond, `{"a":`, `"一半`, `","b":`, `2}`),
		"/desk/api/long":       stream("application/octet-stream", openEnd, 50*time.Millisecond, "begin ", "more "),
		"/desk/api/quotes":     say(func(r *http.Request) any { return map[string]string{r.Method: "行情"} }),
		"/desk/api/table":      fixed("text/csv; charset=big5", big5Text()),
		"/desk/api/third":      fixed("text/plain", []byte("third level")),
		"/desk/api/big5.txt":   fixed("text/plain", big5Text()),
		"/desk/api/shared":     fixed("text/plain; charset=utf-8", cutText()),
		"/desk/api/shared.bin": fixed("application/octet-stream", seeded("shared", 5000)),
	}
}

func appHandlers() map[string]freshHandler {
	return map[string]freshHandler{
		"/app/texts/utf8-cut.txt": fixed("text/plain; charset=utf-8", cutText()),
		"/app/texts/big5.txt":     fixed("text/plain; charset=big5", big5Text()),
		"/app/texts/bom.txt":      fixed("text/plain; charset=utf-8", bomText()),
		"/app/texts/nul.txt":      fixed("text/plain", nulText()),
		"/app/texts/utf16.txt":    fixed("text/plain", utf16Text()),
		"/app/worker-cut.txt":     fixed("text/plain; charset=utf-8", cutText()),
		"/app/network.json":       say(func(*http.Request) any { return "網路" }),
		"/app/stale.json":         config,
		"/app/stream":             stream("text/plain; charset=utf-8", itsEnd, 150*time.Millisecond, "一", "二\xe4", "\xb8\x89"),
		"/app/range.bin":          ranged("application/octet-stream", seeded("range", 2000), "no-store"),
		"/app/sync":               say(func(*http.Request) any { return "已同步" }),
		"/app/lesson/1.html":      fixed(freshTypes[".html"], []byte("<p>第一課</p>")),
		"/app/lesson/2.html":      coded("gzip", freshTypes[".html"], func() []byte { return []byte(strings.Repeat("<p>第二課</p>", 400)) }),
		"/app/lesson/課程 三.html":   fixed("text/html; charset=big5", big5("<p>第三課</p>")),
		"/app/lesson/4.json":      coded("deflate", "application/json", func() []byte { return []byte(`{"n":4}`) }),
		"/app/moved":              lead(http.StatusFound, "/app/lesson/moved.png"),
	}
}

func bankHandlers() map[string]freshHandler {
	return map[string]freshHandler{
		"/bank": func(f *freshSite, p *pen, r *http.Request) {
			p.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic'; style-src 'self'; img-src 'self'; connect-src 'self'; "+
				"frame-src 'self' "+other(r, "")+"; object-src 'none'; base-uri 'none'; form-action 'none'; report-uri /bank/csp-report?v=1")
			p.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
			p.Header().Set("Referrer-Policy", "no-referrer")
			p.Header().Set("X-Content-Type-Options", "nosniff")
			f.static(p, r)
		},
		"/bank/csp-report":  fixed("application/json", []byte(`{"received":true}`)),
		"/bank/api/balance": say(func(*http.Request) any { return map[string]string{"sum": "NT$ 1,000,000"} }),
		"/bank/api/boxed": func(_ *freshSite, p *pen, _ *http.Request) {
			p.Header().Set("Access-Control-Allow-Origin", "*")
			p.send("text/plain", []byte("for everybody"))
		},
		"/bank/api/closed": fixed("text/plain", []byte("for the same site")),
	}
}

func goHandlers() map[string]freshHandler {
	return map[string]freshHandler{
		"/door/left":   fixed("application/json", []byte(`{"seen":true}`)),
		"/pwa/cut.txt": fixed("text/plain; charset=utf-8", cutText()),
		"/go/choose":   say(func(*http.Request) any { return map[string]string{"to": "/go/second.html"} }),
		"/go/left":     fixed("application/json", []byte(`{"bye":1}`)),
		"/go/hop": func(_ *freshSite, p *pen, r *http.Request) {
			leadTo(p, http.StatusFound, other(r, "/open/jump?a=1;b=2"))
		},
		"/go/sink": say(func(r *http.Request) any { return r.FormValue("ref") }),
	}
}

func widgetHandlers() map[string]freshHandler {
	open := func(p *pen) {
		p.Header().Set("Access-Control-Allow-Origin", "*")
		p.Header().Set("Access-Control-Allow-Headers", "Content-Type, X-Pixel")
	}
	return map[string]freshHandler{
		"/open/events": func(_ *freshSite, p *pen, r *http.Request) {
			open(p)
			if r.Method == http.MethodOptions {
				p.WriteHeader(http.StatusNoContent)
				return
			}
			p.send("application/json", []byte(`{"events_received":1}`))
		},
		"/open/signals":            fixed("text/plain", []byte("signals for nobody")),
		"/open/closed.json":        fixed("application/json", []byte(`{"for":"this site alone"}`)),
		"/open/not-a-picture.json": fixed("application/json", []byte(`{"picture":false}`)),
		"/open/away.png": func(_ *freshSite, p *pen, r *http.Request) {
			leadTo(p, http.StatusFound, other(r, "/php/images/back.gif"))
		},
		"/open/jump": func(_ *freshSite, p *pen, r *http.Request) { leadTo(p, http.StatusFound, other(r, "/go/end.html")) },
	}
}

func wallHandlers() map[string]freshHandler {
	status := func(code int) freshHandler {
		return func(_ *freshSite, p *pen, _ *http.Request) {
			p.Header().Set("Content-Type", freshTypes[".html"])
			p.WriteHeader(code)
			fmt.Fprintf(p, "<h1>%d</h1>", code)
		}
	}
	return map[string]freshHandler{
		"/wall/graphql": say(func(*http.Request) any {
			return map[string]any{"data": map[string]any{"feed": []map[string]string{
				{"code": "2330", "text": "台積電"}, {"code": "2317", "text": "鴻海"}, {"code": "0050", "text": "ETF"},
			}}}
		}),
		"/wall/poll": func(f *freshSite, p *pen, r *http.Request) {
			say(func(*http.Request) any { return f.again(r) })(f, p, r)
		},
		"/wall/wrong-type.png": func(_ *freshSite, p *pen, r *http.Request) { p.send("text/plain", chip(r.RequestURI)) },
		"/wall/kind/204":       func(_ *freshSite, p *pen, _ *http.Request) { p.WriteHeader(http.StatusNoContent) },
		"/wall/kind/empty":     func(_ *freshSite, p *pen, _ *http.Request) { p.flush() },
		"/wall/kind/404":       status(404),
		"/wall/kind/500":       status(500),
		"/wall/kind/410":       status(410),
		"/wall/kind/json-bom":  fixed("application/json", append([]byte("\xef\xbb\xbf"), `{"bom":true}`...)),
		"/wall/kind/no-type": func(_ *freshSite, p *pen, _ *http.Request) {
			p.Header()["Content-Type"] = nil
			p.send("", []byte("no type at all"))
		},
		"/wall/kind/deflate-raw": coded("raw", "text/plain; charset=utf-8", func() []byte { return []byte(strings.Repeat("原始壓縮 ", 100)) }),
		"/wall/kind/gzip-empty": func(_ *freshSite, p *pen, _ *http.Request) {
			p.Header().Set("Content-Encoding", "gzip")
			p.send("text/plain", nil)
		},
		"/wall/moved/308":   lead(http.StatusPermanentRedirect, "/wall/moved/end"),
		"/wall/moved/303":   lead(http.StatusSeeOther, "/wall/moved/end?by=303"),
		"/wall/moved/chain": lead(http.StatusFound, "/wall/moved/307"),
		"/wall/moved/307":   lead(http.StatusTemporaryRedirect, "/wall/moved/308?again"),
		"/wall/moved/end": say(func(r *http.Request) any {
			b, _ := io.ReadAll(r.Body)
			return fmt.Sprintf("%s %s %x", r.Method, r.RequestURI, sha256.Sum256(b))
		}),
	}
}
