package workbench

import (
	"bytes"
	"cmp"
	"fmt"
	"image/png"
	"io"
	"slices"
	"strings"
	"time"

	"yuzheng/capture/qrcode"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/document"
	"yuzheng/casefile/private"
	"yuzheng/casefile/stamp"
)

const (
	sealModule   = 10  // pixels a module of the code
	sealCode     = 8.0 // centimetres of the code: about a millimetre a module
	sealStamps   = 3   // authorities that are named; the rest is counted, for the sheet is one page
	sealName     = 36  // characters of a name that are printed: a line
	sealURL      = 60  // of an address
	sealGroup    = 4   // characters that are typed together
	sealRowWidth = 64  // characters of a row that is typed
)

// sealView is what the template seal.paper may insert: nothing of the evidence, and no name but the office's.
type sealView struct {
	Office, Number    string
	Time              time.Time
	Size              int64
	Root, Fingerprint string
	Stamps            []string
	Lines             []string // the seal's text, in groups
}

// FreeForSheet refuses a file that is there already: asked before a seal is made for it.
func FreeForSheet(file string) error { return free(file) }

// WriteSealSheet writes the seal of so many entries as one page to print: in words, as text that can be typed, and as a QR code. It is one HTML
// file, that is refused when it is there.
func (w *Workbench) WriteSealSheet(c *casefile.Case, size int64, file string) error {
	if err := free(file); err != nil {
		return err
	}
	d, err := w.sealSheet(c, size)
	if err != nil {
		return fmt.Errorf("seal sheet: %w", err)
	}
	return private.Whole(file, func(out io.Writer) error { return plainHTML(out, d) })
}

func (w *Workbench) sealSheet(c *casefile.Case, size int64) (document.Document, error) {
	seals, err := c.Seals()
	if err != nil {
		return document.Document{}, err
	}
	i := slices.IndexFunc(seals, func(s casefile.SealRecord) bool { return s.Size == size })
	if i < 0 {
		return document.Document{}, fmt.Errorf("seal of %d entries: %w", size, casefile.ErrNotFound)
	}
	seal := seals[i]
	made, err := sealEntry(c, size)
	if err != nil {
		return document.Document{}, err
	}
	info := c.Info()
	d, err := document.FromTemplate(w.Papers, "seal", sealView{
		Office: printed(cmp.Or(made.Operator.Office, info.Operator.Office, "—"), sealName), Number: printed(info.Number, sealName), Time: made.Time.Time, Size: size,
		Root: seal.Root.String(), Fingerprint: custody.Fingerprint(info.PublicKey), Stamps: stampsOf(seal), Lines: typedLines(seal.Text),
	})
	if err != nil {
		return d, err
	}
	code, err := sealFigure(seal.Text)
	d.Style = document.Style{Body: 11, Table: 10, Line: 16, Margin: 1.8}
	d.Blocks = append(d.Blocks, code)
	return d, err
}

// sealEntry is the entry seal.make of a seal: it follows what the seal covers.
func sealEntry(c *casefile.Case, size int64) (custody.Entry, error) { return entryAt(c, size+1) }

// printed is a name as the sheet has room for it.
func printed(name string, most int) string {
	runes := []rune(strings.Join(strings.Fields(name), " "))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}

// stampsOf says who has stamped a seal when, and who is still to.
func stampsOf(s casefile.SealRecord) []string {
	var list []string
	for _, each := range s.Stamps {
		said := "　無法讀取"
		if info, err := stamp.Verify(s.Text, each.Reply, nil); err == nil {
			said = "　" + document.Clock(info.Time)
		}
		list = append(list, printed(each.URL, sealURL)+said)
	}
	for _, url := range s.Pending {
		list = append(list, printed(url, sealURL)+"　待補")
	}
	if more := len(list) - sealStamps; more > 0 {
		list = append(list[:sealStamps], fmt.Sprintf("另有%d個", more))
	}
	return list
}

// typedLines are the lines of a seal in groups that can be read out and typed; the blanks between them do not count (packet.Options.Seal).
func typedLines(text []byte) []string {
	var rows []string
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		last := len(words) - 1
		if !strings.HasPrefix(words[last], custody.Origin("")) && len(words[last]) > 2*sealGroup && !isDigits(words[last]) {
			words = append(words[:last:last], groups(words[last])...)
		}
		rows = append(rows, wrapWords(words)...)
	}
	return rows
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func groups(s string) (list []string) {
	for part := range slices.Chunk([]byte(s), sealGroup) {
		list = append(list, string(part))
	}
	return list
}

// wrapWords puts words into rows of bounded width.
func wrapWords(words []string) (rows []string) {
	for _, w := range words {
		if last := len(rows) - 1; last >= 0 && len(rows[last])+1+len(w) <= sealRowWidth {
			rows[last] += " " + w
			continue
		}
		rows = append(rows, w)
	}
	return rows
}

func sealFigure(text []byte) (document.Figure, error) {
	img, err := qrcode.Draw(string(text), sealModule)
	if err != nil {
		return document.Figure{}, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return document.Figure{}, err
	}
	return document.Figure{
		PNG:   func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil },
		Width: sealCode, Height: sealCode, Alt: string(text),
	}, nil
}
