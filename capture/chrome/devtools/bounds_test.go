package devtools

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// deafTo is a browser that never answers one command, and all others at once.
func deafTo(t *testing.T, method string) *Conn {
	t.Helper()
	commands, to := io.Pipe()
	from, answers := io.Pipe()
	go func() {
		for read := bufio.NewReader(commands); ; {
			data, err := read.ReadBytes(0)
			if err != nil {
				return
			}
			var m struct {
				ID     int64  `json:"id"`
				Method string `json:"method"`
			}
			if json.Unmarshal(bytes.TrimSuffix(data, []byte{0}), &m) != nil {
				return
			}
			if m.Method != method {
				fmt.Fprintf(answers, `{"id":%d,"result":{}}`+"\x00", m.ID)
			}
		}
	}()
	c := Connect(from, to, func(Event) {})
	t.Cleanup(c.Close)
	return c
}

// A command that the browser never answers costs its own time and what needed it; the next is answered.
func TestSilentBrowser(t *testing.T) {
	for _, c := range []struct {
		method string
		ask    func(context.Context, Session) error
	}{
		{"Page.captureScreenshot", func(ctx context.Context, s Session) error {
			_, err := Call(ctx, s, page.CaptureScreenshot, page.CaptureScreenshotParams{})
			return err
		}},
		{"Page.printToPDF", func(ctx context.Context, s Session) error {
			_, err := Call(ctx, s, page.PrintToPDF, page.PrintToPDFParams{})
			return err
		}},
		{"Page.captureSnapshot", func(ctx context.Context, s Session) error {
			_, err := Call(ctx, s, page.CaptureSnapshot, page.CaptureSnapshotParams{})
			return err
		}},
		{"Page.getLayoutMetrics", func(ctx context.Context, s Session) error {
			_, err := Call(ctx, s, page.GetLayoutMetrics, cdp.Empty{})
			return err
		}},
	} {
		usual := bounds[c.method]
		bounds[c.method] = 50 * time.Millisecond
		s := deafTo(t, c.method).Session("")
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		err := c.ask(ctx, s)
		bounds[c.method] = usual
		var slow *slowError
		if !errors.As(err, &slow) || ctx.Err() != nil || !strings.Contains(err.Error(), c.method+": the browser gave no answer within 50ms") {
			t.Errorf("%s: %v", c.method, err)
		}
		if _, err := Call(ctx, s, page.StopLoading, cdp.Empty{}); err != nil {
			t.Errorf("after %s: %v", c.method, err)
		}
		cancel()
	}
	for method, bound := range bounds {
		if bound > time.Minute {
			t.Errorf("%s may take %v", method, bound)
		}
	}
}
