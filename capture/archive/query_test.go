package archive

import "testing"

// The vectors are what warcio.js 2.4.11 gives, by which ReplayWeb.page looks things up.
func TestSortKeyVectors(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.example.com/":                  "com,example)/",
		"http://www2.Example.com:80/A/B?z=1&a=2":    "com,example)/a/b?a=2&z=1",
		"https://example.com:8443/x":                "com,example:8443)/x",
		"https://example.com":                       "com,example)/",
		"https://a.example/x?":                      "example,a)/x",
		"https://a.example/%E4%BF%9D?q=%E8%AD%89&b": "example,a)/%e4%bf%9d?b&q=%e8%ad%89",
		"https://a.example/x?b=1&a=2&b=0":           "example,a)/x?a=2&b=0&b=1",
		"https://a.example/(x)*'!|^":                "example,a)/(x)*'!|^",
		"https://1.2.3.4/x":                         "4,3,2,1)/x",
		"https://[2001:db8::1]/x":                   "[2001:db8::1])/x",
		"urn:x:Y":                                   "urn:x:Y",
		"wss://a.example/ws":                        "wss://a.example/ws",
	} {
		if got := sortKey(targetURI(address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestBodyQueryVectors(t *testing.T) {
	const form = "multipart/form-data; boundary=XX"
	for _, v := range []struct{ kind, body, want string }{
		{"application/json", `{"a":1,"b":"x y","a2":[1,2,"z"],"c":{"a":5,"d":null,"e":true,"f":false}}`, "a=1&b=x+y&a2=1&a2.2_=2&a2.3_=z&a.2_=5&d=null&e=true&f=false"},
		{"application/json; charset=utf-8", `[1,2,{"x":"測試"}]`, "=1&.2_=2&x=%E6%B8%AC%E8%A9%A6"},
		{"application/json", `"str"`, "=str"},
		{"application/json", `{bad`, ""},
		{"application/json", ``, ""},
		{"application/json", `{"a":1.50,"b":1e3}`, "a=1.5&b=1000"},
		{"application/json", `{"x":"~*-_.!'()"}`, "x=%7E*-_.%21%27%28%29"},
		{"application/json", `{"k":"","z":"&=+%"}`, "z=%26%3D%2B%25"},
		{"application/x-www-form-urlencoded", "a=1&b=%20x&c=測", "a=1&b=%20x&c=測"},
		{"text/plain", "hello", ""},
		{"text/plain;charset=UTF-8", `{"a":1}`, "a=1"},
		{"application/octet-stream", "\x00\x01", "__wb_post_data=AAE="},
		{form, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv1\r\n--XX--\r\n", "a=v1"},
	} {
		if got := bodyQuery(v.kind, []byte(v.body)); got != v.want {
			t.Errorf("%s %q: %q, want %q", v.kind, v.body, got, v.want)
		}
	}
}

// Bodies are hostile: no depth and no size brings the index down or makes a line that cannot be read.
func FuzzBodyQuery(f *testing.F) {
	f.Add("application/json", []byte(`{"a":[1,{"b":null}]}`))
	f.Add("multipart/form-data; boundary=XX", []byte("--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--XX--"))
	f.Add("application/x-www-form-urlencoded", []byte("a=\xff&b=%zz"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if q := bodyQuery(kind, body); len(q) > maxBodyQuery {
			t.Errorf("%d bytes", len(q))
		}
	})
}
