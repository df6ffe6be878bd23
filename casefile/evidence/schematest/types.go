package schematest

import (
	"encoding"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Type checks that the table of a document has exactly the fields that a value of v's type can write, each in its form.
func (s *Schema) Type(t testing.TB, name string, v any) {
	t.Helper()
	typ := reflect.TypeOf(v)
	if at := s.sections[name]; at != nil && typ.Name() != "" && !strings.Contains(at.intro, "`"+typ.String()+"`") {
		t.Errorf("%s: SCHEMA.md does not say that it is %s", name, typ)
	}
	s.Part(t, name, v, func(string) bool { return true })
}

// Part is Type for a document of which only some fields are described.
func (s *Schema) Part(t testing.TB, name string, v any, described func(field string) bool) {
	t.Helper()
	at := s.sections[name]
	if at == nil {
		t.Errorf("SCHEMA.md has no section %s", name)
		return
	}
	f := &flat{schema: s, t: t, of: name}
	typ := reflect.TypeOf(v)
	if owner := s.owners[typ.String()]; owner != "" && owner != name {
		f.found = append(f.found, field{name: "…" + owner})
	} else {
		f.fields(typ, "", false)
	}
	f.found = slices.DeleteFunc(f.found, func(x field) bool { return !described(x.name) })
	for _, x := range f.found {
		i := slices.IndexFunc(at.rows, func(r row) bool { return r.field == x.name })
		switch {
		case i < 0:
			t.Errorf("%s: %s writes %s (%s), which SCHEMA.md does not have", name, typ, x.name, x.written())
		case !x.is(at.rows[i].form):
			t.Errorf("%s: %s is %q in SCHEMA.md, %s writes %q", name, x.name, at.rows[i].form, typ, x.written())
		}
	}
	for _, r := range at.rows {
		if !slices.ContainsFunc(f.found, func(x field) bool { return x.name == r.field }) {
			t.Errorf("%s: SCHEMA.md has %s, which %s does not write", name, r.field, typ)
		}
	}
}

// field is one field that a type can write. A name of "…NAME" is all fields of that object.
type field struct {
	name, form     string
	optional, null bool
	list           bool // a list or map that is null where its writer makes none
}

func (x field) written() string {
	switch {
	case x.optional:
		return x.form + "?"
	case x.null:
		return x.form + orNull
	}
	return x.form
}

const orNull = " or null"

// anything stands for what a type that writes itself may write.
const anything = "*"

// is reports whether a form in SCHEMA.md is that of the field. Whether a list is never null, its writer knows.
func (x field) is(form string) bool {
	if x.list && !x.optional {
		form = strings.TrimSuffix(form, orNull)
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(x.written()), regexp.QuoteMeta(anything), "[a-z]+")
	return regexp.MustCompile("^" + pattern + "$").MatchString(form)
}

// flat lists the fields of a type.
type flat struct {
	schema *Schema
	t      testing.TB
	of     string
	found  []field
	within []reflect.Type
}

func (f *flat) fields(t reflect.Type, prefix string, optional bool) {
	if slices.Contains(f.within, t) {
		f.t.Errorf("%s: %s holds itself and needs a section of its own", f.of, t)
		return
	}
	f.within = append(f.within, t)
	defer func() { f.within = f.within[:len(f.within)-1] }()
	var embedded []reflect.StructField
	for i := range t.NumField() {
		x := t.Field(i)
		name, options, _ := strings.Cut(x.Tag.Get("json"), ",")
		inner, _ := pointed(x.Type)
		switch {
		case x.Tag.Get("json") == "-":
		case x.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			embedded = append(embedded, x)
		case !x.IsExported():
		default:
			if name == "" {
				name = x.Name
			}
			f.field(prefix+name, x.Type, optional || strings.Contains(options, "omit"))
		}
	}
	for _, x := range embedded { // last: a field of the same name that is less deep goes before theirs
		inner, pointer := pointed(x.Type)
		f.embedded(inner, prefix, optional || pointer)
	}
}

func (f *flat) embedded(t reflect.Type, prefix string, optional bool) {
	if owner := f.schema.owners[t.String()]; owner != "" {
		f.found = append(f.found, field{name: strings.TrimSuffix(prefix, ".") + "…" + owner})
		return
	}
	f.fields(t, prefix, optional)
}

func (f *flat) field(name string, t reflect.Type, optional bool) {
	if slices.ContainsFunc(f.found, func(x field) bool { return x.name == name }) {
		return
	}
	_, pointer := pointed(t)
	form, inner, steps := f.form(name, t)
	list := t.Kind() == reflect.Slice || t.Kind() == reflect.Map
	f.found = append(f.found, field{name, form, optional, pointer && !optional, list})
	if inner != nil {
		f.fields(inner, name+steps+".", false)
	}
}

func pointed(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Pointer {
		return t.Elem(), true
	}
	return t, false
}

var (
	writesText = reflect.TypeFor[encoding.TextMarshaler]()
	writesJSON = reflect.TypeFor[json.Marshaler]()
)

var plain = map[reflect.Kind]string{
	reflect.String: "string", reflect.Bool: "boolean", reflect.Float64: "number", reflect.Float32: "number", reflect.Interface: "any",
	reflect.Int: "integer", reflect.Int8: "integer", reflect.Int16: "integer", reflect.Int32: "integer", reflect.Int64: "integer",
	reflect.Uint: "integer", reflect.Uint8: "integer", reflect.Uint16: "integer", reflect.Uint32: "integer", reflect.Uint64: "integer",
}

// form is how a type is written: of an object without a section its type too, and the steps to it.
func (f *flat) form(name string, t reflect.Type) (form string, inner reflect.Type, steps string) {
	t, _ = pointed(t)
	if list := slices.IndexFunc(f.schema.Lists, func(l List) bool { return l.Type == t.String() }); list >= 0 {
		return f.schema.Lists[list].Name, nil, ""
	}
	switch {
	case t == reflect.TypeFor[time.Time]() || t.String() == "custody.Time":
		return "time", nil, ""
	case t == reflect.TypeFor[json.RawMessage]():
		return "any", nil, ""
	case t.Implements(writesText) || reflect.PointerTo(t).Implements(writesText):
		return "string", nil, ""
	case t.Implements(writesJSON) || reflect.PointerTo(t).Implements(writesJSON):
		return anything, nil, ""
	case f.schema.owners[t.String()] != "":
		return f.schema.owners[t.String()], nil, ""
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes", nil, ""
		}
		form, inner, steps = f.form(name, t.Elem())
		return "list of " + form, inner, "[]" + steps
	case reflect.Map:
		form, inner, steps = f.form(name, t.Elem())
		return "map of " + form, inner, "{}" + steps
	case reflect.Struct:
		return f.object(name, t)
	case reflect.String:
		if strings.HasPrefix(t.PkgPath(), "yuzheng/") {
			f.t.Errorf("%s: %s is a %s, of which SCHEMA.md has no closed list", f.of, name, t)
		}
	}
	return plain[t.Kind()], nil, ""
}

// object is the form of a struct. Two and Some of package compare are forms of what they hold.
func (f *flat) object(name string, t reflect.Type) (form string, inner reflect.Type, steps string) {
	word, held := "", reflect.Type(nil)
	if x, ok := t.FieldByName("A"); ok && strings.HasPrefix(t.Name(), "Two[") {
		word, held = "two ", x.Type
	}
	if x, ok := t.FieldByName("List"); ok && strings.HasPrefix(t.Name(), "Some[") {
		word, held = "some ", x.Type.Elem()
	}
	if held == nil {
		return "object", t, ""
	}
	form, inner, _ = f.form(name, held)
	if inner != nil {
		f.t.Errorf("%s: %s holds %s, which needs a section of its own", f.of, name, inner)
	}
	return word + form, nil, ""
}
