package page

import (
	"fmt"
	"strings"

	"yuzheng/capture"
	"yuzheng/casefile/evidence"
)

// requests is what the form asks for: every address in every view.
func (p *Capture) requests() ([]evidence.Request, error) {
	var list []evidence.Request
	for line := range strings.Lines(p.addresses.Text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		address, err := readAddress(line)
		if err != nil {
			return nil, err
		}
		for _, v := range evidence.Personas {
			if !p.views[v].Checked {
				continue
			}
			r := evidence.Request{URL: address, View: v, Lookups: evidence.Lookups{DNS: true, RDAP: true, Clock: true}, Limits: evidence.DefaultLimits()}
			if err := p.advanced.apply(&r); err != nil {
				return nil, err
			}
			if err := capture.Validate(r); err != nil {
				return nil, &badInput{"capture.bad.request", err.Error()}
			}
			list = append(list, r)
		}
	}
	return list, nil
}

// badInput is a line of the form that is not what it should be; key names the words for it.
type badInput struct{ key, line string }

func (e *badInput) Error() string { return fmt.Sprintf("%s: %q", e.key, e.line) }

// readAddress takes an address as people write it.
func readAddress(line string) (string, error) {
	address, err := capture.Address(line)
	if err != nil {
		return "", &badInput{"capture.bad.address", line}
	}
	return address, nil
}
