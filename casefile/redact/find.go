package redact

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// hit is what was found in a folded text.
type hit struct {
	span
	kind evidence.RedactionKind
}

// search gives everything of the kinds that are looked for in a folded text, in no order.
func (r *Redactor) search(text string) (found []hit) {
	add := func(kind evidence.RedactionKind, from, to int) { found = append(found, hit{span{from, to}, kind}) }
	for i := 0; i < len(text); {
		next := strings.IndexAny(text[i:], starts)
		if next < 0 {
			break
		}
		i += next
		i = max(i+1, r.at(text, i, add))
	}
	r.named(text, add)
	r.columns(text, add)
	for _, e := range r.expressions {
		for _, m := range e.FindAllStringIndex(text, -1) {
			add(evidence.RedactExpression, m[0], m[1])
		}
	}
	return found
}

// starts are the bytes at which something may be found: a digit, or the sign of an address of mail. Identity numbers are found at their first digit.
const starts = "0123456789@"

// at looks for what stands at a place, and gives where to go on: behind the digits without a mark between them.
func (r *Redactor) at(text string, i int, add func(evidence.RedactionKind, int, int)) int {
	if text[i] == '@' {
		if from, to, ok := address(text, i); ok && r.kinds[evidence.RedactEmail] {
			add(evidence.RedactEmail, from, to)
		}
		return i + 1
	}
	n := number(text, i)
	r.person(text, i, n, add)
	found := func(kind evidence.RedactionKind, to int) {
		if to > 0 && r.kinds[kind] && !longToken(text, i, to) && !n.amount(n.until(to)) {
			add(kind, i, to)
		}
	}
	found(evidence.RedactPhone, n.mobile())
	if !decimal(text, i) {
		found(evidence.RedactPhone, n.phone())
		found(evidence.RedactCard, n.card())
		found(evidence.RedactAccount, n.account())
	}
	end := i
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	return end
}

// person looks for identity numbers, which begin with letters.
func (r *Redactor) person(text string, i int, n digits, add func(evidence.RedactionKind, int, int)) {
	before := backOver(text, i)
	if before == 0 || !isLetter(text[before-1]) {
		return
	}
	letter, from := text[before-1]-'a', before-1
	if text[before-1] < 'a' {
		return
	}
	to := n.end(9)
	if to > 0 && !n.drawn(9, from) && strings.IndexByte("1289", n.digit[0]) >= 0 && idSum(letter, n.digit[0]-'0', n.digit[1:9]) && !longToken(text, from, to) {
		if kind := idKind(n.digit[0]); r.kinds[kind] {
			add(kind, from, to)
		}
	}
	before = backOver(text, from)
	to = n.end(8)
	if to > 0 && !n.drawn(8, from) && before > 0 && letter <= 'd'-'a' && text[before-1] >= 'a' && text[before-1] <= 'z' && r.kinds[evidence.RedactResidence] {
		word := before > 1 && isLetter(text[before-2]) // "sienna 10506797"
		if !word && idSum(text[before-1]-'a', codes[letter]%10, n.digit[:8]) && !longToken(text, before-1, to) {
			add(evidence.RedactResidence, before-1, to)
		}
	}
}

// drawn reports whether points between the first n digits are those of a drawing, in which a letter and numbers follow one another: "c1.2.345".
func (d digits) drawn(n, letter int) bool {
	if !slices.ContainsFunc(d.gaps[1:n], func(gap string) bool { return strings.Contains(gap, ".") }) {
		return false
	}
	return len(d.digit) > n || letter > 0 && (isDigit(d.text[letter-1]) || d.text[letter-1] == '.')
}

func idKind(first byte) evidence.RedactionKind {
	if first >= '8' {
		return evidence.RedactResidence
	}
	return evidence.RedactID
}

// codes are what the letters of identity numbers stand for, by the alphabet.
var codes = [26]byte{10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33}

// idSum is the check digit of 身分證 and of 統一證號, old and new: weights 1 and 9 for the digits of the letter, 8 to 1 and 1 for what follows.
func idSum(letter, second byte, rest []byte) bool {
	sum := int(codes[letter]/10) + int(codes[letter]%10)*9 + int(second)*8
	for i, c := range rest {
		sum += int(c-'0') * max(1, 7-i)
	}
	return sum%10 == 0
}

// most is how many digits of a number are looked at.
const most = 24

// digits are the digits from a place on, with what may stand between them; ends are where each ends, and gaps what stands before it. weak and mixed are
// the first digits before which a weak mark stands, and different ones; most where there are none.
type digits struct {
	text        string
	digit       []byte
	ends        []int
	gaps        []string
	weak, mixed int
}

// number reads them: at most three marks or blanks stand between two.
func number(text string, at int) digits {
	d := digits{text: text, weak: most, mixed: most}
	for i, n := at, 0; len(d.digit) < most; {
		if i > at {
			of, alike := weakIn(text[at:i])
			if of != "" {
				d.weak = min(d.weak, len(d.digit))
			}
			if !alike {
				d.mixed = min(d.mixed, len(d.digit))
			}
		}
		d.gaps = append(d.gaps, text[at:i])
		d.digit, at = append(d.digit, text[i]), i+1
		d.ends = append(d.ends, at)
		if i, n = over(text, at); n > maxMarks || i >= len(text) || !isDigit(text[i]) {
			break
		}
	}
	return d
}

// backOver passes over what may stand behind the letters of an identity number: of the marks those that programs do not put behind a name.
func backOver(text string, i int) int {
	for n := 0; n < maxMarks && i > 0; n++ {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if !foreign(r) && !strings.ContainsRune(" \t\r\n-+", r) {
			break
		}
		i -= size
	}
	return i
}

// until gives how many digits end at a place or before it.
func (d digits) until(to int) int {
	return sort.Search(len(d.ends), func(i int) bool { return d.ends[i] > to })
}

// end gives where the first n digits end, if they are one number and no other digit follows at once; 0 where there are not so many.
func (d digits) end(n int) int {
	if len(d.digit) < n || d.ends[n-1] < len(d.text) && isDigit(d.text[d.ends[n-1]]) || !d.joined(n) {
		return 0
	}
	return d.ends[n-1]
}

// country gives the digits of a number of Taiwan without what stands before them from abroad, and how many those are.
func (d digits) country() (national string, before int) {
	text := string(d.digit)
	for _, prefix := range []string{"00886", "002886", "886"} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			national = strings.TrimPrefix(rest, "0")
			return national, len(text) - len(national)
		}
	}
	return strings.TrimPrefix(text, "0"), len(text) - len(strings.TrimPrefix(text, "0"))
}

// mobile is 09 or 886 9 and eight more, in any grouping.
func (d digits) mobile() int {
	national, before := d.country()
	if before == 0 || !strings.HasPrefix(national, "9") {
		return 0
	}
	return d.end(before + 9)
}

// phone is any other telephone of Taiwan, in groups of three and more behind the area.
func (d digits) phone() int {
	national, before := d.country()
	switch {
	case national == "" || before == 0:
		return 0
	case before > 1 && national[0] >= '2' && national[0] <= '8':
		return max(d.end(before+9), d.end(before+8))
	case before > 1:
		return 0
	case strings.HasPrefix(national, "70") && d.grouped(3):
		return max(d.end(11), d.end(10))
	case len(national) > 7 && national[0] >= '2' && national[0] <= '8':
		return d.landline()
	}
	return 0
}

// landline is area and number: ten digits behind 02, 04 and 049, else nine.
func (d digits) landline() int {
	if d.digit[1] == '2' || d.digit[1] == '4' {
		if to := d.end(10); to > 0 && d.grouped(10) {
			return to
		}
	}
	if to := d.end(9); d.digit[1] != '2' && d.grouped(9) {
		return to
	}
	return 0
}

// grouped reports whether the first n digits stand together, or in groups of which none but the first has fewer than three.
func (d digits) grouped(n int) bool {
	size := 0
	for i := range min(n, len(d.gaps)) {
		if i > 0 && d.gaps[i] != "" {
			if size < 2 || size < i && size < 3 {
				return false
			}
			size = 0
		}
		size++
	}
	return size >= 3
}

// card is 13 to 19 digits of which Luhn's sum holds, together or in groups of four and more, by one of the issuers (ISO/IEC 7812). With weak marks
// these are the issuers of today, and no row of years.
func (d digits) card() int {
	if strings.IndexByte("23456", d.digit[0]) < 0 {
		return 0
	}
	for _, n := range []int{16, 15, 14, 19, 18, 17, 13} {
		to := d.end(n)
		if to == 0 || !luhn(d.digit[:n]) {
			continue
		}
		if d.groups(n, 1, " -\n", 4) || d.uniform(n, 1, 4) && issuers.Match(d.digit[:n]) && !years.Match(d.digit[:n]) {
			return to
		}
	}
	return 0
}

// issuers are Visa, Mastercard, American Express, JCB, Diners Club, Discover and UnionPay, by their first digits.
var issuers = regexp.MustCompile(`^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[4-9]|30|6)`)

// years are four.
var years = regexp.MustCompile(`^(?:(?:19|20)\d\d){4}$`)

// groups reports whether, from the digit first on, at most one of the marks stands between two of the first n digits, and no group but the last is
// shorter than least.
func (d digits) groups(n, first int, marks string, least int) bool {
	size := 1
	for _, g := range d.gaps[first:n] {
		switch {
		case g == "":
			size++
			continue
		case len(g) > 1 || strings.IndexByte(marks, g[0]) < 0 || size < least:
			return false
		}
		size = 1
	}
	return true
}

func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return sum%10 == 0
}

// account is a bank's code of three digits and ten to sixteen more: together, or with marks behind the code and hyphens, or single blanks between
// groups of three and more, behind that; with weak marks behind the code of a bank that there is, and groups of four. A moment is none: seconds and milliseconds since 1970, 20261130120000; nor is 121.5654321098.
func (d digits) account() int {
	for n := 19; n >= 13; n-- {
		to := d.end(n)
		switch together := d.groups(min(n, len(d.gaps)), 1, "", 0); {
		case to == 0, together && moment.Match(d.digit[:n]):
		case together:
			return to
		case d.gaps[1] != "" || d.gaps[2] != "" || d.gaps[3] == "":
		case d.weakly(n):
			if banks.Match(d.digit) && d.uniform(n, 4, 4) && (!d.groups(n, 4, "", 0) || d.gaps[3] != "." && d.gaps[3] != ",") {
				return to
			}
		case d.groups(n, 4, "-", 0), d.groups(n, 4, " -", 3), d.uniform(n, 4, 3):
			return to
		}
	}
	return 0
}

// banks are those of Taiwan by their codes, with the post, without associations of farmers and fishers.
var banks = regexp.MustCompile(`^(?:0[0-5]\d|081|10[128]|118|147|700|80[3-9]|81[0-6]|82[2-6]|95[0-4])`)

var moment = regexp.MustCompile(`^(?:1[5-9]\d{11}|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?)$`)

// decimal reports whether what begins at a place is what stands behind a point.
func decimal(text string, i int) bool { return i > 1 && text[i-1] == '.' && isDigit(text[i-2]) }

// longest is from how many letters and digits without a mark on a token is a key or a hash, in which any number stands by chance.
const longest = 24

func longToken(text string, from, to int) bool {
	for _, c := range []byte(text[from:to]) {
		if !isWord(c) {
			return false
		}
	}
	first, last := from, to
	for first > 0 && isWord(text[first-1]) && last-first < longest {
		first--
	}
	for last < len(text) && isWord(text[last]) && last-first < longest {
		last++
	}
	return last-first >= longest && strings.ContainsFunc(text[first:last], func(r rune) bool { return r >= 'a' && r <= 'z' })
}
