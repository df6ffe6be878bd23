package sitetest

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"

	"yuzheng/capture/sitetest/wire"
)

func rawHandlers() map[string]rawHandler {
	all := map[string]rawHandler{}
	for _, list := range []map[string]rawHandler{rawHeads(), rawFramings(), rawOdd(), rawAgain(), rawDocuments(), rawWays()} {
		maps.Copy(all, list)
	}
	return all
}

// lineOf is a header field with the line that says it.
func lineOf(name, value, line string) wire.Field {
	return wire.Field{Name: name, Value: value, Line: line}
}

func rawHeads() map[string]rawHandler {
	b5 := string(big5("投資"))
	page := rawPage("標頭", `<img src="/go-utf8.png"><img src="/px.png?n=3">`,
		wire.Field{Name: "X-Shop", Value: "投資王牌"}, wire.Field{Name: "X-Big5", Value: b5},
		wire.Field{Name: "Set-Cookie", Value: "nick=小王; Path=/"}, wire.Field{Name: "Set-Cookie", Value: "plain=1; Path=/"},
		wire.Field{Name: "X-Latin", Value: "caf\xe9"}, wire.Field{Name: "x-AFTER-latin", Value: "still here"},
		wire.Field{Name: "X-Empty", Value: ""}, wire.Field{Name: "X-Repeated", Value: "a"}, wire.Field{Name: "A-Last-By-Alphabet", Value: "first"},
		wire.Field{Name: "X-Repeated", Value: "b, c"}, wire.Field{Name: "x_under.dot'quote", Value: "\"q\";\tb"},
		wire.Field{Name: "X-Long", Value: strings.Repeat("長", 3000)}, wire.Field{Name: "Set-Cookie", Value: "big5=" + b5 + "; Path=/"})
	lines := rawPage("奇怪的行", `<img src="/no-reason.png"><img src="/own-reason.png"><img src="/bare.png">`,
		lineOf("X-Tight", "no blank", "X-Tight:no blank\r\n"), lineOf("X-Wide", "many blanks", "X-Wide: \t many blanks \t\r\n"),
		lineOf("x-lower", "Mixed CASE", "x-lower: Mixed CASE\r\n"), lineOf("X-Colons", "a:b: c", "X-Colons:a:b: c\r\n"))
	noReason, ownReason, bare := told("image/png", chip("no")), told("image/png", chip("own")), told("image/png", chip("bare"),
		lineOf("X-Bare", "ends with LF", "X-Bare: ends with LF\n"), lineOf("X-After", "is there", "X-After: is there\r\n"))
	noReason.Reason, ownReason.Reason = "", "好 Fine"
	return map[string]rawHandler{
		"/headers": always(page), "/lines": always(lines), "/no-reason.png": always(noReason), "/own-reason.png": always(ownReason), "/bare.png": always(bare),
		"/go-utf8.png": always(away(http.StatusFound, "/圖片/投資.png?名=王")), "/go-big5": always(away(http.StatusFound, "/b5/"+b5+"?q="+b5)),
	}
}

// away is a redirect with a few words that nobody reads.
func away(status int, to string, more ...wire.Field) wire.Answer {
	a := told("text/html", []byte("<html>moved</html>\n"), append(more, wire.Field{Name: "Location", Value: to})...)
	a.Status, a.Reason = status, http.StatusText(status)
	return a
}

// codedText is what the compressed answers say.
var codedText = []byte(strings.Repeat("域證：以 Brotli 或 Zstandard 送出的字，保證獲利。\n", 6))

// codedBrotli is codedText as Brotli has it (RFC 7932).
const codedBrotli = "1b8501f89d0976ac9581695891f1d0dce07ca184fdbaa6d46d21d75f047fd0aa7090278361c5a8075b48eb4d4e83a4b1d1298b362c17a070b907da30be05eee4a443fde78955ae2d0ba351f967a06e47b297d204"

// codedZstandard is codedText as Zstandard has it (RFC 8878).
const codedZstandard = "28b52ffd00685502001404e59f9fe8ad89efbc9ae4bba52042726f746c6920e68896205a7374616e6461726420e98081e587bae79a84e5ad97efbc8ce4bf9de8ad89e78db2e588a9e380820a01008110a18628"

func compressed(coding string, body []byte) wire.Answer {
	a := told("text/plain; charset=utf-8", body, wire.Field{Name: "Content-Encoding", Value: coding})
	a.Plain = codedText
	return a
}

func fromHex(s string) []byte {
	b, err := hex.DecodeString(s)
	must(err)
	return b
}

func rawFramings() map[string]rawHandler {
	chunked, closed, empty, hinted := told("text/plain", []byte("in chunks")), told("text/plain", []byte("until the end")), told("text/plain", nil), told("text/plain", []byte("hinted"))
	chunked.Framing, chunked.Trailer = wire.Chunked, []wire.Field{{Name: "X-Sum", Value: "九"}, {Name: "X-Second", Value: "2"}}
	closed.Framing, empty.Framing = wire.ByClose, wire.Chunked
	hinted.Interim = []wire.Interim{
		{Status: http.StatusEarlyHints, Header: []wire.Field{{Name: "Link", Value: "</hint.png>; rel=preload; as=image"}}},
		{Status: http.StatusEarlyHints, Header: []wire.Field{{Name: "X-Hint", Value: "二"}}},
	}
	page := rawPage("框架", `<script>
		(async () => {
			for (const p of ["chunked", "closed", "empty", "gzip", "deflate", "br", "zstd", "hinted", "identity"]) await fetch("/framing/" + p).then(r => r.text()).catch(() => {});
			await fetch("/framing/head", {method: "HEAD"}).catch(() => {});
			await fetch("/framing/none").catch(() => {});
			await Promise.all(Array.from({length: 12}, (_, i) => fetch("/framing/many?n=" + i).then(r => r.text())));
			document.body.append("全部到齊");
		})();</script>`)
	page.Interim = []wire.Interim{{Status: http.StatusEarlyHints, Header: []wire.Field{{Name: "Link", Value: "</early.png>; rel=preload; as=image"}}}}
	none := wire.Answer{Status: http.StatusNoContent, Reason: "No Content", Header: []wire.Field{{Name: "X-Nothing", Value: "無"}}, Framing: wire.None}
	return map[string]rawHandler{
		"/framings": always(page), "/framing/chunked": always(chunked), "/framing/closed": always(closed), "/framing/empty": always(empty),
		"/framing/hinted": always(hinted), "/framing/none": always(none), "/nothing": always(none),
		"/framing/identity": always(told("text/plain", []byte("as it is"), wire.Field{Name: "Content-Encoding", Value: "identity"})),
		"/framing/head":     always(wire.Answer{Status: 200, Reason: "OK", Header: []wire.Field{{Name: "Content-Length", Value: "4711"}}, Framing: wire.None}),
		"/framing/gzip":     always(compressed("gzip", squeezed(codedText, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }))),
		"/framing/deflate":  always(compressed("deflate", squeezed(codedText, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }))),
		"/framing/br":       always(compressed("br", fromHex(codedBrotli))),
		"/framing/zstd":     always(compressed("zstd", fromHex(codedZstandard))),
		"/framing/many": func(r *http.Request, _ int) wire.Answer {
			return told("text/plain", []byte(r.RequestURI+strings.Repeat("多", 30_000)), wire.Field{Name: "X-Same", Value: "in the table"}, wire.Field{Name: "X-N", Value: r.URL.RawQuery})
		},
	}
}

func rawAgain() map[string]rawHandler {
	page := rawPage("再問", `<script>
		(async () => {
			for (const i of [1, 2, 3]) await fetch("/revalidated").then(r => r.text());
			await fetch("/ranged", {headers: {Range: "bytes=5-9"}}).then(r => r.text());
			await fetch("/ranged", {headers: {Range: "bytes=-3"}}).then(r => r.text());
			for (const i of [1, 2, 3]) await fetch("/counted", {cache: "no-store"}).then(r => r.text());
			for (const i of [1, 2]) await fetch("/kept").then(r => r.text());
			const other = location.origin.replace("//raw.", "//other.");
			await fetch(other + "/crossed", {method: "PUT", headers: {"X-Own": "1", "Content-Type": "application/json"}, body: "{}"}).then(r => r.text()).catch(() => {});
			document.body.append("全部到齊");
		})();</script>`)
	digits := []byte("0123456789")
	return map[string]rawHandler{
		"/again": always(page), "/kept": always(told("text/plain", []byte("kept"), wire.Field{Name: "Cache-Control", Value: "max-age=600"})),
		"/revalidated": func(r *http.Request, _ int) wire.Answer {
			keep := []wire.Field{{Name: "ETag", Value: `"v1"`}, {Name: "Cache-Control", Value: "no-cache"}}
			if r.Header.Get("If-None-Match") == `"v1"` {
				return wire.Answer{Status: http.StatusNotModified, Reason: "Not Modified", Header: append(keep, wire.Field{Name: "X-Again", Value: "無變更"}), Framing: wire.None}
			}
			return told("text/plain", []byte("first"), keep...)
		},
		"/ranged": func(r *http.Request, _ int) wire.Answer {
			from, to, ok := rangeOf(r.Header.Get("Range"), len(digits))
			if !ok {
				return told("text/plain", digits)
			}
			a := told("text/plain", digits[from:to], wire.Field{Name: "Content-Range", Value: fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(digits))})
			a.Status, a.Reason = http.StatusPartialContent, "Partial Content"
			return a
		},
		"/counted": func(_ *http.Request, n int) wire.Answer {
			return told("text/plain", fmt.Appendf(nil, "number %d", n+1))
		},
		"/crossed": func(r *http.Request, _ int) wire.Answer {
			open := []wire.Field{
				{Name: "Access-Control-Allow-Origin", Value: "*"}, {Name: "Access-Control-Allow-Methods", Value: "PUT"}, {Name: "Access-Control-Allow-Headers", Value: "X-Own, Content-Type"},
			}
			if r.Method == http.MethodOptions {
				return wire.Answer{Status: http.StatusNoContent, Reason: "No Content", Header: open, Framing: wire.None}
			}
			return told("application/json", []byte(`{"ok":true}`), open...)
		},
	}
}

func rawDocuments() map[string]rawHandler {
	doc := func(mime, text string) rawHandler {
		return always(told(mime, []byte(text), wire.Field{Name: "X-Own", Value: "自己的位元組"}))
	}
	item := "<?xml version=\"1.0\" encoding=\"utf-8\"?>%s<shop><item>保證獲利方案 " + marker + "</item></shop>"
	frame := func(inside string) rawHandler { return always(rawPage("合約頁", inside)) }
	file := told("application/vnd.android.package-archive", DownloadBody, wire.Field{Name: "Content-Disposition", Value: "attachment; filename=\"" + string(big5("投資合約")) + ".apk\""})
	return map[string]rawHandler{
		"/paper.pdf": always(told("application/pdf", paper())), "/voice.wav": always(told("audio/wav", voice())), "/file.apk": always(file),
		"/pdf-frame":  frame(`<iframe src="/paper.pdf" width="800" height="600"></iframe>`),
		"/pdf-embed":  frame(`<embed src="/paper.pdf" type="application/pdf" width="800" height="600">`),
		"/pdf-object": frame(`<object data="/paper.pdf" type="application/pdf" width="800" height="600">備援</object>`),
		"/page.xml":   doc("application/xml", fmt.Sprintf(item, `<?xml-stylesheet type="text/xsl" href="/page.xsl"?>`)),
		"/raw.xml":    doc("application/xml", fmt.Sprintf(item, "")),
		"/page.xsl": doc("text/xsl", `<?xml version="1.0" encoding="utf-8"?><xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">`+
			`<html><head><title>轉換後</title></head><body><xsl:value-of select="shop/item"/></body></html></xsl:template></xsl:stylesheet>`),
		"/drawing.svg": doc("image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="80"><text x="5" y="40">保證獲利 `+marker+`</text></svg>`),
		"/data.json":   doc("application/json", `{"marker":"`+marker+`","gain":"+38.6%"}`),
		"/words.txt":   doc("text/plain; charset=utf-8", "保證獲利 "+marker+"\n"),
	}
}

// paper is a PDF of one page.
func paper() []byte {
	const words = "BT /F1 24 Tf 72 720 Td (GUARANTEED PROFIT) Tj ET"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(words), words), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, at)
	return b.Bytes()
}

// rawWays are pages that lead on, ask ahead, come back or go away.
func rawWays() map[string]rawHandler {
	gate302 := func(r *http.Request, _ int) wire.Answer {
		if _, err := r.Cookie("pass2"); err == nil {
			return rawPage("登入後頁面", "")
		}
		return away(http.StatusFound, "/gate302", wire.Field{Name: "Set-Cookie", Value: "pass2=1; Path=/"})
	}
	gate := func(r *http.Request, _ int) wire.Answer {
		if _, err := r.Cookie("pass"); err == nil {
			return rawPage("真正的頁面", "")
		}
		return rawPage("驗證中", `<script>document.cookie = "pass=1; path=/"; location.reload();</script>`)
	}
	refused := rawPage("已移除", `<script>location.href = "/landed"</script>`)
	refused.Status, refused.Reason = http.StatusForbidden, "Forbidden"
	last := rawPage("下一條連線", `<script>(async () => { for (let i = 0; i < 4; i++) await fetch("/last?n=" + i, {cache: "no-store"}).then(r => r.text()); document.body.append("全部到齊"); })()</script>`)
	last.Last = true
	half := told("text/plain", bytes.Repeat([]byte("斷 "), 4000))
	half.Cut = 5000
	halfChunked := half
	halfChunked.Framing = wire.Chunked
	return map[string]rawHandler{
		"/gate": gate, "/gate302": gate302, "/err-js": always(refused), "/landed": always(rawPage("無害的首頁", "")),
		"/goaway": always(last), "/last": func(r *http.Request, _ int) wire.Answer {
			a := told("text/plain", []byte(r.URL.RawQuery))
			a.Last = true
			return a
		},
		"/broken": always(rawPage("斷線", `<script>(async () => { for (const p of ["half", "half-chunked"]) await fetch("/" + p).then(r => r.text()).catch(() => {}); document.body.append("全部到齊"); })()</script>`)),
		"/half":   always(half), "/half-chunked": always(halfChunked),
		"/ahead": always(rawPage("先行", `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["/fetched-ahead"],"eagerness":"immediate"}],`+
			`"prerender":[{"source":"list","urls":["/rendered-ahead"],"eagerness":"immediate"}]}</script>`)),
		"/fetched-ahead": always(rawPage("先取的頁", "")), "/rendered-ahead": always(rawPage("先畫的頁", `<img src="/ahead.png">`)),
		"/back": func(_ *http.Request, n int) wire.Answer {
			return rawPage("來回", `<script>if (!sessionStorage.been) { sessionStorage.been = 1; onload = () => setTimeout(() => location.href = "/forth", 50); }</script>`)
		},
		"/forth": always(rawPage("去", `<script>onload = () => setTimeout(() => history.back(), 50)</script>`)),
		"/worker": always(rawPage("背景服務", `<script>(async () => { await navigator.serviceWorker.register("/own-worker.js"); await navigator.serviceWorker.ready;
			if (!navigator.serviceWorker.controller) await new Promise(r => navigator.serviceWorker.oncontrollerchange = r);
			for (const p of ["made", "passed", "changed"]) await fetch("/by-worker/" + p).then(r => r.text()); document.body.append("全部到齊"); })()</script>`)),
		"/own-worker.js": always(told("text/javascript; charset=utf-8", []byte(`// `+marker+`
			oninstall = () => skipWaiting(); onactivate = (e) => e.waitUntil(clients.claim());
			onfetch = (e) => {
				const p = new URL(e.request.url).pathname;
				if (p === "/by-worker/made") e.respondWith(new Response("自製的", {headers: {"X-Made": "by the worker"}}));
				else if (p === "/by-worker/passed") e.respondWith(fetch(e.request));
				else if (p === "/by-worker/changed") e.respondWith(fetch("/by-worker/source").then(async r => new Response((await r.text()) + " 改過")));
			};`))),
		"/by-worker/passed": always(told("text/plain", []byte("passed on"), wire.Field{Name: "X-Server", Value: "伺服器"})),
		"/by-worker/source": always(told("text/plain; charset=utf-8", []byte("原文"))),
		"/leaving": always(rawPage("離開", `<script>onpagehide = () => { navigator.sendBeacon("/bye?beacon", "再見"); fetch("/bye?kept", {method: "POST", keepalive: true, body: "x"}); };
			onload = () => setTimeout(() => location.href = "/landed", 50);</script>`)),
		"/bye": always(told("text/plain", []byte("再見"))),
		"/socket": always(rawPage("對話", `<script>const s = new WebSocket(location.href.replace("http", "ws").replace("/socket", "/chat-socket"));
			s.onopen = () => s.send("我入金了"); s.onmessage = (e) => document.body.append(e.data);</script>`)),
	}
}
