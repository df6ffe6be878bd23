package compare

import (
	"context"
	"io"
	"slices"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// reading is everything of one capture that comparing needs, read once however often it is compared.
type reading struct {
	side  Side
	lacks []Lack

	text        *words // nil where there is no text
	plain       string
	sentences   []string
	characters  int
	markup      *words // nil where there is no source
	title       *words
	identifiers found
	behind      found           // identifiers where no words show them
	answers     found           // likewise in answers; nil before they are read
	links       map[string]bool // nil where there is no document

	viewport, screenshot *picture // nil where there is none

	traffic *traffic          // nil where there is no HAR
	facts   *evidence.Facts   // nil where there are none
	keys    map[string]string // SHA-256 of a certificate to that of its public key

	state WhyCode // how far it can speak for its site; "" is fully
}

// readAll reads captures one after the other: pictures are large.
func readAll(ctx context.Context, sides []Side) ([]*reading, error) {
	d := newDictionary()
	list := make([]*reading, 0, len(sides))
	for _, s := range sides {
		r := &reading{side: s}
		title := d.read(s.Result.Title)
		r.title = &title
		for _, step := range []func(context.Context, *dictionary) error{
			r.readTexts, r.readHidden, r.readTraffic, r.readFacts, r.readKeys, r.readPictures,
		} {
			if err := step(ctx, d); err != nil {
				return nil, err
			}
		}
		r.state = r.judged()
		list = append(list, r)
	}
	return list, nil
}

func (r *reading) lack(artifact string, why LackCode) {
	if l := (Lack{Artifact: artifact, Why: why}); !slices.Contains(r.lacks, l) {
		r.lacks = append(r.lacks, l)
	}
}

// lacksAs are the lacks under the letter that this side has in a comparison.
func (r *reading) lacksAs(side string) []Lack {
	out := make([]Lack, 0, len(r.lacks))
	for _, l := range r.lacks {
		out = append(out, Lack{Side: side, Artifact: l.Artifact, Why: l.Why})
	}
	return out
}

func (r *reading) subject() Subject {
	s := r.side.Result
	return Subject{Name: r.side.Name, URL: s.URL, View: s.View, Started: s.Started.UTC()}
}

// whole reads the beginning of an artifact; ok is false where there is none.
func (r *reading) whole(ctx context.Context, name string, limit int64) (body []byte, ok bool, err error) {
	src, err := r.side.open(ctx, name, limit)
	if err != nil {
		return nil, false, err
	}
	if src == nil {
		r.lack(name, lackAbsent)
		return nil, false, nil
	}
	defer src.Close()
	if body, err = io.ReadAll(src); err != nil {
		return nil, false, err
	}
	if src.cut {
		r.lack(name, lackCut)
	}
	return body, true, nil
}

// words reads a text and the words of it; nil where there is none.
func (r *reading) words(ctx context.Context, d *dictionary, name string) (string, *words, error) {
	body, ok, err := r.whole(ctx, name, maxText)
	if err != nil || !ok {
		return "", nil, err
	}
	text := string(wholeRunes(body))
	w := d.read(text)
	if w.cut {
		r.lack(name, lackCut)
	}
	return text, &w, nil
}

// wholeRunes leaves away a character that a bound has cut in half.
func wholeRunes(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if last := b[len(b)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

func (r *reading) readTexts(ctx context.Context, d *dictionary) (err error) {
	if r.plain, r.text, err = r.words(ctx, d, evidence.TextTXT); err != nil {
		return err
	}
	if _, r.markup, err = r.words(ctx, d, evidence.SourceHTML); err != nil {
		return err
	}
	dom, _, err := r.whole(ctx, evidence.DOMHTML, maxText)
	if err != nil {
		return err
	}
	var long, many bool
	r.characters = characters(r.plain)
	r.sentences, long = sentences(r.plain)
	r.identifiers, many = identifiers(r.side.Result.Title+"\n"+r.plain, string(dom))
	if long || many {
		r.lack(evidence.TextTXT, lackCut)
	}
	return context.Cause(ctx)
}
