package workbench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/sign"
	"yuzheng/casefile/stamp"
)

// parcel is a packet on its way.
type parcel struct {
	c        *casefile.Case
	brief    brief
	exhibits []application.Exhibit // those that travel
	papers   casefile.Exhibit      // the rendered set
	files    []packet.File
	id       string // X01
	record   evidence.PacketRecord
	entries  []int64 // that travel, without the build itself
	left     leftOut
	entry    custody.Entry
	signer   *sign.Signer // nil: nobody
}

// signedBy is the distinguished name of who signs; empty: nobody does.
func (p *parcel) signedBy() string {
	if p.signer == nil {
		return ""
	}
	return p.signer.Certificate().Subject
}

// collect renders what must be rendered and lists the files.
func (w *Workbench) collect(ctx context.Context, c *casefile.Case, applicationID string, o PacketOptions) (*parcel, error) {
	b, err := w.brief(ctx, c, applicationID)
	if err != nil {
		return nil, err
	}
	b.to = o.For
	if err := w.refuseStep(b.executable(), b.app.ID); err != nil {
		return nil, err
	}
	if err := b.masked(); err != nil {
		return nil, err
	}
	if err := w.logGate(ctx, c, b.gates); err != nil {
		return nil, err
	}
	papers, err := w.leaving(ctx, c, b, o)
	if err != nil {
		return nil, err
	}
	if o.Signer != nil {
		if papers, err = w.signPapers(ctx, c, b, papers, o.Signer); err != nil {
			return nil, err
		}
	}
	p := &parcel{c: c, brief: b, papers: papers, signer: o.Signer}
	p.exhibits = p.brief.travelling()
	for _, a := range papers.Artifacts {
		p.files = append(p.files, packet.File{Path: a.Name, Size: a.Size, SHA256: a.SHA256, Open: func() (io.ReadCloser, error) {
			return c.OpenArtifact(ctx, papers.Entry, a.Name)
		}})
	}
	for _, x := range p.exhibits {
		e, err := c.Exhibit(x.ID)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, packet.Exhibit(e.ID, e.Artifacts, func(name string) (io.ReadCloser, error) {
			return c.OpenArtifact(ctx, e.Entry, name)
		})...)
	}
	p.entries, _, err = p.brief.concerned(c, papers.Entry)
	return p, err
}

// executable refuses a packet for who executes before there is an order, and where nothing is left of it.
func (b brief) executable() error {
	switch {
	case b.to != application.ForTWNIC:
		return nil
	case b.life.Ruling() == nil:
		return application.ErrUndecided
	case len(b.life.Ordered(b.targets)) == 0:
		return application.ErrNothing
	}
	return nil
}

// masked refuses a packet of redacted copies while an exhibit that the application rests on has none.
func (b brief) masked() error {
	refused := &RefusedError{What: "application " + b.app.ID}
	for _, x := range b.cited() {
		if b.to.Masked() && !slices.ContainsFunc(b.exhibits, func(e application.Exhibit) bool { return e.Making.Original == x.ID }) {
			refused.Reasons = append(refused.Reasons, Reason{
				"packet.unmasked", x.ID, "證" + x.ID + "尚無去識別化之複本；請先以 exhibit redact 製作。", x.ID + " has no redacted copy yet; make one with 'exhibit redact'.",
			})
		}
	}
	if len(refused.Reasons) > 0 {
		return refused
	}
	return nil
}

// leaving gives the papers that leave: those that stand, as they were approved or last made, after the gate has judged anew; else new ones.
func (w *Workbench) leaving(ctx context.Context, c *casefile.Case, b brief, o PacketOptions) (casefile.Exhibit, error) {
	entry, err := w.standing(c, b)
	if refused := (*RefusedError)(nil); errors.As(err, &refused) {
		return w.render(ctx, c, b, renderOptions{noSandbox: o.NoSandbox, told: o.step(stepPapers)})
	}
	if err != nil {
		return casefile.Exhibit{}, err
	}
	if err := LintRefusal("application "+b.app.ID, b.gated(operatorOf(c))); err != nil {
		return casefile.Exhibit{}, err
	}
	papers, err := c.Papers(b.set())
	if err == nil && papers.Entry != entry {
		err = fmt.Errorf("papers of %s: %w", b.app.ID, casefile.ErrNotFound)
	}
	return papers, err
}

// travelling lists the exhibits that the recipient gets: those that the application rests on, or, of who executes it, the order alone.
func (b brief) travelling() []application.Exhibit {
	if b.to.Masked() {
		return slices.DeleteFunc(slices.Clone(b.exhibits), func(e application.Exhibit) bool {
			return !slices.ContainsFunc(b.cited(), func(x application.Exhibit) bool { return e.Making.Original == x.ID })
		})
	}
	if b.to != application.ForTWNIC {
		return b.cited()
	}
	return slices.DeleteFunc(slices.Clone(b.exhibits), func(e application.Exhibit) bool {
		return !slices.ContainsFunc(b.life.Steps, func(s application.Step) bool { return s.Order != nil && s.Exhibit == e.ID })
	})
}

// listed are the targets that the packet lists.
func (b brief) listed() []application.Target {
	if b.to == application.ForTWNIC {
		return b.life.Ordered(b.targets)
	}
	if b.to.Masked() {
		return nil // which exhibits show a name, the copies say
	}
	return b.targets
}

// cited lists the exhibits that the application's words or its targets rest on.
func (b brief) cited() []application.Exhibit {
	ids := application.Cited(b.app, b.targets, b.losses)
	return slices.DeleteFunc(slices.Clone(b.exhibits), func(e application.Exhibit) bool { return !slices.Contains(ids, e.ID) })
}

// build finds the entry that already says all this, or makes it: the viewer, the number, the entry, the seal.
func (p *parcel) build(ctx context.Context, w *Workbench) error {
	again, err := p.builtBefore(ctx, w)
	if err != nil || again {
		return err
	}
	p.record = evidence.PacketRecord{Application: p.brief.app.ID, For: string(cmp.Or(p.brief.to, application.ForCourt))}
	if p.id, err = p.nextID(); err != nil {
		return err
	}
	p.record.Name = p.id + "-" + shortNumber(p.c.Info().Number)
	files, err := p.withViewer(ctx, w)
	if err != nil {
		return err
	}
	if _, err := p.c.Put(ctx, kindPacket, p.id, p.record, ""); err != nil {
		return err
	}
	if err := p.countLeft(0); err != nil {
		return err
	}
	p.entry, err = p.c.Log(ctx, custody.Entry{
		Actor: custody.Person, Action: custody.PacketBuild, Object: p.id,
		Detail: p.plan().Detail(), Artifacts: packet.Manifest(files),
	})
	if err != nil {
		return err
	}
	p.files = files
	return w.seal(ctx, p.c)
}

func (p *parcel) nextID() (string, error) {
	list, err := p.c.List(kindPacket)
	if err != nil {
		return "", err
	}
	taken := make([]string, len(list))
	for i, r := range list {
		taken[i] = r.ID
	}
	return application.NextID("X", 2, taken), nil
}

// builtBefore looks for a packet of the very same content, newest first.
func (p *parcel) builtBefore(ctx context.Context, w *Workbench) (bool, error) {
	var before []custody.Entry
	for e, err := range p.c.Entries(p.papers.Entry) {
		if err != nil {
			return false, err
		}
		if e.Action == custody.PacketBuild && e.Detail[detailResult] == "" {
			before = append(before, e)
		}
	}
	for _, e := range slices.Backward(before) {
		r, err := p.c.Get(kindPacket, e.Object)
		if err != nil {
			return false, err
		}
		p.id, p.entry = e.Object, e
		if err := decode(r, &p.record); err != nil {
			return false, err
		}
		files, err := p.withViewer(ctx, w)
		if err != nil {
			return false, err
		}
		if err := p.countLeft(e.Number); err != nil {
			return false, err
		}
		if p.plan().Same(e, files) {
			p.files = files
			return true, nil
		}
	}
	p.entry = custody.Entry{}
	return false, nil
}

// plan is what the entry packet.build says beside its list of files.
func (p *parcel) plan() packet.Build {
	info := p.c.Info()
	build := packet.Build{Name: p.record.Name, Entries: p.entries, Info: map[string]string{
		"Source-Organization":         p.brief.app.Office,
		"External-Description":        p.brief.app.ID + " " + info.Number,
		"Internal-Sender-Description": "Yuzheng",
		"Custody-Entries-Left-Out":    p.left.String(),
	}}
	if p.signer != nil {
		build.Info[packet.InfoSigner] = p.signer.Certificate().Fingerprint
	}
	return build
}

var (
	caseNumber = regexp.MustCompile(`^(\d+)年度?(\p{Han}{1,6})字第(\d+)號$`)
	unsafeRune = regexp.MustCompile(`[^\p{L}\p{N}-]+`)
)

// shortNumber writes 115年度偵字第12345號 as 115偵12345, and anything else with what a file name can bear.
func shortNumber(number string) string {
	if m := caseNumber.FindStringSubmatch(number); m != nil {
		return m[1] + m[2] + m[3]
	}
	short := strings.Trim(unsafeRune.ReplaceAllString(number, "-"), "-")
	if r := []rune(short); len(r) > 40 {
		short = string(r[:40])
	}
	if short == "" {
		return "case"
	}
	return short
}

// sealed is the first seal that covers the entry: later ones don't change a packet that was built before.
func (p *parcel) sealed() (casefile.SealRecord, error) {
	seals, err := p.c.Seals()
	if err != nil {
		return casefile.SealRecord{}, err
	}
	for _, s := range seals {
		if s.Size >= p.entry.Number {
			return s, nil
		}
	}
	return casefile.SealRecord{}, fmt.Errorf("seal over entry %d: %w", p.entry.Number, casefile.ErrNotFound)
}

// byTime orders the stamps of a seal by the time that they say, so that one that comes late takes the name of none that was there.
func byTime(s casefile.SealRecord) []casefile.Stamp {
	at := func(t casefile.Stamp) time.Time {
		info, err := stamp.Verify(s.Text, t.Reply, nil)
		if err != nil {
			return time.Time{} // what was written is verified
		}
		return info.Time
	}
	return slices.SortedStableFunc(slices.Values(s.Stamps), func(a, b casefile.Stamp) int { return at(a).Compare(at(b)) })
}

func (p *parcel) packet() (packet.Packet, error) {
	s, err := p.sealed()
	if err != nil {
		return packet.Packet{}, err
	}
	out := packet.Packet{Name: p.record.Name, Files: p.files, Seal: s.Text}
	for i, t := range byTime(s) {
		name := "seal.tsr"
		if i > 0 {
			name = fmt.Sprintf("seal-%d.tsr", i+1)
		}
		out.Stamps = append(out.Stamps, packet.Stamp{Name: name, Reply: t.Reply})
	}
	for _, n := range append(slices.Clone(p.entries), p.entry.Number) {
		line, err := p.c.Line(n)
		if err != nil {
			return out, err
		}
		proof, err := p.c.Prove(s.Size, n)
		if err != nil {
			return out, err
		}
		out.Entries, out.Proofs = append(out.Entries, line), append(out.Proofs, proof)
	}
	return out, nil
}
