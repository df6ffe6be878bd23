package compare

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/evidence"
)

// bare is a capture of the given files alone, all on a recorded complete visit.
func bare(name string, at time.Time, files map[string][]byte) Side {
	s := Side{Name: name, Result: evidence.Summary{URL: asked, FinalURL: asked, View: evidence.Desktop, Status: 200, Started: at}}
	s.Result.Verdict = evidence.Complete
	for _, name := range slices.Sorted(maps.Keys(files)) {
		s.Result.Artifacts = append(s.Result.Artifacts, evidence.Artifact{Name: name, Size: int64(len(files[name]))})
	}
	s.Open = func(name string) (io.ReadCloser, error) {
		body, ok := files[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(bytes.NewReader(body)), nil
	}
	return s
}

// FuzzLikeness holds the measure to what is said of it, for any two texts.
func FuzzLikeness(f *testing.F) {
	f.Add("", "投資")
	f.Add(shop, invest)
	f.Add("1,234 人", "1 人")
	f.Add("\xff\xfe投\u200b", "ﷺ ǅ İ ß")
	f.Add(strings.Repeat("a ", 50), strings.Repeat("b 1", 50))
	f.Fuzz(func(t *testing.T, a, b string) {
		words := func(a, b string) *textDifference {
			side := func(text string) Side {
				return bare("", noon, map[string][]byte{evidence.TextTXT: []byte(text)})
			}
			d, err := ofSides(t.Context(), side(a), side(b))
			if err != nil {
				t.Fatal(err)
			}
			return d.Text
		}
		there, back, self := words(a, b), words(b, a), words(a, a)
		if there.Similarity != back.Similarity || there.Steady != back.Steady || there.Found.A != back.Found.B ||
			there.Removed.Total != back.Added.Total || there.Removed.Characters != back.Added.Characters {
			t.Errorf("not the same in both directions: %s %s", asJSON(t, there), asJSON(t, back))
		}
		for _, s := range []float64{there.Similarity, there.Steady, there.Found.A, there.Found.B} {
			if s < 0 || s > 1 {
				t.Errorf("%v is no share", s)
			}
		}
		if self.Similarity != 1 || self.Steady != 1 || self.Removed.Total+self.Added.Total+len(self.Identifiers) != 0 {
			t.Errorf("a text and itself: %s", asJSON(t, self))
		}
	})
}

// FuzzArtifacts compares a capture of any bytes with an ordinary one, and with itself.
func FuzzArtifacts(f *testing.F) {
	whole := ours.page(shop)
	whole.picture = window(64, 48, "a", "b")
	ordinary := whole.side(f)
	har, facts := read(f, ordinary, evidence.NetworkHAR), read(f, ordinary, evidence.FactsJSON)
	f.Add([]byte(shop), har, facts, encoded(f, window(64, 48, "c", "d")), []byte("-----BEGIN"))
	f.Add([]byte("LINE：@a"), []byte(`{"log":{"entries":[{"request":{"url":"http://[::1"},"response":{"status":-1}}]}}`),
		[]byte(`{"network":{"dns":[{}],"rdap":[{"kind":"domain","bodies":[{"body":"e30="}]}]}}`), []byte("\x89PNG"), []byte{})
	card, err := json.Marshal([]byte(`{"entities":[{"roles":["registrant"],"vcardArray":[1,[[1]]]}]}`))
	if err != nil {
		f.Fatal(err)
	}
	odd := `{"servers":[{"certificates":[{}]}],"network":{"rdap":[{"kind":"domain","bodies":[{"body":` + string(card) + `}]}]}}`
	f.Add([]byte{}, []byte(strings.Repeat("[", 100)), []byte(odd), header(1, 1, 8), []byte("x"))
	f.Fuzz(func(t *testing.T, words, har, facts, picture, chain []byte) {
		if len(picture) > 24 && (picture[16]|picture[17]|picture[18]|picture[20]|picture[21]|picture[22]) != 0 {
			t.Skip("larger pictures take their time")
		}
		files := map[string][]byte{
			evidence.TextTXT: words, evidence.NetworkHAR: har, evidence.FactsJSON: facts, evidence.ViewportShot: picture, evidence.Certificates: chain,
		}
		hostile, later := bare("hostile", noon, files), bare("later", noon.Add(time.Minute), files)
		there, err1 := ofSides(t.Context(), hostile, ordinary)
		back, err2 := ofSides(t.Context(), ordinary, hostile)
		again, err3 := Times(t.Context(), hostile, later)
		views, err4 := Views(t.Context(), []Side{hostile, later})
		_, err5 := Steps(t.Context(), []Side{hostile})
		for _, err := range []error{err1, err2, err3, err4, err5} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if !sameExchanged(t, there, back) {
			t.Errorf("not the same in both directions:\n%s\n%s", asJSON(t, there), asJSON(t, back))
		}
		if c := again.Conclusion; c != Unchanged && c != IsGone && c != incomparable {
			t.Errorf("with itself: %s %v", c, again.Signs)
		}
		if views.Conclusion != Same && views.Conclusion != notComparable {
			t.Errorf("with itself: %s %s", views.Conclusion, brief(views))
		}
	})
}
