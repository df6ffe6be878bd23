package workbench

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/document"
)

// Law is what is in force: the lists and templates that the program brings, and what an office has put in their place.
type Law struct {
	Folder string    `json:"folder,omitempty"` // of the office
	SHA256 string    `json:"sha256,omitempty"` // of that folder, hexadecimal
	Items  []LawItem `json:"items"`
}

// LawItem is one list, one template, or one article that has a source of its own.
type LawItem struct {
	ID string `json:"id"` // statutes, fraud-42, gate.paper
	application.Source
	AgeDays int  `json:"age_days"`
	Old     bool `json:"old"` // than its limit
}

// LawText is an item with its words: of statutes the articles, of everything else its file, with what the office has amended.
type LawText struct {
	LawItem
	Articles []application.Statute `json:"articles,omitempty"`
	Text     string                `json:"text,omitempty"`
}

// Law lists what is in force: lists by their names, articles of the office's own, templates.
func (w *Workbench) Law() (Law, error) {
	law := Law{Items: []LawItem{}}
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return law, err
	}
	if w.Office != nil {
		law.Folder = w.Office.Dir()
		if law.SHA256, err = w.Office.SHA256(); err != nil {
			return law, err
		}
	}
	names, err := fs.Glob(w.Lists, "*.json")
	if err != nil {
		return law, err
	}
	if err := w.lawFiles(&law, w.Lists, names); err != nil {
		return law, err
	}
	for _, a := range lists.Statutes.Articles {
		if a.From == application.FromOffice {
			law.Items = append(law.Items, w.lawItem(a.ID, a.Source))
		}
	}
	if names, err = document.TemplateFiles(w.Papers); err != nil {
		return law, err
	}
	return law, w.lawFiles(&law, w.Papers, names)
}

func (w *Workbench) lawFiles(law *Law, files fs.FS, names []string) error {
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		s, err := application.SourceOf(name, text)
		if err != nil {
			return err
		}
		law.Items = append(law.Items, w.lawItem(strings.TrimSuffix(name, ".json"), s))
	}
	return nil
}

func (w *Workbench) lawItem(id string, s application.Source) LawItem {
	return LawItem{id, s, s.Age(w.Now()), s.Old(w.Now())}
}

// LawText gives the words of an item, or of any article, by its id.
func (w *Workbench) LawText(id string) (LawText, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return LawText{}, err
	}
	articles := lists.Statutes.Articles
	if i := slices.IndexFunc(articles, func(s application.Statute) bool { return s.ID == id }); i >= 0 {
		return LawText{LawItem: w.lawItem(id, articles[i].Source), Articles: articles[i : i+1]}, nil
	}
	law, err := w.Law()
	if err != nil {
		return LawText{}, err
	}
	i := slices.IndexFunc(law.Items, func(item LawItem) bool { return item.ID == id })
	if i < 0 {
		return LawText{}, fmt.Errorf("law %s: %w", id, casefile.ErrNotFound)
	}
	got := LawText{LawItem: law.Items[i]}
	if id == "statutes" {
		got.Articles = articles
		return got, nil
	}
	files, name := w.Papers, id
	if !strings.Contains(id, ".") {
		files, name = w.Lists, id+".json"
	}
	text, err := fs.ReadFile(files, name)
	got.Text = string(text)
	return got, err
}

// Notices tells what a person should know of law, lists and templates before an application leaves; it keeps nothing back.
func (w *Workbench) Notices(ctx context.Context, c *casefile.Case, id string) ([]application.Finding, error) {
	b, err := w.brief(ctx, c, id)
	if err != nil {
		return nil, err
	}
	made, err := w.rendering(b)
	if err != nil {
		return nil, err
	}
	_, last, err := lastRendering(c, id)
	if err != nil {
		return nil, err
	}
	return application.Notices(b.app, b.lists, w.Papers, w.Now(), last.Inputs == made.Inputs && last.Data != made.Data)
}

// The details in which an entry of the log says what was the office's of that by which something was made or decided.
const (
	detailOffice      = "office_sha256"
	detailOfficeItems = "office_items"
)

// byOffice adds to the detail of an entry the hash of the office's folder, and what stands in it with its version.
func (w *Workbench) byOffice(detail map[string]string) (map[string]string, error) {
	if w.Office == nil {
		return detail, nil
	}
	law, err := w.Law()
	if err != nil || law.SHA256 == "" {
		return detail, err
	}
	var items []string
	for _, i := range law.Items {
		if i.From == application.FromOffice {
			items = append(items, i.ID+" "+i.Version)
		}
	}
	detail[detailOffice], detail[detailOfficeItems] = law.SHA256, strings.Join(items, ", ")
	return detail, nil
}
