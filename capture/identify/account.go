package identify

import (
	"regexp"
	"strings"

	"yuzheng/casefile/evidence"
)

// accountWords stand before a number that is an account.
const accountWords = "帳號 帳戶 账号 账户 戶頭 匯款 轉帳 轉入 入金 account acct iban payee"

// Accounts have no checksum that is public. One is sure where a word for an account stands before digits in the form that banks of Taiwan print:
// three of the bank's code, then six to fourteen. Amounts, dates and numbers of orders look like all others.
var (
	sureWords = regexp.MustCompile(`(?:帳號|帳戶|账号|账户|戶頭|account|acct)[^\da-z\n]*$`)
	aDay      = regexp.MustCompile(`^(?:19|20)\d\d[- ]\d{1,2}[- ]\d{1,2}`)
)

const (
	bankCode  = 3  // digits of a bank's code
	wordReach = 64 // bytes in which the word before an account is looked for
)

// account is the digits of an account, or of a telephone's form that is none. Fewer than five, or a day, are none.
func account(text string) string {
	digits := strings.TrimPrefix(betweenDigits.Replace(text), "+")
	if len(digits) < 5 || strings.Trim(digits, "0123456789") != "" || aDay.MatchString(text) {
		return ""
	}
	return digits
}

// withBank is an account behind a bank's code.
func withBank(s *search, _, begin, end int) Found {
	if s.touched(end, ".-") {
		return Found{}
	}
	f := known(evidence.IdentifierAccount, s.text[begin:end])
	f.Guess = !sureWords.MatchString(s.lower[max(0, begin-wordReach):begin])
	return f
}

// named is what stands behind a word that an account may stand behind.
func named(s *search, _, begin, end int) Found { return guessed(s.text[begin:end]) }

func guessed(text string) Found {
	f := known(evidence.IdentifierAccount, text)
	f.Guess = true
	return f
}

// bare is so many digits that nothing else has them. Those of a moment, in seconds or milliseconds, are none.
func bare(s *search, _, begin, end int) Found {
	digits := s.text[begin:end]
	moment := (len(digits) == 10 || len(digits) == 13) && digits[0] == '1' && digits[1] >= '5'
	if moment || s.touched(end, ".,-") {
		return Found{}
	}
	return guessed(digits)
}

// touched reports whether a word, or one of marks, begins at i.
func (s *search) touched(i int, marks string) bool {
	return i < len(s.text) && (isWord(s.text[i]) || strings.IndexByte(marks, s.text[i]) >= 0)
}
