package redact

import (
	"regexp"
	"strings"

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
	if r.kinds[evidence.RedactAccount] {
		named(text, add)
	}
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
		if to > 0 && r.kinds[kind] && !longToken(text, i, to) {
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
	if to > 0 && n.marked(9) && strings.IndexByte("1289", n.digit[0]) >= 0 && idSum(letter, n.digit[0]-'0', n.digit[1:9]) && !longToken(text, from, to) {
		if kind := idKind(n.digit[0]); r.kinds[kind] {
			add(kind, from, to)
		}
	}
	before = backOver(text, from)
	to = n.end(8)
	if to > 0 && n.marked(8) && before > 0 && letter <= 'd'-'a' && text[before-1] >= 'a' && text[before-1] <= 'z' && r.kinds[evidence.RedactResidence] {
		word := before > 1 && isLetter(text[before-2]) // "sienna 10506797"
		if !word && idSum(text[before-1]-'a', codes[letter]%10, n.digit[:8]) && !longToken(text, before-1, to) {
			add(evidence.RedactResidence, before-1, to)
		}
	}
}

// marked reports whether no point stands between the first n digits: the numbers of drawings have them, those of people have not.
func (d digits) marked(n int) bool { return !strings.Contains(strings.Join(d.gaps[1:n], ""), ".") }

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

// digits are the digits from a place on, with what may stand between them; ends are where each ends, and gaps what stands before it.
type digits struct {
	text  string
	digit []byte
	ends  []int
	gaps  []string
}

// number reads them: at most three marks or blanks stand between two.
func number(text string, at int) digits {
	d := digits{text: text}
	for i := at; len(d.digit) < most; {
		d.gaps = append(d.gaps, text[at:i])
		d.digit, at = append(d.digit, text[i]), i+1
		d.ends = append(d.ends, at)
		if i = over(text, at); i-at > 3 || i >= len(text) || !isDigit(text[i]) {
			break
		}
	}
	return d
}

// between are what may stand between the digits of a number.
const between = " \t\r\n\f\v-.()/_+~*:\\"

func over(text string, i int) int {
	for i < len(text) && strings.IndexByte(between, text[i]) >= 0 {
		i++
	}
	return i
}

// backOver passes over what may stand behind the letters of an identity number.
func backOver(text string, i int) int {
	for n := 0; n < 3 && i > 0 && strings.IndexByte(" \t\r\n-+", text[i-1]) >= 0; n++ {
		i--
	}
	return i
}

// end gives where the first n digits end, if no other digit follows at once; 0 where there are not so many.
func (d digits) end(n int) int {
	if len(d.digit) < n || d.ends[n-1] < len(d.text) && isDigit(d.text[d.ends[n-1]]) {
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

// mobile is 09 or 886 9 and eight more, in any grouping; with points in groups of three and more, for the numbers of drawings have points too.
func (d digits) mobile() int {
	national, before := d.country()
	if before == 0 || !strings.HasPrefix(national, "9") {
		return 0
	}
	to := d.end(before + 9)
	if to > 0 && strings.Contains(strings.Join(d.gaps[1:before+9], ""), ".") && !d.grouped(before+9) {
		return 0
	}
	return to
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

// card is 13 to 19 digits of which Luhn's sum holds, together or in groups of four and more, by one of the issuers (ISO/IEC 7812).
func (d digits) card() int {
	if strings.IndexByte("23456", d.digit[0]) < 0 {
		return 0
	}
	for _, n := range []int{16, 15, 14, 19, 18, 17, 13} {
		if to := d.end(n); to > 0 && luhn(d.digit[:n]) && d.groups(n, 1, " -\n", 4) {
			return to
		}
	}
	return 0
}

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
// groups of three and more, behind that. A moment is none: seconds and milliseconds since 1970, 20261130120000.
func (d digits) account() int {
	for n := 19; n >= 13; n-- {
		to := d.end(n)
		switch together := d.groups(min(n, len(d.gaps)), 1, "", 0); {
		case to == 0, together && moment.Match(d.digit[:n]):
		case together, d.gaps[1] == "" && d.gaps[2] == "" && d.gaps[3] != "" && (d.groups(n, 4, "-", 0) || d.groups(n, 4, " -", 3)):
			return to
		}
	}
	return 0
}

var moment = regexp.MustCompile(`^(?:1[5-9]\d{11}|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?)$`)

// decimal reports whether what begins at a place is what stands behind a point.
func decimal(text string, i int) bool { return i > 1 && text[i-1] == '.' && isDigit(text[i-2]) }

// accountWords stand before an account.
var accountWords = []string{"帳號", "帳戶", "账号", "账户", "戶頭", "局號", "account", "acct"}

// reach is how many bytes may stand between such a word and the first digit.
const reach = 48

// named adds eight to nineteen digits behind a word for an account, with blanks and hyphens between them.
func named(text string, add func(evidence.RedactionKind, int, int)) {
	for _, w := range accountWords {
		for at := 0; ; {
			next := strings.Index(text[at:], w)
			if next < 0 {
				break
			}
			at += next + len(w)
			from := strings.IndexAny(text[at:min(len(text), at+reach)], "0123456789")
			if from < 0 || strings.HasPrefix(text[at:], "]"+squares) { // the word of a mask
				continue
			}
			from += at
			to, n := from, 0
			for i := from; i < len(text) && (isDigit(text[i]) || text[i] == ' ' || text[i] == '-'); i++ {
				if isDigit(text[i]) {
					to, n = i+1, n+1
				}
			}
			if n >= 8 && n <= 19 && !aDay.MatchString(text[from:to]) {
				add(evidence.RedactAccount, from, to)
			}
		}
	}
}

var aDay = regexp.MustCompile(`^(?:19|20)\d\d-\d\d-\d\d(?: |$)`)

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

// address is one of mail around an "@" (RFC 5321, without quoted parts). A picture for a finer screen, "logo@2x.png", is none,
// nor is what Chrome calls the parts of a page in one file.
func address(text string, at int) (from, to int, ok bool) {
	from, to = at, at+1
	for from > 0 && at-from < 64 && (isWord(text[from-1]) || strings.IndexByte(".+-_", text[from-1]) >= 0 || text[from-1] >= 0x80) {
		from--
	}
	for to < len(text) && to-at < 255 && (isWord(text[to]) || text[to] == '-' || text[to] == '.') {
		to++
	}
	domain := strings.TrimRight(text[at+1:to], ".-")
	dot := strings.LastIndexByte(domain, '.')
	for from < at && text[from] >= 0x80 { // words before it
		from++
	}
	if dot < 1 || len(domain)-dot < 3 || from == at || strings.HasPrefix(domain, "2x.") || strings.HasPrefix(domain, "3x.") || domain == "mhtml.blink" {
		return 0, 0, false
	}
	return from, at + 1 + len(domain), strings.Trim(domain[dot+1:], "0123456789-") != ""
}
