package workbench

import (
	"context"
	"strings"

	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

const (
	kindNote = "note"
	kindTag  = "tag"
)

// AddNote puts a remark beside an exhibit.
func (w *Workbench) AddNote(ctx context.Context, c *casefile.Case, exhibit, text string) (evidence.Note, error) {
	return w.beside(ctx, c, kindNote, exhibit, text)
}

// AddTag puts a tag beside an exhibit.
func (w *Workbench) AddTag(ctx context.Context, c *casefile.Case, exhibit, text string) (evidence.Note, error) {
	return w.beside(ctx, c, kindTag, exhibit, text)
}

func (w *Workbench) beside(ctx context.Context, c *casefile.Case, kind, exhibit, text string) (evidence.Note, error) {
	if _, err := c.Exhibit(exhibit); err != nil {
		return evidence.Note{}, err
	}
	if strings.TrimSpace(text) == "" {
		return evidence.Note{}, refuse(kind+" "+exhibit, kind+".empty", exhibit, "內容空白。", "There is no text.")
	}
	n := evidence.Note{Exhibit: exhibit, Text: text, Time: w.Now().UTC(), Person: operatorOf(c)}
	r, err := c.Put(ctx, kind, "", n, "")
	n.ID = r.ID
	return n, err
}

// kindShows is the record of what an exhibit is to prove (待證事實): its newest version is printed.
const kindShows = "shows"

// SetShows says what an exhibit is to prove, in place of what was said before.
func (w *Workbench) SetShows(ctx context.Context, c *casefile.Case, exhibit, text string) error {
	if _, err := c.Exhibit(exhibit); err != nil {
		return err
	}
	if text = strings.TrimSpace(text); text == "" {
		return refuse("what "+exhibit+" shows", "shows.empty", exhibit, "內容空白。", "There is no text.")
	}
	_, err := c.Put(ctx, kindShows, exhibit, evidence.Shows{Text: text, Time: w.Now().UTC(), Person: operatorOf(c)}, "")
	return err
}

// shown is what each exhibit is to prove, where somebody said so.
func shown(c *casefile.Case) (map[string]string, error) {
	list, err := c.List(kindShows)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, r := range list {
		var s evidence.Shows
		if err := decode(r, &s); err != nil {
			return nil, err
		}
		texts[r.ID] = s.Text
	}
	return texts, nil
}

// Notes lists the remarks and then the tags beside an exhibit.
func (w *Workbench) Notes(c *casefile.Case, exhibit string) ([]evidence.Note, error) {
	found := []evidence.Note{}
	for _, kind := range []string{kindNote, kindTag} {
		list, err := records(c, kind, func(n *evidence.Note, id string) { n.ID = id })
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			if n.Exhibit == exhibit {
				found = append(found, n)
			}
		}
	}
	return found, nil
}
