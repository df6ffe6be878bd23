package office

import (
	"bytes"
	"encoding/json"
	"maps"

	"yuzheng/casefile/application"
)

// object is a JSON object whose parts are not looked at.
type object map[string]json.RawMessage

// mergeList puts a list of the office over the program's, and says in it what is the office's.
func mergeList(name string, theirs, ours []byte) ([]byte, error) {
	theirs = bytes.TrimPrefix(theirs, []byte("\xef\xbb\xbf"))
	head, err := application.SourceOf(name, theirs)
	if err != nil {
		return nil, err
	}
	head.From = application.FromOffice
	office, program := object{}, object{}
	if err := application.Parse(name, theirs, &office); err != nil {
		return nil, err
	}
	if err := application.Parse(name, ours, &program); err != nil {
		return nil, err
	}
	switch name {
	case "statutes.json":
		err = amendArticles(name, office, program, head)
	case "findings.json":
		office["from"] = quoted(head.From)
		err = amend(name, office, program, "texts")
	case "words.json":
		err = amendWords(name, office, program, head)
	default:
		office["from"] = quoted(head.From)
	}
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(office, "", " ")
}

func quoted(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic("office: " + err.Error())
	}
	return text
}

// amendArticles leaves the program's articles in their order, each in the office's words where it has one of that id; others follow.
// Each of the office says where it is from, by itself or as its file does. The head is the program's.
func amendArticles(name string, office, program object, head application.Source) error {
	var theirs, ours []object
	if err := part(name, "articles", office, &theirs); err != nil {
		return err
	}
	if err := part(name, "articles", program, &ours); err != nil {
		return err
	}
	id := func(o object) string { return string(o["id"]) }
	at := map[string]int{}
	for i, o := range ours {
		at[id(o)] = i
	}
	for _, o := range theirs {
		if o == nil {
			return &application.DataError{File: name, Field: "articles", Problem: "has another form than it has to"}
		}
		if _, own := o["version"]; !own {
			o["version"], o["date"], o["source"], o["limit_days"] = quoted(head.Version), quoted(head.Date), quoted(head.Source), quoted(head.LimitDays)
		}
		o["from"] = quoted(head.From)
		if i, known := at[id(o)]; known {
			ours[i] = o
			delete(at, id(o)) // a second one of that id stands there twice, and is refused
			continue
		}
		ours = append(ours, o)
	}
	for key, value := range program {
		if headKeys[key] || office[key] == nil {
			office[key] = value
		}
	}
	office["articles"] = quoted(ours)
	return nil
}

// headKeys are the fields in which a list says what it is.
var headKeys = map[string]bool{"version": true, "date": true, "source": true, "limit_days": true, "licence": true, "note": true}

// amend fills a part of the office's list with what it leaves out of the program's. What the program does not know is no name of anything.
func amend(name string, office, program object, field string) error {
	theirs, ours := object{}, object{}
	if err := part(name, field, office, &theirs); err != nil {
		return err
	}
	if err := part(name, field, program, &ours); err != nil {
		return err
	}
	for key := range theirs {
		if ours[key] == nil {
			return &application.DataError{File: name, Field: field + "." + key, Problem: strange}
		}
	}
	maps.Copy(ours, theirs)
	office[field] = quoted(ours)
	return nil
}

func amendWords(name string, office, program object, head application.Source) error {
	for kind := range office {
		if program[kind] == nil {
			return &application.DataError{File: name, Field: kind, Problem: strange}
		}
		if kind == "about" {
			continue
		}
		if err := amend(name, office, program, kind); err != nil {
			return err
		}
	}
	for kind, words := range program {
		if office[kind] == nil {
			office[kind] = words
		}
	}
	office["about"] = quoted(head)
	return nil
}

func part(name, field string, of object, into any) error {
	if of[field] == nil {
		return &application.DataError{File: name, Field: field, Problem: "is missing"}
	}
	if err := json.Unmarshal(of[field], into); err != nil {
		return &application.DataError{File: name, Field: field, Problem: "has another form than it has to"}
	}
	return nil
}
