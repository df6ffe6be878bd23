package packet

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

var viewerParts = os.DirFS("../../assets/viewer")

const hostile = "</script><script>alert(1)</script><!--<script> @@SCRIPT@@ @@TITLE@@ \u2028 '\"&"

func hostileData() ViewerData {
	return ViewerData{
		Name: sampleName, Subject: hostile, Papers: []ViewerPaper{{"01_聲請書.pdf", hostile}},
		Targets: []ViewerTarget{{ID: "D001", Name: hostile, Scope: "exact"}},
		Exhibits: []ViewerExhibit{{
			ID: "W0001", URL: "javascript:alert(1)//" + hostile, Title: hostile, Text: hostile, Missing: []string{hostile}, Thumbnail: []byte(hostile),
		}},
	}
}

// TestViewerIsClosed shows that data stays data, and that the page may run one script and reach nothing.
func TestViewerIsClosed(t *testing.T) {
	page, err := Viewer(viewerParts, hostileData())
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(page, []byte("<script")); n != 2 || bytes.Count(page, []byte("</script>")) != 2 || bytes.Contains(page, []byte("<!--")) {
		t.Fatalf("%d scripts in the page, want the data and the one script", n)
	}
	between := func(from, to string) []byte {
		_, rest, ok := bytes.Cut(page, []byte(from))
		inside, _, ok2 := bytes.Cut(rest, []byte(to))
		if !ok || !ok2 {
			t.Fatalf("no %s", from)
		}
		return inside
	}
	want := "default-src 'none'; script-src " + policyHash(between("<script>", "</script>")) +
		"; style-src " + policyHash(between("<style>", "</style>")) + "; img-src data: blob:; base-uri 'none'; form-action 'none'"
	if got := between(`Content-Security-Policy" content="`, `"`); string(got) != want {
		t.Errorf("policy %s\nwant %s", got, want)
	}
	var back ViewerData
	if err := json.Unmarshal(between(`id="data">`, "</script>"), &back); err != nil || back.Exhibits[0].Text != hostile || back.Subject != hostile {
		t.Errorf("%v %+v", err, back)
	}
	again, err := Viewer(viewerParts, hostileData())
	if err != nil || !bytes.Equal(again, page) {
		t.Error("the same data gave another viewer")
	}
}

// TestViewerScript keeps what could turn data into markup, code or network traffic out of the script.
func TestViewerScript(t *testing.T) {
	for _, name := range scripts {
		text, err := os.ReadFile("../../assets/viewer/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{
			"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "setTimeout(\"",
			"fetch(", "XMLHttpRequest", "WebSocket", "EventSource", "sendBeacon", "import(", "http:", "https:", "</script", "<!--", "localStorage",
		} {
			if bytes.Contains(text, []byte(word)) {
				t.Errorf("%s has %s", name, word)
			}
		}
	}
}

// TestViewerWords has every key of the English words in zh-TW. (What a custody action is called has words in zh-TW alone;
// English shows the action itself.)
func TestViewerWords(t *testing.T) {
	text, err := os.ReadFile("../../assets/viewer/words.js")
	if err != nil {
		t.Fatal(err)
	}
	zh, en, ok := strings.Cut(string(text), `"en": {`)
	if !ok {
		t.Fatal("no English words")
	}
	keys := func(s string) (list []string) {
		for _, m := range regexp.MustCompile(`(?:^|[\s{,])"?([a-z0-9.]+)"?: "`).FindAllStringSubmatch(s, -1) {
			if !strings.Contains(m[1], ".") || strings.HasPrefix(m[1], "e.") {
				list = append(list, m[1])
			}
		}
		slices.Sort(list)
		return list
	}
	if a, b := keys(zh), keys(en); len(a) < 100 || !slices.Equal(a, b) {
		t.Errorf("%d keys in zh-TW, %d in English:\n%v\n%v", len(a), len(b), a, b)
	}
}

// TestViewerKinds has words, in both languages, for every kind of exhibit and every outcome of a visit.
func TestViewerKinds(t *testing.T) {
	text, err := os.ReadFile("../../assets/viewer/words.js")
	if err != nil {
		t.Fatal(err)
	}
	zh, en, ok := strings.Cut(string(text), `"en": {`)
	if !ok {
		t.Fatal("no English words")
	}
	keys := []string{"kind.unknown"}
	for _, k := range evidence.Kinds {
		keys = append(keys, "kind."+string(k))
	}
	for _, o := range evidence.Outcomes {
		keys = append(keys, string(o))
	}
	for lang, words := range map[string]string{"zh-TW": zh, "en": en} {
		for _, key := range keys {
			if !regexp.MustCompile(`[\s{]"?` + regexp.QuoteMeta(key) + `"?: "[^"]`).MatchString(words) {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
	}
}

func TestThumbnail(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 960, 5000))
	for i := range picture.Pix {
		picture.Pix[i] = 0xff
	}
	for x := range 960 {
		for y := range 360 {
			picture.Set(x, y, color.NRGBA{200, 0, 0, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	small, err := Thumbnail(&b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(small))
	if err != nil || got.Bounds().Dx() != thumbWidth || got.Bounds().Dy() != thumbHeight {
		t.Fatalf("%v %v", err, got.Bounds())
	}
	if r, g, _, _ := got.At(240, 90).RGBA(); r>>8 < 180 || g>>8 > 30 {
		t.Errorf("the top is not red: %d %d", r>>8, g>>8)
	}
	if r, g, _, _ := got.At(240, 270).RGBA(); r>>8 < 240 || g>>8 < 240 {
		t.Errorf("below it is not white: %d %d", r>>8, g>>8)
	}
	if _, err := Thumbnail(strings.NewReader("not a picture")); err == nil {
		t.Error("a picture out of nothing")
	}
}
