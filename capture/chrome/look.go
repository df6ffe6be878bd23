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
func (x *exhibit) look(ctx context.Context) {
	x.exchanges.Reading() // before the first word is read: whatever comes from here on may stand in one artifact and not in another
	x.words = reading.New(x.page, x.journal, x.keeper, x.secrets)
	says, err := x.words.Read(ctx)
	if err != nil {
		return
	}
	says.Media = x.page0.Media
	x.page0 = says
	x.readCookies(ctx, says.Storage)
	x.takeIcons(ctx, says.HTML, says.URL)
	x.journal.Note(evidence.ByTool, "read", "document, text, cookies and storage")
}

// print keeps the page as it prints, and with everything in it.
func (x *exhibit) print(ctx context.Context) { x.camera.Papers(ctx, x.words.StatedMHTML) }

// judgeAppearance notes frames, forms, and what no visitor sees of the page.
func (x *exhibit) judgeAppearance() {
	for _, f := range x.page0.Frames {
		x.journal.Good(evidence.CheckFrame, f.URL, "%d characters of text", f.Chars)
	}
	x.camera.JudgeForms()
}

// secrets are what nothing may show.
func (x *exhibit) secrets() scrub.Secrets {
	if x.cleaner == nil {
		return nil
	}
	return x.cleaner.secrets()
}

func (x *exhibit) readCookies(ctx context.Context, keeps []evidence.Storage) {
	r, err := devtools.Call(ctx, x.warm.Root(), storage.GetCookies, storage.GetCookiesParams{BrowserContextID: x.context.ID})
	if err != nil {
		x.journal.Lack(ctx, evidence.CookiesJSON, err)
		return
	}
	if r.Cookies == nil {
		r.Cookies = []*network.Cookie{}
	}
	x.keeper.PutJSON(evidence.CookiesJSON, map[string]any{"cookies": r.Cookies, "storage": keeps})
}
