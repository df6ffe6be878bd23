package session

import (
	"testing"

	"yuzheng/casefile/evidence/schematest"
)

// TestSchema holds the type that this package writes against SCHEMA.md.
func TestSchema(t *testing.T) {
	schematest.Read(t).Type(t, "login", login{})
}
