package schematest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Document checks a document that was written: it has no field that is not described, every field that is always there, each in its form.
func (s *Schema) Document(t testing.TB, name string, text []byte) {
	t.Helper()
	at := s.sections[name]
	if at == nil {
		t.Errorf("SCHEMA.md has no section %s", name)
		return
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Errorf("%s: %v in %.80s", name, err, text)
		return
	}
	r := reader{schema: s}
	r.object(name, at, "", v)
	for _, p := range r.problems {
		t.Error(p)
	}
}

// Lines checks a document of one object a line.
func (s *Schema) Lines(t testing.TB, name string, text []byte) {
	t.Helper()
	for line := range bytes.Lines(text) {
		s.Document(t, name, line)
	}
}

// reader reads a document by the tables.
type reader struct {
	schema   *Schema
	problems []string
}

// most bounds the problems that are told of one document.
const most = 20

func (r *reader) problem(place, format string, args ...any) {
	text := place + ": " + fmt.Sprintf(format, args...)
	if len(r.problems) < most && !slices.Contains(r.problems, text) {
		r.problems = append(r.problems, text)
	}
}

// described is a field and where its table goes on.
type described struct {
	form     string
	in       *section
	path     string // in the table
	optional bool
}

// level lists the fields of the object at a place of a table.
func (r *reader) level(at *section, prefix string) map[string]described {
	fields := map[string]described{}
	for _, x := range at.rows {
		if before, object, found := strings.Cut(x.field, "…"); found {
			if in := r.schema.sections[object]; in != nil && before == strings.TrimSuffix(prefix, ".") {
				for name, d := range r.level(in, "") {
					fields[name] = d
				}
			}
			continue
		}
		name, inside := strings.CutPrefix(x.field, prefix)
		if inside && !strings.ContainsAny(name, ".[{") {
			fields[name] = described{x.form, at, x.field, x.later || strings.HasSuffix(x.form, "?")}
		}
	}
	return fields
}

func (r *reader) object(place string, at *section, prefix string, v any) {
	members, ok := v.(map[string]any)
	if !ok {
		r.problem(place, "%T where an object is due", v)
		return
	}
	fields := r.level(at, prefix)
	for name, v := range members {
		d, known := fields[name]
		if !known {
			r.problem(place, "%s is not described", name)
			continue
		}
		r.value(place+"."+name, d.form, d.in, d.path, v)
	}
	for name, d := range fields {
		if _, there := members[name]; !there && !d.optional {
			r.problem(place, "%s is not there", name)
		}
	}
}

// value checks one value. Its form ends a field of the table at path of the section.
func (r *reader) value(place, form string, at *section, path string, v any) {
	form = strings.TrimSuffix(form, "?")
	form, null := strings.CutSuffix(form, orNull)
	if v == nil {
		if !null {
			r.problem(place, "null where %s is due", form)
		}
		return
	}
	word, rest, _ := strings.Cut(form, " ")
	rest = strings.TrimPrefix(rest, "of ")
	switch word {
	case "list":
		r.list(place, rest, at, path+"[]", v)
	case "map":
		r.members(place, rest, at, path+"{}", v)
	case "two":
		r.pair(place, rest, at, path, v, "a", "b")
	case "some":
		r.pair(place, "", at, path, v, "total", "list")
		if some, ok := v.(map[string]any); ok && some["list"] != nil {
			r.list(place, rest, at, path, some["list"])
		}
	case "object":
		r.object(place, at, path+".", v)
	default:
		if in := r.schema.sections[form]; in != nil {
			r.object(place, in, "", v)
			return
		}
		r.scalar(place, form, v)
	}
}

func (r *reader) list(place, form string, at *section, path string, v any) {
	list, ok := v.([]any)
	if !ok {
		r.problem(place, "%T where a list is due", v)
	}
	for _, v := range list {
		r.value(place+"[]", form, at, path, v)
	}
}

func (r *reader) members(place, form string, at *section, path string, v any) {
	members, ok := v.(map[string]any)
	if !ok {
		r.problem(place, "%T where an object is due", v)
	}
	for _, v := range members {
		r.value(place+"{}", form, at, path, v)
	}
}

// pair checks an object of two members. Without a form only that they are there.
func (r *reader) pair(place, form string, at *section, path string, v any, names ...string) {
	members, ok := v.(map[string]any)
	if !ok || len(members) != 2 {
		r.problem(place, "not an object of %v", names)
		return
	}
	for _, name := range names {
		value, there := members[name]
		switch {
		case !there:
			r.problem(place, "%s is not there", name)
		case form != "":
			r.value(place+"."+name, form, at, path, value)
		}
	}
}

func (r *reader) scalar(place, form string, v any) {
	text, isText := v.(string)
	number, isNumber := v.(json.Number)
	good := false
	switch form {
	case "any":
		good = true
	case "string":
		good = isText
	case "boolean":
		_, good = v.(bool)
	case "number":
		good = isNumber
	case "integer":
		_, err := number.Int64()
		good = isNumber && err == nil
	case "time":
		_, err := time.Parse(time.RFC3339Nano, text)
		good = isText && err == nil
	case "bytes":
		_, err := base64.StdEncoding.DecodeString(text)
		good = isText && err == nil
	default:
		values, known := r.schema.values(form)
		if !known {
			r.problem(place, "the form %q is none", form)
			return
		}
		good = isText && (text == "" || slices.Contains(values, text))
	}
	if !good {
		r.problem(place, "%v is no %s", v, form)
	}
}
