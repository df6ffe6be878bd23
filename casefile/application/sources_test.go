package application

import (
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/document"
)

// TestSources prints for the statutes the date of the data, as their source tells it, and in the gate's report the lists of the gate alone.
func TestSources(t *testing.T) {
	l := lists(t)
	day, err := time.Parse(time.DateOnly, l.Statutes.Date)
	if err != nil || !strings.Contains(l.Statutes.Source.Source, document.Date(day)) {
		t.Errorf("statutes of %s, %s, whose source says %s: %v", l.Statutes.Version, l.Statutes.Date, l.Statutes.Source.Source, err)
	}
	files := written(t, papers(t, input(t)))
	templates, err := templateSources(templates)
	if err != nil {
		t.Fatal(err)
	}
	all := append(l.Sources(), templates...)
	for file, want := range map[string]int{"05_誤傷檢查.pdf": 5, "09_技術說明.pdf": len(all)} {
		text, n := string(files[file]), 0
		for _, s := range all {
			if strings.Contains(text, ">"+s.Name+"<") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s names %d lists, want %d", file, n, want)
		}
	}
}
