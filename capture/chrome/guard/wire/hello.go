package wire

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/crypto/cryptobyte"
)

var errHello = errors.New("TLS hello that cannot be read")

// again is the random of a server hello that asks the browser to begin anew (RFC 8446, 4.1.3).
var again = []byte("\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c")

// extensionVersions is the extension that names the version (RFC 8446, 4.2.1).
const extensionVersions = 43

// clientHello takes the browser's random, by which its keys are known.
func (t *Tap) clientHello(body []byte) error {
	s := cryptobyte.String(body)
	var version uint16
	var random []byte
	if !s.ReadUint16(&version) || !s.ReadBytes(&random, 32) {
		return errHello
	}
	t.tell(func() { t.hello.client = random })
	return nil
}

// serverHello takes what the server has chosen.
func (t *Tap) serverHello(body []byte) error {
	s := cryptobyte.String(body)
	var version, id uint16
	var random []byte
	var session, extensions cryptobyte.String
	var compression uint8
	if !s.ReadUint16(&version) || !s.ReadBytes(&random, 32) || !s.ReadUint8LengthPrefixed(&session) || !s.ReadUint16(&id) || !s.ReadUint8(&compression) {
		return errHello
	}
	if bytes.Equal(random, again) {
		t.tell(func() { t.hello.again = true })
		return nil
	}
	if s.ReadUint16LengthPrefixed(&extensions) {
		version = versionOf(extensions, version)
	}
	chosen, ok := suites[id]
	if !ok || version != tls12 && version != tls13 {
		return errHello
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.hello.client == nil && !t.hello.gone {
		t.news.Wait()
	}
	t.hello.server, t.hello.version, t.hello.suite = random, version, chosen
	t.news.Broadcast()
	return nil
}

func versionOf(extensions cryptobyte.String, version uint16) uint16 {
	for !extensions.Empty() {
		var kind uint16
		var body cryptobyte.String
		if !extensions.ReadUint16(&kind) || !extensions.ReadUint16LengthPrefixed(&body) {
			return version
		}
		if kind == extensionVersions {
			body.ReadUint16(&version)
		}
	}
	return version
}

// certificates takes the chain that the server shows (RFC 5246, 7.4.2; RFC 8446, 4.4.2; compressed RFC 8879).
func (p *plain) certificates(kind byte, body []byte) {
	if kind == messageCompressed {
		body = uncompressed(body)
	}
	s := cryptobyte.String(body)
	var list, context cryptobyte.String
	modern := p.secret != nil
	if modern && !s.ReadUint8LengthPrefixed(&context) || !s.ReadUint24LengthPrefixed(&list) {
		return
	}
	var chain [][]byte
	for !list.Empty() {
		var der, extensions cryptobyte.String
		if !list.ReadUint24LengthPrefixed(&der) || modern && !list.ReadUint16LengthPrefixed(&extensions) {
			return
		}
		chain = append(chain, slices.Clone(der))
	}
	p.tap.log.change(func() { p.tap.certificates = chain })
}

// uncompressed is the certificate message in a compressed one, or nothing.
func uncompressed(body []byte) []byte {
	s := cryptobyte.String(body)
	var algorithm uint16
	var size uint32
	var packed cryptobyte.String
	if !s.ReadUint16(&algorithm) || !s.ReadUint24(&size) || !s.ReadUint24LengthPrefixed(&packed) || size > maxMessage {
		return nil
	}
	var r io.Reader
	var err error
	switch in := bytes.NewReader(packed); algorithm {
	case 1:
		r, err = zlib.NewReader(in)
	case 2:
		r = brotli.NewReader(in)
	case 3:
		var d *zstd.Decoder
		if d, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1)); err == nil {
			defer d.Close()
			r = d
		}
	}
	if err != nil || r == nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(r, int64(size)))
	if err != nil {
		return nil
	}
	return out
}
