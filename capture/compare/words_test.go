package compare

import (
	"slices"
	"testing"

	"yuzheng/casefile/evidence"
)

func TestLikeness(t *testing.T) {
	for _, c := range []struct {
		name, a, b         string
		similarity, steady float64
	}{
		{"nothing", "", "", 1, 1},
		{"nothing and something", "", "投資", 0, 0},
		{"one word", "hello", "hello", 1, 1},
		{"two words of no relation", "hello", "world", 0, 0},
		{"one character of three", "投資人", "投資客", 0.5, 0.5},                // ^投 投資 of ^投 投資 資x x$
		{"one word of three", "sell all now", "sell all later", 0.5, 0.5}, // likewise
		{"the order of words", "a b", "b a", 0, 0},
		{"punctuation and space", "保證獲利！\n穩賺", "保證獲利 穩賺。", 1, 1},
		{"full width and case", "ＬＩＮＥ：＠ABC", "line @abc", 1, 1},
		{"hidden format characters", "保\u200b證獲\u2060利 li\u00adne", "保證獲利 line", 1, 1},
		{"a counter", "線上 12 人", "線上 34 人", 0.6, 1},
		{"a grown counter", "累計 999 人", "累計 1,000 人", 0.5454, 1},
		{"digits within a word", "abc88", "abc99", 0, 1},
		{"broken text", "\xff\xfe投", "\xff投", 0.8571, 0.8571},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := differ(t, page{text: c.a}, page{text: c.b}).Text
			if got.Similarity != c.similarity || got.Steady != c.steady {
				t.Errorf("%v steady %v, want %v and %v", got.Similarity, got.Steady, c.similarity, c.steady)
			}
		})
	}
}

func TestIdentifiersAreFound(t *testing.T) {
	for _, c := range []struct {
		text, dom string
		kind      evidence.IdentifierKind
		want      []string
	}{
		{"客服LINE：@abc88", "", evidence.IdentifierLine, []string{"@abc88"}},
		{"客服ＬＩＮＥ：＠ＡＢＣ88", "", evidence.IdentifierLine, []string{"@abc88"}},
		{"LINE ID: abc_88 加賴:qq.99", "", evidence.IdentifierLine, []string{"abc_88", "qq.99"}},
		{"online: yes, deadline: today", "", evidence.IdentifierLine, nil},
		{"", `<a href="https://line.me/R/ti/p/%40abc88">`, evidence.IdentifierLine, []string{"@abc88"}},
		{"", `<a href="https://line.me/ti/p/~Abc88"><a href="https://lin.ee/AbC12?x">`, evidence.IdentifierLine, []string{"abc88"}},
		{"", `<a href="https://line.me/ti/p/~Abc88"><a href="https://lin.ee/AbC12?x">`, evidence.IdentifierLineLink, []string{"lin.ee/AbC12"}},
		{"", `location="https://line.me/ti/g2/TRAINING-ONLY"`, evidence.IdentifierLineLink, []string{"line.me/ti/g2/TRAINING-ONLY"}},
		{"t.me/Joinchat_1 https://t.me/+abcDEF12", "", evidence.IdentifierTelegram, []string{"+abcDEF12", "joinchat_1"}},
		{"wa.me/886912345678", "", evidence.IdentifierWhatsApp, []string{"+886912345678"}},
		{"wa.me/886912345678", "", evidence.IdentifierPhone, nil},
		{
			"電話 02-2345-6789、0912 345 678，+886 912-345-678；訂單 120912345678", "", evidence.IdentifierPhone,
			[]string{"+886223456789", "+886912345678"},
		},
		{"+852 2345 6789", "", evidence.IdentifierPhone, []string{"+85223456789"}},
		{"Mail: Help@Site.Example.", "", evidence.IdentifierEmail, []string{"help@site.example"}},
		{
			"0x52908400098527886E0F7030069857D2E4169EE7 TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "", evidence.IdentifierEthereum,
			[]string{"0x52908400098527886E0F7030069857D2E4169EE7"},
		},
		{
			"0x52908400098527886E0F7030069857D2E4169EE7 TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "", evidence.IdentifierTron,
			[]string{"TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"},
		},
		{"追蹤 @vip66 與 a@b.example", "", evidence.IdentifierHandle, []string{"@vip66"}},
		{"", `<a href="https://line.me/R/ti/p/%40vip66">`, evidence.IdentifierHandle, nil},
		{"追蹤 @vip66", `<a href="https://line.me/R/ti/p/%40vip66">`, evidence.IdentifierHandle, nil},
		{"請看 https://site.example/a?b=1#c。", "", evidence.IdentifierURL, []string{"https://site.example/a"}},
	} {
		t.Run(string(c.kind)+" "+c.text+c.dom, func(t *testing.T) {
			var got []string
			for _, changed := range differ(t, page{text: "", dom: "-"}, page{text: c.text, dom: c.dom + " "}).Text.Identifiers {
				if changed.Kind == c.kind {
					got = changed.Added.List
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}
