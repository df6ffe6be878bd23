package custody

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/evidence"
)

func entry(number int64) Entry {
	return Entry{
		Number: number, Time: At(time.Date(2026, 11, 23, 4, 5, 6, 789654321, time.FixedZone("", 8*3600))), Actor: Tool,
		Operator: Operator{Name: "王小明", Title: "檢察官", Office: "臺灣臺北地方檢察署"}, Action: ExhibitAdmit, Object: "W0001", Reason: "a < b & \u2028 \"c\"",
		Detail:    map[string]string{"url": "https://vip-invest.example/?a=1&b=2", "verdict": "complete"},
		Artifacts: []evidence.Artifact{{Name: "screenshot.png", MediaType: "image/png", Size: 12345, SHA256: strings.Repeat("0f", 32)}, {Name: "downloads/大檔.apk", MediaType: "application/octet-stream", Size: 0, SHA256: strings.Repeat("a1", 32)}},
	}
}

// TestCanonicalLine is a vector: another implementation must write the same line.
func TestCanonicalLine(t *testing.T) {
	const want = `{"number":7,"time":"2026-11-22T20:05:06.789Z","actor":"tool","operator":{"name":"王小明","title":"檢察官","office":"臺灣臺北地方檢察署"},` +
		`"action":"exhibit.admit","object":"W0001","reason":"a < b & \u2028 \"c\"","detail":{"url":"https://vip-invest.example/?a=1&b=2","verdict":"complete"},` +
		`"artifacts":[{"name":"screenshot.png","media_type":"image/png","size":12345,"sha256":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"},` +
		`{"name":"downloads/大檔.apk","media_type":"application/octet-stream","size":0,"sha256":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"}]}`
	line, err := MarshalEntry(entry(7))
	if err != nil || string(line) != want {
		t.Fatalf("%s, %v", line, err)
	}
	if _, err := ParseEntry(line); err != nil {
		t.Error(err)
	}
}

func TestOnlyTheCanonicalLineParses(t *testing.T) {
	line, err := MarshalEntry(entry(7))
	if err != nil {
		t.Fatal(err)
	}
	text := string(line)
	for name, bad := range map[string]string{
		"line feed": text + "\n", "second value": text + "{}", "space": strings.Replace(text, ":", ": ", 1),
		"unknown field":   strings.Replace(text, `"actor"`, `"extra":1,"actor"`, 1),
		"repeated field":  strings.Replace(text, `"actor"`, `"number":7,"actor"`, 1),
		"other case":      strings.Replace(text, `"number"`, `"Number"`, 1),
		"escape":          strings.Replace(text, "W0001", `\u00570001`, 1),
		"other order":     strings.Replace(text, `"actor":"tool",`, "", 1)[:len(text)-len(`"actor":"tool",`)-1] + `,"actor":"tool"}`,
		"nanoseconds":     strings.Replace(text, "06.789Z", "06.7890Z", 1),
		"zone":            strings.Replace(text, "06.789Z", "06.789+00:00", 1),
		"empty list":      strings.Replace(text, `"detail":{"url":"https://vip-invest.example/?a=1&b=2","verdict":"complete"}`, `"detail":{}`, 1),
		"unknown action":  strings.Replace(text, "exhibit.admit", "exhibit.forge", 1),
		"unknown actor":   strings.Replace(text, `"tool"`, `"ghost"`, 1),
		"number 0":        strings.Replace(text, `"number":7`, `"number":0`, 1),
		"upper-case hash": strings.Replace(text, "0f0f", "0F0f", 1), "short hash": strings.Replace(text, "0f0f", "0f", 1),
		"artifact twice": strings.Replace(text, "downloads/大檔.apk", "screenshot.png", 1),
		"negative size":  strings.Replace(text, `"size":12345`, `"size":-1`, 1),
		"not UTF-8":      strings.Replace(text, "W0001", "W\xff001", 1), "empty": "",
	} {
		if bad == text {
			t.Errorf("%s: the case changes nothing", name)
		}
		if _, err := ParseEntry([]byte(bad)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func FuzzParseEntry(f *testing.F) {
	line, err := MarshalEntry(entry(7))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add([]byte(`{"number":1,"time":"2026-11-22T20:05:06.789Z","actor":"person","operator":{"name":""},"action":"case.create"}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := ParseEntry(line)
		if err != nil {
			return
		}
		if again, err := MarshalEntry(e); err != nil || !bytes.Equal(again, line) {
			t.Errorf("%q is read, and written as %q (%v)", line, again, err)
		}
	})
}

func FuzzParseSeal(f *testing.F) {
	key := testKey(f)
	s, err := key.Seal(3, LeafHash([]byte("x")))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Text)
	f.Add(bytes.Replace(s.Text, []byte("\n3\n"), []byte("\n03\n"), 1))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := ParseSeal(text, key.Public())
		switch {
		case err != nil && !errors.Is(err, errSeal):
			t.Errorf("%q: %v", text, err)
		case err == nil && !bytes.Equal(text, s.Text):
			t.Errorf("%q is taken for a seal of this key: %+v", text, got)
		}
	})
}
