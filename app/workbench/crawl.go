package workbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/crawl"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Crawl is a crawl of a case: what was asked for, and what it came to.
type Crawl struct {
	ID       string           `json:"crawl"` // C001
	Request  evidence.Request `json:"request"`
	Options  crawl.Options    `json:"options"`
	Time     time.Duration    `json:"time,omitempty"`    // limit of the whole; 0 is none
	Exhibit  string           `json:"exhibit,omitempty"` // the tree
	Captured int              `json:"captured"`          // exhibits
	Tree     *crawl.Tree      `json:"tree,omitempty"`
}

const (
	kindCrawl = "crawl"

	maxScript = 2 << 20 // bytes of one script in which addresses are looked for
	maxPage   = 32 << 20
)

// BeginCrawl captures a site page by page, each once, in the view of base; every page is an exhibit, and the tree is one in the end. A page that
// is not whole makes it ErrInPart.
func (w *Workbench) BeginCrawl(ctx context.Context, c *casefile.Case, n Crawl, p capture.Progress, each func(Captured)) (Crawl, error) {
	n.Request.URL = n.Options.Start
	if err := capture.Validate(n.Request); err != nil {
		return n, err
	}
	told := w.passwords.withhold(n.Request)
	if told.URL != n.Request.URL {
		return n, refuse("crawl of "+told.URL, "crawl.account", told.URL, "爬取不使用帳號密碼；請單頁擷取，或以人工操作登入。",
			"A crawl goes without an account: capture the page by itself, or log in yourself.")
	}
	n.Request = told
	r, err := c.Put(ctx, kindCrawl, "", n, "")
	if err != nil {
		return n, err
	}
	n.ID = r.ID
	return w.crawl(ctx, c, n, p, each)
}

// ContinueCrawl goes on with a crawl that was ended before its end: what it has captured is not asked again.
func (w *Workbench) ContinueCrawl(ctx context.Context, c *casefile.Case, id string, p capture.Progress, each func(Captured)) (Crawl, error) {
	r, err := c.Get(kindCrawl, id)
	if err != nil {
		return Crawl{}, err
	}
	var n Crawl
	if err := json.Unmarshal(r.Value, &n); err != nil {
		return n, fmt.Errorf("crawl %s: %w", id, err)
	}
	n.ID = id
	return w.crawl(ctx, c, n, p, each)
}

// crawler is one run of a crawl.
type crawler struct {
	*Workbench
	c        *casefile.Case
	n        Crawl
	progress capture.Progress
	each     func(Captured)
	whole    bool
}

func (w *Workbench) crawl(ctx context.Context, c *casefile.Case, n Crawl, p capture.Progress, each func(Captured)) (Crawl, error) {
	settle := context.WithoutCancel(ctx)
	done, err := crawled(c, n.ID)
	if err != nil {
		return n, err
	}
	if _, err := c.Log(settle, custody.Entry{
		Action: custody.CrawlBegin, Actor: custody.Person, Object: n.ID, Detail: map[string]string{"start": n.Options.Start, "captured_before": fmt.Sprint(len(done))},
	}); err != nil {
		return n, err
	}
	limited, cancel := ctx, context.CancelFunc(func() {})
	if n.Time > 0 {
		limited, cancel = context.WithTimeout(ctx, n.Time)
	}
	defer cancel()
	k := &crawler{Workbench: w, c: c, n: n, progress: p, each: each, whole: true}
	tree, err := crawl.Run(limited, n.Options, crawl.Resume(done, k.recall, k.fetch), nil)
	if errors.Is(err, crawl.ErrOptions) {
		if err := k.failed(settle, n.ID, err); err != nil {
			return n, err
		}
		return n, refuse("crawl of "+n.Options.Start, "crawl.options", n.Options.Start, "無法這樣爬取："+err.Error(), "It cannot be crawled so: "+err.Error())
	}
	n.Tree, n.Captured = &tree, len(tree.Nodes)
	ended := k.end(settle, &n)
	if ended != nil && !errors.Is(ended, ErrInPart) {
		ended = errors.Join(ended, k.failed(settle, n.ID, ended))
	}
	return n, errors.Join(err, ended)
}

// failed ends a crawl in the log that came to no end of its own.
func (k *crawler) failed(ctx context.Context, id string, why error) error {
	detail := map[string]string{casefile.DetailFailed: why.Error()}
	_, err := k.c.Log(ctx, custody.Entry{Action: custody.CrawlEnd, Actor: custody.Tool, Object: id, Detail: detail})
	return err
}

// crawled are the exhibits that a crawl has already, by the address that was asked.
func crawled(c *casefile.Case, id string) (map[string]string, error) {
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	done := map[string]string{}
	for _, e := range exhibits {
		if e.Detail[detailJob] == id && e.Detail[detailInterrupted] == "" {
			done[e.Detail["url"]] = e.ID
		}
	}
	return done, nil
}

// end seals what the crawl came to.
func (k *crawler) end(ctx context.Context, n *Crawl) error {
	in, err := k.c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool})
	if err != nil {
		return err
	}
	detail := map[string]string{"crawl": n.ID, "start": n.Options.Start, "ended": string(n.Tree.Ended), "pages": fmt.Sprint(len(n.Tree.Nodes))}
	if n.Exhibit, err = k.admitJSON(ctx, in, evidence.Crawl, evidence.CrawlJSON, n.Tree, detail, ""); err != nil {
		return err
	}
	if _, err := k.c.Log(ctx, custody.Entry{Action: custody.CrawlEnd, Actor: custody.Tool, Object: n.ID, Detail: detail}); err != nil {
		return err
	}
	if err := k.seal(ctx, k.c); err != nil {
		return err
	}
	if !k.whole || n.Tree.Ended == crawl.EndCancelled {
		return ErrInPart
	}
	return nil
}

// fetch captures one page as an exhibit of the crawl.
func (k *crawler) fetch(ctx context.Context, address string) (crawl.Page, error) {
	r := k.n.Request
	r.URL = address
	got, err := k.captureOne(ctx, k.c, r, k.n.ID, k.progress)
	if err != nil {
		return crawl.Page{}, err
	}
	k.each(got)
	return k.recall(context.WithoutCancel(ctx), got.Exhibit)
}

// recall reads from an exhibit what the crawl needs of it.
func (k *crawler) recall(ctx context.Context, exhibit string) (crawl.Page, error) {
	e, err := k.c.Exhibit(exhibit)
	if err != nil {
		return crawl.Page{}, err
	}
	got, err := captured(e)
	if err != nil {
		return crawl.Page{}, err
	}
	k.whole = k.whole && (got.Verdict == evidence.Complete || got.Verdict == evidence.Refused) // a page that is not there is no lack of the crawl
	p := crawl.Page{Exhibit: exhibit, FinalURL: got.FinalURL, Status: got.Status, Title: got.Title, Verdict: got.Verdict}
	for _, a := range e.Artifacts {
		switch {
		case a.Name == evidence.DOMHTML:
			p.DOM, err = k.read(ctx, e, a.Name)
		case a.Name == evidence.SourceHTML:
			p.Source, err = k.read(ctx, e, a.Name)
			p.MediaType = a.MediaType
		case strings.HasPrefix(a.Name, evidence.DownloadsPath) && p.Source == nil:
			p.Source, err = k.read(ctx, e, a.Name)
			p.MediaType = a.MediaType
		case a.Name == evidence.CaptureJSON:
			var report evidence.Report
			report, err = readDocument[evidence.Report](ctx, k.c, e, a.Name)
			p.Encoding = crawl.Encoding(report.Page.Encoding)
		case a.Name == evidence.ArchiveWACZ:
			p.Scripts, err = k.scripts(ctx, e, a.Size)
		}
		if err != nil {
			return p, err
		}
	}
	p.Links, err = k.codes(ctx, e)
	return p, err
}

// codes are the addresses that stand in codes on the page's picture.
func (k *crawler) codes(ctx context.Context, e casefile.Exhibit) ([]crawl.Link, error) {
	if !has(e, evidence.FactsJSON) {
		return nil, nil
	}
	facts, err := readDocument[evidence.Facts](ctx, k.c, e, evidence.FactsJSON)
	if err != nil {
		return nil, err
	}
	var links []crawl.Link
	for _, code := range facts.Codes {
		links = append(links, crawl.Link{URL: code.Text, How: crawl.InCode, Where: evidence.Screenshot})
	}
	return links, nil
}

func (k *crawler) read(ctx context.Context, e casefile.Exhibit, name string) ([]byte, error) {
	r, err := k.c.OpenArtifact(ctx, e.Entry, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, maxPage))
}

// scripts are the bodies of the scripts that the page loaded.
func (k *crawler) scripts(ctx context.Context, e casefile.Exhibit, size int64) (list [][]byte, err error) {
	r, err := k.c.OpenArtifact(ctx, e.Entry, evidence.ArchiveWACZ)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	script := func(_, media string) bool {
		return strings.Contains(media, "javascript") || strings.HasSuffix(media, "json")
	}
	err = archive.Bodies(seekerAt{r}, size, maxScript, script, func(_ string, body []byte) error {
		list = append(list, bytes.Clone(body))
		return nil
	})
	return list, err
}

// seekerAt reads at a place by seeking: for one goroutine.
type seekerAt struct{ r io.ReadSeeker }

// ReadAt implements io.ReaderAt.
func (s seekerAt) ReadAt(p []byte, at int64) (int, error) {
	if _, err := s.r.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
