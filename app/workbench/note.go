package workbench

import (
	"context"
	"strings"
	"time"

	"yuzheng/casefile"
)

const (
	kindNote = "note"
	kindTag  = "tag"
)

// Note is a remark or a tag that stands beside an exhibit; the exhibit itself never changes.
type Note struct {
	ID      string    `json:"id"` // N0001, T0001
	Exhibit string    `json:"exhibit"`
	Text    string    `json:"text"`
	Time    time.Time `json:"time"`
	Person  string    `json:"person"`
}

// AddNote puts a remark beside an exhibit.
func (w *Workbench) AddNote(ctx context.Context, c *casefile.Case, exhibit, text string) (Note, error) {
	return w.beside(ctx, c, kindNote, exhibit, text)
}

// AddTag puts a tag beside an exhibit.
func (w *Workbench) AddTag(ctx context.Context, c *casefile.Case, exhibit, text string) (Note, error) {
	return w.beside(ctx, c, kindTag, exhibit, text)
}

func (w *Workbench) beside(ctx context.Context, c *casefile.Case, kind, exhibit, text string) (Note, error) {
	if _, err := c.Exhibit(exhibit); err != nil {
		return Note{}, err
	}
	if strings.TrimSpace(text) == "" {
		return Note{}, refuse(kind+" "+exhibit, kind+".empty", exhibit, "內容空白。", "There is no text.")
	}
	n := Note{Exhibit: exhibit, Text: text, Time: w.Now().UTC(), Person: operatorOf(c)}
	r, err := c.Put(ctx, kind, "", n, "")
	n.ID = r.ID
	return n, err
}

// kindShows is the record of what an exhibit is to prove (待證事實): its newest version is printed.
const kindShows = "shows"

type shows struct {
	Text   string    `json:"text"`
	Time   time.Time `json:"time"`
	Person string    `json:"person"`
}

// SetShows says what an exhibit is to prove, in place of what was said before.
func (w *Workbench) SetShows(ctx context.Context, c *casefile.Case, exhibit, text string) error {
	if _, err := c.Exhibit(exhibit); err != nil {
		return err
	}
	if text = strings.TrimSpace(text); text == "" {
		return refuse("what "+exhibit+" shows", "shows.empty", exhibit, "內容空白。", "There is no text.")
	}
	_, err := c.Put(ctx, kindShows, exhibit, shows{text, w.Now().UTC(), operatorOf(c)}, "")
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
		var s shows
		if err := decode(r, &s); err != nil {
			return nil, err
		}
		texts[r.ID] = s.Text
	}
	return texts, nil
}

// Notes lists the remarks and then the tags beside an exhibit.
func (w *Workbench) Notes(c *casefile.Case, exhibit string) ([]Note, error) {
	found := []Note{}
	for _, kind := range []string{kindNote, kindTag} {
		list, err := records(c, kind, func(n *Note, id string) { n.ID = id })
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
