package chrome

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/evidence/schematest"
)

// TestSchema holds the types that this package writes against SCHEMA.md.
func TestSchema(t *testing.T) {
	s := schematest.Read(t)
	for name, v := range map[string]any{
		"actions.jsonl":           evidence.Act{},
		"console.jsonl":           evidence.ConsoleLine{},
		"messages of a WebSocket": evidence.SocketMessage{},
		"cookies.json": struct {
			Cookies []*network.Cookie  `json:"cookies"`
			Storage []evidence.Storage `json:"storage"`
		}{},
	} {
		s.Type(t, name, v)
	}
}

// TestSchemaOfCaptures holds what two captures wrote against SCHEMA.md: a page with a WebSocket, and one with look-ups, codes and icons.
func TestSchemaOfCaptures(t *testing.T) {
	t.Parallel()
	s := schematest.Read(t)
	rich := site(t, sitetest.Options{})
	looked := quick(rich, rich.URL("https", "bad", "/code"))
	looked.Lookups = rich.Lookups()
	looked.Lookups.Compare = looked.Lookups.Resolver
	for _, req := range []evidence.Request{ask(rich, rich.Entry("https")), looked} {
		_, sink := record(t, req)
		for _, name := range []string{evidence.CaptureJSON, evidence.FactsJSON, evidence.CookiesJSON} {
			s.Document(t, name, sink.kept[name])
		}
		for _, name := range []string{evidence.ActionsJSONL, evidence.ConsoleJSONL} {
			s.Lines(t, name, sink.kept[name])
		}
		wacz := string(sink.kept[evidence.ArchiveWACZ])
		err := archive.Resources(strings.NewReader(wacz), int64(len(wacz)), exchange.MaxFrames, func(address string, body []byte) error {
			if strings.HasPrefix(address, "urn:yuzheng:websocket:") {
				s.Lines(t, "messages of a WebSocket", body)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
