package document

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"yuzheng/casefile/legible"
)

// Taiwan is the time of the offices: UTC+8, without daylight saving since 1980.
var Taiwan = time.FixedZone("+08:00", 8*60*60)

// Date is a day in the calendar of the Republic, in Taiwan's time: 115年11月23日.
func Date(t time.Time) string {
	t = t.In(Taiwan)
	return fmt.Sprintf("%d年%d月%d日", t.Year()-1911, int(t.Month()), t.Day())
}

// Clock is an instant to the second with its offset: 115年11月23日 15:36:11（+08:00）.
func Clock(t time.Time) string {
	return Date(t) + t.In(Taiwan).Format(" 15:04:05") + "（+08:00）"
}

var (
	dateRE    = regexp.MustCompile(`^((?:中華)?民國)?\s*(\d{2,4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})(日.*|[^\d日].*)?$`)
	compactRE = regexp.MustCompile(`^(\d{3,4})(\d{2})(\d{2})$`)
)

// ReadDate reads a day of either calendar, as it begins in Taiwan: 2026-11-02, 115/11/02, 民國115年11月2日, 1151102. A year of three digits is one of the
// Republic, one of two where it says so; what lies before 1912, after 2999, or after 289 of the Republic is none. Rest is what follows, which may be a time of day.
func ReadDate(text string) (day time.Time, rest string, ok bool) {
	var y, m, d string
	if c := compactRE.FindStringSubmatch(text); c != nil {
		y, m, d = c[1], c[2], c[3]
	} else if c := dateRE.FindStringSubmatch(text); c != nil {
		y, m, d, rest = c[2], c[4], c[6], strings.TrimPrefix(c[7], "日")
		if len(y) == 2 && c[1] == "" || len(y) == 4 && c[1] != "" || (c[3] == "年") != (c[5] == "月") || c[3] != "年" && c[3] != c[5] {
			return day, "", false
		}
	} else {
		return day, "", false
	}
	year, _ := strconv.Atoi(y)
	month, _ := strconv.Atoi(m)
	of, _ := strconv.Atoi(d)
	last := 2999
	if len(y) < 4 {
		year, last = year+1911, 2200
	}
	day = time.Date(year, time.Month(month), of, 0, 0, 0, 0, Taiwan)
	return day, rest, day.Day() == of && int(day.Month()) == month && year >= 1912 && year <= last
}

var digits = [...]string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// numeral is a number from 1 to 999 in Chinese numerals; others are given in digits.
func numeral(n int) string {
	switch {
	case n < 1 || n > 999:
		return strconv.Itoa(n)
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n-10]
	case n < 100:
		return digits[n/10] + "十" + digits[n%10]
	}
	rest := n % 100
	switch {
	case rest == 0:
		return digits[n/100] + "百"
	case rest < 10:
		return digits[n/100] + "百零" + digits[rest]
	}
	return digits[n/100] + "百" + digits[rest/10] + "十" + digits[rest%10]
}

// label is the number of a paragraph on its level, as official papers count: 一、 （一） 1. (1).
func label(level, n int) string {
	switch level {
	case 1:
		return numeral(n) + "、"
	case 2:
		return "（" + numeral(n) + "）"
	case 3:
		return strconv.Itoa(n) + "."
	}
	return "(" + strconv.Itoa(n) + ")"
}

// Clean makes text printable: what XML cannot hold, what reorders text and what has no width is shown as its number,
// so that nothing a page says vanishes or disguises itself. Line feeds stay; a tab is a blank, a carriage return nothing.
func Clean(s string) string {
	return strings.ReplaceAll(legible.Block(strings.ReplaceAll(s, "\r", "")), "\t", " ")
}
