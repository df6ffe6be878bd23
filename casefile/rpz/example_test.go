package rpz_test

import (
	"fmt"
	"net/netip"
	"os"

	"yuzheng/casefile/rpz"
)

// One name alone is stopped and one with everything below it; both lead to a page of the office.
func ExampleZone_Write() {
	z := rpz.Zone{Serial: 2026112901, Sinkhole: []netip.Addr{netip.MustParseAddr("198.51.100.32")}}
	err := z.Write(os.Stdout, []rpz.Rule{{Name: "shop.example"}, {Name: "vip-invest.example", Subdomains: true}})
	fmt.Println(err)
	// Output:
	// $TTL 300
	// @ IN SOA localhost. hostmaster.localhost. ( 2026112901 3600 600 604800 300 )
	// @ IN NS localhost.
	// shop.example IN A 198.51.100.32
	// vip-invest.example IN A 198.51.100.32
	// *.vip-invest.example IN A 198.51.100.32
	// <nil>
}

// A name is taken as people write it and kept as resolvers ask for it.
func ExampleNormalize() {
	fmt.Println(rpz.Normalize("投資.TW."))
	_, err := rpz.Normalize("a..tw")
	fmt.Println(err != nil)
	// Output:
	// xn--oru425g.tw <nil>
	// true
}
