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
	if err != nil || !strings.Contains(l.Statutes.Source.Source, document.Date(day)) || l.Statutes.Version != l.Statutes.Date {
		t.Errorf("statutes of %s, %s, whose source says %s: %v", l.Statutes.Version, l.Statutes.Date, l.Statutes.Source.Source, err)
	}
	for _, s := range l.Statutes.Articles {
		if s.AsOf > l.Statutes.Date {
			t.Errorf("%s is of %s, later than the data", s.ID, s.AsOf)
		}
	}
	files := written(t, papers(t, input(t)))
	for file, want := range map[string]int{"05_誤傷檢查.pdf": 5, "09_技術說明.pdf": 9} {
		text, n := string(files[file]), 0
		for _, s := range l.Sources() {
			if strings.Contains(text, ">"+s.Name+"<") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s names %d lists, want %d", file, n, want)
		}
	}
}
