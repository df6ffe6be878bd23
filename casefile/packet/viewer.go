package packet

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/jpeg"
	_ "image/png" // what captures are
	"io"
	"io/fs"
	"strings"
	"time"

	"golang.org/x/image/draw"

	"yuzheng/casefile/evidence"
)

// ViewerData is what the offline viewer shows before it is given the packet itself.
type ViewerData struct {
	Name     string          `json:"name"`   // of the packet
	Number   string          `json:"number"` // 案號
	Subject  string          `json:"subject"`
	Office   string          `json:"office"`
	Papers   []ViewerPaper   `json:"papers"`
	Targets  []ViewerTarget  `json:"targets"`
	Exhibits []ViewerExhibit `json:"exhibits"`
}

// ViewerPaper is a file that a person opens: its path below data/.
type ViewerPaper struct {
	Path  string `json:"path"`
	Title string `json:"title"`
}

// ViewerTarget is one line of the table of targets. Scope is "exact" or "subdomains".
type ViewerTarget struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"` // A-label
	Unicode  string   `json:"unicode"`
	Scope    string   `json:"scope"`
	Exhibits []string `json:"exhibits"`
}

// ViewerExhibit is one exhibit. Text is the page's own and may be hostile. Kind, Outcome and what follows Session are those of package evidence;
// only a capture has an outcome, and only a file from outside a source.
type ViewerExhibit struct {
	ID        string              `json:"id"`
	Kind      string              `json:"kind"`
	Session   string              `json:"session,omitempty"`
	File      string              `json:"file,omitempty"`
	From      string              `json:"from,omitempty"`
	Received  string              `json:"received,omitempty"`
	Reference string              `json:"reference,omitempty"`
	Sides     []string            `json:"sides,omitempty"`
	URL       string              `json:"url"`
	FinalURL  string              `json:"final_url"`
	Title     string              `json:"title"`
	View      string              `json:"view"`
	Outcome   string              `json:"outcome"`
	Captured  time.Time           `json:"captured"`
	Missing   []string            `json:"missing,omitempty"`
	Shows     string              `json:"shows,omitempty"`
	Text      string              `json:"text"`
	TextCut   bool                `json:"text_cut,omitempty"`  // Text is the beginning only
	Thumbnail []byte              `json:"thumbnail,omitempty"` // JPEG: see Thumbnail
	Artifacts []evidence.Artifact `json:"artifacts"`           // those that are in the packet
}

// scripts are the parts of the one script, in order.
var scripts = []string{"words.js", "legible.js", "hash.js", "check.js", "signed.js", "lists.js", "view.js"}

// Viewer puts the viewer together from its parts (assets/viewer). The same data gives the same bytes.
func Viewer(parts fs.FS, data ViewerData) ([]byte, error) {
	page, err := fs.ReadFile(parts, "page.html")
	if err != nil {
		return nil, fmt.Errorf("viewer: %w", err)
	}
	style, err := fs.ReadFile(parts, "style.css")
	if err != nil {
		return nil, fmt.Errorf("viewer: %w", err)
	}
	script := []byte("\"use strict\";\n")
	for _, name := range scripts {
		text, err := fs.ReadFile(parts, name)
		if err != nil {
			return nil, fmt.Errorf("viewer: %w", err)
		}
		script = append(script, text...)
	}
	text, err := json.Marshal(data.filled())
	if err != nil {
		return nil, fmt.Errorf("viewer: %w", err)
	}
	return []byte(strings.NewReplacer(
		"@@STYLE-HASH@@", policyHash(style), "@@SCRIPT-HASH@@", policyHash(script), "@@STYLE@@", string(style),
		"@@SCRIPT@@", string(script), "@@TITLE@@", html.EscapeString(data.Name), "@@DATA@@", string(text),
	).Replace(string(page))), nil
}

// policyHash is the hash by which a Content-Security-Policy allows one inline script or style.
func policyHash(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// filled has empty lists where data has none: the page counts them. json.Marshal escapes <, > and &, so that no text can
// end the element that holds it.
func (d ViewerData) filled() ViewerData {
	if d.Papers == nil {
		d.Papers = []ViewerPaper{}
	}
	d.Targets, d.Exhibits = append([]ViewerTarget{}, d.Targets...), append([]ViewerExhibit{}, d.Exhibits...)
	for i := range d.Targets {
		d.Targets[i].Exhibits = append([]string{}, d.Targets[i].Exhibits...)
	}
	for i := range d.Exhibits {
		d.Exhibits[i].Artifacts = append([]evidence.Artifact{}, d.Exhibits[i].Artifacts...)
	}
	return d
}

// A thumbnail shows the top of a page, this many pixels wide and at most this many high.
const thumbWidth, thumbHeight = 480, 360

// maxPixels bounds the picture that a thumbnail is made of.
const maxPixels = 64 << 20

// Thumbnail makes a small JPEG of the top of a picture (PNG), for ViewerExhibit. viewport.png serves; a full page of
// more than 64 Mi pixels is refused, because it would be held in memory as a whole.
func Thumbnail(picture io.Reader) ([]byte, error) {
	var head bytes.Buffer
	config, _, err := image.DecodeConfig(io.TeeReader(picture, &head))
	if err != nil {
		return nil, fmt.Errorf("thumbnail: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return nil, fmt.Errorf("thumbnail: picture of %d by %d pixels", config.Width, config.Height)
	}
	from, _, err := image.Decode(io.MultiReader(&head, picture))
	if err != nil {
		return nil, fmt.Errorf("thumbnail: %w", err)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, shrink(from), &jpeg.Options{Quality: 70}); err != nil {
		return nil, fmt.Errorf("thumbnail: %w", err)
	}
	return out.Bytes(), nil
}

// shrink scales the top of a picture, on white. A pixel of the thumbnail is made of all that fall on it.
func shrink(from image.Image) image.Image {
	b := from.Bounds()
	width := min(thumbWidth, b.Dx())
	scale := float64(b.Dx()) / float64(width)
	height := max(1, min(thumbHeight, int(float64(b.Dy())/scale)))
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(to, to.Rect, image.White, image.Point{}, draw.Src)
	top := image.Rect(b.Min.X, b.Min.Y, b.Max.X, min(b.Max.Y, b.Min.Y+max(1, int(float64(height)*scale))))
	draw.BiLinear.Scale(to, to.Rect, from, top, draw.Over, nil)
	return to
}
