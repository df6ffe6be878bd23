package archive

import (
	"strings"
	"testing"

	"yuzheng/casefile/evidence/schematest"
)

// TestSchema holds what is added to the HAR format against SCHEMA.md.
func TestSchema(t *testing.T) {
	schematest.Read(t).Part(t, "network.har", struct {
		Log harLog `json:"log"`
	}{}, func(field string) bool { return strings.HasPrefix(field[strings.LastIndexByte(field, '.')+1:], "_") })
}
