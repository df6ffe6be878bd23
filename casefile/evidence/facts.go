package evidence

import "time"

// Facts is facts.json: what is known of the infrastructure behind a page, each thing with its time and source.
type Facts struct {
	Schema int `json:"schema"`

	Taken       time.Time     `json:"taken"`
	Network     *NetworkFacts `json:"network,omitempty"`
	Document    *Document     `json:"main_document,omitempty"`
	Servers     []Server      `json:"servers"`
	Connections []Connection  `json:"connections"`
	Networks    *Networks     `json:"networks,omitempty"` // of every address that was connected to, where there is a table of them
	Codes       []QRCode      `json:"qr_codes"`           // places in pixels of screenshot.png
	Icons       []Icon        `json:"icons"`
}

// Document is the answer that the page came with.
type Document struct {
	URL      string    `json:"url"`
	At       time.Time `json:"at"`
	Status   int       `json:"status"`
	Protocol string    `json:"protocol"`
	Remote   string    `json:"remote,omitempty"` // ADDRESS:PORT
	TLS      *TLS      `json:"tls,omitempty"`
	Headers  []Header  `json:"headers"`
}

// Server is one origin with the certificates that it showed; certificates.pem holds them whole.
type Server struct {
	Origin      string        `json:"origin"`
	Remote      string        `json:"remote,omitempty"` // ADDRESS:PORT
	Error       string        `json:"certificate_error,omitempty"`
	Interceptor string        `json:"interceptor,omitempty"` // who opened the connection in between, by the name in the certificate
	Chain       []Certificate `json:"certificates"`
}

// Icon is a sign of the site as a tab shows it: other sites of the same makers often have the same.
type Icon struct {
	URL      string `json:"url"`
	Status   int    `json:"status,omitempty"`
	Artifact string `json:"artifact,omitempty"` // where its bytes lie
	Error    string `json:"error,omitempty"`
	*IconHashes
}

// IconHashes are the numbers of one icon. An icon that is no picture that can be read has the first two and the reason.
type IconHashes struct {
	SHA256 string `json:"sha256"` // of the bytes, hexadecimal
	MMH3   int32  `json:"mmh3"`   // MurmurHash3 (x86, 32 bits, seed 0) of the bytes in MIME's base64, signed, as Shodan's http.favicon.hash
	Format string `json:"format,omitempty"`
	Width  int    `json:"width,omitempty"` // pixels; of an ICO those of its largest picture, which the hashes are of
	Height int    `json:"height,omitempty"`
	// DHash and PHash are 64 bits each, hexadecimal: of the differences between neighbours, and of the low frequencies. Two icons look
	// alike where few bits differ. They are made over grey, so that neither black nor white on nothing vanishes; a picture of a single
	// colour looks like every other one and has none.
	DHash string `json:"dhash,omitempty"`
	PHash string `json:"phash,omitempty"`
	Error string `json:"error,omitempty"`
}

// QRCode is one code of a picture.
type QRCode struct {
	Text     string  `json:"text"`            // as far as it could be read as text
	Bytes    []byte  `json:"bytes,omitempty"` // what stands in the code as bytes, where that is not the text in UTF-8; base64 in JSON
	Place    QRPlace `json:"place"`
	Version  int     `json:"version,omitempty"` // 1 to 40: its size
	Level    string  `json:"level,omitempty"`   // L, M, Q, H: how much damage it stands
	Inverted bool    `json:"inverted,omitempty"`
	Mirrored bool    `json:"mirrored,omitempty"`
	Part     int     `json:"part,omitempty"`  // of a text that is spread over several codes, from 1 on
	Parts    int     `json:"parts,omitempty"` // how many those are
	Error    string  `json:"error,omitempty"` // why a code that is there could not be read
}

// QRPlace is the upright rectangle around a code, without its white border, in pixels of the page's picture.
type QRPlace struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Header is one header line as it was sent or received, with its very bytes. Order and case are kept.
type Header struct{ Name, Value string }

// TLS is what the connection of an exchange was protected with.
type TLS struct {
	Protocol, Cipher, KeyExchange string
	Subject, Issuer               string
	ValidFrom, ValidTo            time.Time
	SANs                          []string
}
