package chrome

import (
	"bytes"
	"context"
	"errors"
)

// tryPage is what Try prints: words that need the fonts of papers.
const tryPage = `<!doctype html><html lang="zh-Hant-TW"><meta charset="utf-8"><title>域證</title><p>域證 Yuzheng`

var errNoPDF = errors.New("the browser printed something that is no PDF")

// Try starts the browser as a capture does, with or without its sandbox, opens an empty page, prints a line, and gives the browser's version.
// Nobody is contacted.
func (r *Recorder) Try(ctx context.Context, noSandbox bool) (version string, err error) {
	pdf, err := r.printOne(ctx, []byte(tryPage), noSandbox)
	if err != nil {
		return "", err
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return "", errNoPDF
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known, nil
}
