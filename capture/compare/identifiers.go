package compare

import (
	"maps"
	"slices"

	"yuzheng/capture/identify"
	"yuzheng/casefile/evidence"
)

// contacts are the kinds that lead to a person, those of one service together: where one of them was exchanged for another, none came alone. What a
// page names beside them, handles and addresses, is full of noise.
var contacts = [][]evidence.IdentifierKind{
	{evidence.IdentifierLine, evidence.IdentifierLineLink},
	{evidence.IdentifierTelegram},
	{evidence.IdentifierWhatsApp},
	{evidence.IdentifierPhone},
	{evidence.IdentifierEmail},
	{evidence.IdentifierBitcoin, evidence.IdentifierEthereum, evidence.IdentifierTron},
	{evidence.IdentifierAccount},
}

// found are the identifiers of a capture by kind.
type found map[evidence.IdentifierKind]map[string]bool

// identifiers are those in the text, and those to which the document leads behind its words: links, buttons. cut is true where there are too many.
func identifiers(text, dom string) (f found, cut bool) {
	f = found{}
	cut = f.add(text, identify.Words)
	cut = f.add(dom, identify.Links) || cut
	return f, cut
}

// add adds the identifiers in a text, and reports whether there are more.
func (f found) add(text string, as identify.Reading) (more bool) {
	list, more := identify.Find(text, as)
	for _, i := range list {
		f.put(i.Kind, i.Value)
	}
	f.settle()
	return more
}

func (f found) put(kind evidence.IdentifierKind, value string) {
	if f[kind] == nil {
		f[kind] = map[string]bool{}
	}
	f[kind][value] = true
}

const bankCode = 3 // digits of a bank's code

// settle leaves each name in one kind alone, wherever it stands: an account of LINE is no other handle, and an account with its bank is none without it.
func (f found) settle() {
	for name := range f[evidence.IdentifierLine] {
		delete(f[evidence.IdentifierHandle], name)
	}
	for name := range f[evidence.IdentifierAccount] {
		if len(name) > bankCode {
			delete(f[evidence.IdentifierAccount], name[bankCode:])
		}
	}
}

// merged are the identifiers of both.
func (f found) merged(other found) found {
	out := found{}
	for _, g := range []found{f, other} {
		for kind, values := range g {
			for value := range values {
				out.put(kind, value)
			}
		}
	}
	return out
}

// changed tells what only one side has.
func (f found) changed(to found) []ChangedOfAKind {
	out := []ChangedOfAKind{}
	for _, kind := range evidence.IdentifierKinds {
		c := ChangedOfAKind{Kind: kind, Removed: only(f[kind], to[kind]), Added: only(to[kind], f[kind])}
		if c.Removed.Total+c.Added.Total > 0 {
			out = append(out, c)
		}
	}
	return out
}

func only(a, b map[string]bool) Some[string] {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !b[name] {
			list = append(list, name)
		}
	}
	return shown(list)
}

// lonelyContact is what came or went of contacts where one side has some that the other has not, and the other has none of that service.
func lonelyContact(changed []ChangedOfAKind) (removed, added string, ok bool) {
	for _, service := range contacts {
		var gone, come []string
		for _, c := range changed {
			if slices.Contains(service, c.Kind) {
				gone, come = append(gone, c.Removed.List...), append(come, c.Added.List...)
			}
		}
		if (len(gone) == 0) != (len(come) == 0) {
			return head(gone), head(come), true
		}
	}
	return "", "", false
}
