package application

import (
	"maps"
	"slices"
	"testing"
)

// TestDetailBegin says of the number of the entry that began an act that it is one, beside contacts, which are counted, and beside other words.
func TestDetailBegin(t *testing.T) {
	l := lists(t)
	for _, try := range []struct {
		action string
		detail map[string]string
		want   string
	}{
		{"network.contact", map[string]string{"begin": "5", "page scam.example 192.0.2.1": "3"}, "起於第5筆；網頁 scam.example 192.0.2.1（3 次）"},
		{"network.contact", map[string]string{"seal": "31", "result": "stamped"}, "結果：stamped；封緘筆數：31"},
		{"exhibit.admit", map[string]string{"begin": "5", "view": "mobile"}, "起於第5筆；擷取身分：手機"},
		{"capture.abandon", map[string]string{"begin": "7", "failed": "no room", "part": "page.html: 4 bytes"}, "起於第7筆；未完成之原因：no room；取得之部分：page.html: 4 bytes"},
	} {
		if got := l.Detail(try.action, try.detail); got != try.want {
			t.Errorf("%s %v: %s, want %s", try.action, try.detail, got, try.want)
		}
	}
}

// TestDetailsInEnglish has English words for every key that has words, and says of a prescribed address that it is one.
func TestDetailsInEnglish(t *testing.T) {
	l := lists(t)
	for _, kind := range []string{"detail", "contact"} {
		if zh, en := slices.Sorted(maps.Keys(l.words[kind])), slices.Sorted(maps.Keys(l.words[kind+".en"])); !slices.Equal(zh, en) || len(zh) == 0 {
			t.Errorf("%s: %q in Chinese, %q in English", kind, zh, en)
		}
	}
	detail := map[string]string{"resolve": "a.example:443=192.0.2.1", "begin": "5", "summary_sha256": "ab"}
	for lang, want := range map[string][]string{
		"en": {"began with entry 5", "addresses prescribed: a.example:443=192.0.2.1"}, "zh-TW": {"起於第5筆", "指定位址：a.example:443=192.0.2.1"},
	} {
		if got := l.Details(lang, "capture.begin", detail); !slices.Equal(got, want) {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
