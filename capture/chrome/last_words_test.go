package chrome

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// lastWordsAll asks for every page whose last words are known; without it two thirds of the kinds are taken, one of each.
var lastWordsAll = flag.Bool("lastwords.all", false, "every page of TestLastWords")

// outcome is what became of the words of a page.
type outcome string

const (
	wordsRight  outcome = "right"          // in text and picture, as far as either can hold them
	wordsTold   outcome = "honest"         // not so, and the exhibit says it
	wordsKnown  outcome = "by the method"  // not so, and METHOD.md says it of every such page
	wordsSilent outcome = "silently wrong" // not so, and nobody is told
)

// tally counts outcomes by the kind of page.
type tally struct {
	mu    sync.Mutex
	kinds []string
	count map[string]map[outcome]int
}

func (a *tally) add(kind string, o outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.count[kind] == nil {
		a.count[kind] = map[outcome]int{}
	}
	a.count[kind][o]++
}

func (a *tally) log(t *testing.T) {
	line := func(name string, n map[outcome]int) {
		t.Logf("%-40s %5d %7d %14d %15d", name, n[wordsRight], n[wordsTold], n[wordsKnown], n[wordsSilent])
	}
	t.Logf("%-40s %5s %7s %14s %15s", "", wordsRight, wordsTold, wordsKnown, wordsSilent)
	sum := map[outcome]int{}
	for _, k := range a.kinds {
		if a.count[k] == nil {
			continue // not asked for
		}
		line(k, a.count[k])
		for o, n := range a.count[k] {
			sum[o] += n
		}
	}
	line("all", sum)
	if sum[wordsRight] <= sum[wordsTold]+sum[wordsKnown] {
		t.Error("of more pages it is told that words lack than they are there")
	}
}

// The words that a page says in the end stand in its text, and in its picture as another program reads it, or the exhibit says that they
// do not.
func TestLastWords(t *testing.T) {
	t.Parallel()
	browserPath(t)
	needTesseract(t)
	s := site(t, sitetest.Options{})
	all := &tally{count: map[string]map[outcome]int{}}
	defer all.log(t)
	t.Run("pages", func(t *testing.T) {
		for _, p := range lastWordsPages() {
			if !slices.Contains(all.kinds, p.Kind) {
				all.kinds = append(all.kinds, p.Kind)
			}
			t.Run(strings.ReplaceAll(p.Kind, " ", "_"), func(t *testing.T) {
				t.Parallel()
				all.add(p.Kind, lastWordsOf(t, s, p))
			})
		}
	})
}

// lastWordsPages are those to take.
func lastWordsPages() (list []sitetest.LastWords) {
	var kind string
	for i, p := range sitetest.LastWordsPages() {
		if *lastWordsAll || p.Kind != kind && i%3 != 1 {
			list = append(list, p)
		}
		kind = p.Kind
	}
	return list
}

// lastWordsOf takes a page and says what became of its words.
func lastWordsOf(t *testing.T, s *sitetest.Site, p sitetest.LastWords) outcome {
	t.Helper()
	r := quick(s, s.URL("http", "bad", p.Path))
	r.Limits.Time = time.Minute
	res, sink := record(t, r)
	text := string(sink.kept[evidence.TextTXT])
	inText := strings.Contains(text, p.Account) && strings.Contains(text, p.Holder)
	inPicture := pictureSays(t, sink.kept[evidence.Screenshot], p.Account)
	o := judgeWords(p, res, inText, inPicture)
	t.Logf("%s %s: %s; verdict %s after %.1f s; in text %v, in picture %v", p.Path, p.Account, o, res.Verdict, float64(res.ElapsedMS)/1000, inText, inPicture)
	if o == wordsSilent {
		t.Errorf("%s", o)
	}
	if o != wordsRight {
		t.Logf("missing %v\nwarnings %q\n%.1500s", res.Missing, res.Warnings, text)
	}
	return o
}

// judgeWords weighs what is there against what the exhibit says.
func judgeWords(p sitetest.LastWords, res evidence.Summary, inText, inPicture bool) outcome {
	switch {
	case inPicture && (inText || p.Drawn && p.Told == "" && p.Known == ""):
		return wordsRight
	case res.Verdict != evidence.Complete, p.Told != "" && contains(res.Warnings, p.Told):
		return wordsTold
	case p.Known != "" && (inText || p.Drawn && inPicture):
		return wordsKnown
	}
	return wordsSilent
}

// needTesseract skips where no other program reads pictures, but not where everything must be there.
func needTesseract(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("tesseract")
	if errors.Is(err, exec.ErrNotFound) && os.Getenv(needBrowser) == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Pieces of a picture that are read one by one: so high, and so much of it once more in the next, so that no line is cut in both.
const (
	pieceHeight  = 1200
	pieceOverlap = 120
)

// pictureSays reports whether the words can be read in a picture, from its end upwards.
func pictureSays(t *testing.T, file []byte, words string) bool {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Logf("picture: %v", err)
		return false
	}
	for y := img.Bounds().Max.Y; y > pieceOverlap || y == img.Bounds().Max.Y; y -= pieceHeight - pieceOverlap {
		for _, scale := range []int{1, 2} {
			piece := greyPiece(img, max(0, y-pieceHeight), y, scale)
			if saysSo(readPiece(t, piece, "11"), words) || saysSo(readPiece(t, piece, "6"), words) {
				return true
			}
		}
	}
	return false
}

// greyPiece is a part of a picture, so many times as wide and high.
func greyPiece(img image.Image, from, to, scale int) *image.Gray {
	part := image.NewGray(image.Rect(0, 0, img.Bounds().Dx(), to-from))
	draw.Draw(part, part.Bounds(), img, image.Pt(img.Bounds().Min.X, from), draw.Src)
	big := image.NewGray(image.Rect(0, 0, part.Rect.Dx()*scale, part.Rect.Dy()*scale))
	for y := range big.Rect.Dy() {
		for x := range big.Rect.Dx() {
			big.Pix[y*big.Stride+x] = part.Pix[y/scale*part.Stride+x/scale]
		}
	}
	return big
}

// readPiece gives what Tesseract reads.
func readPiece(t *testing.T, img image.Image, how string) string {
	t.Helper()
	var in, said bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&in, img); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("tesseract", "stdin", "stdout", "-l", "eng", "--psm", how)
	c.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	c.Stdin, c.Stderr = &in, &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("tesseract: %v: %s", err, said.String())
	}
	return string(out)
}

// saysSo compares letters and digits alone: what stands between them is read in many ways.
func saysSo(text, words string) bool { return strings.Contains(bare(text), bare(words)) }

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
