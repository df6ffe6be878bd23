package compare

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"yuzheng/capture/archive"

	"yuzheng/casefile/evidence"
)

// assorted are captures of every kind, for properties that hold between any two of them.
func assorted() []page {
	other := ours.but(func(h *holder) { h.servers, h.address, h.key = []string{"x.example.net"}, "198.51.100.9", "k2" })
	busy := other.page(invest)
	busy.name, busy.view, busy.picture = "busy", evidence.Mobile, window(200, 300, "gold", "invest")
	busy.code, busy.downloads = []string{"/a.js", "/b.js", "/c.css"}, map[string]string{"app.apk": "2", "b.zip": "3"}
	busy.requests = []archive.Exchange{{URL: "https://pixel.example/i.gif", Kind: "image", Status: 200, Body: []byte("a")}}
	plain := ours.page(moment(shop, 3))
	plain.name, plain.picture, plain.downloads = "plain", window(240, 160, "spring", "shop"), map[string]string{"app.apk": "1"}
	plain.requests = []archive.Exchange{{URL: "https://count.example/i.gif", Kind: "image", Status: 200}}
	turned := page{name: "turned", view: evidence.Ad, picture: window(200, 300, "autumn", "invest"), text: shop + shop + invest}
	return []page{
		plain, busy, turned,
		{name: "forbidden", view: evidence.Line, verdict: evidence.Refused, status: 403, text: "403"},
		{name: "lost", view: evidence.Facebook, verdict: evidence.Unreachable},
		{
			name: "led", view: evidence.Crawler, final: "https://garden.blogspot.com/",
			hops: []evidence.Hop{{URL: asked, Status: 302, To: "https://garden.blogspot.com/"}}, text: article,
		},
		{
			name: "file", verdict: evidence.Complete, downloads: map[string]string{"x.apk": "1"},
			without: []string{evidence.TextTXT, evidence.NetworkHAR, evidence.FactsJSON},
		},
		{name: "blank", text: "", picture: blank(240, 160)},
	}
}

// The sides may be exchanged: the result is the same but for their letters.
func TestSidesMayBeExchanged(t *testing.T) {
	list := assorted()
	for i, a := range list {
		for _, b := range list[i+1:] {
			there, back := differ(t, a, b), differ(t, b, a)
			if !sameExchanged(t, there, back) {
				t.Errorf("%s and %s:\n%s\n%s", a.name, b.name, asJSON(t, there), asJSON(t, back))
			}
		}
	}
}

// A capture compared with itself shows nothing.
func TestNothingDiffersFromItself(t *testing.T) {
	for _, p := range assorted() {
		d := differ(t, p, p)
		if !sameExchanged(t, d, d) {
			t.Errorf("%s: not the same in both directions", p.name)
		}
		if d.Text != nil && (d.Text.Similarity != 1 || d.Text.Steady != 1 || d.Text.Removed.Total+d.Text.Added.Total+len(d.Text.Identifiers) > 0) {
			t.Errorf("%s: text %s", p.name, asJSON(t, d.Text))
		}
		if v := d.Viewport; v != nil && (!v.SameBytes || v.Blocks.Different != 0 || v.Distance != nil && *v.Distance != 0) {
			t.Errorf("%s: picture %s", p.name, asJSON(t, v))
		}
		if strings.Contains(asJSON(t, d), `"total":0`) && hasChange(decoded(t, d)) {
			t.Errorf("%s: something came or went: %s", p.name, asJSON(t, d))
		}
		twin := p
		twin.name = "twin"
		if c := views(t, p, twin); c.Conclusion != Same && c.Conclusion != notComparable {
			t.Errorf("%s: views %s: %s", p.name, c.Conclusion, brief(c))
		}
		if r := times(t, p, p); r.Conclusion == Changed || r.Conclusion == handsSuspected {
			t.Errorf("%s: times %s: %v", p.name, r.Conclusion, r.Signs)
		}
	}
}

// The same captures give the same bytes, in whatever order the views are given.
func TestViewsInAnyOrderGiveTheSameBytes(t *testing.T) {
	list := assorted()
	want := asJSON(t, views(t, list...))
	for i := range list {
		turned := slices.Concat(list[i:], list[:i])
		if got := asJSON(t, views(t, turned...)); got != want {
			t.Fatalf("turned by %d: other bytes", i)
		}
	}
	slices.Reverse(list)
	if got := asJSON(t, views(t, list...)); got != want {
		t.Error("reversed: other bytes")
	}
	if one, other := asJSON(t, times(t, list[0], list[0])), asJSON(t, times(t, list[0], list[0])); one != other {
		t.Error("two times: other bytes")
	}
}

// sameExchanged reports whether one difference is the other with its sides exchanged.
func sameExchanged(t testing.TB, there, back Difference) bool {
	return reflect.DeepEqual(sortedLacks(decoded(t, there)), sortedLacks(exchanged(decoded(t, back))))
}

func decoded(t testing.TB, v any) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal([]byte(asJSON(t, v)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// exchanged gives a decoded result with its sides exchanged.
func exchanged(v any) any {
	names := map[string]string{
		"a": "b", "b": "a", "removed": "added", "added": "removed", "hosts_removed": "hosts_added", "hosts_added": "hosts_removed",
		"names_removed": "names_added", "names_added": "names_removed",
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if side, ok := value.(string); ok && key == "side" {
				value = names[side]
			}
			if other := names[key]; other != "" {
				key = other
			}
			out[key] = exchanged(value)
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, exchanged(e))
		}
		return out
	}
	return v
}

// sortedLacks brings what is listed side after side into one order.
func sortedLacks(v any) any {
	m := v.(map[string]any)
	slices.SortFunc(m["lacks"].([]any), func(a, b any) int {
		x, y := a.(map[string]any), b.(map[string]any)
		return cmp.Or(cmp.Compare(x["side"].(string), y["side"].(string)), cmp.Compare(x["artifact"].(string), y["artifact"].(string)))
	})
	return m
}

// hasChange reports whether any list of what came or went has something in it.
func hasChange(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			list, ok := value.(map[string]any)
			if ok && (strings.HasSuffix(key, "removed") || strings.HasSuffix(key, "added") || key == "changed") && list["total"] != 0.0 || hasChange(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hasChange)
	}
	return false
}
