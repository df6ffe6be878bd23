package compare

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"testing"

	"yuzheng/capture/archive"

	"yuzheng/casefile/evidence"
)

// What differs is told in full, beside what is concluded from it.
func TestDifferenceTellsWhatChanged(t *testing.T) {
	other := ours.but(func(h *holder) {
		h.servers, h.address, h.key = []string{"a.ns.example", "c.ns.example"}, "198.51.100.9", "k2"
	})
	before, after := ours.page(invest), other.page(strings.ReplaceAll(invest, "@abc88", "@vip66")+"\n客服專線 0912-345-670")
	before.code, after.code = []string{"/app.js", "/old.js"}, []string{"/app.js", "/new.js"}
	before.requests = []archive.Exchange{
		{URL: "https://pixel.example/i.gif?t=1", Kind: "image", Status: 200, Body: []byte("a")},
		{URL: "https://cdn.example/v.json?_=1", Kind: "xhr", Status: 200, Body: []byte("1")},
	}
	after.requests = []archive.Exchange{
		{URL: "https://count.example/i.gif", Kind: "image", Status: 200},
		{URL: "https://cdn.example/v.json?_=2", Kind: "xhr", Status: 200, Body: []byte("2")},
	}
	before.downloads = map[string]string{"app.apk": "one", "same.pdf": "x", "old.zip": "y"}
	after.downloads = map[string]string{"app.apk": "three", "same.pdf": "x", "new.zip": "z"}
	d := differ(t, before, after)

	if ids := d.Text.Identifiers; len(ids) != 2 || ids[0].Kind != evidence.IdentifierLine || ids[0].Removed.List[0] != "@abc88" ||
		ids[0].Added.List[0] != "@vip66" || ids[1].Kind != evidence.IdentifierPhone || ids[1].Added.List[0] != "+886912345670" {
		t.Errorf("identifiers %s", asJSON(t, ids))
	}
	if r, a := d.Text.Removed, d.Text.Added; r.Total != 1 || a.Total != 2 || r.List[0] != "客服LINE：@abc88 助理林小姐" || r.Characters != 5 {
		t.Errorf("lines %s %s", asJSON(t, r), asJSON(t, a))
	}
	n := d.Network
	if !slices.Equal(n.Removed.List, []string{"pixel.example"}) || !slices.Equal(n.Added.List, []string{"count.example"}) {
		t.Errorf("hosts %v %v", n.Removed, n.Added)
	}
	if r := n.Resources; r.Same != 1 || r.Changed.Total != 2 || r.Removed.Total != 2 || r.Added.Total != 2 ||
		n.Code != (overlap{Both: 1, All: 3}) {
		t.Errorf("resources %s, code %v", asJSON(t, r), n.Code)
	}
	if f := d.Downloads; f.Same != 1 || f.Changed.List[0].B.Size != 5 || f.Removed.List[0].Name != "old.zip" || f.Added.List[0].Name != "new.zip" {
		t.Errorf("downloads %s", asJSON(t, f))
	}
	if c := d.Certificate; c.Same || *c.SameKey || c.Origin.A != "https://site.example" || c.Removed.Total+c.Added.Total != 0 {
		t.Errorf("certificate %s", asJSON(t, c))
	}
	if r := d.Registration; r.Source != "rdap" || r.Servers.Kept != 1 || r.Servers.Added.List[0] != "c.ns.example" || r.Registrar.A != ours.registrar {
		t.Errorf("registration %s", asJSON(t, r))
	}
	changed := map[string]int{}
	for _, r := range d.DNS.List {
		changed[r.Type] = r.Removed.Total + r.Added.Total
	}
	if len(d.DNS.List) != 4 || changed["A"] != 2 || changed["NS"] != 2 || changed["MX"] != 0 {
		t.Errorf("dns %s", asJSON(t, d.DNS))
	}
}

// A key that facts.json does not have is read out of the chain.
func TestKeysComeFromTheChainToo(t *testing.T) {
	first, second := ours.page(shop), ours.page(shop)
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	for i, p := range []*page{&first, &second} {
		form := &x509.Certificate{SerialNumber: big.NewInt(int64(i + 1)), DNSNames: []string{"site.example"}, NotAfter: noon}
		der, err := x509.CreateCertificate(nil, form, form, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(der)
		p.servers = []served{{Origin: "https://site.example", Chain: []evidence.Certificate{{SHA256: hex.EncodeToString(sum[:])}}}}
		p.pem = append([]byte("# https://site.example certificate 1 of 1\n"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	if c := differ(t, first, second).Certificate; c.Same || c.SameKey == nil || !*c.SameKey || len(c.KeySHA256.A) != 64 {
		t.Errorf("two certificates of one key: %s", asJSON(t, c))
	}
	first.pem = nil
	if c := differ(t, first, second).Certificate; c.SameKey != nil {
		t.Errorf("without the chain: %s", asJSON(t, c))
	}
}
