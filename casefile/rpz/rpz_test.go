package rpz

import (
	"bytes"
	"errors"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var sinkhole = []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}

func TestNormalize(t *testing.T) {
	for name, want := range map[string]string{
		"Bad.Example":          "bad.example",
		"аррӏе-tw.com":         "xn---tw-5cdz9da85i.com",
		"xn--fiq228c.example":  "xn--fiq228c.example",
		"中文。example":           "xn--fiq228c.example",
		"my_shop.blogspot.com": "my_shop.blogspot.com",
		"a.b":                  "a.b",
		// As Chromium 156 asks for them:
		"m2--site.example":        "m2--site.example",
		"R3---sn-abc.example":     "r3---sn-abc.example",
		"ab--é.example":           "xn--ab---epa.example",
		"-bad.example":            "-bad.example",
		"bad-.example":            "bad-.example",
		"a.-.example":             "a.-.example",
		"é-.example":              "xn----9fa.example",
		"_x.y_.example":           "_x.y_.example",
		"中_文.example":             "xn--_-kq6a506e.example",
		"xn--a.example":           "xn--a.example",
		"xn--.example":            "xn--.example",
		"XN--FIQ228C.example":     "xn--fiq228c.example",
		"bad.example.":            "bad.example",
		"中文。example。":             "xn--fiq228c.example",
		"ß.example":               "xn--zca.example",
		"ＢＡＤ.example":             "bad.example",
		"a\u00adb.example":        "ab.example",
		"１２３.example":             "123.example",
		"0x1.1a":                  "0x1.1a",
		"1.2.3.0xg":               "1.2.3.0xg",
		"💩.example":               "xn--ls8h.example",
		strings.Repeat("a.", 127): strings.TrimSuffix(strings.Repeat("a.", 127), "."),
	} {
		got, err := Normalize(name)
		if err != nil || got != want {
			t.Errorf("Normalize(%q) = %q, %v, want %q", name, got, err, want)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	long := strings.Repeat("a", 63)
	for name, why := range map[string]Why{
		"": whyEmpty, ".": whyEmpty, "com": whySingleLabel, "*.bad.example": whyNotPlain, "https://bad.example": whyNotPlain, "bad.example:443": whyNotPlain,
		"bad.example/x": whyNotPlain, "bad%41.example": whyNotPlain, "bad example.com": whyNotPlain, "bad.example\n*.com": whyNotPlain, "2001:db8::1": whyNotPlain,
		"user@bad.example": whyNotPlain, "bad..example": whyEmptyLabel, ".bad.example": whyEmptyLabel, "bad.example..": whyEmptyLabel,
		"192.0.2.1": whyAddress, "192.0.2.1.": whyAddress, "１９２.0.2.1": whyAddress, "1.2.3": whyAddress, "1.2.3.0x7f": whyAddress, "bad.0x": whyAddress, "bad.08": whyAddress,
		long + "a.example": whyLongLabel, strings.Join([]string{long, long, long, long[:62]}, "."): whyLongName,
		"32.1.2.0.192.rpz-ip": whyReserved, "a;b.example": whyCharacter, "ba(d.example": whyCharacter, "a!b.example": whyCharacter, "a~b.example": whyCharacter,
		"bad\u200b\x00.example": whyCharacter, "℀.example": whyCharacter, "a\u200db.example": whyNotMapped, "1א.example": whyNotMapped,
		"xn--中文.example": whyNotMapped, "xn--a.中文.example": whyNotMapped, "\xff.example": whyNotMapped,
	} {
		var refused *NameError
		if got, err := Normalize(name); !errors.As(err, &refused) || refused.Why != why {
			t.Errorf("Normalize(%q) = %q, %v, want %q", name, got, err, why)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rules := []Rule{{"shop.bad.example", false}, {"bad.example", true}, {"a.m.bad.example", true}, {"my_shop.test", true}, {"xn--fiq228c.test", true}}
	for _, holes := range [][]netip.Addr{nil, sinkhole} {
		z := Zone{Serial: 2026112301, Sinkhole: holes, Comment: []string{"115年度偵字第12345號", "第二行"}}
		var first, second bytes.Buffer
		if err := z.Write(&first, rules); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(rules)
		if err := z.Write(&second, rules); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Error("the order of the rules shows in the zone")
		}
		got, read, err := Parse(&first)
		if err != nil {
			t.Fatal(err)
		}
		if want := []Rule{{"bad.example", true}, {"my_shop.test", true}, {"xn--fiq228c.test", true}}; !slices.Equal(read, want) || !slices.Equal(got.Sinkhole, holes) || got.Serial != z.Serial {
			t.Errorf("read back %v %v", got, read)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	deep := strings.Repeat(strings.Repeat("a", 59)+".", 4) + "example"
	for why, rules := range map[string][]Rule{
		"twice":         {{"bad.example", false}, {"bad.example", true}},
		"not canonical": {{"Bad.example", false}},
		"wildcard":      {{"*.bad.example", false}},
		"owner length":  {{deep, true}},
	} {
		var b bytes.Buffer
		if err := (Zone{}).Write(&b, rules); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", why, err, b.Len())
		}
	}
	var b bytes.Buffer
	if err := (Zone{MName: "x.\nevil.example IN A 192.0.2.9\n;"}).Write(&b, []Rule{{"bad.example", false}}); err == nil {
		t.Errorf("a server's name brought a record with it:\n%s", &b)
	}
	if err := (Zone{Comment: []string{"x\nevil.example IN CNAME ."}}).Write(&b, []Rule{{"bad.example", false}}); err != nil {
		t.Fatal(err)
	}
	if _, rules, err := Parse(&b); err != nil || len(rules) != 1 {
		t.Errorf("a comment brought a rule with it: %v %v", rules, err)
	}
}

// TestParseFindsEdits changes a written zone in ways an office program or a hand may.
func TestParseFindsEdits(t *testing.T) {
	var b bytes.Buffer
	if err := (Zone{Serial: 7, Sinkhole: sinkhole[:1]}).Write(&b, []Rule{{"app.bad.example", true}, {"worse.example", false}}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for why, edited := range map[string]string{
		"label lost":       strings.ReplaceAll(text, "app.bad.example", "bad.example "),
		"wildcard lost":    strings.Replace(text, "*.app.bad.example IN A 192.0.2.1\n", "", 1),
		"name lost":        strings.Replace(text, "\napp.bad.example IN A 192.0.2.1", "", 1),
		"other answer":     strings.Replace(text, "*.app.bad.example IN A 192.0.2.1", "*.app.bad.example IN A 192.0.2.2", 1),
		"relative target":  strings.Replace(text, "IN A 192.0.2.1", "IN CNAME block", 1),
		"covered name":     strings.Replace(text, "worse.example", "shop.app.bad.example IN A 192.0.2.1\nworse.example", 1),
		"odd name":         text + "x_y.example IN A 192.0.2.1\n",
		"no such name":     strings.Replace(text, "worse.example IN A 192.0.2.1", "worse.example IN CNAME .", 1),
		"foreign record":   text + "x.example IN TXT \"x\"\n",
		"added name":       text + "x.example IN A 192.0.2.1\n" + "a.example IN A 192.0.2.1\n",
		"second authority": text + "@ IN NS other.\n",
		"generated":        text + "$GENERATE 1-9 h$ IN A 192.0.2.1\n",
		"cut":              text[:len(text)-4],
		"no records":       "",
	} {
		_, rules, err := Parse(strings.NewReader(edited))
		if err == nil && why != "wildcard lost" {
			t.Errorf("%s: accepted as %v", why, rules)
		}
		if want := []Rule{{"app.bad.example", true}, {"worse.example", false}}; err == nil && slices.Equal(rules, want) {
			t.Errorf("%s: not seen", why)
		}
	}
}

func TestCSV(t *testing.T) {
	rules := []Rule{{"worse.example", false}, {"bad.example", true}, {"shop.bad.example", false}}
	var b bytes.Buffer
	numbers := map[string]string{"worse.example": "D001", "bad.example": "D003", "shop.bad.example": "D002"}
	list, err := WriteCSV(&b, rules, numbers)
	if err != nil {
		t.Fatal(err)
	}
	if want := "\ufeff編號,網域名稱,範圍,已由上層名稱涵蓋\r\nD003,bad.example,含子網域,\r\nD002,shop.bad.example,僅本名,bad.example\r\nD001,worse.example,僅本名,\r\n"; b.String() != want {
		t.Errorf("list is %q, want %q", b.String(), want)
	}
	if list.Count != 3 || len(list.SHA256) != 64 {
		t.Errorf("list %+v", list)
	}
	read, numbered, err := ParseCSV(bytes.NewReader(b.Bytes()))
	want, _ := Canonical(rules)
	if err != nil || !slices.Equal(read, want) || !maps.Equal(numbered, numbers) {
		t.Errorf("read back %v, %v, %v", read, numbered, err)
	}
	for i := range b.Len() {
		edited := bytes.Clone(b.Bytes())
		edited[i] ^= 1
		if read, numbered, err := ParseCSV(bytes.NewReader(edited)); err == nil && slices.Equal(read, want) && maps.Equal(numbered, numbers) {
			t.Errorf("flipped bit at %d not seen", i)
		}
	}
}

// TestCover leaves out what a wildcard reaches, and nothing else.
func TestCover(t *testing.T) {
	rules := []Rule{
		{"bad.example", true}, {"shop.bad.example", false}, {"a.m.bad.example", true}, {"x.a.m.bad.example", false}, // covered, by the highest
		{"worse.example", false}, {"shop.worse.example", true}, {"y.shop.worse.example", true}, // the last is
		{"notbad.example", false}, {"example.test", true},
	}
	want := map[string]string{
		"shop.bad.example": "bad.example", "a.m.bad.example": "bad.example", "x.a.m.bad.example": "bad.example",
		"y.shop.worse.example": "shop.worse.example",
	}
	if got := Cover(rules); !maps.Equal(got, want) {
		t.Errorf("covered %v, want %v", got, want)
	}
	if got := Uncovered(rules); len(got) != len(rules)-len(want) {
		t.Errorf("in the zone %v", got)
	}
}

// TestFits reckons with the origin under which a zone is loaded, for the rules that stand in the zone.
func TestFits(t *testing.T) {
	name := strings.Repeat(strings.Repeat("a", 59)+".", 3) + strings.Repeat("b", 47) + ".example" // 235 octets: room for an origin of 17, of 15 beside a wildcard
	for origin, fits := range map[string][2]bool{"rpz.local": {true, true}, "rpz.twnic.tw": {true, true}, "rpz.twnic.tw.": {true, true}, "abc.rpz.twnic.tw": {true, false}, "policy.rpz.twnic.tw": {false, false}} {
		for i, wide := range []bool{false, true} {
			var refused *NameError
			err := Rule{name, wide}.Fits(origin)
			if fits[i] != (err == nil) || err != nil && (!errors.As(err, &refused) || refused.Octets < 256) {
				t.Errorf("%d octets, sub-domains %v, under %s: %v", len(name), wide, origin, err)
			}
		}
	}
	var b bytes.Buffer
	if err := (Zone{Origin: "rpz.twnic.tw"}).Write(&b, []Rule{{"example.test", true}, {strings.Repeat("a.", 120) + "example.test", true}}); err != nil {
		t.Errorf("a covered name needs no room: %v", err)
	}
}

func TestSumIgnoresOrder(t *testing.T) {
	a, err := Sum([]Rule{{"a.example", true}, {"b.example", false}})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Sum([]Rule{{"b.example", false}, {"a.example", true}})
	c, _ := Sum([]Rule{{"b.example", true}, {"a.example", true}})
	if a != b || a == c {
		t.Errorf("sums %s %s %s", a, b, c)
	}
}

func TestSerialRises(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	if s := Serial(now, 5); s != 1_800_000_000 {
		t.Errorf("serial %d", s)
	}
	if s := Serial(now, 1_900_000_000); s != 1_900_000_001 {
		t.Errorf("serial %d after a later one", s)
	}
}

// TestNamedCheckzone lets BIND's own tool judge a zone.
func TestNamedCheckzone(t *testing.T) {
	tool, err := exec.LookPath("named-checkzone")
	if err != nil {
		t.Skip("named-checkzone is not installed (Debian: bind9-utils)")
	}
	for _, holes := range [][]netip.Addr{nil, sinkhole} {
		var b bytes.Buffer
		if err := (Zone{Serial: 1, Sinkhole: holes, Comment: []string{"試"}}).Write(&b, []Rule{{"bad.example", true}, {"my_shop.test", true}, {"-x-.test", false}}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "zone")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, "-k", "fail", "-i", "local", "rpz.local", file).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s\n%s", err, out, &b)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"bad.example", "аррӏе-tw.com", "*.x.y", "xn--a.b", "1.2.3.4", "中文.tw", "ß.de", "a\u200d.b", "xn--zca.de"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, err := Normalize(name)
		if err != nil {
			return
		}
		if again, err := Normalize(got); err != nil || again != got {
			t.Fatalf("Normalize(%q) = %q, and of that %q, %v", name, got, again, err)
		}
		var b bytes.Buffer
		rules := []Rule{{got, true}}
		var refused *NameError
		if err := (Zone{Serial: 1}).Write(&b, rules); err != nil && !errors.As(err, &refused) {
			t.Fatalf("%q: %v", got, err)
		} else if err != nil {
			return
		}
		if _, read, err := Parse(&b); err != nil || !slices.Equal(read, rules) {
			t.Fatalf("%q read back as %v, %v", got, read, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	if err := (Zone{Serial: 1, Sinkhole: sinkhole}).Write(&b, []Rule{{"bad.example", true}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add("$TTL 300\n@ IN SOA a. b. ( 1 3600 600 604800 300 )\n@ IN NS a.\nx.y IN CNAME .\n")
	f.Fuzz(func(t *testing.T, text string) {
		z, rules, err := Parse(strings.NewReader(text))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := z.Write(&again, rules); err != nil || again.String() != text {
			t.Fatalf("accepted what is not written: %v\n%q\n%q", err, text, &again)
		}
	})
}
