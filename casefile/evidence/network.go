package evidence

import (
	"net/netip"
	"time"
)

// NetworkFacts is what was found. A look-up that failed has its error; one that is off is not there.
type NetworkFacts struct {
	Host         string              `json:"host"`                   // as asked for
	ASCII        string              `json:"ascii,omitempty"`        // A-labels (RFC 5890); empty for an address
	Unicode      string              `json:"unicode,omitempty"`      // U-labels, where they differ
	Registrable  string              `json:"registrable,omitempty"`  // one label below the public suffix
	Suffix       string              `json:"suffix,omitempty"`       // the public suffix
	SuffixICANN  bool                `json:"suffix_icann,omitempty"` // managed by a registry, not by a company for its customers
	Resolver     string              `json:"resolver,omitempty"`
	DNS          []DNSAnswer         `json:"dns,omitempty"`
	Resolvers    *ResolverComparison `json:"truth,omitempty"` // two resolvers compared
	Registration []Registration      `json:"rdap,omitempty"`
	WHOIS        *WHOIS              `json:"whois,omitempty"`
	Networks     *Networks           `json:"networks,omitempty"` // of the host's addresses, where any is known
	Clock        *Clock              `json:"clock,omitempty"`
	Errors       []string            `json:"errors,omitempty"`
	Contacts     []Contact           `json:"contacts"`
}

// DNSAnswer is one DNS question and what the resolver said to it.
type DNSAnswer struct {
	Name          string      `json:"name"`
	Type          string      `json:"type"`
	Resolver      string      `json:"resolver"`
	Transport     string      `json:"transport"` // udp, or tcp where the answer did not fit
	At            time.Time   `json:"at"`
	ElapsedMS     int64       `json:"elapsed_ms"`
	Code          string      `json:"code,omitempty"` // NOERROR, NXDOMAIN …
	Authenticated bool        `json:"authenticated"`  // the resolver says that it checked DNSSEC
	Records       []DNSRecord `json:"records,omitempty"`
	Wire          []byte      `json:"wire,omitempty"` // the whole message, base64 in JSON
	Error         string      `json:"error,omitempty"`
}

// Decided says whether the answer says something about the name: its records, or that there are none. A resolver that failed or refused
// (SERVFAIL, REFUSED) does not.
func (a DNSAnswer) Decided() bool {
	return a.Error == "" && (a.Code == "NOERROR" || a.Code == "NXDOMAIN")
}

// DNSRecord is one resource record.
type DNSRecord struct {
	Section string `json:"section"` // answer, authority, additional
	Name    string `json:"name"`
	Type    string `json:"type"`
	TTL     uint32 `json:"ttl"` // seconds
	Value   string `json:"value"`
}

// ResolverComparison sets the addresses that the office's resolver gives for the host beside those that another one gives at the same moment:
// an office whose resolver takes part in stopping resolution (DNS RPZ) sees a landing page where everybody else sees the site.
type ResolverComparison struct {
	Name    string          `json:"name"`
	Office  []DNSAnswer     `json:"office"`  // A and AAAA, by NetworkFacts.Resolver
	Outside []DNSAnswer     `json:"outside"` // A and AAAA, by Lookups.Compare
	Verdict ResolverVerdict `json:"verdict"`
	Landing []netip.Addr    `json:"landing,omitempty"`      // the office's addresses that are known sinkholes
	Zones   []string        `json:"policy_zones,omitempty"` // whose SOA the office's resolver put beside its answer, as BIND marks what it rewrote
	Notes   []ResolverNote  `json:"notes,omitempty"`
	Error   string          `json:"error,omitempty"`
}

// ResolverVerdict says what the two have in common.
type ResolverVerdict string

// The verdicts. Two that differ prove nothing alone: networks for delivering content answer each asker with an address near him.
const (
	ResolversSame    ResolverVerdict = "same"    // the same addresses, or that there is none
	ResolversDiffer  ResolverVerdict = "differs" // other addresses; notes say what they share
	ResolverStopped  ResolverVerdict = "stopped" // the office gets a known sinkhole; or no such name, or a marked rewriting, where outside there is an address
	ResolversUnknown ResolverVerdict = "unknown" // one of them gave no usable answer
)

// ResolverNote is something that a reader of the verdict should know.
type ResolverNote string

// The notes.
const (
	SharesAddress ResolverNote = "shares_address" // some addresses are the same
	SharesASN     ResolverNote = "shares_asn"     // an address of each is announced by the same autonomous system
	SharesNetwork ResolverNote = "shares_network" // an address of each lies in the same /16 (IPv4) or /32 (IPv6)
	OfficeNone    ResolverNote = "office_none"    // the office gets no address, but is told that the name is there
	OutsideNone   ResolverNote = "outside_none"   // outside there is no address
	OutsideLands  ResolverNote = "outside_lands"  // outside leads to a known sinkhole, too
	OneFamily     ResolverNote = "one_family"     // one kind of address was not answered by both and is left out
)

// Networks says to which autonomous systems (RFC 1930) addresses belong, as a table of announced ranges has it.
type Networks struct {
	Table     *ASNSource `json:"table"` // null where there was none; then nothing is known of the addresses
	Addresses []Network  `json:"addresses"`
}

// Network is what the table says of an address. An ASN of 0 means that it knows no range with it.
type Network struct {
	Address netip.Addr `json:"address"`
	ASN     uint32     `json:"asn"`
	Org     string     `json:"org,omitempty"`
}

// ASNSource is where a table comes from, so that what it said can be looked up again.
type ASNSource struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"` // of the files, one after the other
	Ranges  int    `json:"ranges"`
	// Overlaps counts ranges that begin inside the one before: a table that is right has none.
	Overlaps int `json:"overlaps,omitempty"`
}

// Clock is how far this machine's clock is from a time server's (SNTP, RFC 4330; fields of RFC 5905).
type Clock struct {
	Server   string    `json:"server"`
	Address  string    `json:"address,omitempty"`
	At       time.Time `json:"at"`        // by this machine's clock, when the question was sent
	OffsetMS float64   `json:"offset_ms"` // to be added to this machine's clock
	DelayMS  float64   `json:"delay_ms"`  // there and back; the offset is right to half of it
	Stratum  int       `json:"stratum,omitempty"`
	Wire     []byte    `json:"wire,omitempty"` // the reply
	Error    string    `json:"error,omitempty"`
}

// Connection is one connection that was asked for, and what became of it.
type Connection struct {
	Host     string         `json:"host"` // HOST:PORT as the page named it
	Remote   netip.AddrPort `json:"remote,omitzero"`
	Answers  []netip.Addr   `json:"answers,omitempty"` // every address that the name had
	Started  time.Time      `json:"started"`
	Ended    time.Time      `json:"ended,omitzero"`
	Sent     int64          `json:"sent"`
	Received int64          `json:"received"`
	Refused  string         `json:"refused,omitempty"` // why there was no connection
	Private  bool           `json:"private,omitempty"` // because the address is one that may not be reached
}
