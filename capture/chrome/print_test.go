package chrome

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
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
	pdf, err := r.printOne(ctx, []byte(html), os.Getuid() == 0)
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

// Papers come in their order, a paper that cannot be made is the last, with their pictures; whoever stops asking leaves nothing behind.
func TestPrint(t *testing.T) {
	r := recorder(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 900, 900))); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no paper")
	var papers []func() ([]byte, error)
	for i := range 7 {
		papers = append(papers, func() ([]byte, error) {
			if i == 5 {
				return nil, broken
			}
			return fmt.Appendf(nil, `<!doctype html><title>paper %d</title><img src="data:image/png;base64,%s">`, i, base64.StdEncoding.EncodeToString(picture.Bytes())), nil
		})
	}
	n := 0
	for pdf, err := range r.Print(t.Context(), slices.Values(papers), os.Getuid() == 0) {
		if n == 5 {
			if !errors.Is(err, broken) {
				t.Errorf("a paper that cannot be made: %v", err)
			}
		} else if err != nil || !bytes.Contains(pdf, fmt.Appendf(nil, "paper %d", n)) || !bytes.Contains(pdf, []byte("/Image")) {
			t.Errorf("paper %d: %v, %d bytes", n, err, len(pdf))
		}
		n++
	}
	if n != 6 {
		t.Errorf("%d papers", n)
	}
	gone, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err := range r.Print(gone, slices.Values(papers), os.Getuid() == 0) {
		if cancel(); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	for range r.Print(t.Context(), slices.Values(papers), os.Getuid() == 0) {
		break
	}
	for _, w := range r.idle {
		left, err := devtools.Call(t.Context(), w.Root(), target.GetBrowserContexts, cdp.Empty{})
		if err != nil || len(left.BrowserContextIDs) > 0 {
			t.Errorf("%d browser contexts are left, %v", len(left.BrowserContextIDs), err)
		}
	}
}
