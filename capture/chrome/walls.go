package chrome

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/page"
)

// quietPrint makes print() do nothing but tell its events, which is what a visitor's dialog that is sent away does. Without a window Chrome
// begins to print the page, mostly never ends, and until then prints nothing for anybody else (Chromium 156).
const quietPrint = `{
	const told = { print() { dispatchEvent(new Event("beforeprint")); dispatchEvent(new Event("afterprint")); } }.print.bind(null);
	Object.defineProperty(told, "name", { value: "print", configurable: true });
	Object.defineProperty(window, "print", { value: told, writable: true, enumerable: true, configurable: true });
}`

const (
	printPatience = 15 * time.Second // with a page that prints itself
	printPause    = 100 * time.Millisecond
)

// printPage has the page printed. While a page prints itself Chrome prints nothing else: then it is tried again, once the page's own printing has
// ended.
func (j *job) printPage(ctx context.Context) (page.PrintToPDFResult, error) {
	wait, cancel := context.WithTimeout(ctx, printPatience)
	defer cancel()
	for {
		r, err := call(ctx, j.page, page.PrintToPDF, page.PrintToPDFParams{
			PrintBackground: ptr(true), PaperWidth: inches(210), PaperHeight: inches(297), TransferMode: page.PrintToPDFTransferModeReturnAsStream,
		})
		if err == nil || !strings.Contains(err.Error(), "already being printed") {
			return r, err
		}
		if j.pause(wait, printPause) != nil {
			return r, err
		}
	}
}
