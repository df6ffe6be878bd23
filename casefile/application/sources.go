package application

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yuzheng/casefile/document"
	"yuzheng/casefile/rpz"
)

// FromOffice is where a list, an article or a template comes from that an office has put in place of the program's.
const FromOffice = "office"

// maxLimit is the longest that a state can be good for without being checked, in days.
const maxLimit = 3650

// Age is how many days lie between the state that a list tells and now.
func (s Source) Age(now time.Time) int {
	day, err := time.Parse(time.DateOnly, s.Date)
	if err != nil {
		return 0 // Check refuses it
	}
	return int(now.Sub(day).Hours() / 24)
}

// Old reports whether a list is to be checked against the world again.
func (s Source) Old(now time.Time) bool { return s.Age(now) > s.LimitDays }

// Check says with a *DataError what a list or a template does not tell of itself.
func (s Source) Check(file, place string) error {
	field := func(name string) string { return strings.TrimPrefix(place+"."+name, ".") }
	switch {
	case strings.TrimSpace(s.Version) == "":
		return &DataError{file, field("version"), missing}
	case !day(s.Date):
		return &DataError{file, field("date"), "is no day like 2026-11-30"}
	case strings.TrimSpace(s.Source) == "":
		return &DataError{file, field("source"), missing}
	case s.LimitDays < 1 || s.LimitDays > maxLimit:
		return &DataError{file, field("limit_days"), fmt.Sprintf("is no number of days from 1 to %d", maxLimit)}
	}
	return nil
}

func day(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// DataError says of a list or a template which file of the data folder, and what in it, is not as it has to be.
type DataError struct{ File, Field, Problem string }

func (e *DataError) Error() string {
	return strings.Join(slices.DeleteFunc([]string{e.File, e.Field, e.Problem}, func(s string) bool { return s == "" }), ": ")
}

const (
	missing = "is missing"
	twice   = "stands there twice"
	unknown = "is a value that is not known"
)

// Parse reads a list, which holds nothing that into has no field for.
func Parse(file string, text []byte, into any) error {
	if !utf8.Valid(text) {
		return &DataError{File: file, Problem: "is no UTF-8"}
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // U+FEFF, which editors of Windows put before a text
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			return &DataError{File: file, Problem: "goes on after its end"}
		}
		return nil
	}
	var form *json.UnmarshalTypeError
	var broken *json.SyntaxError
	switch field, strange := strings.CutPrefix(err.Error(), "json: unknown field "); {
	case strange:
		name, _ := strconv.Unquote(field)
		return &DataError{file, name, "is a field that is not known"}
	case errors.As(err, &form):
		return otherForm(file, form)
	case errors.As(err, &broken):
		return notJSON(file, text[:min(broken.Offset, int64(len(text)))])
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return notJSON(file, text)
	}
	return &DataError{File: file, Problem: "cannot be read: " + err.Error()}
}

// notJSON says up to which line a text could be read.
func notJSON(file string, read []byte) error {
	return &DataError{file, "line " + strconv.Itoa(1+bytes.Count(read, []byte("\n"))), "cannot be read as JSON"}
}

func otherForm(file string, err *json.UnmarshalTypeError) error {
	return &DataError{file, strings.TrimPrefix(err.Field, "Source."), "has another form than it has to"}
}

// tables are the words of papers: by kind, and by value.
type tables map[string]map[string]string

// UnmarshalJSON leaves out what the file says of itself.
func (t *tables) UnmarshalJSON(text []byte) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	*t = tables{}
	for kind, part := range parts {
		if kind == "about" {
			continue
		}
		var words map[string]string
		err := json.Unmarshal(part, &words)
		if form, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			form.Field = kind
		}
		if err != nil {
			return err
		}
		(*t)[kind] = words
	}
	return nil
}

// SourceOf reads what a file says of itself: a list at its top or under "about", a template in the comments that it begins with.
func SourceOf(file string, text []byte) (Source, error) {
	if !strings.HasSuffix(file, ".json") {
		return templateSource(file, string(text))
	}
	var head struct {
		Source
		About *Source `json:"about"`
	}
	err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), &head)
	var form *json.UnmarshalTypeError
	switch {
	case errors.As(err, &form):
		return Source{}, otherForm(file, form)
	case err != nil:
		return Source{}, Parse(file, text, new(any))
	case head.About != nil:
		return *head.About, head.About.Check(file, "about")
	}
	return head.Source, head.Source.Check(file, "")
}

// templateSource reads lines like "// version: 2026-11-30".
func templateSource(file, text string) (Source, error) {
	var s Source
	for line := range strings.Lines(text) {
		told, comment := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")), "//")
		if !comment {
			continue
		}
		word, value, _ := strings.Cut(strings.TrimSpace(told), ":")
		value = strings.TrimSpace(value)
		switch word {
		case "version":
			s.Version = value
		case "date":
			s.Date = value
		case "source":
			s.Source = value
		case "from":
			s.From = value
		case "limit_days":
			s.LimitDays, _ = strconv.Atoi(value)
		}
	}
	return s, s.Check(file, "")
}

// templateSources are those of all templates.
func templateSources(templates fs.FS) ([]namedSource, error) {
	names, err := document.TemplateFiles(templates)
	if err != nil {
		return nil, err
	}
	var list []namedSource
	for _, name := range names {
		text, err := fs.ReadFile(templates, name)
		if err != nil {
			return nil, err
		}
		s, err := SourceOf(name, text)
		if err != nil {
			return nil, err
		}
		list = append(list, namedSource{strings.TrimSuffix(name, ".paper"), s})
	}
	return grouped("範本：", list), nil
}

// grouped gives each source once, under the names of all that have it, in the order of their first.
func grouped(what string, list []namedSource) []namedSource {
	var groups []namedSource
	for _, s := range list {
		if i := slices.IndexFunc(groups, func(g namedSource) bool { return g.Source == s.Source }); i >= 0 {
			groups[i].Name += "、" + s.Name
			continue
		}
		groups = append(groups, namedSource{what + s.Name, s.Source})
	}
	return groups
}

// statutesName is what papers call the list of statutes.
const statutesName = "法條"

// statuteSources are that of the file of statutes, and those of articles that have one of their own.
func (l *Lists) statuteSources() []namedSource {
	var own []namedSource
	for _, a := range l.Statutes.Articles {
		if a.Source != l.ofFile() {
			own = append(own, namedSource{a.Law + a.Article, a.Source})
		}
	}
	return append([]namedSource{{statutesName, l.Statutes.Source}}, grouped(statutesName+"：", own)...)
}

// plainSources are the sources of lists that are no statutes.
func (l *Lists) plainSources() []namedSource {
	return slices.DeleteFunc(l.Sources(), func(s namedSource) bool { return strings.HasPrefix(s.Name, statutesName) })
}

// ofFile is the Source of an article that has none of its own.
func (l *Lists) ofFile() Source {
	s := l.Statutes.Source
	s.Note = ""
	return s
}

// Cited are the articles that an application's type or its own words name, in the order of the list.
func (l *Lists) Cited(a Application) []Statute {
	t, _ := l.Type(a.Type)
	_, texts := t.texts(a)
	words := strings.Join(texts, "\n")
	var list []Statute
	for _, s := range l.Statutes.Articles {
		if slices.Contains(t.Statutes, s.ID) || s.named(words) {
			list = append(list, s)
		}
	}
	return list
}

// named reports whether words name the article: 第42條, and not 第42條之1.
func (s Statute) named(words string) bool {
	for {
		_, after, found := strings.Cut(words, s.Law+s.Article)
		if !found {
			return false
		}
		if !strings.HasPrefix(after, "之") || !strings.ContainsAny(firstRune(strings.TrimPrefix(after, "之")), "0123456789一二三四五六七八九十") {
			return true
		}
		words = after
	}
}

func firstRune(text string) string {
	for _, r := range text {
		return string(r)
	}
	return "。"
}

// The kinds of a Statute.
var statuteKinds = []string{"quote", "paraphrase", "number"}

// check gives the articles the source of their file, and says with a *DataError what in the lists is not as it has to be.
func (l *Lists) check() error {
	for i := range l.Statutes.Articles {
		if a := &l.Statutes.Articles[i]; a.Version == "" {
			a.Source = l.ofFile()
		}
	}
	return cmp.Or(l.checkHeads(), l.checkStatutes(), l.checkTypes(), l.checkNames(), l.checkAnswers(), l.checkTexts())
}

func (l *Lists) checkHeads() error {
	for _, head := range []struct {
		file string
		of   Source
	}{
		{"platforms.json", l.Platforms.Source},
		{"official.json", l.Official.Source},
		{"popular.json", l.Popular.Source},
		{"freemail.json", l.FreeMail.Source},
		{"suffixes.json", l.Suffixes},
		{"statutes.json", l.Statutes.Source},
		{"application_types.json", l.Types.Source},
		{"sinkholes.json", l.Sinkholes.Source},
		{"execution.json", l.Execution.Source},
		{"findings.json", l.texts.Source},
	} {
		if err := head.of.Check(head.file, ""); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lists) checkStatutes() error {
	seen := map[string]bool{}
	for i, s := range l.Statutes.Articles {
		at := s.ID
		if at == "" {
			at = "articles[" + strconv.Itoa(i) + "]"
		}
		refuse := func(field, why string) error { return &DataError{"statutes.json", at + "." + field, why} }
		switch {
		case s.ID == "" || strings.Trim(s.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
			return refuse("id", "is no name in small letters, digits and hyphens")
		case seen[s.ID]:
			return refuse("id", twice)
		case s.Law == "":
			return refuse("law", missing)
		case s.Article == "":
			return refuse("article", missing)
		case strings.TrimSpace(s.Text) == "":
			return refuse("text", missing)
		case !slices.Contains(statuteKinds, s.Kind):
			return refuse("kind", unknown)
		case s.AsOf != "" && !day(s.AsOf):
			return refuse("as_of", "is no day like 2026-11-30")
		case s.AsOf > s.Date:
			return refuse("as_of", "is later than the state of the data")
		}
		if err := s.Source.Check("statutes.json", at); err != nil {
			return err
		}
		seen[s.ID] = true
	}
	return nil
}

func (l *Lists) checkTypes() error {
	const file = "application_types.json"
	if len(l.Types.Types) == 0 {
		return &DataError{file, "types", missing}
	}
	for _, t := range l.Types.Types {
		if t.ID == "" || t.Label == "" || t.LabelEN == "" {
			return &DataError{file, "types[].id, label, label_en", missing}
		}
		for _, id := range t.Statutes {
			if _, ok := find(l.Statutes.Articles, id, func(s Statute) string { return s.ID }); !ok {
				return &DataError{file, t.ID + ".statutes", "names " + id + ", which is no article of statutes.json"}
			}
		}
		for name := range t.Drafts {
			if !t.Set(new(Application), name, "x") {
				return &DataError{file, t.ID + ".drafts." + name, "is a field that is not known"}
			}
		}
		for _, name := range t.Papers {
			form, ok := l.Types.Papers[name]
			if !ok {
				return &DataError{file, t.ID + ".papers." + name, unknown}
			}
			if t.Restores && slices.Contains(form.Data, ZONE) {
				return &DataError{file, t.ID + ".papers." + name, "stops names, and the type lets them go"}
			}
		}
		for _, s := range t.Steps {
			if !slices.Contains(StepKinds, s) {
				return &DataError{file, t.ID + ".steps." + string(s), unknown}
			}
		}
		for _, d := range t.Deadlines {
			once := (d.Days > 0) != (d.Hours > 0 || d.Field != "")
			if !slices.Contains(t.Steps, d.After) || d.Label == "" || d.LabelEN == "" || !once || d.Statute != "" && l.article(d.Statute) == "" {
				return &DataError{file, t.ID + ".deadlines." + d.ID, unknown}
			}
		}
	}
	return nil
}

func (l *Lists) checkNames() error {
	for file, list := range map[string]nameList{"popular.json": l.Popular, "freemail.json": l.FreeMail} {
		if err := checkNames(file, "names", list.Names); err != nil {
			return err
		}
	}
	for file, list := range map[string]groupList{"platforms.json": l.Platforms, "official.json": l.Official} {
		if len(list.Groups) == 0 {
			return &DataError{file, "groups", missing}
		}
		for _, g := range list.Groups {
			if g.ID == "" || g.Label == "" || g.LabelEN == "" {
				return &DataError{file, "groups[].id, label, label_en", missing}
			}
			if err := checkNames(file, g.ID+".names", g.Names); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkNames(file, field string, names []string) error {
	if len(names) == 0 {
		return &DataError{file, field, missing}
	}
	for _, n := range names {
		name := n
		if !strings.Contains(n, ".") {
			name += ".example" // a list may hold a top-level domain
		}
		if got, err := rpz.Normalize(name); err != nil || got != name {
			return &DataError{file, field, fmt.Sprintf("%.80q is no name of a domain in small letters", n)}
		}
	}
	return nil
}

func (l *Lists) checkAnswers() error {
	if len(l.Sinkholes.Sinkholes) == 0 {
		return &DataError{"sinkholes.json", "sinkholes", missing}
	}
	for _, s := range l.Sinkholes.Sinkholes {
		if s.ID == "" || s.Label == "" || s.Source == "" {
			return &DataError{"sinkholes.json", "sinkholes[].id, label, source", missing}
		}
	}
	if l.origin() == "" {
		return &DataError{"execution.json", "origins", missing}
	}
	for _, o := range l.Execution.Origins {
		if o.Source == "" || o.Name != strings.ToLower(strings.Trim(o.Name, ".")) {
			return &DataError{"execution.json", "origins[].name, source", unknown}
		}
	}
	return nil
}

func (l *Lists) checkTexts() error {
	for code, s := range l.texts.Texts {
		if s.ZH == "" || s.EN == "" {
			return &DataError{"findings.json", "texts." + code, missing}
		}
	}
	return nil
}
