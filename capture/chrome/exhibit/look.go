package exhibit

import (
	"context"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/reading"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// Look takes everything that is quick and changes: DOM, text, cookies and storage.
func (x *Exhibit) Look(ctx context.Context) {
	x.Exchanges.MarkReading() // before the first word is read: whatever comes from here on may stand in one artifact and not in another
	x.Reader = reading.New(x.Page, x.Journal, x.Keeper, x.secrets)
	says, err := x.Reader.Read(ctx)
	if err != nil {
		return
	}
	says.Media = x.Says.Media
	x.Says = says
	x.readCookies(ctx, says.Storage)
	x.takeIcons(ctx, says.HTML, says.URL)
	x.Journal.Note(evidence.ByTool, "read", "document, text, cookies and storage")
}

// Print keeps the page as it prints, and with everything in it.
func (x *Exhibit) Print(ctx context.Context) { x.Camera.Papers(ctx, x.Reader.StatedMHTML) }

// JudgeAppearance notes frames, forms, and what no visitor sees of the page.
func (x *Exhibit) JudgeAppearance() {
	for _, f := range x.Says.Frames {
		x.Journal.Good(evidence.CheckFrame, f.URL, "%d characters of text", f.Chars)
	}
	x.Camera.JudgeForms()
}

// secrets are what nothing may show.
func (x *Exhibit) secrets() scrub.Secrets {
	if x.Cleaner == nil {
		return nil
	}
	return x.Cleaner.Secrets()
}

func (x *Exhibit) readCookies(ctx context.Context, keeps []evidence.Storage) {
	r, err := devtools.Call(ctx, x.Browser.Root(), storage.GetCookies, storage.GetCookiesParams{BrowserContextID: x.Context.ID})
	if err != nil {
		x.Journal.Lack(ctx, evidence.CookiesJSON, err)
		return
	}
	if r.Cookies == nil {
		r.Cookies = []*network.Cookie{}
	}
	x.Keeper.PutJSON(evidence.CookiesJSON, map[string]any{"cookies": r.Cookies, "storage": keeps})
}
