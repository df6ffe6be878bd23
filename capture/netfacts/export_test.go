package netfacts

// ReadRegistration reads an answer that is there already.
func ReadRegistration(kind string, body []byte) Registration {
	r := Registration{Kind: kind}
	if err := r.read(body); err != nil {
		r.Error = err.Error()
	}
	return r
}
