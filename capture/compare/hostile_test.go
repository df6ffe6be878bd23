package compare

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"io"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// What a bound, a break or an absence takes away is told, and the rest is compared.
func TestLacksAreTold(t *testing.T) {
	tall := image.NewGray(image.Rect(0, 0, 1, 20_000))
	deep := []byte(`{"network":` + strings.Repeat(`{"a":`, 20_000) + `1` + strings.Repeat(`}`, 20_000) + `}`)
	entry := `{"startedDateTime":"2026-11-20T04:00:00Z","request":{"method":"GET","url":"https://site.example/%d"},"response":{"status":200}}`
	many := []byte(`{"log":{"entries":[` + strings.Repeat(`{"request":{"url":"https://a.example/"}},`, 50_000) + `{}]}}`)
	for _, c := range []struct {
		artifact, name string
		body           []byte
		want           LackCode
	}{
		{evidence.TextTXT, "longer than is read", bytes.Repeat([]byte("        "), 1<<20+1), lackCut},
		{evidence.TextTXT, "more lines than are read", bytes.Repeat([]byte("a\n"), 400_001), lackCut},
		{evidence.TextTXT, "more accounts than are kept", accounts(20_001), lackCut},
		{evidence.TextTXT, "one endless word", append(bytes.Repeat([]byte("a"), 1<<20), '@'), ""},
		{evidence.TextTXT, "nothing but signs", append(bytes.Repeat([]byte("@+0"), 20_000), 'a'), ""},
		{evidence.SourceHTML, "longer than is read", make([]byte, 8<<20+1), lackCut},
		{evidence.NetworkHAR, "no JSON", []byte("\x00\xff"), lackBroken},
		{evidence.NetworkHAR, "empty", nil, lackBroken},
		{evidence.NetworkHAR, "other JSON", []byte(`[]`), lackBroken},
		{evidence.NetworkHAR, "entries that are no list", []byte(`{"log":{"entries":{}}}`), lackBroken},
		{evidence.NetworkHAR, "no entries", []byte(`{"log":{"version":"1.2"}}`), lackBroken},
		{evidence.NetworkHAR, "cut in half", fmt.Appendf(nil, `{"log":{"entries":[`+entry+`,{"req`, 1), lackBroken},
		{evidence.NetworkHAR, "nested deeply", []byte(`{"log":{"entries":[` + strings.Repeat("[", 100_000)), lackBroken},
		{evidence.NetworkHAR, "more entries than are read", many, lackCut},
		{evidence.FactsJSON, "no JSON", []byte("{"), lackBroken},
		{evidence.FactsJSON, "nested deeply", deep, lackBroken},
		{evidence.FactsJSON, "a field of another kind", []byte(`{"network":{"dns":7,"ascii":"site.example"}}`), lackBroken},
		{
			evidence.FactsJSON, "a number beyond all bounds", []byte(`{"network":{"networks":{"addresses":[{"address":"192.0.2.1","asn":1e999}]}}}`),
			lackBroken,
		},
		{evidence.ViewportShot, "no picture", []byte("GIF89a"), lackBroken},
		{evidence.ViewportShot, "cut in half", encoded(t, window(240, 160, "a", "b"))[:400], lackBroken},
		{evidence.ViewportShot, "more pixels than are decoded", header(200_000, 200_000, 8), lackLarge},
		{evidence.Screenshot, "deep colour", header(10_000, 7_000, 16), lackLarge},
		{evidence.Screenshot, "a picture without its pixels", header(10_000, 7_000, 8), lackBroken},
		{evidence.ViewportShot, "one pixel wide", encoded(t, tall), ""},
		{evidence.Certificates, "no certificates", []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), ""},
	} {
		t.Run(c.artifact+" "+c.name, func(t *testing.T) {
			whole := ours.page(shop)
			whole.picture = window(240, 160, "a", "b")
			hostile := whole
			hostile.instead = map[string][]byte{c.artifact: c.body}
			d := differ(t, hostile, whole)
			var got LackCode
			for _, l := range d.Lacks {
				if l.Side != "a" || l.Artifact != c.artifact {
					t.Errorf("unexpected %v", l)
				}
				got = l.Why
			}
			if got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

// What comes before a break counts.
func TestTheBeginningOfABrokenRecordingCounts(t *testing.T) {
	p := page{text: shop, instead: map[string][]byte{evidence.NetworkHAR: []byte(`{"log":{"version":9,"entries":[
		{"request":{"method":"GET","url":"https://first.example/"},"response":{"status":"many"},"serverIPAddress":"192.0.2.1"},
		{"request":{"method":"GET","url":"https://second.example/"},"response":{"status":200}},{"request"`)}}
	if got := differ(t, p, page{text: shop}).Network.Removed.List; !slices.Equal(got, []string{"first.example", "second.example"}) {
		t.Errorf("hosts %v", got)
	}
}

func accounts(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "LINE：@account%d\n", i)
	}
	return b.Bytes()
}

// header is the beginning of a PNG that promises so many pixels.
func header(width, height uint32, bits byte) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	chunk := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	chunk = append(chunk, bits, 2, 0, 0, 0)
	b.Write(chunk)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)))
	return b.Bytes()
}

var errStore = errors.New("chunk 7 does not match its hash")

// A store that cannot give what it promised is no capture with a lack: that error comes out, from whichever artifact and at whichever byte.
func TestErrorsOfTheStoreComeOut(t *testing.T) {
	whole := ours.page(shop)
	whole.picture = window(240, 160, "a", "b")
	good := whole.side(t)
	for _, a := range good.Result.Artifacts {
		opening, reading := good, good
		opening.Open = func(name string) (io.ReadCloser, error) {
			if name == a.Name {
				return nil, errStore
			}
			return good.Open(name)
		}
		reading.Open = func(name string) (io.ReadCloser, error) {
			r, err := good.Open(name)
			if name == a.Name {
				return io.NopCloser(io.MultiReader(io.LimitReader(r, a.Size/2), failing{})), err
			}
			return r, err
		}
		for _, bad := range []Side{opening, reading} {
			if _, err := ofSides(t.Context(), good, bad); !errors.Is(err, errStore) {
				t.Errorf("%s: %v", a.Name, err)
			}
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errStore }

func TestCancelledComparisonsEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	whole := ours.page(shop)
	whole.picture = window(240, 160, "a", "b")
	side := whole.side(t)
	open := side.Open
	for _, a := range side.Result.Artifacts {
		ctx, cancel := context.WithCancel(t.Context())
		side.Open = func(name string) (io.ReadCloser, error) {
			if name == a.Name {
				cancel()
			}
			return open(name)
		}
		if _, err := ofSides(ctx, side, side); !errors.Is(err, context.Canceled) {
			t.Errorf("while reading %s: %v", a.Name, err)
		}
		cancel()
	}
	cancel()
	side.Open = nil
	if _, err := Views(ctx, []Side{side, side}); !errors.Is(err, context.Canceled) {
		t.Errorf("before anything: %v", err)
	}
}

// Of captures without artifacts there is still what their results say.
func TestResultsAlone(t *testing.T) {
	p, q := page{text: shop}.side(t), page{text: invest, title: "鼎盛"}.side(t)
	p.Open, q.Open = nil, nil
	d, err := ofSides(t.Context(), p, q)
	if err != nil || d.Text != nil || d.Page.Title.B != "鼎盛" || !d.Page.SameSite {
		t.Errorf("%v %s", err, asJSON(t, d))
	}
	if !slices.Contains(d.Lacks, Lack{Side: "b", Artifact: evidence.NetworkHAR, Why: lackAbsent}) {
		t.Errorf("lacks %v", d.Lacks)
	}
}
