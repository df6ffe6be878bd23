package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"yuzheng/capture"
)

// plain speaks keys, and one language.
type plain struct{ lang string }

func (p plain) T(key string, pairs ...any) string {
	if key == "window.lang" {
		return p.lang
	}
	return strings.TrimSpace(key + " " + strings.Trim(fmt.Sprint(pairs...), "[]"))
}

func (p plain) Has(key string) bool { return key == "window.actor.tool" || key == "window.fact.dns" }

func TestClock(t *testing.T) {
	at := time.Date(2026, 11, 23, 23, 38, 44, 0, time.UTC) // in Taiwan already the next day, a Tuesday
	if got, want := Clock(plain{"zh-TW"}, at), "115/11/24（二）07:38:44"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := Clock(plain{"en"}, at), "2026-11-24 07:38:44 +08:00"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := Clock(plain{"zh-TW"}, time.Time{}); got != "—" {
		t.Errorf("no time is written %s", got)
	}
}

func TestReadAddress(t *testing.T) {
	good := map[string]string{
		"inv-pro88.com": "https://inv-pro88.com", "http://a.example:8080/x?y#z": "http://a.example:8080/x?y#z",
		"https://鼎豐.tw/": "https://鼎豐.tw/",
	}
	for line, want := range good {
		if got, err := readAddress(line); err != nil || got != want {
			t.Errorf("%q became %q, %v; want %q", line, got, err, want)
		}
	}
	for _, line := range []string{"two words", "javascript://x", "ftp://a.example", "https://", "file:///etc/passwd", "a，b", "http://[::1"} {
		var bad *badInput
		if got, err := readAddress(line); !errors.As(err, &bad) {
			t.Errorf("%q became %q, %v", line, got, err)
		}
	}
}

// TestFolderName checks that no case number leads out of the folder or is refused by Windows.
func TestFolderName(t *testing.T) {
	for number, want := range map[string]string{
		"115年度偵字第12345號": "115年度偵字第12345號", "115/1": "115_1", "..": "case", "": "case", "../../x": "_.._x", `a\b:c*?"<>|`: "a_b_c______",
		"x. ": "x", "a\x00b": "a_b",
	} {
		if got := folderName(number); got != want {
			t.Errorf("%q became %q, want %q", number, got, want)
		}
	}
}

func TestOutline(t *testing.T) {
	doc := `{"connections":[1],"dns":[{"name":"a.example","records":[],"wire":"QUJD","at":"2026-11-23T00:00:00Z"}],"zz":null,
		"headers":[{"Name":"Server","Value":"nginx"}]}`
	got := outline(plain{"zh-TW"}, []byte(doc))
	for _, want := range []string{"window.fact.dns", "Server：nginx", "window.fact.raw n4", "115/11/23（一）08:00:00", "records：—", "zz：—"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Index(got, "connections") < strings.Index(got, "zz") || strings.Contains(got, "QUJD") {
		t.Errorf("order or raw bytes:\n%s", got)
	}
	for _, broken := range []string{"", "{", `{"a":`, "[1,", "no JSON"} {
		if got := outline(plain{"en"}, []byte(broken)); got != broken {
			t.Errorf("%q became %q", broken, got)
		}
	}
}

// FuzzOutline feeds documents that a page may have had a hand in: no panic, and nothing of a scalar is lost.
func FuzzOutline(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a":{"b":["c",null,true]}}`, `[]`, `{"headers":[{"Name":"x","Value":"y"}]}`, `{`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := outline(plain{"en"}, data)
		var v map[string]string
		if json.Unmarshal(data, &v) != nil {
			return
		}
		for key, text := range v {
			if key != "wire" && key != "body" && !strings.Contains(got, text) {
				t.Errorf("%q is lost from %q", text, got)
			}
		}
	})
}

func TestJournal(t *testing.T) {
	got := journal(plain{"zh-TW"}, []byte(`{"at":"2026-11-23T07:38:03Z","actor":"tool","action":"scroll","detail":"back to the top"}`+"\n"+
		`{"at":"2026-11-23T07:38:03Z","actor":"page","action":"dialog","detail":"back to the top"}`+"\nno JSON\n"))
	if want := "115/11/23（一）15:38:03　window.actor.tool　scroll　回到頂端\n115/11/23（一）15:38:03　page　dialog　back to the top\nno JSON\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestStepsTellTheNewest checks that a flood of steps reaches the window as one.
func TestStepsTellTheNewest(t *testing.T) {
	var door []func()
	var painted []int64
	l := &steps{show: func(f func()) { door = append(door, f) }, paint: func(_ string, _ capture.Step, done, _ int64) { painted = append(painted, done) }}
	for i := range int64(1000) {
		l.Step(capture.StepScroll, i, 1000)
	}
	for len(door) > 0 {
		f := door[0]
		door = door[1:]
		f()
	}
	l.Step(capture.StepScroll, 1000, 1000)
	door[0]()
	if len(painted) != 2 || painted[0] != 999 || painted[1] != 1000 {
		t.Errorf("painted %v", painted)
	}
}
