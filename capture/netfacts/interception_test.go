package netfacts_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"

	"yuzheng/capture/netfacts"
)

func TestIntercepted(t *testing.T) {
	public := issue(t, nil, newKey(t, ""), authority("Public Root"))
	office := issue(t, nil, newKey(t, ""), authority("Office Proxy CA"))
	product := issue(t, nil, newKey(t, ""), authority("FortiGate CA"))
	stranger := issue(t, nil, newKey(t, ""), authority("Stranger Root"))
	middle := issue(t, office, newKey(t, ""), with(authority(""), func(c *x509.Certificate) { c.Subject = pkix.Name{Organization: []string{"Office"}} }))
	shop := with(site("shop.example"))
	old := with(shop, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = day.AddDate(-1, 0, 0), day.AddDate(-1, 0, 1) })
	self := issue(t, nil, newKey(t, ""), shop)
	pool := func(list ...*identity) *x509.CertPool {
		p := x509.NewCertPool()
		for _, i := range list {
			p.AddCert(i.cert)
		}
		return p
	}
	trust := netfacts.Trust{Public: pool(public), Machine: pool(public, office, self), Products: []string{"", "fortigate"}}
	for name, c := range map[string]struct {
		chain  []*identity
		issuer string
	}{
		"the site's own":              {[]*identity{issue(t, public, newKey(t, ""), shop), public}, ""},
		"the office's":                {[]*identity{issue(t, office, newKey(t, ""), shop)}, "Office Proxy CA"},
		"the office's, over a middle": {[]*identity{issue(t, middle, newKey(t, ""), shop), middle}, "O=Office"},
		"the office's, expired":       {[]*identity{issue(t, office, newKey(t, ""), old), office}, "Office Proxy CA"},
		"a product's":                 {[]*identity{issue(t, product, newKey(t, ""), shop), product}, "FortiGate CA"},
		"a stranger's":                {[]*identity{issue(t, stranger, newKey(t, ""), shop), stranger}, ""},
		"self-signed":                 {[]*identity{self}, ""},
		"none":                        {nil, ""},
	} {
		var chain []*x509.Certificate
		for _, i := range c.chain {
			chain = append(chain, i.cert)
		}
		if issuer, yes := netfacts.Intercepted(chain, trust); issuer != c.issuer || yes != (c.issuer != "") {
			t.Errorf("%s: %q %v, want %q", name, issuer, yes, c.issuer)
		}
		if issuer, yes := netfacts.Intercepted(chain, netfacts.Trust{Machine: trust.Machine}); yes {
			t.Errorf("%s: %q without anything to know it by", name, issuer)
		}
	}
}
