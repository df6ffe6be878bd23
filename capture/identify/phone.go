package identify

import (
	"strings"

	"yuzheng/casefile/evidence"
)

var betweenDigits = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "\t", "", "\n", "")

// phone is a number in E.164; without a country's code one of Taiwan. Empty is what is none.
func phone(text string) string {
	digits := betweenDigits.Replace(text)
	if strings.Trim(strings.TrimPrefix(digits, "+"), "0123456789") != "" {
		return ""
	}
	for _, prefix := range []string{"+886", "002886", "00886", "886", "+0", "0"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok {
			if national := strings.TrimPrefix(rest, "0"); inTaiwan(national) {
				return "+886" + national
			}
		}
	}
	if n := len(digits) - 1; n >= 8 && n <= 15 && digits[0] == '+' && digits[1] != '0' {
		return digits
	}
	return ""
}

// inTaiwan reports whether digits may be a number of Taiwan without its leading 0: nine of a mobile, eight or nine of the others, ten behind 70.
// https://www.itu.int/oth/T02020000CD/en
func inTaiwan(digits string) bool {
	switch len(digits) {
	case 8:
		return digits[0] >= '2' && digits[0] <= '8'
	case 9:
		return digits[0] >= '2'
	case 10:
		return strings.HasPrefix(digits, "70")
	}
	return false
}

// taiwanese is a number in a form of Taiwan's. Digits in groups that are none may be those of an account.
func taiwanese(s *search, _, begin, end int) Found {
	text := s.text[begin:end]
	switch international := text[0] != '0' || strings.HasPrefix(text, "00"); {
	case text[0] != '+' && !s.apart(begin, end):
		return Found{}
	case phone(text) == "":
		return guessed(text)
	case international || strings.HasPrefix(text, "09") || strings.HasPrefix(text, "080") || strings.ContainsAny(text, " -)"):
		return known(evidence.IdentifierPhone, text)
	}
	return Found{Kind: evidence.IdentifierPhone, Value: phone(text), Guess: true}
}

// foreign is a number with the code of another country.
func foreign(s *search, _, begin, end int) Found {
	f := known(evidence.IdentifierPhone, s.text[begin:end])
	switch {
	case s.phones[begin]:
		return Found{} // one of Taiwan and what stands behind it
	case f.Kind == "":
		return guessed(s.text[begin:end])
	}
	f.Guess = begin > 0 && isWord(s.text[begin-1]) // a sum
	return f
}

// apart reports whether the number between begin and end stands for itself: it is no part of a longer number, a decimal, a hash or a name with
// digits. In what people read letters alone may touch it ("tel0912345678"), and so may the number of an entry in a list ("1.0912345678").
func (s *search) apart(begin, end int) bool {
	first, last := begin, end
	for first > 0 && isLetter(s.lower[first-1]) {
		first--
	}
	for last < len(s.lower) && isLetter(s.lower[last]) {
		last++
	}
	before, marked := s.before(first)
	switch {
	case before || last < len(s.lower) && isDigit(s.lower[last]):
		return false
	case s.as != Words:
		return first == begin && last == end && !marked
	case first == begin && marked:
		inner, _ := s.before(begin - 1)
		return !inner || s.numbers(begin-1)
	}
	return true
}

// before reports whether a digit, or one of the marks within numbers, ends at i.
func (s *search) before(i int) (digit, mark bool) {
	if i <= 0 {
		return false, false
	}
	return isDigit(s.lower[i-1]), strings.IndexByte(".+-", s.lower[i-1]) >= 0
}

// numbers reports whether the mark at i ends the number of an entry in a list: one or two digits at the beginning of a line that people read.
func (s *search) numbers(i int) bool {
	first := i
	for first > 0 && isDigit(s.lower[first-1]) {
		first--
	}
	line := strings.TrimRight(s.lower[:first], " ")
	return s.as == Words && s.lower[i] != '+' && i-first <= 2 && (line == "" || strings.HasSuffix(line, "\n"))
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c == '_' }

// isWord is true of what a word of a program may hold, as \w is.
func isWord(c byte) bool { return isDigit(c) || isLetter(c) || c >= 'A' && c <= 'Z' }
