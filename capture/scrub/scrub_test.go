package scrub

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"yuzheng/capture/scrub/scrubtest"
)

var passwords = []string{
	"hunter2-Correct", "密碼是一二三四", `a"b\c/d'e&f<g>h`, "100%25 sure + more", "tr0ub4dor&3", "😀😀smile😀", "p=w&d;x", `\\server\share`, "1234", "aaaaaaaa", "é̀ñ~ü",
}

// Whatever form it has, no password stays, what stands around it does, and it is counted once.
func TestMask(t *testing.T) {
	for _, pw := range passwords {
		for name, data := range scrubtest.Spellings(pw) {
			for _, around := range [][2]string{{"", ""}, {"before ", " after"}, {"\x00\xff(", ")\xfe"}} {
				in := around[0] + data + around[1]
				out, n := Secrets{{Text: pw}}.Bytes([]byte(in))
				if n != 1 || !bytes.Contains(out, []byte(Removed)) || !bytes.HasPrefix(out, []byte(around[0])) || !bytes.HasSuffix(out, []byte(around[1])) {
					t.Errorf("%s of %q: %d found in %q, left %q", name, pw, n, in, out)
				}
				if again, n := (Secrets{{Text: pw}}).Bytes(out); n != 0 {
					t.Errorf("%s of %q: %d left in %q: %q", name, pw, n, out, again)
				}
			}
		}
	}
}

// A secret that must stand alone is found beside signs and escapes, and nowhere inside a word or number.
func TestMaskAlone(t *testing.T) {
	alone := Secrets{{Text: "1234", Alone: true}}
	for in, want := range map[string]int{
		"pw=1234&x": 1, `"1234"`: 1, "%221234%22": 1, `"\n1234\n"`: 1, "密碼1234。": 1, "1234": 1, "pw=3D1234": 1, ">1234<": 1, `"\u00221234\u0022"`: 1, "1234 1234": 2,
		"812345": 0, "NT$12345": 0, "a1234": 0, "1234a": 0, "%411234": 0, `"\u00411234"`: 0, "12.1234567": 0, "x1234;": 0,
	} {
		if out, n := alone.Bytes([]byte(in)); n != want {
			t.Errorf("%q: %d found instead of %d: %q", in, n, want, out)
		}
	}
}

// Without a find, the data itself comes back; what is too short is not looked for.
func TestMaskLeavesAlone(t *testing.T) {
	data := []byte(strings.Repeat("保證獲利 abc def %E4 \\u4fdd &amp; =3D aGVsbG8= ", 100))
	for _, s := range []Secrets{nil, {{Text: "abc"}}, {{Text: "not there"}}, {{Text: ""}}} {
		out, n := s.Bytes(data)
		if n != 0 || &out[0] != &data[0] {
			t.Errorf("%v: %d found", s, n)
		}
	}
}

func TestMaskOverlapping(t *testing.T) {
	out, n := Secrets{{Text: "secret"}, {Text: "secret-long"}, {Text: "long-tail"}}.Bytes([]byte("a secret-long-tail b secret c"))
	if want := "a " + Removed + " b " + Removed + " c"; string(out) != want || n != 2 {
		t.Errorf("%d: %q", n, out)
	}
}

// Data made to be searched for ever is given up, and not let through.
func TestMaskGivesUp(t *testing.T) {
	long := strings.Repeat("a", 900)
	out, n := Secrets{{Text: long + "c"}}.Bytes([]byte(strings.Repeat(long+"b", 3000)))
	if n != -1 || out != nil {
		t.Errorf("%d, %d bytes", n, len(out))
	}
}

func FuzzMask(f *testing.F) {
	for _, pw := range passwords {
		f.Add(pw, "pre", "post")
	}
	f.Add("\x00\x00\x00\x00", "%", "\\")
	f.Add("====", "=\r\n", "=3D")
	f.Fuzz(func(t *testing.T, pw, before, after string) {
		if len(pw) > 100 || len(before)+len(after) > 500 || !utf8.ValidString(pw) || utf8.RuneCountInString(pw) < Shortest || strings.ContainsAny(pw, "[]") || strings.Contains(Removed, pw) {
			return
		}
		for _, s := range []Secret{{Text: pw}, {Text: pw, Alone: true}} {
			if out, n := (Secrets{s}).Bytes([]byte(before + pw + after)); n == 0 && !s.Alone {
				t.Errorf("%q not found in %q", pw, out)
			}
		}
		for name, data := range scrubtest.Spellings(pw) {
			if name == "quoted-printable" && strings.ContainsAny(pw, "\r\n") {
				continue // line ends are not kept
			}
			out, n := Secrets{{Text: pw}}.Bytes([]byte(data))
			if n == 0 {
				t.Errorf("%s: %q not found in %q", name, pw, data)
			}
			if bytes.Contains(out, []byte(pw)) && !strings.Contains(strings.ReplaceAll(data, pw, Removed), pw) {
				t.Errorf("%s: %q left in %q", name, pw, out)
			}
		}
	})
}

// JSON stays JSON, whatever is taken out of it; members keep their names and numbers their digits.
func TestMaskJSON(t *testing.T) {
	secrets := Secrets{{Text: "verdict"}, {Text: "password"}, {Text: "12345678"}, {Text: `a"b\c`}, {Text: "true"}}
	in := map[string]any{
		"verdict": "the verdict", "typed_passwords": 1, "n": 12345678, "b": true, "list": []any{`x a"b\c y`, "true", "12345678", ""}, `a"b\c`: "c", "pw=12345678": 0,
	}
	data, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	out, n := secrets.JSON(data)
	var got map[string]any
	if err := json.Unmarshal(out, &got); err != nil || n != 5 {
		t.Fatalf("%d, %v: %s", n, err, out)
	}
	if got["verdict"] != "the "+Removed || got["n"] != 12345678.0 || got["typed_passwords"] != 1.0 || got["pw="+Removed] != 0.0 || got["b"] != true || got["list"].([]any)[0] != "x "+Removed+" y" {
		t.Errorf("%s", out)
	}
	for _, odd := range []string{"", `"`, `"\`, `"a`, `{"a":"b`, `"\"`} {
		if out, _ := secrets.JSON([]byte(odd)); string(out) != odd {
			t.Errorf("%q becomes %q", odd, out)
		}
	}
}

func FuzzMaskJSON(f *testing.F) {
	f.Add(`{"a": "pw\nabcd", "b": ["\u0041bcd", 1234, "x"], "c\"d": {"e": "\\"}}`, "nabcd")
	f.Add(`["\\\"abcd\\"]`, `"abcd`)
	f.Add(`{"12345678":"12345678"}`, "12345678")
	f.Fuzz(func(t *testing.T, data, pw string) {
		out, n := Secrets{{Text: pw}}.JSON([]byte(data))
		if json.Valid([]byte(data)) && !json.Valid(out) {
			t.Errorf("%q in %q gives %q", pw, data, out)
		}
		if n == 0 && string(out) != data {
			t.Errorf("%q changes %q to %q", pw, data, out)
		}
	})
}
