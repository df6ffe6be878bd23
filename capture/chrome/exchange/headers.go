package exchange

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"yuzheng/casefile/evidence"
)

// Headers lists what Chrome gives as an object, in alphabetical order; a name that came several times has its values apart
// by line feeds. Only headerLines keeps the order of the wire.
func Headers(h network.Headers) []evidence.Header {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []evidence.Header
	for _, name := range names {
		for value := range strings.SplitSeq(fmt.Sprint(h[name]), "\n") {
			out = append(out, evidence.Header{Name: name, Value: value})
		}
	}
	return out
}

// headerLines splits the header text of an HTTP/1 answer, status line first.
func headerLines(text string) []evidence.Header {
	var out []evidence.Header
	for i, line := range strings.Split(text, "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if i > 0 && ok {
			out = append(out, evidence.Header{Name: name, Value: strings.TrimSpace(value)})
		}
	}
	return out
}

// Header is the first value of a header, whatever its case.
func Header(list []evidence.Header, name string) string {
	for _, h := range list {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

func tlsOf(d *network.SecurityDetails) *evidence.TLS {
	if d == nil {
		return nil
	}
	return &evidence.TLS{
		Protocol: d.Protocol, Cipher: d.Cipher, KeyExchange: strings.TrimSpace(d.KeyExchange + " " + d.KeyExchangeGroup),
		Subject: d.SubjectName, Issuer: d.Issuer, SANs: d.SanList,
		ValidFrom: instant(d.ValidFrom), ValidTo: instant(d.ValidTo),
	}
}

func instant(t cdp.TimeSinceEpoch) time.Time { return time.UnixMicro(int64(t.Float64() * 1e6)).UTC() }
