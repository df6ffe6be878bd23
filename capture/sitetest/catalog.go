package sitetest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// catalogPages is how many articles the shop "catalog" has: /item/1 to /item/catalogPages.
const catalogPages = 1000

const (
	perItem  = 6  // pictures of an article
	shown    = 40 // pictures that the whole catalog shares
	perShelf = 20 // articles on a page of the list
)

// catalog is a shop of many ordinary pages: a style sheet, a script that fetches the price, some pictures, links to neighbours and shelves.
func (s *Site) catalog() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { writePage(w, "嚴選商城", shelfLinks()) })
	mux.HandleFunc("GET /shelf/{n}", shelf)
	mux.HandleFunc("GET /item/{n}", item)
	mux.HandleFunc("GET /price/{n}", price)
	mux.HandleFunc("GET /photo/{n}", func(w http.ResponseWriter, r *http.Request) { s.send(w, r, picturePNG("/photo/"+r.PathValue("n"))) })
	mux.HandleFunc("GET /shop.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		fmt.Fprint(w, "body{font:16px sans-serif;margin:0 auto;max-width:960px}img{display:block;margin:24px 0}\n")
	})
	mux.HandleFunc("GET /shop.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", script)
		fmt.Fprint(w, "fetch(\"/price\" + location.pathname.slice(5)).then((r) => r.json()).then((p) => { document.querySelector(\"#price\").textContent = p.price; });\n")
	})
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "User-agent: *\nDisallow: /item/13\nSitemap: %s/sitemap.xml\n", base(r))
	})
	mux.HandleFunc("GET /sitemap.xml", sitemap)
	return mux
}

func shelfLinks() string {
	var b strings.Builder
	for n := 1; n <= (catalogPages+perShelf-1)/perShelf; n++ {
		fmt.Fprintf(&b, `<a href="/shelf/%d">第 %d 櫃</a> `, n, n)
	}
	return b.String()
}

func shelf(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || (n-1)*perShelf >= catalogPages {
		http.NotFound(w, r)
		return
	}
	var b strings.Builder
	for i := (n-1)*perShelf + 1; i <= min(n*perShelf, catalogPages); i++ {
		fmt.Fprintf(&b, `<p><a href="/item/%d">商品 %d</a></p>`, i, i)
	}
	writePage(w, fmt.Sprintf("第 %d 櫃", n), b.String())
}

func item(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > catalogPages {
		http.NotFound(w, r)
		return
	}
	var b strings.Builder
	b.WriteString(`<link rel="stylesheet" href="/shop.css"><p>特價 <b id="price">…</b> 元，保證獲利。</p>`)
	for i := range perItem {
		fmt.Fprintf(&b, `<img src="/photo/%d" width="320" height="240" loading="lazy" alt="">`, (n*perItem+i)%shown)
	}
	fmt.Fprintf(&b, `<p><a href="/item/%d">下一件</a> <a href="/">首頁</a></p><script src="/shop.js"></script>`, n%catalogPages+1)
	writePage(w, fmt.Sprintf("商品 %d", n), b.String())
}

func price(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, "{\"price\":%d}\n", 100+n*7)
}

func sitemap(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	fmt.Fprint(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")
	for n := 1; n <= catalogPages; n++ {
		fmt.Fprintf(w, "<url><loc>%s/item/%d</loc></url>\n", base(r), n)
	}
	fmt.Fprint(w, "</urlset>\n")
}
