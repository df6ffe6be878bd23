//go:build !cgo

package sign

import "time"

// Card fails with ErrNoCards: modules of PKCS#11 are C libraries, and this program was built without CGO.
func Card(string, string, string, time.Time) (*Signer, error) { return nil, ErrNoCards }
