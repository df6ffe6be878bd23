package chrome

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

var untunedStrict = flag.Bool("untuned.strict", false, "fail also for what is neither recorded nor named on a page that is said to be partial")

// On pages that the recorder was not made for, a capture never says that it is whole and is not: whatever a server has answered is then in the
// archive byte for byte. With -v each page is a line. Of a page that is said to be partial, something may still be neither recorded nor named
// (METHOD.md, "What it does not show"); -untuned.strict fails for that too.
func TestUntuned(t *testing.T) {
	for _, page := range sitetest.FreshPages() {
		t.Run("http"+page.Path, func(t *testing.T) { untuned(t, page, sitetest.Clear) })
	}
	for _, page := range sitetest.FreshPages() {
		if page.Secure {
			t.Run("https"+page.Path, func(t *testing.T) { untuned(t, page, sitetest.Secure) })
		}
	}
}

func untuned(t *testing.T, page sitetest.FreshPage, scheme string) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	req := ask(s, s.URL(scheme, "fresh", page.Path))
	req.Limits.Idle = 4 * time.Second // longer than any answer of these pages takes
	res, sink := record(t, req)
	c := completenessOf(s.Answers(), recordingsOf(t, res, sink))
	t.Logf("%-37s asked %3d  recorded %3d  exact %3d  missing: named %d, by the method %d, unnamed %d  %-8s %5.1f s  "+
		"(named in vain %d, repeats unseen %d, never said %d)", page.Name, c.asked, c.recorded, c.exact, c.named, c.ruled, len(c.unnamed),
		res.Verdict, float64(res.ElapsedMS)/1000, c.vain, c.unseen, len(c.unsaid))
	tell := t.Logf
	if *untunedStrict || res.Verdict == evidence.Complete {
		tell = t.Errorf
	}
	for _, what := range c.unnamed {
		tell("neither recorded nor named: %s", what)
	}
	if res.Verdict == evidence.Complete && (c.recorded+c.ruled < c.asked || c.exact+c.ruled != c.asked) {
		t.Errorf("complete with %d of %d bodies, %d exact", c.recorded, c.asked, c.exact)
	}
	if c.asked == 0 {
		t.Error("the page asked for nothing")
	}
	checkChat(t, s.Served(), sink)
	checkSealed(t, res, sink)
	for _, what := range c.unsaid {
		t.Logf("recorded, and never said by the server: %s", what)
	}
	t.Logf("missing %v\nwarnings %q", res.Missing, res.Warnings)
}

// checkChat holds whoever opened a WebSocket to what was said over it.
func checkChat(t *testing.T, served []sitetest.Served, sink *memory) {
	t.Helper()
	opened := slices.ContainsFunc(served, func(r sitetest.Served) bool { return strings.HasSuffix(r.Path, "/chat-socket") })
	for _, frame := range sitetest.ChatFrames {
		if opened && !contains(resources(records(t, sink.kept[evidence.ArchiveWACZ])), frame) {
			t.Errorf("message %q is not recorded", frame)
		}
	}
}

// completeness is how the answers of a site compare with what was recorded of them. An answer is told from another by address and bytes.
type completeness struct {
	asked    int      // answers with a body that the visitor got to their end
	recorded int      // of which there is a response record
	exact    int      // with these very bytes
	named    int      // not exact, or broken off, and named as missing
	ruled    int      // not exact, and such as METHOD.md says are not kept: the words beside a redirect, and what Chrome keeps from every page
	unnamed  []string // neither exact nor named

	vain   int      // exact, and named as missing all the same
	unseen int      // given once more, with the same bytes, and recorded less often
	unsaid []string // response records of what no server said, or not so often
}

// said is a body at an address.
type said struct{ url, body string }

// recordings is what a capture says of the answers that it got.
type recordings struct {
	kept    map[said]int   // response records
	at      map[string]int // the same by address
	passed  map[said]bool  // resource records: what a page got from its service worker, which had it from the server
	missing []evidence.Missing
	barred  []string // kept from the page by Chrome's own rules
}

func recordingsOf(t *testing.T, res evidence.Summary, sink *memory) recordings {
	t.Helper()
	e := recordings{kept: map[said]int{}, at: map[string]int{}, passed: map[said]bool{}, missing: res.Missing, barred: keptFromPage(t, sink)}
	for _, r := range records(t, sink.kept[evidence.ArchiveWACZ]) {
		if r.head["warc-type"] == "resource" {
			e.passed[said{r.head["warc-target-uri"], string(r.body)}] = true
		}
		if r.head["warc-type"] == "response" {
			e.kept[said{r.head["warc-target-uri"], string(r.body)}]++
			e.at[r.head["warc-target-uri"]]++
		}
	}
	return e
}

func (e recordings) named(url string) bool {
	return slices.ContainsFunc(e.missing, func(m evidence.Missing) bool { return m.What == url })
}

// redirected reports whether an answer is a redirect that is recorded as one: Chrome does not give its words.
func (e recordings) redirected(a sitetest.Answer) bool {
	return e.at[a.URL] > 0 && a.Status >= 300 && a.Status < 400 && a.Status != http.StatusNotModified
}

func completenessOf(answers []sitetest.Answer, e recordings) (c completeness) {
	given := map[said]int{}
	for _, a := range answers {
		key := said{a.URL, string(a.Body)}
		given[key]++
		switch {
		case a.Whole && len(a.Body) == 0:
		case a.Whole && given[key] > 1:
			if given[key] > e.kept[key] {
				c.unseen++
			}
		default:
			c.count(a, e)
		}
	}
	for key, n := range e.kept {
		if key.body != "" && n > given[key] && !part(answers, key) {
			c.unsaid = append(c.unsaid, fmt.Sprintf("%s: %d bytes, %d times instead of %d", key.url, len(key.body), n, given[key]))
		}
	}
	return c
}

// count says what became of one answer.
func (c *completeness) count(a sitetest.Answer, e recordings) {
	if a.Whole {
		c.asked++
		c.recorded += min(1, e.at[a.URL])
	}
	switch {
	case a.Whole && (e.kept[said{a.URL, string(a.Body)}] > 0 || e.passed[said{a.URL, string(a.Body)}]):
		c.exact++
		if e.named(a.URL) {
			c.vain++
		}
	case e.named(a.URL):
		c.named++
	case slices.Contains(e.barred, a.URL), e.redirected(a):
		c.ruled++
	default:
		c.unnamed = append(c.unnamed, fmt.Sprintf("%s %s: status %d with %d bytes, to its end: %v, records of that address: %d",
			a.Method, a.URL, a.Status, len(a.Body), a.Whole, e.at[a.URL]))
	}
}

// part reports whether a body is the beginning of an answer that was broken off.
func part(answers []sitetest.Answer, key said) bool {
	return slices.ContainsFunc(answers, func(a sitetest.Answer) bool {
		return !a.Whole && a.URL == key.url && strings.HasPrefix(string(a.Body), key.body)
	})
}

// keptFromPage are the addresses whose answers Chrome kept from the page by its own rules; capture.json lists them.
func keptFromPage(t *testing.T, sink *memory) (list []string) {
	t.Helper()
	var report struct {
		Unsent []evidence.Missing `json:"kept_from_the_page_by_the_browser"`
	}
	if err := json.Unmarshal(sink.kept[evidence.CaptureJSON], &report); err != nil {
		t.Fatal(err)
	}
	for _, m := range report.Unsent {
		list = append(list, m.What)
	}
	return list
}
