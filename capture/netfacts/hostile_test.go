package netfacts

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostileReplies gives the readers of registries' answers the longest ones that are taken, made to cost what they can.
func TestHostileReplies(t *testing.T) {
	filled := func(begin, text, end string, length int) []byte {
		return append(append([]byte(begin), bytes.Repeat([]byte(text), (length-len(begin)-len(end))/len(text))...), end...)
	}
	rdap := map[string][]byte{}
	for name, part := range map[string][3]string{
		"nested lists": {"", "[", ""}, "nested objects": {"", `{"entities":`, ""}, "empty lists": {`{"a":[`, "[],", "[]]}"}, "empty objects": {`{"entities":[`, "{},", "{}]}"},
		"members": {"{", `"":0,`, `"":0}`}, "members apart": {"{", "", ""}, "name servers": {`{"nameservers":[`, `{"ldhName":"a"},`, `{}]}`},
		"name servers without names": {`{"nameservers":[`, `0,`, `0]}`}, "events": {`{"events":[`, `{},`, `{}]}`}, "statuses": {`{"status":[`, `"",`, `""]}`},
		"roles": {`{"entities":[{"roles":[`, `"registrar",`, `""]}]}`}, "a card": {`{"entities":[{"roles":["registrar"],"vcardArray":["vcard",[`, `["fn",{},"text","a"],`, `[]]]}]}`},
		"parts of a name": {`{"entities":[{"roles":["registrar"],"vcardArray":["vcard",[["fn",{},"text",[`, `"a",`, `""]]]]}]}`},
		"a long name":     {`{"entities":[{"roles":["registrar"],"vcardArray":["vcard",[["fn",{},"text","`, "a", `"]]]}]}`},
		"a long class":    {`{"objectClassName":"`, "\\u0000", `"}`}, "redactions": {`{"redacted":[`, `{"prePath":"a"},`, `{}]}`}, "digits": {`{"handle":`, "9", `}`},
	} {
		rdap[name] = filled(part[0], cmp.Or(part[1], " "), part[2], maxBody-1)
	}
	whois := map[string][]byte{}
	for name, part := range map[string][3]string{
		"lines": {"", "\n", ""}, "colons": {"", ":", ""}, "name servers": {"", "Name Server: a\n", ""}, "a long value": {"Registrar: ", "a", "\n"}, "brackets": {"", "[", ""},
		"Big5": {"Registrar: ", "\xa4\xa4", ""}, "referrals": {"", "refer: a.example\n", ""}, "controls": {"", "\x1b", ""},
	} {
		whois[name] = filled(part[0], part[1], part[2], maxWHOIS)
	}
	most, longest := uint64(0), time.Duration(0)
	read := func(kind, name string, fn func()) {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		fn()
		spent := time.Since(begun)
		runtime.ReadMemStats(&after)
		taken := after.TotalAlloc - before.TotalAlloc // an upper bound of what was held at once
		if most, longest = max(most, taken), max(longest, spent); taken > 1<<30 || spent > time.Minute {
			t.Errorf("%s, %s: %d MiB, %v", kind, name, taken>>20, spent)
		}
	}
	for name, body := range rdap {
		read("RDAP", name, func() {
			r := ReadRegistration("domain", body)
			if len(r.Faults) > maxFaults || len(fmt.Sprint(r)) > 64<<10 {
				t.Errorf("%s: %d bytes are kept", name, len(fmt.Sprint(r)))
			}
		})
	}
	for name, body := range whois {
		read("WHOIS", name, func() {
			text, _ := readable(body)
			if r := readRecord(text); len(fmt.Sprint(r)) > 64<<10 || strings.ContainsRune(referral(text), '\n') {
				t.Errorf("%s: %d bytes are kept", name, len(fmt.Sprint(r)))
			}
		})
	}
	read("certificates", "heads without an end", func() {
		Certificates([][]byte{bytes.Repeat([]byte{0x30, 0x80}, 1<<19)}, Judge{At: time.Now(), Host: "a.example"})
	})
	t.Logf("%d replies: at most %d MiB allocated, %.1f s", len(rdap)+len(whois)+1, most>>20, longest.Seconds())
}
