package application

import (
	"testing"

	"yuzheng/casefile/evidence/schematest"
)

// TestSchema holds the data that papers bring along against SCHEMA.md.
func TestSchema(t *testing.T) {
	s, list := schematest.Read(t), papers(t, input(t))
	for name, file := range map[string]string{"02_附表一_扣押標的.json": "02_附表一_扣押標的", "05_誤傷檢查.json": "05_誤傷檢查"} {
		s.Document(t, name, paper(t, list, file).Data[JSON])
	}
}
