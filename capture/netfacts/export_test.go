package netfacts

import "yuzheng/casefile/evidence"

// ReadRegistration reads an answer that is there already.
func ReadRegistration(kind string, body []byte) evidence.Registration {
	r := evidence.Registration{Kind: kind}
	if err := readAnswer(&r, body); err != nil {
		r.Error = err.Error()
	}
	return r
}
