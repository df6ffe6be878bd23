package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// republic is the year before the first of the Republic's calendar: year 115 is 2026.
const republic = 1911

var (
	written = regexp.MustCompile(`^(?:民國|中華民國)?\s*(\d{2,4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?|\s*月)?(?:[T\s].*)?$`)
	compact = regexp.MustCompile(`^\d{5,8}$`)
	span    = regexp.MustCompile(`(\d{2,4})[/年.](\d{1,2})[/月.](\d{1,2})日?\s*[-~～至–—]\s*(?:(\d{2,4})[/年.])?(\d{1,2})[/月.](\d{1,2})日?`)
)

// isoDate gives a date or a month as Taiwanese lists write them in ISO 8601: 11412 and 115年08月 as 2025-12 and 2026-08; 115/3/12,
// 1150312, 2026/3/12, 20260312 and 2026-03-12T15:13:38 as 2026-03-12. Anything else, and a day that no calendar has, is "".
func isoDate(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 64 {
		return ""
	}
	if m := written.FindStringSubmatch(text); m != nil {
		return calendar(m[1], m[2], m[3])
	}
	if !compact.MatchString(text) {
		return ""
	}
	switch n := len(text); {
	case n == 8:
		return calendar(text[:4], text[4:6], text[6:])
	case n == 7:
		return calendar(text[:3], text[3:5], text[5:])
	case n == 6 && (strings.HasPrefix(text, "19") || strings.HasPrefix(text, "20")):
		return calendar(text[:4], text[4:], "")
	case n == 5:
		return calendar(text[:3], text[3:], "")
	}
	return ""
}

// isoSpan finds a span like 115/3/12-115/3/18 in a heading; the second year may be left out.
func isoSpan(text string) (from, to string) {
	m := span.FindStringSubmatch(text)
	if m == nil {
		return "", ""
	}
	if m[4] == "" {
		m[4] = m[1]
	}
	from, to = calendar(m[1], m[2], m[3]), calendar(m[4], m[5], m[6])
	if from == "" || to == "" {
		return "", ""
	}
	return from, to
}

func calendar(year, month, day string) string {
	y, _ := strconv.Atoi(year) // digits, by the expressions above
	m, _ := strconv.Atoi(month)
	if len(year) < 4 {
		y += republic
	}
	d, layout := 1, "2006-01"
	if day != "" {
		d, _ = strconv.Atoi(day)
		layout = time.DateOnly
	}
	date := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1912 || y > 2200 || date.Month() != time.Month(m) || date.Day() != d {
		return ""
	}
	return date.Format(layout)
}

// number gives a count like 14, 1,024 or １４件; 0 if it is none.
func number(text string) int {
	text = strings.TrimSuffix(strings.TrimSpace(halfWidth(text)), "件")
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(text), ",", ""))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
