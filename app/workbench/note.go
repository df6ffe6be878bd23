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
