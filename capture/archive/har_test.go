package archive_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yuzheng/capture/archive"
)

func har(t *testing.T) []byte {
	t.Helper()
	h := archive.NewHAR(archive.HAROptions{Software: "yuzheng", Version: "test", Browser: "Chromium/156.0", Title: "測試", Started: started})
	for _, e := range sample() {
		h.Add(e)
	}
	var b bytes.Buffer
	if err := h.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What HAR 1.2 requires is there, and each body is named by its hash.
func TestHARHoldsWhatTheFormatRequires(t *testing.T) {
	var document struct {
		Log struct {
			Version string
			Creator map[string]string
			Pages   []map[string]any
			Entries []struct {
				Started  string  `json:"startedDateTime"`
				Time     float64 `json:"time"`
				Server   string  `json:"serverIPAddress"`
				Failed   string  `json:"_failed"`
				Request  map[string]any
				Response struct {
					Status  int
					Content struct {
						Size int
						Hash string `json:"_sha256"`
					}
					Cookies []map[string]string
				}
				Cache   map[string]any
				Timings map[string]float64
			}
		}
	}
	if err := json.Unmarshal(har(t), &document); err != nil {
		t.Fatal(err)
	}
	if document.Log.Version != "1.2" || document.Log.Creator["name"] != "yuzheng" || len(document.Log.Pages) != 1 {
		t.Errorf("head %+v", document.Log)
	}
	for i, want := range sample() {
		e := document.Log.Entries[i]
		for _, name := range []string{"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"} {
			if e.Request[name] == nil {
				t.Errorf("%s: the request has no %s", want.URL, name)
			}
		}
		sum := sha256.Sum256(want.Body)
		if e.Response.Status != want.Status || e.Response.Content.Size != len(want.Body) || e.Failed != want.Failed ||
			want.Status > 0 && e.Response.Content.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %+v", want.URL, e.Response)
		}
		if want.Remote.IsValid() != (e.Server == "192.0.2.7") || e.Cache == nil || e.Timings["wait"] != e.Time {
			t.Errorf("%s: server %q, timings %v", want.URL, e.Server, e.Timings)
		}
	}
	if c := document.Log.Entries[0].Response.Cookies; len(c) != 2 || c[1]["name"] != "b" {
		t.Errorf("two cookies of one header: %v", c)
	}
}

func TestHARTwiceTheSame(t *testing.T) {
	if !bytes.Equal(har(t), har(t)) {
		t.Error("two writings of one recording differ")
	}
}

// What is written is read again: each entry is that of its exchange.
func TestHARIsReadAgain(t *testing.T) {
	var got []archive.HAREntry
	err := archive.HAREntries(bytes.NewReader(har(t)), func(e archive.HAREntry) error {
		got = append(got, e)
		return nil
	})
	if err != nil || len(got) != len(sample()) {
		t.Fatalf("%d entries of %d, %v", len(got), len(sample()), err)
	}
	for i, want := range sample() {
		e := got[i]
		if e.Request.Method != want.Method || e.Request.URL != want.URL || !e.Started.Equal(want.Started) || e.Kind != want.Kind ||
			e.Target != want.Target || e.Failed != want.Failed || e.Own != want.Own || len(e.Request.Headers) != len(want.RequestHeader) {
			t.Errorf("%s: %+v", want.URL, e)
		}
	}
}

// HARs of other programs, and what is none: a strange field costs itself alone, and an end in the middle costs what stands behind it.
func TestHAROfOthers(t *testing.T) {
	const good = `{"startedDateTime":"2026-11-20T12:00:00.5+08:00","request":{"method":"GET","url":"https://a.example/"},"response":{"status":200}}`
	for _, c := range []struct {
		name, text string
		urls       string // of the entries, with their status
		fails      bool
	}{
		{"keys of others before and behind", `{"x":{"log":1},"log":{"version":"1.1","pages":[[]],"entries":[` + good + `],"_x":{}}}`, "https://a.example/ 200 ", false},
		{"no entries yet", `{"log":{"entries":[]}}`, "", false},
		{"a time in words", `{"log":{"entries":[{"startedDateTime":"yesterday","request":{"url":"https://a.example/"}}]}}`, "https://a.example/ 0 ", false},
		{
			"fields in other forms",
			`{"log":{"entries":[{"startedDateTime":7,"time":"1","_fromCache":"no","_tls":[],"request":{"url":"https://a.example/","headers":{}},"response":{"status":"200"}}]}}`,
			"https://a.example/ 0 ", false,
		},
		{"entries that are none", `{"log":{"entries":[7,null,` + good + `]}}`, " 0  0 https://a.example/ 200 ", false},
		{"cut", `{"log":{"entries":[` + good + `,{"request":{`, "https://a.example/ 200 ", true},
		{"no list", `{"log":{"entries":{}}}`, "", true},
		{"no log", `{"entries":[` + good + `]}`, "", true},
		{"no JSON", "\x00", "", true},
		{"nothing", "", "", true},
	} {
		var urls string
		err := archive.HAREntries(strings.NewReader(c.text), func(e archive.HAREntry) error {
			urls += fmt.Sprint(e.Request.URL, " ", e.Response.Status, " ")
			return nil
		})
		if urls != c.urls || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v", c.name, urls, err)
		}
	}
	errStop := errors.New("enough")
	if err := archive.HAREntries(bytes.NewReader(har(t)), func(archive.HAREntry) error { return errStop }); !errors.Is(err, errStop) {
		t.Errorf("an error of the taker: %v", err)
	}
}
