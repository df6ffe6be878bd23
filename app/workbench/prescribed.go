package workbench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"yuzheng/casefile/evidence"
)

// prescribed lists the hosts whose addresses the operator set for a capture, as capture.json says. Only as much of it is read as is needed.
func prescribed(open func(string) (io.ReadCloser, error)) ([]string, error) {
	r, err := open(evidence.CaptureJSON)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	resolve, err := readResolve(json.NewDecoder(r))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", evidence.CaptureJSON, err)
	}
	var hosts []string
	for place := range resolve {
		if host, _, err := net.SplitHostPort(place); err == nil && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	slices.Sort(hosts)
	return hosts, nil
}

// readResolve finds request.resolve.
func readResolve(d *json.Decoder) (map[string]string, error) {
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		if key != "request" {
			var other json.RawMessage
			if err := d.Decode(&other); err != nil {
				return nil, err
			}
			continue
		}
		var request struct {
			Resolve map[string]string `json:"resolve"`
		}
		err = d.Decode(&request)
		var wrong *json.UnmarshalTypeError // of another version: nothing is known to be set
		if errors.As(err, &wrong) {
			err = nil
		}
		return request.Resolve, err
	}
	return nil, nil
}
