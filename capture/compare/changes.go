package compare

import (
	"fmt"
	"slices"
)

// pageChanges lists what changed in the page beyond what a clock, a counter or a banner brings about. Whoever exchanged an account, wherever it
// stands, finds it here: in words, in what they leave out, in where the page leads, in its picture or in the bytes of what it is made of.
func pageChanges(d Difference) []Sign {
	var list []Sign
	add := func(on bool, s Sign) {
		if on {
			s.Toward, s.Points = towardChange, oneChange
			list = append(list, s)
		}
	}
	p, f := d.Page, d.Downloads
	for _, s := range slices.Concat(wordChanges(d), leadChanges(d)) {
		add(true, s)
	}
	add(p.TitleSteady < 1, Sign{Code: signChangedTitle, A: p.Title.A, B: p.Title.B})
	add(p.Status.A != p.Status.B, Sign{Code: signChangedStatus, A: fmt.Sprint(p.Status.A), B: fmt.Sprint(p.Status.B)})
	add(!p.SameAddress, Sign{Code: signChangedAddress, A: p.FinalURL.A, B: p.FinalURL.B})
	if m := pictureChange(d); m != nil {
		add(true, Sign{Code: ChangedPicture, Measure: m})
	}
	if address, ok := changedBytes(d); ok {
		add(true, Sign{Code: ChangedResources, A: address})
	}
	add(f.Changed.Total+f.Removed.Total+f.Added.Total > 0, Sign{Code: ChangedDownloads})
	return list
}

// wordChanges are words that are others, and identifiers: each kind once, those in the words and those behind them.
func wordChanges(d Difference) []Sign {
	var list []Sign
	if d.Text != nil {
		if d.Text.Steady < 1 {
			list = append(list, Sign{Code: ChangedText, Measure: &measure{d.Text.Steady, 1}})
		}
		for _, c := range d.Text.Identifiers {
			list = append(list, Sign{Code: ChangedIdentifiers, A: head(c.Removed.List), B: head(c.Added.List)})
		}
	}
	for _, c := range d.Behind {
		list = append(list, Sign{Code: ChangedBehind, A: head(c.Removed.List), B: head(c.Added.List)})
	}
	return list
}

// leadChanges are other places that the page leads to, by links or by codes.
func leadChanges(d Difference) []Sign {
	var list []Sign
	if l := d.Links; l != nil && l.Removed.Total+l.Added.Total > 0 {
		list = append(list, Sign{Code: ChangedLinks, A: head(l.Removed.List), B: head(l.Added.List)})
	}
	if c := d.Codes; c != nil && c.Removed.Total+c.Added.Total > 0 {
		list = append(list, Sign{Code: ChangedCodes, A: head(c.Removed.List), B: head(c.Added.List)})
	}
	return list
}

// pictureChange measures a picture that is another: by its looks, or, where it differs in more places than there are lines that do, by how much of it.
func pictureChange(d Difference) *measure {
	if m := d.Viewport.other(); m != nil {
		return m
	}
	lines := 0
	if d.Text != nil {
		lines = max(d.Text.Removed.Total, d.Text.Added.Total)
	}
	for _, p := range []*Picture{d.Viewport, d.Screenshot} {
		if p == nil || p.Blocks == nil || p.Size.A.Width != p.Size.B.Width || p.Size.A != p.Size.B && lines > 0 {
			continue // windows of two kinds of visitors, or a page that is longer by what it says more
		}
		if p.Blocks.Areas.Total > lines || p.Size.A != p.Size.B {
			return &measure{p.Blocks.Share, 0}
		}
	}
	return nil
}

// changedBytes is the address of something that is no text and whose bytes changed: text that did is looked through for identifiers.
func changedBytes(d Difference) (string, bool) {
	if d.Network == nil {
		return "", false
	}
	for _, c := range d.Network.Resources.Changed.List {
		if c.opaque {
			return c.URL.A, true
		}
	}
	return "", false
}
