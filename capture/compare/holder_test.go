package compare

import "yuzheng/casefile/evidence"

// holder is what is known of who holds a name and where it leads.
type holder struct {
	registrar, created, expires string
	servers                     []string
	status                      []string
	address                     string
	key                         string
	registrant                  string
	whois                       bool // registration by WHOIS alone
	code                        string
	failed                      bool // no name server answers
	domain                      string
	mail                        string
	transferred                 string
}

var ours = holder{
	registrar: "Gname.com Pte. Ltd.", created: "2026-10-01T03:04:05Z", expires: "2027-10-01T03:04:05Z",
	servers: []string{"a.ns.example", "b.ns.example"}, status: []string{"active"}, address: "192.0.2.7", key: "k1", mail: "10 mail.example.",
}

func (h holder) but(change func(*holder)) holder {
	change(&h)
	return h
}

func (h holder) facts() *evidence.NetworkFacts {
	domain := h.domain
	if domain == "" {
		domain = "site.example"
	}
	f := &evidence.NetworkFacts{Host: domain, ASCII: domain, Registrable: domain}
	ask := func(kind string, values ...string) {
		a := evidence.DNSAnswer{Name: domain, Type: kind, Code: "NOERROR"}
		if h.code != "" {
			a.Code, values = h.code, nil
		}
		if h.failed {
			a.Code, a.Error, values = "", "i/o timeout", nil
		}
		for _, v := range values {
			a.Records = append(a.Records, evidence.DNSRecord{Section: "answer", Name: domain + ".", Type: kind, TTL: 300, Value: v})
		}
		f.DNS = append(f.DNS, a)
	}
	var servers []string
	for _, s := range h.servers {
		servers = append(servers, s+".")
	}
	ask("A", h.address)
	ask("AAAA")
	ask("NS", servers...)
	ask("MX", h.mail)
	ask("TXT", "v=spf1 -all")
	if h.whois {
		f.Registration = []evidence.Registration{{Query: domain, Kind: "domain", Error: "no answer"}}
		f.WHOIS = &evidence.WHOIS{Query: domain, WHOISRecord: evidence.WHOISRecord{
			Registrar: h.registrar, Created: h.created, Expires: h.expires, Servers: h.servers, Status: h.status,
		}}
	} else {
		body := `{"entities":[{"roles":["registrant"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","` + h.registrant + `"]]]}]}`
		f.Registration = []evidence.Registration{
			{Query: h.address, Kind: "ip", Registrar: "a network's"},
			{
				Query: domain, Kind: "domain", Registrar: h.registrar, Status: h.status, Servers: h.servers,
				Events: []evidence.RegistrationEvent{
					{Action: "registration", Date: h.created}, {Action: "expiration", Date: h.expires}, {Action: "transfer", Date: h.transferred},
				},
				Bodies: []evidence.RegistrationBody{{Body: []byte("{}")}, {Body: []byte(body)}},
			},
		}
	}
	return f
}

func (h holder) server() []served {
	return []served{
		{Origin: "https://cdn.example", Chain: []evidence.Certificate{{SHA256: "c", KeySHA256: "c"}}},
		{Origin: "https://site.example", Chain: []evidence.Certificate{{
			SHA256: "leaf of " + h.key, KeySHA256: h.key, Issuer: "CN=R11,O=Let's Encrypt", Names: []string{"site.example", "www.site.example"},
		}, {SHA256: "ca", KeySHA256: "ca"}}},
	}
}

func (h holder) page(text string) page {
	return page{title: "頁", text: text, network: h.facts(), servers: h.server()}
}
