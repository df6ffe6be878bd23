package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func inBig5(t *testing.T, text string) string {
	t.Helper()
	out, err := traditionalchinese.Big5.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEncodings holds that a list reads the same in every encoding it comes in, whole and byte by byte. 許功蓋 are the letters whose
// second byte in Big5 is an ASCII backslash or bar.
func TestEncodings(t *testing.T) {
	list := "網站名稱,網址,件數\r\n許功蓋,a-x.cc、https://b-x.cc/1,14\r\n鼎峰投資,請至ｃ-x．cc註冊,1\r\n"
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) string {
		out, err := unicode.UTF16(e, b).NewEncoder().String(list)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, test := range []struct{ encoding, text string }{
		{"utf-8", list},
		{"utf-8 with bom", "\ufeff" + list},
		{"big5", inBig5(t, list)},
		{"utf-16le", utf16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-16be", utf16(unicode.BigEndian, unicode.UseBOM)},
		{"utf-16le", utf16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"utf-16be", utf16(unicode.BigEndian, unicode.IgnoreBOM)},
	} {
		for _, r := range []io.Reader{strings.NewReader(test.text), iotest.OneByteReader(strings.NewReader(test.text))} {
			c := &collected{}
			report, err := Read(context.Background(), "list.csv", r, Options{}, c)
			want := []string{"2 https://a-x.cc/", "2 https://b-x.cc/1", "3 https://c-x.cc/ glued=請至 註冊", "1 -header"}
			if got := c.brief(); err != nil || report.Encoding != test.encoding || !slices.Equal(got, want) || c.rows[0].Name != "許功蓋" {
				t.Errorf("%s: %v %+v\n got %q\nwant %q", test.encoding, err, report, got, want)
			}
		}
	}
}

func TestNoText(t *testing.T) {
	for _, text := range []string{
		"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "\xff\xd8\xff\xe0\x00\x10JFIF",
		strings.Repeat("\x00\x01\x02\x03", 100), strings.Repeat("\xfe\x81", 500) + "\x01\x02\x03\x04\x05\x06\x07\x08\x09",
	} {
		c := &collected{}
		if _, err := Read(context.Background(), "list.csv", strings.NewReader(text), Options{}, c); !errors.Is(err, ErrKind) || len(c.lines) > 0 {
			t.Errorf("%q: %v %q", text[:8], err, c.brief())
		}
	}
	for _, text := range []string{"", "\ufeff", "MZ 是什麼", "a-x.cc\x00b-x.cc"} {
		if _, err := Read(context.Background(), "list", strings.NewReader(text), Options{}, &collected{}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestBound holds that rows before the bound come out whole, and that what is cut by it is told and not taken for an address.
func TestBound(t *testing.T) {
	for _, list := range []string{"url\naaa-x.cc\nbbb-x.cc\n", "aaa-x.cc\nbbb-x.cc\nccc-x.cc\n"} {
		for bound := 1; bound <= len(list)+1; bound++ {
			c := &collected{}
			report, err := Read(context.Background(), "list", strings.NewReader(list), Options{MaxBytes: int64(bound)}, c)
			if err != nil {
				t.Fatal(err)
			}
			whole := strings.Count(list[:min(bound, len(list))], "x.cc\n")
			if len(c.rows) != whole || (report.Cut == cutLimit) != (bound < len(list)) || report.Bytes != int64(min(bound, len(list))) {
				t.Errorf("%d bytes of %q: %q %+v", bound, list, c.brief(), report)
			}
		}
	}
}

// TestCutCharacter holds that a row in whose last letter the file ends is told, and not given with half a word.
func TestCutCharacter(t *testing.T) {
	for _, list := range []string{"網址,名稱\na-x.cc,鼎\nb-x.cc,峰", "a-x.cc\nb-x.cc 峰"} {
		c, report := collect(t, "list", list[:len(list)-1])
		if got := c.skipped[len(c.skipped)-1]; len(c.rows) != 1 || got.Reason != whyCutShort || report.Cut != cutTruncated {
			t.Errorf("%q: %q %+v", list, c.brief(), report)
		}
	}
}

func TestColumns(t *testing.T) {
	c := &collected{}
	o := Options{Columns: []Field{fieldName, fieldFrom, fieldAddress}}
	report, err := Read(context.Background(), "list.csv", strings.NewReader("x.com,1150312,a-x.cc,y.com\nname,date,url,z\n"), o, c)
	if got := c.brief(); err != nil || !slices.Equal(got, []string{"1 https://a-x.cc/", "2 -header"}) {
		t.Errorf("%v %q %+v", err, got, report)
	}
	if e := c.rows[0].Entry; e.Name != "x.com" || e.From != "2026-03-12" {
		t.Errorf("%+v", e)
	}
}

var errBroken = errors.New("broken disk")

// TestErrors holds that only unreadable input, a cancelled reading and the receiver end a reading, and that each is told.
func TestErrors(t *testing.T) {
	list := "url\n" + strings.Repeat("a-x.cc\n", 10)
	c := &collected{}
	r := io.MultiReader(strings.NewReader(list), iotest.ErrReader(errBroken))
	if _, err := Read(context.Background(), "list", r, Options{}, c); !errors.Is(err, errBroken) || len(c.rows) != 1 {
		t.Errorf("broken input: %v %q", err, c.brief())
	}
	for _, text := range []string{list, `[{"url":"a-x.cc"},{"url":"b-x.cc"}]`, article, letter, "[InternetShortcut]\nURL=https://a-x.cc/\nURL=https://b-x.cc/\n", "a-x.cc\nb-x.cc\n"} {
		if _, err := Read(context.Background(), "list", strings.NewReader(text), Options{}, full{}); !errors.Is(err, errFull) {
			t.Errorf("full receiver of %.20q: %v", text, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		stop := each(func() { n++; cancel() })
		if _, err := Read(ctx, "list", strings.NewReader(text), Options{}, stop); !errors.Is(err, context.Canceled) || n != 1 {
			t.Errorf("cancelled reading of %.20q: %v after %d", text, err, n)
		}
	}
}

// full is a Receiver that takes nothing.
type full struct{}

func (full) Address(Row) error  { return errFull }
func (full) Clue(Clue) error    { return errFull }
func (full) Skip(Skipped) error { return errFull }

// each is a Receiver that is called for everything.
type each func()

func (e each) Address(Row) error  { e(); return nil }
func (e each) Clue(Clue) error    { e(); return nil }
func (e each) Skip(Skipped) error { e(); return nil }

// TestTooMuch holds that long lines, cells, tokens and deep nesting cost their own row or the rest of the file, never the program.
func TestTooMuch(t *testing.T) {
	long := strings.Repeat("a", maxLine+10)
	deep := strings.Repeat("[", maxDepth+1)
	l := newLines(strings.NewReader(long))
	if first, err := l.next(); err != nil || len(first.text) != maxLine || !first.long || !first.open {
		t.Errorf("a long line is %d bytes long: %v", len(first.text), err)
	}
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"line":    {"a-x.cc\n" + long + "\nb-x.cc\n", []string{"1 https://a-x.cc/", "3 https://b-x.cc/", "2 -too_long"}},
		"stretch": {"a-x.cc " + strings.Repeat("a", maxURL+1) + " b-x.cc\n", []string{"1 https://a-x.cc/", "1 https://b-x.cc/", "1 -too_long"}},
		"address": {"https://a-x.cc/" + strings.Repeat("a", maxURL) + "\n", []string{"1 -too_long"}},
		"cell":    {"url,x\na-x.cc,1\n" + strings.Repeat("中 ", maxCell) + ",1\nb-x.cc,1\n", []string{"2 https://a-x.cc/", "4 https://b-x.cc/", "1 -header", "3 -too_long"}},
		"quote":   {"url,x\n\"a-x.cc,1\n" + strings.Repeat("b-x.cc,1\n", 2), []string{"2 https://a-x.cc/ quotes=", "3 https://b-x.cc/", "1 -header", "4 -duplicate"}},
		"token":   {`["a-x.cc","` + strings.Repeat("a", 2*maxToken) + `","b-x.cc"]`, []string{"1 https://a-x.cc/", "1 -too_long"}},
		"depth":   {`["a-x.cc",` + deep, []string{"1 https://a-x.cc/", "1 -broken"}},
		"tag":     {"<html><p>a-x.cc</p><a " + strings.Repeat("b", maxToken), []string{"1 https://a-x.cc/", "1 -too_long"}},
	} {
		c, _ := collect(t, "list", test.text)
		if got := c.brief(); !slices.Equal(got, test.want) {
			t.Errorf("%s\n got %q\nwant %q", name, got, test.want)
		}
		for _, s := range c.skipped {
			if len(s.Raw) > maxSkippedRaw {
				t.Errorf("%s: %d bytes of a skipped row are kept", name, len(s.Raw))
			}
		}
	}
}

// TestManyHeaders holds that a table goes on after its heading has been repeated, as in files that were put together.
func TestManyHeaders(t *testing.T) {
	var b strings.Builder
	for i := range 3 {
		fmt.Fprintf(&b, "網站名稱,網址\nA,a%d-x.cc\n", i)
	}
	c, report := collect(t, "list.csv", b.String())
	if report.Addresses != 3 || report.Skipped[whyHeader] != 3 || c.rows[2].Name != "A" {
		t.Errorf("%+v", report)
	}
}
