package chrome

import (
	"bytes"
	"context"
	"net"
	"os"
	"testing"
	"time"
)

// A paper is an A4 PDF with tags and outline, and reaches nothing even where it tries.
func TestPrintPDF(t *testing.T) {
	r := recorder(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	reached := make(chan struct{}, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			c.Close()
			reached <- struct{}{}
		}
	}()
	html := `<!doctype html><html lang=zh-TW><meta charset=utf-8><title>聲請書</title><h1>聲請書</h1><h2>壹、事實</h2><p>域證</p>
		<img src="http://` + l.Addr().String() + `/x.png">`
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	pdf, err := r.PrintPDF(ctx, []byte(html), PDFOptions{
		Footer: `<div style="font-size:9pt;width:100%;text-align:center">第 <span class=pageNumber></span> 頁，共 <span class=totalPages></span> 頁</div>`, NoSandbox: os.Getuid() == 0,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.Contains(pdf, []byte("/StructTreeRoot")) || !bytes.Contains(pdf, []byte("/Outlines")) {
		t.Errorf("%d bytes without header, tags or outline", len(pdf))
	}
	if dir := os.Getenv("YUZHENG_KEEP"); dir != "" {
		os.WriteFile(dir+"/paper.pdf", pdf, 0o644)
	}
	select {
	case <-reached:
		t.Error("the paper reached the network")
	default:
	}
}
