package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"yuzheng/app/say"
	"yuzheng/assets"
	"yuzheng/casefile/packet"
)

// TestExpected: a key is expected as it is, or by its forty digits however they are parted; anything else is wrong use.
func TestExpected(t *testing.T) {
	const print = "11111 22222 33333 44444 55555 66666 77777 88888"
	for text, want := range map[string]string{"": "", print: print, strings.ReplaceAll(print, " ", ""): print, strings.ReplaceAll(print, " ", "-"): print} {
		if got, err := expected(text); err != nil || got != want {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
	for _, text := range []string{"x", "1234", print + " 1", "yuzheng/case/1+2+3"} {
		if _, err := expected(text); !errors.Is(err, ErrUsage) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestReportWords: a report prints words and never their keys, however little was read of the packet.
func TestReportWords(t *testing.T) {
	raw := regexp.MustCompile(`(cli|finding|window)\.[a-z]+`)
	words, err := fs.Sub(assets.Translations, "translations")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh-TW", "en"} {
		speaker, err := say.New(words, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []packet.Whose{
			{}, {Seal: packet.SealUndecided}, {Fingerprint: "1", Standing: packet.KeyUnknown}, {Fingerprint: "1", Standing: packet.KeyElsewhere, Agree: 7}, {Fingerprint: "1", Standing: packet.KeyKnown, Stamped: packet.StampedTrusted},
		} {
			for _, code := range []packet.Code{packet.ZIPForm, packet.FileMissing, packet.PacketAbsent, packet.KeyOther, packet.CheckBroken} {
				var out bytes.Buffer
				s := &Session{Say: speaker, Out: &out}
				s.printReport(&packet.Report{Whose: w, Findings: []packet.Finding{{Code: code, Problem: "cut off"}}})
				if key := raw.Find(out.Bytes()); key != nil || out.Len() == 0 {
					t.Errorf("%s, %s, %+v: %s\n%s", lang, code, w, key, out.String())
				}
			}
		}
	}
}
