package netfacts

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// The forms of some registries, with names of ours.
const (
	twnicForm = `Domain Name: shop.com.tw
   Domain Status: clientTransferProhibited
   Registrant:
      教學公司
      Training Co., Ltd.
      No.1, Status: Road, Taipei
   Administrative Contact:
      Wang, A  a@shop.com.tw
      TEL: +886.223456789
   Record expires on 2027-05-31 (YYYY-MM-DD)
   Record created on 2026-05-31 00:00:00 (YYYY-MM-DD)

   Domain servers in listed order:
      ns1.shop.com.tw      192.0.2.1
      NS2.shop.com.tw.     2001:db8::1

Registration Service Provider: 教學註冊商
Registration Service URL: https://registrar.example/
`
	nominetForm = "    Domain name:\r\n        shop.co.uk\r\n\r\n    Registrar:\r\n        Training Ltd [Tag = TRAIN]\r\n        URL: https://registrar.example\r\n\r\n" +
		"    Relevant dates:\r\n        Registered on: 11-Jun-2026\r\n        Expiry date:  11-Jun-2027\r\n        Last updated:  01-Nov-2026\r\n\r\n" +
		"    Registration status:\r\n        Registered until expiry date.\r\n\r\n    Name servers:\r\n        ns1.shop.co.uk\r\n        ns2.shop.co.uk\r\n\r\n    Terms: x\r\n"
	jprsForm  = "Domain Information: [ドメイン情報]\n[Domain Name]                SHOP.JP\n[Name Server]  ns1.shop.jp\n[登録年月日]   2026/05/30\n[有効期限]   2027/05/30\n[最終更新]   2026/11/01 01:05:05 (JST)\n[状態]   Active\n"
	nicruForm = "domain:        SHOP.RU\nnserver:       ns1.shop.ru. 192.0.2.1\nstate:         REGISTERED, DELEGATED\nregistrar:     TRAIN-RU\ncreated:       2026-05-30T00:00:00Z\npaid-till:     2027-05-30T00:00:00Z\n"
	dotsForm  = "domain.............: shop.fi\nstatus.............: Registered\ncreated............: 1.1.2026\nexpires............: 1.1.2027\nnserver............: ns1.shop.fi [OK]\nregistrar..........: Training Oy\n"
)

func TestFormsOfRegistries(t *testing.T) {
	for text, want := range map[string]evidence.WHOISRecord{
		twnicForm: {
			Registrar: "教學註冊商", Created: "2026-05-31 00:00:00", Expires: "2027-05-31",
			Servers: []string{"ns1.shop.com.tw", "ns2.shop.com.tw"}, Status: []string{"clientTransferProhibited"},
		},
		nominetForm: {
			Registrar: "Training Ltd [Tag = TRAIN]", Created: "11-Jun-2026", Updated: "01-Nov-2026", Expires: "11-Jun-2027",
			Servers: []string{"ns1.shop.co.uk", "ns2.shop.co.uk"}, Status: []string{"Registered until expiry date."},
		},
		jprsForm: {
			Created: "2026/05/30", Updated: "2026/11/01 01:05:05 (JST)", Expires: "2027/05/30",
			Servers: []string{"ns1.shop.jp"}, Status: []string{"Active"},
		},
		nicruForm: {Registrar: "TRAIN-RU", Created: "2026-05-30T00:00:00Z", Expires: "2027-05-30T00:00:00Z", Servers: []string{"ns1.shop.ru"}},
		dotsForm: {
			Registrar: "Training Oy", Created: "1.1.2026", Expires: "1.1.2027", Servers: []string{"ns1.shop.fi"}, Status: []string{"Registered"},
		},
		"No match for \"SHOP.EXAMPLE\".\r\n": {},
	} {
		if got := readRecord(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%.40q\ngot  %+v\nwant %+v", text, got, want)
		}
	}
}

func TestReferral(t *testing.T) {
	for text, want := range map[string]string{
		"whois: whois.b.example\nrefer: whois.a.example\n":              "whois.a.example:43",
		"   Registrar WHOIS Server: HTTPS://WHOIS.A.EXAMPLE/x\r\n":      "whois.a.example:43",
		"ReferralServer: rwhois://whois.a.example:4321/auth\n":          "whois.a.example:4321",
		"whois: 2001:db8::1\n":                                          "[2001:db8::1]:43",
		"whois: [2001:db8::1]:4343\n":                                   "[2001:db8::1]:4343",
		"refer: nowhere\nwhois: whois.a.example.\n":                     "whois.a.example:43",
		"refer: whois.a.example\x00\n":                                  "whois.a.example:43",
		"refer: who is.example\n":                                       "",
		"refer: a.example:70000\n":                                      "",
		"refer: " + strings.Repeat("a.", 200) + "example\n":             "",
		"Comment: refer: whois.a.example\nThe whois is whois.a.example": "",
	} {
		if got := referral(text); got != want {
			t.Errorf("%q refers to %q, want %q", text, got, want)
		}
	}
}

// Nothing that a server says makes a value that a list cannot show.
func FuzzRecord(f *testing.F) {
	for _, s := range []string{twnicForm, nominetForm, jprsForm, nicruForm, dotsForm, "Registrar:\n\x00\n", "[", ":", "Name Server: \t", "\xa4\xa4: \xa4\xe5"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		text, _ := readable(body)
		if len(body) > 0 && text == "" {
			t.Error("bytes without a text")
		}
		r := readRecord(text)
		all := append([]string{r.Registrar, r.Created, r.Updated, r.Expires}, append(r.Servers, r.Status...)...)
		if len(r.Servers) > maxValues || len(r.Status) > maxValues {
			t.Errorf("%d servers, %d statuses", len(r.Servers), len(r.Status))
		}
		for _, v := range all {
			if !utf8.ValidString(v) || len(v) > maxValue || strings.ContainsFunc(v, unicode.IsControl) || v != strings.TrimSpace(v) {
				t.Errorf("value %q", v)
			}
		}
		if server := referral(text); server != "" && serverName(server) != server {
			t.Errorf("refers to %q", server)
		}
	})
}
