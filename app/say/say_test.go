package say

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yuzheng/app/passphrase"
	"yuzheng/app/workbench"
	"yuzheng/assets"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

func speakers(t *testing.T) map[string]*Speaker {
	t.Helper()
	words, err := fs.Sub(assets.Translations, "translations")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]*Speaker{}
	for _, lang := range Langs {
		if m[lang], err = New(words, lang); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// keys lists every key, sorted.
func keys(s *Speaker) []string { return slices.Sorted(maps.Keys(s.words)) }

// TestSameInEveryLanguage: the same keys and the same places in each, and nothing empty.
func TestSameInEveryLanguage(t *testing.T) {
	all := speakers(t)
	place := regexp.MustCompile(`\{[a-z0-9]+\}`)
	first := all[Langs[0]]
	if len(first.words) == 0 {
		t.Fatal("no words at all")
	}
	for lang, s := range all {
		if !slices.Equal(keys(s), keys(first)) {
			t.Errorf("%s has other keys than %s", lang, Langs[0])
		}
		for _, key := range keys(first) {
			want, got := place.FindAllString(first.T(key), -1), place.FindAllString(s.T(key), -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Errorf("%s %s has places %v, want %v", lang, key, got, want)
			}
			if strings.TrimSpace(s.T(key)) == "" {
				t.Errorf("%s %s is empty", lang, key)
			}
		}
	}
}

// TestTaiwanese looks for characters and words that are only written so on the mainland.
func TestTaiwanese(t *testing.T) {
	const simplified = "这为发对时会机开关网页证链码签认请说设实将应过给该题见观视听读写选择确删复传输错态库数义务联邮"
	words := []string{"默認", "信息", "視頻", "文件夾", "軟件", "哈希", "重定向", "屏蔽", "截屏", "保管鏈", "時間戳", "域名"}
	s := speakers(t)["zh-TW"]
	if len(s.HelpKeys()) == 0 {
		t.Error("no help")
	}
	for _, key := range slices.Concat(keys(s), s.HelpKeys()) {
		text, help := s.Help(key)
		if !help {
			text = s.T(key)
		}
		if strings.ContainsAny(text, simplified) {
			t.Errorf("%s has a simplified character: %q", key, text)
		}
		for _, w := range words {
			if strings.Contains(strings.ReplaceAll(text, "網域名稱", ""), w) {
				t.Errorf("%s says %s: %q", key, w, text)
			}
		}
	}
}

// TestErrors: each error that a person can meet has a sentence of its own, in both languages, without a place left open.
func TestErrors(t *testing.T) {
	errs := []error{
		&casefile.TamperError{Finding: casefile.Finding{Place: "W0001/page.pdf", Problem: "hash"}},
		&casefile.OpenElsewhere{Host: "pc-0231", PID: 7},
		&casefile.Incomplete{Missing: []string{"blobs/000001.vlog"}},
		&workbench.RefusedError{What: "S01", Reasons: []workbench.Reason{{Code: "S-802", Object: "3", Text: "沒有證據", TextEN: "no evidence"}}},
		passphrase.ErrWeak, casefile.ErrLastWay, &casefile.RecoveryError{}, &casefile.RecoveryError{Group: 3},
		casefile.ErrPassphrase, casefile.ErrNotACase, casefile.ErrFormatNewer, casefile.ErrExists, casefile.ErrNotFound, casefile.ErrFull,
		errors.New("anything else"), workbench.ErrNoPacket, workbench.ErrInPart, &workbench.PartError{Ended: map[evidence.Outcome]int{evidence.NotFound: 2}},
		&capture.StartError{Path: "/usr/bin/chromium", Err: errors.New("chrome failed to start:\n[1:2] No usable sandbox! Update")},
		&capture.StartError{Path: "/usr/bin/chromium", Err: errors.New("chrome failed to start:\nsegmentation fault")},
	}
	for lang, s := range speakers(t) {
		seen := map[string]error{}
		for _, err := range errs {
			text := s.Error(fmt.Errorf("wrapped: %w", err))
			if strings.ContainsAny(text, "{}") {
				t.Errorf("%s: %v: open place in %q", lang, err, text)
			}
			if other, twice := seen[text]; twice {
				t.Errorf("%s: %v and %v read the same: %q", lang, err, other, text)
			}
			seen[text] = err
		}
	}
}

// TestPlainErrors: what a person can mend is said without the English of its kind, without a dump, and without the advice to try again.
func TestPlainErrors(t *testing.T) {
	zh := speakers(t)["zh-TW"]
	english := regexp.MustCompile(`[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}`)
	for _, err := range []error{
		fmt.Errorf("/x/W0001/a.png: %w", casefile.ErrExists), fmt.Errorf("/x: %w", casefile.ErrNotACase), fmt.Errorf("W0009: %w", casefile.ErrNotFound),
		fmt.Errorf("papers: %w", &capture.StartError{Path: "/c", Err: errors.New("chrome failed to start:\n[1:2] No usable sandbox! Update your kernel now")}),
		&workbench.PartError{Ended: map[evidence.Outcome]int{evidence.NotFound: 2}}, workbench.ErrNoPacket,
	} {
		text := zh.Error(err)
		if english.MatchString(text) || strings.Contains(text, "再試") {
			t.Errorf("%v is said %q", err, text)
		}
	}
	gone := zh.Error(&workbench.PartError{Ended: map[evidence.Outcome]int{evidence.NotFound: 2}})
	if strings.Contains(gone, "不完整") || !strings.Contains(gone, zh.T("verdict.refused.notfound")+"：2 件") {
		t.Errorf("a page that is not there is said %q", gone)
	}
}

// TestLists writes a list as people do.
func TestLists(t *testing.T) {
	for lang, s := range speakers(t) {
		if text := s.T("cli.compared", "sides", []string{"W0002", "W0011"}); !strings.Contains(text, "W0002 W0011") || strings.Contains(text, "[") {
			t.Errorf("%s: %q", lang, text)
		}
	}
}

// TestRequestsInWords says in Chinese what is wrong with a request, whatever it is.
func TestRequestsInWords(t *testing.T) {
	zh := speakers(t)["zh-TW"]
	english := regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,} `)
	for _, spoil := range []func(*evidence.Request){
		func(r *evidence.Request) { r.URL = "file:///etc/passwd" }, func(r *evidence.Request) { r.URL = "https://" }, func(r *evidence.Request) { r.URL = "https://u:p%zz@a" },
		func(r *evidence.Request) { r.View = "television" }, func(r *evidence.Request) { r.Limits.Time = 0 }, func(r *evidence.Request) { r.AllowPrivate = []string{"127.0.0.1"} },
		func(r *evidence.Request) { r.AllowPrivate = []string{"a:99999"} }, func(r *evidence.Request) { r.Resolve = map[string]string{"a b:80": "127.0.0.1"} },
		func(r *evidence.Request) { r.Resolve = map[string]string{"a:80": "b"} }, func(r *evidence.Request) { r.Proxy = "ftp://a:1" }, func(r *evidence.Request) { r.Proxy = "http://u:p%zz@a:1" },
		func(r *evidence.Request) { r.Lookups.Resolver = "dns" }, func(r *evidence.Request) { r.Lookups.WHOISServer = "x" }, func(r *evidence.Request) { r.Lookups.NTP = "x" },
		func(r *evidence.Request) { r.Lookups.RDAPBase = "bad" }, func(r *evidence.Request) { r.Lookups.RDAPBase = "https://u:p@a.example/" },
	} {
		r := evidence.Request{URL: "https://a.example/", View: evidence.Desktop, Limits: evidence.DefaultLimits()}
		spoil(&r)
		err := capture.Validate(r)
		if err == nil {
			t.Fatalf("%+v is in order", r)
		}
		if text := zh.Error(err); english.MatchString(text) {
			t.Errorf("%v is said %q", err, text)
		}
	}
}
