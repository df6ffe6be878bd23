package evidence

// IdentifierKind says what an identifier leads to. Each kind has one canonical form, which package identify of capture makes: what two
// documents hold of one identifier is the same text, byte for byte. Values are only ever added, never renamed: they stand in sealed documents.
type IdentifierKind string

// The kinds, with their form.
const (
	IdentifierLine     IdentifierKind = "line_id"   // an account of LINE: small letters, with the "@" of an official one
	IdentifierLineLink IdentifierKind = "line_link" // an address that LINE gives and that names no account: lin.ee/AbC12, line.me/ti/g2/…
	IdentifierTelegram IdentifierKind = "telegram"  // a name in small letters, or an invitation: "+" and its code
	IdentifierWhatsApp IdentifierKind = "whatsapp"  // a number as in IdentifierPhone, or the code of an invitation
	IdentifierPhone    IdentifierKind = "phone"     // E.164: "+", country, number, without anything between
	IdentifierEmail    IdentifierKind = "email"     // small letters
	IdentifierBitcoin  IdentifierKind = "bitcoin"   // Base58Check as it is; bech32 in small letters
	IdentifierEthereum IdentifierKind = "ethereum"  // capitals as in EIP-55
	IdentifierTron     IdentifierKind = "tron"      // Base58Check as it is
	IdentifierAccount  IdentifierKind = "account"   // of a bank: digits alone, of the bank's code too where it stands with them
	IdentifierHandle   IdentifierKind = "handle"    // @name of whatever service, in small letters
	IdentifierURL      IdentifierKind = "url"       // an address written out in words, without query and fragment
)

// Values of comparisons of before 2026-11-29, which nothing writes any more. Telephones of Taiwan began with 0 in them, and a number of
// WhatsApp had no "+".
const (
	IdentifierOldLine   IdentifierKind = "line"   // IdentifierLine or IdentifierLineLink
	IdentifierOldWallet IdentifierKind = "wallet" // IdentifierBitcoin, IdentifierEthereum or IdentifierTron, without a look at the checksum
)

// IdentifierKinds lists every kind that is written, in the order in which they are shown.
var IdentifierKinds = []IdentifierKind{
	IdentifierLine, IdentifierLineLink, IdentifierTelegram, IdentifierWhatsApp, IdentifierPhone, IdentifierEmail,
	IdentifierBitcoin, IdentifierEthereum, IdentifierTron, IdentifierAccount, IdentifierHandle, IdentifierURL,
}
