package crawl

import (
	"context"

	"yuzheng/casefile/evidence"
)

// Page is what the capture of one address gave. A page that could not be had is one too, with its verdict.
type Page struct {
	Exhibit   string           // its number in the case
	FinalURL  string           // where the visit ended; empty if it is the address asked
	Status    int              // HTTP status; 0 without an answer
	MediaType string           // Content-Type of the document, with its parameters
	Title     string           //
	Verdict   evidence.Verdict //
	DOM       []byte           // the document at the end of the visit, UTF-8
	Source    []byte           // the document as received; of a file that was saved, its bytes
	Encoding  Encoding         // in which the browser read the document; empty where it did not say
	Scripts   [][]byte         // bodies of the scripts that were loaded
	Links     []Link           // addresses that were found by other means than reading the document
	Recalled  bool             // captured earlier: nobody was asked, so nobody needs a rest
}

// Link is an address that was found on a page by other means than reading its document: out of a QR code in a picture.
type Link struct {
	URL   string
	How   How
	Where string // the picture, for example
}

// Fetch captures the page at address and gives what was captured. It is called once for each address, never from two goroutines. An
// error of it means that the machine cannot go on, and ends the crawl.
type Fetch func(ctx context.Context, address string) (Page, error)

// Resume is fetch for a crawl that was begun before: what done knows (address asked to exhibit, as the nodes of its Tree have them) is recalled
// from its exhibit and not asked again.
func Resume(done map[string]string, recall, fetch Fetch) Fetch {
	return func(ctx context.Context, address string) (Page, error) {
		exhibit, ok := done[address]
		if !ok {
			return fetch(ctx, address)
		}
		page, err := recall(ctx, exhibit)
		page.Exhibit, page.Recalled = exhibit, true
		return page, err
	}
}
