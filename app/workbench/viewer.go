package workbench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
)

// maxViewerText bounds the text of one exhibit in the viewer; the whole of it lies beside, as text.txt.
const maxViewerText = 1 << 20

// withViewer is the parcel's files and the viewer of the packet with the parcel's name.
func (p *parcel) withViewer(ctx context.Context, w *Workbench) ([]packet.File, error) {
	data := packet.ViewerData{
		Name: p.record.Name, Number: p.brief.app.Number, Subject: p.brief.app.Cause, Office: p.brief.app.Office,
	}
	for _, a := range p.papers.Artifacts {
		if title, ok := strings.CutSuffix(a.Name, ".pdf"); ok {
			data.Papers = append(data.Papers, packet.ViewerPaper{Path: a.Name, Title: title})
		}
	}
	for _, t := range p.brief.listed() {
		data.Targets = append(data.Targets, packet.ViewerTarget{
			ID: t.ID, Name: t.Name, Unicode: t.Unicode, Scope: string(t.Scope), Exhibits: t.Exhibits,
		})
	}
	for _, x := range p.exhibits {
		shown, err := p.shown(ctx, x)
		if err != nil {
			return nil, err
		}
		data.Exhibits = append(data.Exhibits, shown)
	}
	page, err := packet.Viewer(w.Viewer, data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(page)
	return append(slices.Clone(p.files), packet.File{
		Path: packet.ViewerPath, Size: int64(len(page)), SHA256: hex.EncodeToString(sum[:]),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(page)), nil },
	}), nil
}

func (p *parcel) shown(ctx context.Context, x application.Exhibit) (packet.ViewerExhibit, error) {
	e, err := p.c.Exhibit(x.ID)
	if err != nil {
		return packet.ViewerExhibit{}, err
	}
	v := packet.ViewerExhibit{
		ID: x.ID, Kind: string(x.Kind), URL: x.URL, FinalURL: x.FinalURL, Title: x.Title, View: x.View, Outcome: string(x.Outcome()), Captured: x.Started,
		Session: x.Making.Session, File: x.Making.File, From: x.Making.From, Received: x.Making.Received, Reference: x.Making.Reference, Sides: x.Making.Sides,
		Missing: x.Missing, Shows: x.Shows, Artifacts: slices.Clone(e.Artifacts),
	}
	if !x.Captured() {
		return v, nil // a file of any name is no picture or text of a page
	}
	if v.Text, v.TextCut, err = p.text(ctx, e); err != nil {
		return v, err
	}
	if !has(e, evidence.ViewportShot) {
		return v, nil
	}
	r, err := p.c.OpenArtifact(ctx, e.Entry, evidence.ViewportShot)
	if err != nil {
		return v, err
	}
	defer r.Close()
	if v.Thumbnail, err = packet.Thumbnail(r); err != nil {
		return v, fmt.Errorf("thumbnail of %s: %w", x.ID, err)
	}
	return v, nil
}

// text is the beginning of the page's text, and whether there is more of it.
func (p *parcel) text(ctx context.Context, e casefile.Exhibit) (string, bool, error) {
	if !has(e, evidence.TextTXT) {
		return "", false, nil
	}
	r, err := p.c.OpenArtifact(ctx, e.Entry, evidence.TextTXT)
	if err != nil {
		return "", false, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxViewerText+1))
	more := len(text) > maxViewerText
	if more {
		text = text[:maxViewerText]
	}
	return strings.ToValidUTF8(string(text), "\ufffd"), more, err
}
