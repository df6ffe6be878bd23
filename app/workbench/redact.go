package workbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yuzheng/capture/archive"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/redact"
)

const kindRedaction = "redaction"

// maxRedactionLeft is how many parts of an artifact that are not in the copy are named.
const maxRedactionLeft = 1000

// Redacted is a redacted copy and what it was made of.
type Redacted struct {
	Captured
	Redaction evidence.Redaction `json:"redaction"`
}

// Redact makes a copy of an exhibit in which personal data is masked by rules, as ParseRules of package redact reads them; nil is every built-in
// kind. It is an exhibit of its own, of the kind copy. Everything is gone through twice: what was found in one artifact is looked for in all.
// A copy in which a search of its own still finds something is not admitted: that is a redact.ErrRemains.
func (w *Workbench) Redact(ctx context.Context, c *casefile.Case, exhibit string, rules io.Reader, reason string) (Redacted, error) {
	e, err := c.Exhibit(exhibit)
	if err != nil {
		return Redacted{}, err
	}
	said, err := RedactionRules(exhibit, rules)
	if err != nil {
		return Redacted{}, err
	}
	if said.Words, err = w.withVictims(c, said.Words); err != nil {
		return Redacted{}, err
	}
	r, err := redact.New(said)
	if err != nil {
		return Redacted{}, err
	}
	x := &redaction{w: w, c: c, e: e, Redactor: r}
	if err := x.learn(ctx); err != nil {
		return Redacted{}, err
	}
	if said.Schema = evidence.Schema; said.Kinds == nil {
		said.Kinds = evidence.RedactionBuiltIn
	}
	// Named otherwise than the exhibit: the entry tells a hash of names, and what is named by an exhibit travels with it.
	kept, err := c.Put(ctx, kindRedaction, exhibit+"-"+kindRedaction, said, reason)
	if err != nil {
		return Redacted{}, err
	}
	return x.admit(ctx, evidence.Redaction{Schema: evidence.Schema, Original: e.ID, Entry: e.Entry, Rules: kept.Entry}, reason)
}

// victimCode is what an office calls a victim whose name it keeps to itself.
var victimCode = regexp.MustCompile(`(?i)^(?:被害人|報案人|代號|victim)?\s*(?:第?[0-9]+號?|[A-Z]{1,2}[0-9]*|[甲乙丙丁戊己庚辛壬癸子丑寅卯]{1,2})$`)

// withVictims adds the names of the victims that the case knows to the words that are masked: of all names they are the last to leave it.
func (w *Workbench) withVictims(c *casefile.Case, words []string) ([]string, error) {
	losses, err := w.Losses(c)
	words = slices.Clone(words)
	for _, l := range losses {
		if utf8.RuneCountInString(l.Victim) > 1 && !victimCode.MatchString(l.Victim) && !slices.Contains(words, l.Victim) {
			words = append(words, l.Victim)
		}
	}
	return words, err
}

// RedactionRules reads rules for an exhibit; nil is none. What is wrong with them the person can mend.
func RedactionRules(exhibit string, r io.Reader) (evidence.RedactionRules, error) {
	if r == nil {
		return evidence.RedactionRules{}, nil
	}
	rules, err := redact.ParseRules(r)
	if err != nil {
		why := strings.TrimPrefix(err.Error(), redact.ErrRules.Error()+": ")
		return rules, refuse("redaction of "+exhibit, "redaction.rules", exhibit, "這份遮蔽規則不能使用："+why, "These rules cannot be used: "+why)
	}
	return rules, nil
}

// redaction is the work at one copy.
type redaction struct {
	*redact.Redactor
	w *Workbench
	c *casefile.Case
	e casefile.Exhibit
}

// learn goes through all artifacts for the values in them.
func (x *redaction) learn(ctx context.Context) error {
	for _, a := range x.e.Artifacts {
		if _, err := x.copyOf(ctx, a); err != nil {
			return err
		}
		x.Text(a.Name, nil)
	}
	err := x.Known()
	if out := (*redact.OutsideError)(nil); errors.As(err, &out) {
		b := out.Box
		return refuse("redaction of "+x.e.ID, "redaction.box", out.Picture,
			fmt.Sprintf("圖片 %s 為 %d×%d 像素，規則所列範圍（x %d、y %d、寬 %d、高 %d）未完全在圖內。", out.Picture, out.Width, out.Height, b.X, b.Y, b.Width, b.Height),
			fmt.Sprintf("The picture %s has %d×%d pixels; the box of the rules (x %d, y %d, width %d, height %d) does not lie wholly in it.",
				out.Picture, out.Width, out.Height, b.X, b.Y, b.Width, b.Height))
	}
	if err != nil {
		return refuse("redaction of "+x.e.ID, "redaction.values", x.e.ID, "個資太多，無法逐一記住；請分次遮蔽。", "There is more personal data than can be remembered.")
	}
	return nil
}

// admit makes the copy an exhibit.
func (x *redaction) admit(ctx context.Context, report evidence.Redaction, reason string) (Redacted, error) {
	in, err := x.c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool})
	if err != nil {
		return Redacted{}, err
	}
	known := len(x.Values())
	if err = x.fill(ctx, in, &report); err == nil && len(x.Values()) != known {
		err = fmt.Errorf("%w: masking brought forth a new one", redact.ErrRemains)
	}
	if err != nil {
		return Redacted{}, errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	detail := map[string]string{
		evidence.DetailOriginal: report.Original, evidence.DetailOriginalEntry: number(report.Entry), evidence.DetailRulesEntry: number(report.Rules),
	}
	e, err := x.w.admitOther(ctx, in, evidence.Copy, evidence.OtherSummary{Title: x.e.ID}, detail, reason)
	if err != nil {
		return Redacted{}, err
	}
	got, err := captured(e)
	return Redacted{got, report}, err
}

// fill writes every artifact that can be in the copy, and the report.
func (x *redaction) fill(ctx context.Context, in *casefile.Intake, report *evidence.Redaction) error {
	used := map[string]bool{evidence.RedactionJSON: true}
	for _, a := range x.e.Artifacts {
		c, err := x.copyOf(ctx, a)
		if err != nil {
			return err
		}
		name := unusedName(used, x.Text(a.Name, nil))
		told := evidence.RedactionArtifact{Name: name, Masked: c.Masked, LeftOut: c.LeftOut, Left: c.Left}
		if told.More = max(0, len(c.Left)-maxRedactionLeft); told.More > 0 {
			told.Left = c.Left[:maxRedactionLeft]
		}
		report.Artifacts = append(report.Artifacts, told)
		if c.LeftOut == "" {
			if err := x.put(in, name, x.Text(a.MediaType, nil), c.Data); err != nil {
				return err
			}
		}
	}
	body, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", evidence.RedactionJSON, err)
	}
	return x.put(in, evidence.RedactionJSON, "application/json", append(body, '\n'))
}

// put searches what is to be in the copy once more, and writes it.
func (x *redaction) put(in *casefile.Intake, name, mediaType string, data []byte) error {
	if err := errors.Join(redact.Remains(x.Values(), "the name of an artifact", []byte(name)), redact.Remains(x.Values(), name, data)); err != nil {
		return err
	}
	return fill(in, name, mediaType, bytes.NewReader(data))
}

// unusedName gives a name that no other artifact of the copy has: masking may make two the same.
func unusedName(used map[string]bool, name string) string {
	one, ending := name, path.Ext(name)
	for n := 2; used[one]; n++ {
		one = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ending), n, ending)
	}
	used[one] = true
	return one
}

// copyOf masks an artifact.
func (x *redaction) copyOf(ctx context.Context, a evidence.Artifact) (redact.Copy, error) {
	if err := context.Cause(ctx); err != nil {
		return redact.Copy{}, err
	}
	if x.LeavesOut(a.Name) {
		return redact.Copy{LeftOut: evidence.LeftByRule}, nil
	}
	r, err := x.c.OpenArtifact(ctx, x.e.Entry, a.Name)
	if err != nil {
		return redact.Copy{}, err
	}
	defer r.Close()
	if path.Ext(a.Name) == ".wacz" {
		return x.archive(seekerAt{r}, a.Size)
	}
	data, err := io.ReadAll(io.LimitReader(r, redact.MaxPiece+1))
	if err != nil {
		return redact.Copy{}, err
	}
	return x.Piece(a.Name, a.MediaType, data), nil
}

// uncut is a WACZ in memory.
type uncut struct{ bytes.Buffer }

// Cut implements archive.Writer.
func (*uncut) Cut() {}

// archive masks an archive of the web, record by record. One that this program did not write is left out.
func (x *redaction) archive(r seekerAt, size int64) (redact.Copy, error) {
	var c redact.Copy
	var out uncut
	source := &faulty{r: r}
	err := archive.Rewrite(source, size, &out, archive.Edit{
		Most: redact.MaxPiece,
		Text: func(text string) string { return x.Text(text, &c) },
		Body: func(address, mediaType string, body []byte) ([]byte, bool) {
			part := x.Piece(address, mediaType, body)
			c.Add(x.Text(address, nil), part)
			return part.Data, part.LeftOut == ""
		},
	})
	switch {
	case source.err != nil: // of the case, not of the archive
		return redact.Copy{}, source.err
	case err != nil:
		return redact.Copy{LeftOut: evidence.LeftDamaged}, nil
	case out.Len() > redact.MaxPiece:
		return redact.Copy{LeftOut: evidence.LeftLarge}, nil
	}
	c.Data = out.Bytes()
	return c, nil
}

// faulty remembers that reading failed.
type faulty struct {
	r   io.ReaderAt
	err error
}

// ReadAt implements io.ReaderAt.
func (f *faulty) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.r.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
