package netfacts

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile/evidence"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/traditionalchinese"
)

const (
	maxLines  = 10_000 // of one answer
	maxValues = 32     // of one field
	maxValue  = 256    // bytes
)

// field is what a key of an answer means to us.
type field int

const (
	noField field = iota
	registrarField
	createdField
	updatedField
	expiresField
	serverField
	statusField
)

// fields are the keys of registries (ICANN's, TWNIC's, RIPE's, those of the country domains around) in lower case.
var fields = map[string]field{
	"registrar": registrarField, "registrar name": registrarField, "sponsoring registrar": registrarField,
	"registration service provider": registrarField, "registrar organization": registrarField, "registrar-name": registrarField,

	"creation date": createdField, "created": createdField, "created on": createdField, "created date": createdField,
	"registered on": createdField, "registered": createdField, "registered date": createdField, "registration date": createdField,
	"registration time": createdField, "record created on": createdField, "record created": createdField,
	"domain name commencement date": createdField, "登録年月日": createdField, "domain registration date": createdField,

	"updated date": updatedField, "updated": updatedField, "changed": updatedField, "last-update": updatedField, "last updated": updatedField,
	"last updated on": updatedField, "last updated date": updatedField, "last modified": updatedField, "modified": updatedField,
	"record last updated on": updatedField, "最終更新": updatedField, "last update": updatedField,

	"registry expiry date": expiresField, "registrar registration expiration date": expiresField, "expiry date": expiresField,
	"expiration date": expiresField, "expires": expiresField, "expires on": expiresField, "expire date": expiresField, "expire": expiresField,
	"paid-till": expiresField, "expiration time": expiresField, "record expires on": expiresField, "record expires": expiresField,
	"renewal date": expiresField, "有効期限": expiresField,

	"name server": serverField, "name servers": serverField, "nserver": serverField, "nameserver": serverField, "nameservers": serverField,
	"domain servers in listed order": serverField, "domain servers": serverField, "ネームサーバ": serverField,

	"domain status": statusField, "status": statusField, "registration status": statusField, "状態": statusField,
}

// referrals are the keys that name a further server, the most certain first.
var referrals = []string{"refer", "registrar whois server", "referralserver", "whois server", "registrar whois", "whois"}

// recordOf reads the answers to questions for the domain itself; the root is only asked who keeps the top level.
func recordOf(hops []evidence.WHOISHop) evidence.WHOISRecord {
	var r evidence.WHOISRecord
	for _, h := range hops {
		if host, _, _ := net.SplitHostPort(h.Server); host == rootWHOIS {
			continue
		}
		text, _ := readable(h.Body)
		fillRecord(&r, readRecord(text))
	}
	return r
}

func fillRecord(r *evidence.WHOISRecord, later evidence.WHOISRecord) {
	for _, f := range []struct{ to, from *string }{
		{&r.Registrar, &later.Registrar},
		{&r.Created, &later.Created},
		{&r.Updated, &later.Updated},
		{&r.Expires, &later.Expires},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if len(r.Servers) == 0 {
		r.Servers = later.Servers
	}
	if len(r.Status) == 0 {
		r.Status = later.Status
	}
}

// readRecord goes through the lines of an answer. A key without a value has it on the lines below, up to an empty one or a key.
func readRecord(text string) evidence.WHOISRecord {
	var r evidence.WHOISRecord
	open := noField
	for line := range lines(text) {
		key, value, keyed := pair(line)
		switch {
		case strings.TrimSpace(line) == "":
			open = noField
		case keyed && fields[key] != noField:
			open = noField
			if value == "" {
				open = fields[key]
			}
			takeRecord(&r, fields[key], value)
		case open != noField && strings.TrimLeft(line, " \t") != line:
			takeRecord(&r, open, strings.TrimSpace(line))
			if open != serverField && open != statusField {
				open = noField
			}
		default:
			open = noField
		}
	}
	return r
}

// lines gives the first lines of a text, without their ends.
func lines(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		n := 0
		for line := range strings.Lines(text) {
			if n++; n > maxLines || !yield(strings.TrimRight(line, "\r\n")) {
				return
			}
		}
	}
}

// pair splits "Key: value", "key......: value", "[Key] value" and TWNIC's "Record created on 2026-10-01 (YYYY-MM-DD)".
func pair(line string) (key, value string, ok bool) {
	line = strings.TrimSpace(line)
	lower := strings.ToLower(line)
	for _, phrase := range []string{"record created on ", "record expires on ", "record last updated on "} {
		if strings.HasPrefix(lower, phrase) {
			return strings.TrimSpace(phrase), tidy(line[len(phrase):]), true
		}
	}
	if inner, found := strings.CutPrefix(line, "["); found {
		key, value, ok = strings.Cut(inner, "]")
	} else {
		key, value, ok = strings.Cut(line, ":")
	}
	return strings.ToLower(strings.Trim(key, " \t.")), tidy(value), ok
}

// tidy is a value as a list can show it: on one line, without control characters, of bounded length.
func tidy(value string) string {
	value = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) && r != ' ' {
			return ' '
		}
		return r
	}, value))
	for len(value) > maxValue {
		_, size := utf8.DecodeLastRuneInString(value)
		value = value[:len(value)-size]
	}
	return strings.TrimRight(value, " ") // what it was cut behind
}

func takeRecord(r *evidence.WHOISRecord, f field, value string) {
	value, _ = strings.CutSuffix(value, " (YYYY-MM-DD)")
	if value == "" {
		return
	}
	switch single := map[field]*string{
		registrarField: &r.Registrar, createdField: &r.Created, updatedField: &r.Updated, expiresField: &r.Expires,
	}[f]; {
	case single != nil && *single == "":
		*single = tidy(value)
	case f == serverField:
		name := strings.TrimSuffix(strings.ToLower(strings.Fields(value)[0]), ".")
		if host := hostPort(name, "0"); host != "" {
			r.Servers = collect(r.Servers, name)
		}
	case f == statusField:
		r.Status = collect(r.Status, statusOf(value))
	}
}

func collect(list []string, value string) []string {
	if len(list) >= maxValues || slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}

// statusOf leaves away the address of the explanation that ICANN wants behind each code.
func statusOf(value string) string {
	for _, mark := range []string{" http", " (http"} {
		value, _, _ = strings.Cut(value, mark)
	}
	return tidy(value)
}

// referral is the server that an answer names, as HOST:PORT; "" where it names none that could be one.
func referral(text string) string {
	found := make([]string, len(referrals))
	for line := range lines(text) {
		key, value, _ := pair(line)
		if i := slices.Index(referrals, key); i >= 0 && found[i] == "" {
			found[i] = serverName(value)
		}
	}
	for _, server := range found {
		if server != "" {
			return server
		}
	}
	return ""
}

// serverName reads "whois.example", "whois.example:4343" and "rwhois://whois.example:4321/".
func serverName(value string) string {
	if _, after, found := strings.Cut(value, "://"); found {
		value = after
	}
	value, _, _ = strings.Cut(strings.ToLower(value), "/")
	if host, port, err := net.SplitHostPort(value); err == nil {
		return hostPort(host, port)
	}
	return hostPort(strings.TrimSuffix(value, "."), whoisPort)
}

// hostPort joins what can be a server's name or address with its port; "" if it cannot.
func hostPort(host, port string) string {
	if _, err := netip.ParseAddrPort("127.0.0.1:" + port); err != nil {
		return ""
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return net.JoinHostPort(host, port)
	}
	strange := strings.ContainsFunc(host, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	})
	if strange || len(host) > 253 || !strings.Contains(strings.Trim(host, "."), ".") || strings.Contains(host, "..") {
		return ""
	}
	return net.JoinHostPort(host, port)
}

// readable is an answer as text, and the encoding in which it could be read: registries in Taiwan used Big5 for long.
func readable(body []byte) (text, encoding string) {
	switch {
	case len(body) == 0:
		return "", ""
	case utf8.Valid(body):
		return string(body), "utf-8"
	}
	if b, err := traditionalchinese.Big5.NewDecoder().Bytes(body); err == nil && !strings.ContainsRune(string(b), utf8.RuneError) {
		return string(b), "big5"
	}
	b, err := charmap.Windows1252.NewDecoder().Bytes(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "?"), ""
	}
	return string(b), "windows-1252"
}
