package chrome

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"yuzheng/capture"
	"yuzheng/capture/chrome/persona"
	"yuzheng/capture/chrome/picture"
	"yuzheng/capture/chrome/visit"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// BenchmarkCapture compares one whole capture with a bare Chrome that does load, scroll, PNG, PDF and MHTML of the same page and records
// nothing. Both start their browser before the clock does; both visit the page of sixty-odd resources on loopback. It reports CPU seconds of
// this process and of all of the browser's, and their ratio. Recording is to cost at most a quarter more. The bare picture is compressed as Chrome
// does unless told otherwise, and in the second run for speed, as the tiles of a capture are. In the third, of the articles of a shop as a queue
// captures them, the bare Chrome makes neither PDF nor MHTML; then the goal is 1.3.
func BenchmarkCapture(b *testing.B) {
	s := site(b, sitetest.Options{})
	entry := func(int) string { return s.Entry("http") }
	b.Run("png", func(b *testing.B) { benchmarkCapture(b, s, entry, bareChrome{papers: true}) })
	b.Run("fast-png", func(b *testing.B) { benchmarkCapture(b, s, entry, bareChrome{papers: true, fast: true}) })
	article := func(n int) string { return s.URL("http", "catalog", fmt.Sprintf("/item/%d", n+1)) }
	b.Run("shop", func(b *testing.B) { benchmarkCapture(b, s, article, bareChrome{}) })
}

func benchmarkCapture(b *testing.B, s *sitetest.Site, address func(n int) string, c bareChrome) {
	path := browserPath(b)
	dir := b.TempDir()
	r, err := New(Options{Path: path, Temp: dir, Software: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	req := ask(s, address(0))
	c.req = req
	bare := c.start(b, path)
	recordOnce(b, r, req)
	bare.visit(b)
	var recorded, plain float64
	for pages := 1; b.Loop(); pages++ {
		req.URL = address(pages)
		bare.req.URL = req.URL
		recorded += cpu(b, dir, func() { recordOnce(b, r, req) })
		plain += cpu(b, bare.dir, func() { bare.visit(b) })
	}
	n := float64(b.N)
	b.ReportMetric(recorded/n, "cpu-s/capture")
	b.ReportMetric(plain/n, "cpu-s/bare")
	b.ReportMetric(recorded/plain, "ratio")
}

func recordOnce(b *testing.B, r *Recorder, req evidence.Request) {
	b.Helper()
	res, err := r.Record(context.Background(), req, newMemory(), capture.NoProgress{})
	if err != nil || res.Verdict != evidence.Complete {
		b.Fatalf("%v %s %v", err, res.Verdict, res.Missing)
	}
}

// bareChrome is driven by chromedp alone, without guard, recorder or archive.
type bareChrome struct {
	dir string
	ctx context.Context
	req evidence.Request

	fast   bool // the picture of the page is compressed for speed
	papers bool // PDF and MHTML are made
}

func (c bareChrome) start(b *testing.B, path string) *bareChrome {
	c.dir = b.TempDir()
	var rules []string
	for from, to := range c.req.Resolve {
		rules = append(rules, "MAP "+from+" "+to)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(filepath.Join(c.dir, "profile")), chromedp.Flag("host-resolver-rules", strings.Join(rules, ",")),
		chromedp.Flag("no-sandbox", c.req.NoSandbox), chromedp.Flag("disable-features", "LocalNetworkAccessChecks"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	b.Cleanup(func() { cancel(); stop() })
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		b.Fatal(err)
	}
	c.ctx = ctx
	return &c
}

// visit does what a capture does to the page itself, in a fresh context, with the same pauses.
func (c *bareChrome) visit(b *testing.B) {
	b.Helper()
	ctx, cancel := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext())
	defer cancel()
	var pdf, mhtml, png, first []byte
	v := persona.New(evidence.Desktop, "156.0")
	idle := func(d time.Duration) { time.Sleep(d) }
	do := func(f func(context.Context, *chromedp.Target) error) {
		b.Helper()
		_, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			return chromedp.Void{}, f(ctx, t)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	do(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: v.Width, Height: v.Height, DeviceScaleFactor: v.Scale})
		return err
	})
	if err := chromedp.Do(ctx, chromedp.Navigate(c.req.URL)); err != nil {
		b.Fatal(err)
	}
	idle(quietAfter)
	do(func(ctx context.Context, t *chromedp.Target) error {
		r, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: new(true)})
		first = r.Data
		return err
	})
	for last, same := -1.0, 0; same < visit.SameEnd; {
		p, err := chromedp.Run(ctx, chromedp.Evaluate[visit.Stand]("globalThis.yuzhengBoxes = [document.scrollingElement]; "+fmt.Sprintf(visit.StepScript, 0, "y", visit.StepShare), chromedp.EvalAwaitPromise))
		if err != nil {
			b.Fatal(err)
		}
		if p.At < p.Most-picture.Near {
			idle(visit.StepPause)
			continue
		}
		idle(atEnd + quietAfter)
		if p.Extent == last {
			same++
		} else {
			last, same = p.Extent, 1
		}
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](picture.SettleScript, chromedp.EvalAwaitPromise)); err != nil {
		b.Fatal(err)
	}
	do(func(ctx context.Context, t *chromedp.Target) error {
		m, err := cdp.Call(ctx, t, page.GetLayoutMetrics, cdp.Empty{})
		if err != nil {
			return err
		}
		r, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: new(c.fast), CaptureBeyondViewport: new(true),
			Clip: &page.Viewport{Width: m.CSSContentSize.Width, Height: m.CSSContentSize.Height, Scale: 1},
		})
		png = r.Data
		return err
	})
	if c.papers {
		mhtml, pdf = c.print(do)
	}
	for name, body := range map[string][]byte{"viewport": first, "PNG": png, "MHTML": mhtml, "PDF": pdf} {
		if len(body) == 0 && (c.papers || name == "viewport" || name == "PNG") {
			b.Fatalf("bare %s is empty", name)
		}
	}
}

// print makes the papers.
func (c *bareChrome) print(do func(func(context.Context, *chromedp.Target) error)) (mhtml, pdf []byte) {
	do(func(ctx context.Context, t *chromedp.Target) error {
		r, err := cdp.Call(ctx, t, page.CaptureSnapshot, page.CaptureSnapshotParams{Format: page.CaptureSnapshotFormatMhtml})
		mhtml = []byte(r.Data)
		return err
	})
	do(func(ctx context.Context, t *chromedp.Target) error {
		r, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PrintBackground: new(true), PaperWidth: picture.Inches(210), PaperHeight: picture.Inches(297)})
		pdf = r.Data
		return err
	})
	return mhtml, pdf
}

// cpu runs f and gives the CPU seconds that this process and the browser under dir have used meanwhile. A process of the browser that has ended
// is counted by its parent.
func cpu(b *testing.B, dir string, f func()) float64 {
	b.Helper()
	before := ownCPU() + treeCPU(dir)
	f()
	return ownCPU() + treeCPU(dir) - before
}

func ownCPU() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// treeCPU sums user and system time, also of children waited for, over the browsers with a profile under dir and all their descendants.
func treeCPU(dir string) float64 {
	type process struct {
		parent int
		root   bool
		used   float64
	}
	all := map[int]process{}
	procs, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, p := range procs {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(p)))
		line, err1 := os.ReadFile(filepath.Join(filepath.Dir(p), "cmdline"))
		stat, err2 := os.ReadFile(p)
		if err1 != nil || err2 != nil {
			continue
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		parent, _ := strconv.Atoi(fields[1])
		one := process{parent: parent, root: bytes.Contains(line, []byte("--user-data-dir="+dir))}
		for _, f := range fields[11:15] {
			ticks, _ := strconv.ParseFloat(f, 64)
			one.used += ticks / 100
		}
		all[pid] = one
	}
	sum := 0.0
	for pid := range all {
		for at := pid; at > 1; at = all[at].parent {
			if all[at].root {
				sum += all[pid].used
				break
			}
		}
	}
	return sum
}

// How long bare Chrome is given where a capture waits for silence.
const (
	quietAfter = 400 * time.Millisecond
	atEnd      = 150 * time.Millisecond
)
