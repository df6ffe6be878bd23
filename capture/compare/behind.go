package compare

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"yuzheng/capture/archive"
	"yuzheng/capture/identify"
	"yuzheng/casefile/evidence"
)

// socketKind is Chrome's resource type of a WebSocket.
const socketKind = "websocket"

// socketAddress begins the address under which an archive holds the messages of a WebSocket.
const socketAddress = "urn:yuzheng:websocket:"

// hidden are the artifacts in which something may stand that leads to a person and that no words show.
var hidden = []string{evidence.DOMHTML, evidence.SourceHTML, evidence.CookiesJSON, evidence.ConsoleJSONL}

// readHidden finds the identifiers behind the words: in the document as it came and as it was, in storage and console.
func (r *reading) readHidden(ctx context.Context, _ *dictionary) error {
	r.behind = found{}
	for _, name := range hidden {
		src, err := r.side.open(ctx, name, maxText)
		if err != nil {
			return err
		}
		if src == nil {
			continue // what is told of, is told of where it is compared as such
		}
		body, err := io.ReadAll(src)
		src.Close()
		if err != nil {
			return err
		}
		r.behind.add(string(wholeRunes(body)), identify.Data)
		if name == evidence.DOMHTML {
			r.links = linksOf(body)
		}
	}
	return context.Cause(ctx)
}

// behind tells which identifiers came and went where no words show them. Those that the words tell of are left out.
func behind(ctx context.Context, a, b *reading, d Difference) ([]ChangedOfAKind, error) {
	if answersDiffer(a, b, d) {
		for _, r := range []*reading{a, b} {
			if err := r.readAnswers(ctx); err != nil {
				return nil, err
			}
		}
	}
	all := a.behind.merged(a.answers).changed(b.behind.merged(b.answers))
	if d.Text == nil {
		return all, nil
	}
	out := []ChangedOfAKind{}
	for _, c := range all {
		c.Removed, c.Added = withoutSaid(c.Removed, c.Kind, d.Text, true), withoutSaid(c.Added, c.Kind, d.Text, false)
		if c.Removed.Total+c.Added.Total > 0 {
			out = append(out, c)
		}
	}
	return out, nil
}

// withoutSaid leaves out what the difference of the words names.
func withoutSaid(list Some[string], kind evidence.IdentifierKind, t *textDifference, removed bool) Some[string] {
	for _, c := range t.Identifiers {
		said := c.Added.List
		if removed {
			said = c.Removed.List
		}
		if c.Kind == kind {
			all := len(list.List)
			list.List = slices.DeleteFunc(slices.Clone(list.List), func(s string) bool { return slices.Contains(said, s) })
			list.Total -= all - len(list.List)
		}
	}
	return list
}

// answersDiffer reports whether an answer that is text differs, or whether a WebSocket was open: what it said is in no list.
func answersDiffer(a, b *reading, d Difference) bool {
	if d.Network == nil {
		return false
	}
	r := d.Network.Resources
	if slices.ContainsFunc(r.Changed.List, func(c ChangedResource) bool { return !c.opaque }) || r.Changed.Total+r.Removed.Total+r.Added.Total > 3*maxListed {
		return true
	}
	for _, side := range []*reading{a, b} {
		if slices.ContainsFunc(side.traffic.exchanges, func(e exchange) bool { return e.kind == socketKind }) {
			return true
		}
	}
	return r.Removed.Total+r.Added.Total > 0
}

// readAnswers finds the identifiers in the answers that are text and in what WebSockets said; once, since it takes the archive apart.
func (r *reading) readAnswers(ctx context.Context) error {
	if r.answers != nil {
		return nil
	}
	r.answers = found{}
	src, err := r.side.open(ctx, evidence.ArchiveWACZ, maxArchive)
	if err != nil || src == nil {
		return err
	}
	defer src.Close()
	whole, err := io.ReadAll(src)
	if err != nil {
		return err
	}
	if src.cut {
		r.lack(evidence.ArchiveWACZ, lackCut)
		return nil // the list of what is in a ZIP is at its end
	}
	return r.broken(ctx, r.addAnswers(ctx, whole))
}

// addAnswers goes through an archive.
func (r *reading) addAnswers(ctx context.Context, whole []byte) error {
	left := int64(maxAnswers)
	take := func(_ string, body []byte) error {
		if left -= int64(len(body)); left < 0 {
			return errMany
		}
		r.answers.add(string(body), identify.Data)
		return context.Cause(ctx)
	}
	file, size := bytes.NewReader(whole), int64(len(whole))
	textual := func(_, media string) bool { return textMedia(media) }
	if err := archive.Bodies(file, size, maxText, textual, take); err != nil {
		return err
	}
	return archive.Resources(file, size, maxText, func(address string, body []byte) error {
		if strings.HasPrefix(address, socketAddress) {
			return take(address, body)
		}
		return nil
	})
}

// broken notes what kept an archive from being read to its end.
func (r *reading) broken(ctx context.Context, err error) error {
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == errMany:
		r.lack(evidence.ArchiveWACZ, lackCut)
	default:
		r.lack(evidence.ArchiveWACZ, lackBroken)
	}
	return nil
}

// textMedia reports whether a media type is one of text, program or data in letters.
func textMedia(media string) bool {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	media = strings.TrimSpace(media)
	if strings.HasPrefix(media, "text/") || media == "image/svg+xml" {
		return true
	}
	return strings.HasPrefix(media, "application/") && (strings.HasSuffix(media, "json") || strings.HasSuffix(media, "xml") ||
		strings.HasSuffix(media, "javascript") || strings.HasSuffix(media, "ecmascript"))
}
