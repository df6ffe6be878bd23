package netfacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yuzheng/casefile/evidence"
)

// Bounds on what is taken out of an answer; the body has all of it.
const (
	maxNested = 4  // entities within entities
	maxFaults = 20 // faults that are named
	maxEvents = 64
	maxListed = 1000 // elements of one list
)

// answer is one RDAP object (RFC 9083) as it is being read. Registries keep to the form less than libraries ask for, so each member is
// read by itself: what cannot be is named, and costs nothing else.
type answer struct {
	r *evidence.Registration
}

type object = map[string]any

var (
	errNoJSON   = errors.New("the answer is no JSON object")
	errNoObject = errors.New("the server answers that it has none, or an error")
)

// read takes what every reader looks for first.
func readAnswer(r *evidence.Registration, body []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the reading of the answer broke off: %v", p)
		}
	}()
	var o object
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &o); err != nil || o == nil {
		return errNoJSON
	}
	a := answer{r}
	if code := a.text("errorCode", o["errorCode"]); code != "" {
		return fmt.Errorf("%w: %s %s", errNoObject, code, a.text("title", o["title"]))
	}
	if class := a.text("objectClassName", o["objectClassName"]); !isOf(r, class) {
		a.fault("", "an object of class %q", class)
		return nil
	}
	r.Handle, r.Country = a.text("handle", o["handle"]), a.text("country", o["country"])
	r.Name = a.first(o, "ldhName", "unicodeName", "name")
	r.Status = a.texts("status", o["status"])
	for i, v := range a.list("nameservers", o["nameservers"]) {
		place := fmt.Sprintf("nameservers[%d]", i)
		switch name := a.first(a.object(place, v), "ldhName", "unicodeName"); {
		case name == "":
			a.fault(place, "no name")
		case len(r.Servers) < maxValues:
			r.Servers = append(r.Servers, strings.ToLower(name))
		}
	}
	a.events(o["events"])
	a.entities("entities", o["entities"], 0)
	a.redacted(o["redacted"])
	return nil
}

// isOf reports whether a class is the one that was asked for. One that is not told is taken on trust.
func isOf(r *evidence.Registration, class string) bool {
	return class == "" || strings.EqualFold(class, map[string]string{"domain": "domain", "ip": "ip network"}[r.Kind])
}

func (a answer) events(v any) {
	for i, v := range a.list("events", v) {
		place := fmt.Sprintf("events[%d]", i)
		o := a.object(place, v)
		e := evidence.RegistrationEvent{Action: a.text(place+".eventAction", o["eventAction"]), Date: a.text(place+".eventDate", o["eventDate"])}
		if _, ok := e.Time(); !ok && o != nil {
			a.fault(place+".eventDate", "%q is no date", e.Date)
		}
		if e != (evidence.RegistrationEvent{}) && len(a.r.Events) < maxEvents {
			a.r.Events = append(a.r.Events, e)
		}
	}
}

// entities finds the registrar and the registrant, wherever they stand: some registries put one below the other.
func (a answer) entities(place string, v any, depth int) {
	for i, v := range a.list(place, v) {
		place := fmt.Sprintf("%s[%d]", place, i)
		o := a.object(place, v)
		for _, role := range a.texts(place+".roles", o["roles"]) {
			switch strings.ToLower(role) {
			case "registrar":
				a.name(&a.r.Registrar, place, o, "fn", "org", "n")
			case "registrant":
				a.name(&a.r.Registrant, place, o, "org", "fn", "n")
			}
		}
		switch {
		case o["entities"] == nil:
		case depth == maxNested:
			a.fault(place+".entities", "nested too deep")
		default:
			a.entities(place+".entities", o["entities"], depth+1)
		}
	}
}

// name fills in who holds a role: the first of the properties on the card, or else the number with IANA or the registry.
func (a answer) name(to *string, place string, o object, properties ...string) {
	name := a.card(place+".vcardArray", o["vcardArray"], properties)
	if name == "" {
		name = a.newCard(place, o)
	}
	if name == "" {
		name = a.publicID(place+".publicIds", o["publicIds"])
	}
	if handle := a.text(place+".handle", o["handle"]); name == "" && handle != "" {
		name = "handle " + handle
	}
	switch {
	case name == "":
		a.fault(place, "names nobody")
	case *to == "":
		*to = name
	case *to != name:
		a.fault(place, "a further one of the same role: %s", name)
	}
}

// card reads the first of the properties on a jCard (RFC 7095) that says something. A property with a fault costs that property alone.
func (a answer) card(place string, v any, properties []string) string {
	if v == nil {
		return ""
	}
	top := a.list(place, v)
	if len(top) > 0 && top[0] == "vcard" {
		top = top[1:]
	}
	found := map[string]string{}
	for _, part := range top {
		for i, v := range a.list(place, part) {
			name, value := a.property(fmt.Sprintf("%s[%d]", place, i), v)
			if found[name] == "" {
				found[name] = value
			}
		}
	}
	for _, name := range properties {
		if found[name] != "" {
			return found[name]
		}
	}
	a.fault(place, "no name on the card")
	return ""
}

// property reads ["name", {parameters}, "type", value…]. Parameters of any form are passed over: they are not needed.
func (a answer) property(place string, v any) (name, value string) {
	list, _ := v.([]any)
	if len(list) == 0 {
		a.fault(place, "no property: %s", kindOf(v))
		return "", ""
	}
	name = strings.ToLower(a.text(place, list[0]))
	switch {
	case len(list) >= 4:
		value = a.joined(list[3])
		if _, ok := list[1].(object); !ok {
			a.fault(place, "parameters of %s: %s where an object is due", name, kindOf(list[1]))
		}
	default:
		a.fault(place, "property %s of %d elements", name, len(list))
		if last := list[len(list)-1]; len(list) > 1 && last != "text" {
			value = a.joined(last)
		}
	}
	return name, value
}

// joined makes one text of a value that may have parts.
func (a answer) joined(v any) string {
	if list, ok := v.([]any); ok {
		var parts []string
		for _, part := range list {
			if text := a.joined(part); text != "" && len(parts) < maxValues {
				parts = append(parts, text)
			}
		}
		return tidy(strings.Join(parts, " "))
	}
	text, _ := plainText(v)
	return text
}

// newCard reads the name of a JSContact card (RFC 9553), with which some registries answer.
func (a answer) newCard(place string, o object) string {
	for _, member := range []string{"jscard", "jsContact", "jscontact_card"} {
		if o[member] != nil {
			card := a.object(place+"."+member, o[member])
			return a.text(place+"."+member+".name.full", a.object(place+"."+member+".name", card["name"])["full"])
		}
	}
	return ""
}

func (a answer) publicID(place string, v any) string {
	for i, v := range a.list(place, v) {
		place := fmt.Sprintf("%s[%d]", place, i)
		o := a.object(place, v)
		if id := a.text(place+".identifier", o["identifier"]); id != "" {
			return strings.TrimSpace(a.text(place+".type", o["type"]) + " " + id)
		}
	}
	return ""
}

// redacted names what the registry says it keeps to itself (RFC 9537): an empty field is not one that nobody filled in.
func (a answer) redacted(v any) {
	for i, v := range a.list("redacted", v) {
		place := fmt.Sprintf("redacted[%d]", i)
		o := a.object(place, v)
		name := a.object(place+".name", o["name"])
		what := a.first(name, "type", "description")
		if what == "" {
			what = a.first(o, "prePath", "postPath")
		}
		if what != "" && len(a.r.Redacted) < maxValues {
			a.r.Redacted = append(a.r.Redacted, what)
		}
	}
}

func (a answer) first(o object, members ...string) string {
	for _, m := range members {
		if text := a.text(m, o[m]); text != "" {
			return text
		}
	}
	return ""
}

// text reads one text. A number or a truth value stands for its own writing.
func (a answer) text(place string, v any) string {
	text, ok := plainText(v)
	if !ok {
		a.fault(place, "%s where a text is due", kindOf(v))
	}
	return text
}

func plainText(v any) (text string, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return tidy(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// texts reads a list of texts, or one text.
func (a answer) texts(place string, v any) []string {
	var out []string
	for i, v := range a.list(place, v) {
		if text := a.text(fmt.Sprintf("%s[%d]", place, i), v); text != "" && len(out) < maxValues {
			out = append(out, text)
		}
	}
	return out
}

// list reads a list, or one value without its list.
func (a answer) list(place string, v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		if len(v) > maxListed {
			a.fault(place, "%d elements; the first %d are read", len(v), maxListed)
		}
		return v[:min(len(v), maxListed)]
	default:
		a.fault(place, "%s where a list is due", kindOf(v))
		return []any{v}
	}
}

func (a answer) object(place string, v any) object {
	o, ok := v.(object)
	if !ok && v != nil {
		a.fault(place, "%s where an object is due", kindOf(v))
	}
	return o
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a text"
	case float64:
		return "a number"
	case bool:
		return "a truth value"
	case []any:
		return "a list"
	}
	return "an object"
}

// fault names a fault, in the words of this program around what the answer says.
func (a answer) fault(place, format string, args ...any) {
	said := fmt.Sprintf(format, args...)
	if place != "" {
		said = place + ": " + said
	}
	if said = tidy(said); len(a.r.Faults) < maxFaults && !slices.Contains(a.r.Faults, said) {
		a.r.Faults = append(a.r.Faults, said)
	}
}
