package application

import (
	"fmt"
	"time"

	"yuzheng/casefile/document"
)

// spanText is a span as a paper says it; "" is a span that says nothing.
func spanText(s Span) string {
	switch {
	case s.IsZero():
		return ""
	case s.To.IsZero():
		return fmt.Sprintf("自裁定之日起%d日", s.Days)
	case s.From.IsZero():
		return "至" + document.Date(s.To) + "止"
	}
	return "自" + document.Date(s.From) + "起至" + document.Date(s.To) + "止"
}

// dateOr is a date as papers print it, or other for none.
func dateOr(t time.Time, other string) string {
	if t.IsZero() {
		return other
	}
	return document.Date(t)
}
