package chrome

import (
	"context"

	"yuzheng/capture/chrome/reading"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// look takes everything that is quick and changes: DOM, text, cookies and storage.
func (j *job) look(ctx context.Context) {
	j.exchanges.Reading() // before the first word is read: whatever comes from here on may stand in one artifact and not in another
	j.words = reading.New(j.page, j.journal, j.keeper, j.secrets)
	says, err := j.words.Read(ctx)
	if err != nil {
		return
	}
	p := &j.page0
	p.URL, p.Title, p.Encoding, p.Frames, p.Text = says.URL, says.Title, says.Encoding, says.Frames, says.Text
	p.marks.password, p.marks.found, p.marks.chars = says.Password, says.Marks, says.Chars
	j.readCookies(ctx, says.Storage)
	j.takeIcons(ctx, says.HTML, says.URL)
	j.journal.Note(evidence.ByTool, "read", "document, text, cookies and storage")
}

// print keeps the page as it prints, and with everything in it.
func (j *job) print(ctx context.Context) { j.camera.Papers(ctx, j.words.StatedMHTML) }

// judgeAppearance notes frames, forms, and what no visitor sees of the page.
func (j *job) judgeAppearance() {
	for _, f := range j.page0.Frames {
		j.journal.Good(evidence.CheckFrame, f.URL, "%d characters of text", f.Chars)
	}
	j.camera.JudgeForms()
}

// secrets are what nothing may show.
func (j *job) secrets() scrub.Secrets {
	if j.cleaner == nil {
		return nil
	}
	return j.cleaner.secrets()
}

func (j *job) readCookies(ctx context.Context, keeps []evidence.Storage) {
	r, err := devtools.Call(ctx, j.warm.Root(), storage.GetCookies, storage.GetCookiesParams{BrowserContextID: j.context.ID})
	if err != nil {
		j.journal.Lack(ctx, evidence.CookiesJSON, err)
		return
	}
	if r.Cookies == nil {
		r.Cookies = []*network.Cookie{}
	}
	j.keeper.PutJSON(evidence.CookiesJSON, map[string]any{"cookies": r.Cookies, "storage": keeps})
}
