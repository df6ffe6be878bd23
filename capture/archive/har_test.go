package archive_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
