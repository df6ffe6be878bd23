package chrome

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// forms are the ways in which a page and its server write a text that they were given.
func forms(t testing.TB, text string) map[string]string {
	t.Helper()
	asJSON, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	nested, _ := json.Marshal(string(asJSON))
	var qp bytes.Buffer
	w := quotedprintable.NewWriter(&qp)
	_, _ = w.Write([]byte(strings.Repeat("x", 70) + " " + text + " and more"))
	_ = w.Close()
	utf16 := ""
	for _, r := range text {
		for _, u := range utf16Units(r) {
			utf16 += `\u` + string("0123456789abcdef"[u>>12&15]) + string("0123456789abcdef"[u>>8&15]) + string("0123456789ABCDEF"[u>>4&15]) + string("0123456789ABCDEF"[u&15])
		}
	}
	var all strings.Builder
	for _, b := range []byte(text) {
		all.WriteString("%" + string("0123456789ABCDEF"[b>>4]) + string("0123456789ABCDEF"[b&15]))
	}
	return map[string]string{
		"raw": text, "form": "user=a&pw=" + url.QueryEscape(text) + "&x=1", "path": "/p/" + url.PathEscape(text), "twice": "u=" + url.QueryEscape("http://h/?p="+url.QueryEscape(text)),
		"json": string(asJSON), "json in json": string(nested), "json in a form": "d=" + url.QueryEscape(string(asJSON)), "units": `"` + utf16 + `"`,
		"html": "<input value=\"" + html.EscapeString(text) + "\">", "html twice": html.EscapeString(html.EscapeString(text)), "json in html": html.EscapeString(string(asJSON)),
		"every byte": all.String(), "quoted-printable": qp.String(),
		"basic": "Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+text)), "basic 1": "Basic " + base64.StdEncoding.EncodeToString([]byte("user1:"+text)),
		"basic 2": "Basic " + base64.StdEncoding.EncodeToString([]byte("user12:"+text)), "base64": base64.StdEncoding.EncodeToString([]byte(text)),
		"base64 url": base64.RawURLEncoding.EncodeToString([]byte(`{"password":"` + text + `","more":"?>?>?>"}`)),
	}
}

var passwords = []string{
	"hunter2-Correct", "密碼是一二三四", `a"b\c/d'e&f<g>h`, "100%25 sure + more", "tr0ub4dor&3", "😀😀smile😀", "p=w&d;x", `\\server\share`, "1234", "aaaaaaaa", "é̀ñ~ü",
}

// Whatever form it has, no password stays, what stands around it does, and it is counted once.
func TestMask(t *testing.T) {
	for _, pw := range passwords {
		for name, data := range forms(t, pw) {
			for _, around := range [][2]string{{"", ""}, {"before ", " after"}, {"\x00\xff(", ")\xfe"}} {
				in := around[0] + data + around[1]
				out, n := mask([]secret{{text: pw}}, []byte(in))
				if n != 1 || !bytes.Contains(out, []byte(removed)) || !bytes.HasPrefix(out, []byte(around[0])) || !bytes.HasSuffix(out, []byte(around[1])) {
					t.Errorf("%s of %q: %d found in %q, left %q", name, pw, n, in, out)
				}
				if again, n := mask([]secret{{text: pw}}, out); n != 0 {
					t.Errorf("%s of %q: %d left in %q: %q", name, pw, n, out, again)
				}
			}
		}
	}
}

// A secret that must stand alone is found beside signs and escapes, and nowhere inside a word or number.
func TestMaskAlone(t *testing.T) {
	alone := []secret{{text: "1234", alone: true}}
	for in, want := range map[string]int{
		"pw=1234&x": 1, `"1234"`: 1, "%221234%22": 1, `"\n1234\n"`: 1, "密碼1234。": 1, "1234": 1, "pw=3D1234": 1, ">1234<": 1, `"\u00221234\u0022"`: 1, "1234 1234": 2,
		"812345": 0, "NT$12345": 0, "a1234": 0, "1234a": 0, "%411234": 0, `"\u00411234"`: 0, "12.1234567": 0, "x1234;": 0,
	} {
		if out, n := mask(alone, []byte(in)); n != want {
			t.Errorf("%q: %d found instead of %d: %q", in, n, want, out)
		}
	}
}

// Without a find, the data itself comes back; what is too short is not looked for.
func TestMaskLeavesAlone(t *testing.T) {
	data := []byte(strings.Repeat("保證獲利 abc def %E4 \\u4fdd &amp; =3D aGVsbG8= ", 100))
	for _, s := range [][]secret{nil, {{text: "abc"}}, {{text: "not there"}}, {{text: ""}}} {
		out, n := mask(s, data)
		if n != 0 || &out[0] != &data[0] {
			t.Errorf("%v: %d found", s, n)
		}
	}
}

func TestMaskOverlapping(t *testing.T) {
	out, n := mask([]secret{{text: "secret"}, {text: "secret-long"}, {text: "long-tail"}}, []byte("a secret-long-tail b secret c"))
	if want := "a " + removed + " b " + removed + " c"; string(out) != want || n != 2 {
		t.Errorf("%d: %q", n, out)
	}
}

// Data made to be searched for ever is given up, and not let through.
func TestMaskGivesUp(t *testing.T) {
	long := strings.Repeat("a", 900)
	out, n := mask([]secret{{text: long + "c"}}, []byte(strings.Repeat(long+"b", 3000)))
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
		if len(pw) > 100 || len(before)+len(after) > 500 || !utf8.ValidString(pw) || utf8.RuneCountInString(pw) < shortest || strings.ContainsAny(pw, "[]") || strings.Contains(removed, pw) {
			return
		}
		for _, s := range []secret{{text: pw}, {text: pw, alone: true}} {
			if out, n := mask([]secret{s}, []byte(before+pw+after)); n == 0 && !s.alone {
				t.Errorf("%q not found in %q", pw, out)
			}
		}
		for name, data := range forms(t, pw) {
			if name == "quoted-printable" && strings.ContainsAny(pw, "\r\n") {
				continue // line ends are not kept
			}
			out, n := mask([]secret{{text: pw}}, []byte(data))
			if n == 0 {
				t.Errorf("%s: %q not found in %q", name, pw, data)
			}
			if bytes.Contains(out, []byte(pw)) && !strings.Contains(strings.ReplaceAll(data, pw, removed), pw) {
				t.Errorf("%s: %q left in %q", name, pw, out)
			}
		}
	})
}

// JSON stays JSON, whatever is taken out of it; members keep their names and numbers their digits.
func TestMaskJSON(t *testing.T) {
	secrets := []secret{{text: "verdict"}, {text: "password"}, {text: "12345678"}, {text: `a"b\c`}, {text: "true"}}
	in := map[string]any{
		"verdict": "the verdict", "typed_passwords": 1, "n": 12345678, "b": true, "list": []any{`x a"b\c y`, "true", "12345678", ""}, `a"b\c`: "c", "pw=12345678": 0,
	}
	data, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	out, n := maskJSON(secrets, data)
	var got map[string]any
	if err := json.Unmarshal(out, &got); err != nil || n != 5 {
		t.Fatalf("%d, %v: %s", n, err, out)
	}
	if got["verdict"] != "the "+removed || got["n"] != 12345678.0 || got["typed_passwords"] != 1.0 || got["pw="+removed] != 0.0 || got["b"] != true || got["list"].([]any)[0] != "x "+removed+" y" {
		t.Errorf("%s", out)
	}
	for _, odd := range []string{"", `"`, `"\`, `"a`, `{"a":"b`, `"\"`} {
		if out, _ := maskJSON(secrets, []byte(odd)); string(out) != odd {
			t.Errorf("%q becomes %q", odd, out)
		}
	}
}

func FuzzMaskJSON(f *testing.F) {
	f.Add(`{"a": "pw\nabcd", "b": ["\u0041bcd", 1234, "x"], "c\"d": {"e": "\\"}}`, "nabcd")
	f.Add(`["\\\"abcd\\"]`, `"abcd`)
	f.Add(`{"12345678":"12345678"}`, "12345678")
	f.Fuzz(func(t *testing.T, data, pw string) {
		out, n := maskJSON([]secret{{text: pw}}, []byte(data))
		if json.Valid([]byte(data)) && !json.Valid(out) {
			t.Errorf("%q in %q gives %q", pw, data, out)
		}
		if n == 0 && string(out) != data {
			t.Errorf("%q changes %q to %q", pw, data, out)
		}
	})
}
