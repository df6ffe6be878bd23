package netfacts_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// asked is what comes of asking a registry that answers so.
func asked(t *testing.T, answer http.HandlerFunc) evidence.Registration {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	f := netfacts.Look(t.Context(), options(t, "shop.example", evidence.Lookups{RDAP: true, Resolver: "127.0.0.1:1", RDAPBase: server.URL}))
	if len(f.Registration) != 1 {
		t.Fatalf("registrations %+v", f.Registration)
	}
	return f.Registration[0]
}

func replies(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rdap+json")
		fmt.Fprint(w, body)
	}
}

const (
	version = `["version",{},"text","4.0"]`
	goodFN  = `["fn",{},"text","Example Registrar Inc."]`
	dated   = `"events":[{"eventAction":"registration","eventDate":"2025-10-01T00:00:00Z"}]`
)

func card(properties ...string) string {
	return `"vcardArray":["vcard",[` + strings.Join(append([]string{version}, properties...), ",") + `]]`
}

func domain(members ...string) string {
	return `{"objectClassName":"domain","handle":"D-1","ldhName":"shop.example",` + strings.Join(members, ",") + `}`
}

func registrar(members ...string) string {
	return `"entities":[{"objectClassName":"entity","handle":"9999","roles":["registrar"],` + strings.Join(members, ",") + `}]`
}

// A fault in an answer costs what has it and nothing else, and is named.
func TestFaultyRegistration(t *testing.T) {
	const inc = "Example Registrar Inc."
	tests := []struct {
		name, body, registrar string
		faults                []string // what each begins with
		more                  func(evidence.Registration) bool
	}{
		{"sound", domain(dated, registrar(card(goodFN)), `"status":["active"]`), inc, nil, func(r evidence.Registration) bool {
			return r.Status[0] == "active" && r.Handle == "D-1" && r.Name == "shop.example"
		}},
		{"parameters as a list", domain(dated, registrar(card(`["fn",[],"text","Example Registrar Inc."]`))), inc, []string{"entities[0].vcardArray[1]: parameters of fn: a list"}, nil},
		{"parameters null", domain(registrar(card(`["fn",null,"text","Example Registrar Inc."]`))), inc, []string{"entities[0].vcardArray[1]: parameters of fn: null"}, nil},
		{"a short property", domain(registrar(card(goodFN, `["lang",{"type":"language-tag"},"en"]`))), inc, []string{"entities[0].vcardArray[2]: property lang of 3 elements"}, nil},
		{"a short name", domain(registrar(card(`["fn","Example Registrar Inc."]`))), inc, []string{"entities[0].vcardArray[1]: property fn of 2 elements"}, nil},
		{"a name without a value", domain(registrar(card(`["fn",{},"text"]`))), "handle 9999", []string{"entities[0].vcardArray[1]: property fn of 3", "entities[0].vcardArray: no name"}, nil},
		{"a name in parts", domain(registrar(card(`["fn",{},"text",["Example","Registrar Inc."]]`))), inc, nil, nil},
		{"an empty name, an organisation in parts", domain(registrar(card(`["fn",{},"text",""]`, `["org",{},"text",["Org",["Unit"]]]`))), "Org Unit", nil, nil},
		{
			"bare dates", domain(`"events":[{"eventAction":"registration","eventDate":"2025-10-01"},{"eventAction":"last changed","eventDate":"2025-10-01 08:00:00+08"},{"eventAction":"expiration","eventDate":"soon"}]`, registrar(card(`["org",{},"text","Org Only"]`))),
			"Org Only",
			[]string{`events[2].eventDate: "soon" is no date`},
			func(r evidence.Registration) bool {
				day, ok := r.Events[0].Time()
				hour, too := r.Events[1].Time()
				return ok && too && day.Equal(time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)) && hour.Equal(day) && r.Events[2].Date == "soon"
			},
		},
		{
			"nulls", domain(`"events":null,"status":null,"nameservers":[{"ldhName":null},null,{"ldhName":"NS1.CDN.EXAMPLE"}]`, registrar(`"vcardArray":null,"publicIds":[{"type":"IANA Registrar ID","identifier":"9999"}]`)),
			"IANA Registrar ID 9999",
			[]string{"nameservers[0]: no name", "nameservers[1]: no name"},
			func(r evidence.Registration) bool { return slices.Equal(r.Servers, []string{"ns1.cdn.example"}) },
		},
		{"an empty card", domain(registrar(`"vcardArray":[]`)), "handle 9999", []string{"entities[0].vcardArray: no name"}, nil},
		{"a card of another kind", domain(registrar(`"vcardArray":"see web"`)), "handle 9999", []string{"entities[0].vcardArray: a text where a list is due", "entities[0].vcardArray[0]: no property", "entities[0].vcardArray: no name"}, nil},
		{"JSContact", domain(registrar(`"jscard":{"name":{"full":"Example Registrar Inc."}}`)), inc, nil, nil},
		{"a desk for abuse below, with both roles", domain(`"entities":[{"roles":["registrar","abuse"],` + card(goodFN) + `,"entities":[{"roles":["abuse"],` + card(`["fn",{},"text","Abuse Desk"]`) + `}]}]`), inc, nil, nil},
		{"the registrar below the registrant", domain(`"entities":[{"roles":["registrant"],` + card(`["fn",{},"text","Wang"]`) + `,"entities":[{"roles":["Registrar"],` + card(goodFN) + `}]}]`), inc, nil, func(r evidence.Registration) bool { return r.Registrant == "Wang" }},
		{"two registrars", domain(`"entities":[{"roles":["registrar"],` + card(goodFN) + `},{"roles":["registrar"],` + card(`["fn",{},"text","Other"]`) + `}]`), inc, []string{"entities[1]: a further one of the same role: Other"}, nil},
		{"one entity, one role, one status without their lists", domain(`"status":"active","entities":{"roles":"registrar",` + card(goodFN) + `}`), inc, []string{"status: a text", "entities: an object", "entities[0].roles: a text"}, func(r evidence.Registration) bool { return r.Status[0] == "active" }},
		{"odd types", domain(`"port43":43,"lang":7,"secureDNS":{"delegationSigned":"false"},"handle":77,"status":[1,{"a":1}]`, registrar(card(goodFN))), inc, []string{"status[1]: an object"}, func(r evidence.Registration) bool { return r.Handle == "77" && r.Status[0] == "1" }},
		{"names in Unicode", `{"objectClassName":"domain","unicodeName":"投資.example","nameservers":[{"unicodeName":"主機.Example"}],` + registrar(card(`["fn",{},"text","網路中文資訊"]`)) + `}`, "網路中文資訊", nil, func(r evidence.Registration) bool {
			return r.Name == "投資.example" && r.Servers[0] == "主機.example"
		}},
		{"redacted", domain(registrar(card(goodFN)), `"redacted":[{"name":{"type":"Registrant Name"},"reason":{"description":"Server policy"}},{"name":{"description":"Tech Email"}},{"prePath":"$.x"}]`), inc, nil, func(r evidence.Registration) bool {
			return slices.Equal(r.Redacted, []string{"Registrant Name", "Tech Email", "$.x"})
		}},
		{"with a byte order mark", "\ufeff" + domain(registrar(card(goodFN))), inc, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := asked(t, replies(tt.body))
			if r.Error != "" || r.Registrar != tt.registrar || tt.more != nil && !tt.more(r) {
				t.Errorf("registrar %q, error %q: %+v", r.Registrar, r.Error, r)
			}
			matches := slices.EqualFunc(r.Faults, tt.faults, strings.HasPrefix)
			if !matches {
				t.Errorf("faults\n%s\nwant\n%s", strings.Join(r.Faults, "\n"), strings.Join(tt.faults, "\n"))
			}
			if len(r.Bodies) != 1 || string(r.Bodies[0].Body) != tt.body {
				t.Errorf("the answer is not kept as it came")
			}
		})
	}
}

// Why there is no registration is said as it is: a registry that answers nobody for now says nothing about the name.
func TestNoRegistration(t *testing.T) {
	status := func(code int, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprint(w, `{"errorCode":0}`)
		}
	}
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"too often", status(429, "Retry-After", "60"), "asked too often (429); it asks to come again after 60 s"},
		{"too often, until a date", status(429, "Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"), "asked too often (429); it asks to come again after 0 s"},
		{"too often, no more said", status(429), "asked too often (429)"},
		{"busy", status(503, "Retry-After", "120"), "the server is busy (503); it asks to come again after 120 s"},
		{"not there", status(404), "not registered at this registry (404)"},
		{"forbidden", status(403), "the server answers 403 Forbidden"},
		{"an error with a good status", replies(`{"errorCode":404,"title":"Not found"}`), "the server answers that it has none, or an error: 404 Not found (application/rdap+json)"},
		{"a page of the web", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>rate limit")
		}, "the answer is no JSON object (text/html)"},
		{"a list", replies(`[]`), "the answer is no JSON object (application/rdap+json)"},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, "the answer is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := asked(t, tt.answer)
			if r.Error != "rdap of shop.example: "+tt.want || len(r.Bodies) != 1 {
				t.Errorf("error %q, want %q", r.Error, tt.want)
			}
		})
	}
}

// A redirect is followed, and each answer on the way is kept.
func TestMovedRegistration(t *testing.T) {
	r := asked(t, func(w http.ResponseWriter, q *http.Request) {
		if !strings.HasPrefix(q.URL.Path, "/other") {
			http.Redirect(w, q, "/other"+q.URL.Path, http.StatusFound)
			return
		}
		replies(domain(registrar(card(goodFN))))(w, q)
	})
	if r.Error != "" || r.Registrar == "" || len(r.Bodies) != 2 || r.Bodies[0].Status != 302 || !strings.HasSuffix(r.Bodies[1].URL, "/other/domain/shop.example") {
		t.Errorf("%+v", r)
	}
}

// Whatever an answer is made of, reading it ends, is bounded, and says something.
func FuzzRegistration(f *testing.F) {
	for _, seed := range []string{domain(registrar(card(goodFN))), domain(`"entities":{"entities":{"entities":[]}}`), `{"entities":[[[]]],"events":[1],"redacted":{"name":1}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := netfacts.ReadRegistration("domain", []byte(body))
		if len(r.Faults) > 20 || len(r.Servers) > 32 || len(r.Events) > 64 || len(r.Registrar) > 256+len("handle ") {
			t.Errorf("not bounded: %+v", r)
		}
	})
}
