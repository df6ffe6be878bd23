package application

import (
	"fmt"
	"time"

	"yuzheng/casefile/document"
)

// spanText is a span as a paper says it, counted from the day of the order where it is a number of days; "" is a span that says nothing.
func spanText(s Span, order string) string {
	switch {
	case s.IsZero():
		return ""
	case s.To.IsZero():
		return fmt.Sprintf("自%s之日起%d日", order, s.Days)
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
