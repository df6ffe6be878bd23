package page

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
)

// Clock writes t as people in Taiwan read it: in Chinese with the year of the Republic, "115/11/23（一）15:38:44".
func Clock(s own.Words, t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	t = t.In(document.Taiwan)
	if english(s) {
		return t.Format("2006-01-02 15:04:05 -07:00")
	}
	day := []rune("日一二三四五六")[t.Weekday()]
	return fmt.Sprintf("%d/%02d/%02d（%c）%s", t.Year()-1911, t.Month(), t.Day(), day, t.Format("15:04:05"))
}

// Day writes the day of t as people in Taiwan read it.
func Day(s own.Words, t time.Time) string {
	t = t.In(document.Taiwan)
	if english(s) {
		return t.Format(time.DateOnly)
	}
	return fmt.Sprintf("%d/%02d/%02d", t.Year()-1911, t.Month(), t.Day())
}

// english reports the language of s.
func english(s own.Words) bool { return s.T("window.lang") == "en" }

// spoken is the language that is spoken, as tables of words name it.
func spoken(s own.Words) string {
	if english(s) {
		return "en"
	}
	return "zh-TW"
}

// sign is how a state looks.
type sign struct {
	symbol string
	color  fyne.ThemeColorName
}

var verdictSigns = map[evidence.Verdict]sign{
	evidence.Complete:    {"●", theme.ColorNameSuccess},
	evidence.Partial:     {"◐", theme.ColorNameWarning},
	evidence.Viewport:    {"▣", theme.ColorNameWarning},
	evidence.Challenge:   {"☞", look.Person},
	evidence.Login:       {"☞", look.Person},
	evidence.Unreachable: {"×", theme.ColorNameError},
	evidence.Blocked:     {"⊘", theme.ColorNameError},
	evidence.Refused:     {"×", theme.ColorNameError},
}

// markOutcome shows in a mark how a visit ended.
func markOutcome(m *own.Mark, s own.Words, o evidence.Outcome) {
	verdict, _, _ := strings.Cut(string(o), ".")
	g, ok := verdictSigns[evidence.Verdict(verdict)]
	if !ok {
		g = sign{"?", look.Secondary}
	}
	m.Set(g.symbol, s.T("window.verdict."+string(o)), g.color)
}

// markExhibit shows in a mark how a capture ended, and what everything else is.
func markExhibit(m *own.Mark, s own.Words, e Exhibit) {
	if e.Kind == evidence.Capture {
		markOutcome(m, s, e.Outcome())
		return
	}
	m.Set("□", kindWord(s, e), look.Secondary)
}

// kindWord is what an exhibit is; a page that a person drove to is told apart from one that the program opened.
func kindWord(s own.Words, e Exhibit) string {
	switch {
	case e.Kind == evidence.Unknown:
		return s.T("kind.unknown")
	case e.Kind == evidence.Capture && e.Session != "":
		return s.T("kind.capture.driven")
	}
	return s.T("kind." + string(e.Kind))
}

// arrived is where a visit ended; "" where it arrived nowhere.
func arrived(e Exhibit) string {
	if !e.Outcome().Answered() {
		return ""
	}
	return e.FinalURL
}

// viewWord is the name of a view.
func viewWord(s own.Words, v evidence.Persona) string {
	if v == "" {
		return "—"
	}
	return s.T("view." + string(v))
}

// person names an operator with title and office.
func person(op custody.Operator) string {
	if text := strings.TrimSpace(op.Office + " " + op.Title); text != "" {
		return op.Name + "（" + text + "）"
	}
	return op.Name
}

// size writes a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

// Finding is one thing in the case that does not match. Problem is English, for the expert.
type Finding struct{ Place, Problem, Want, Got string }

func (f Finding) text(s own.Words) string {
	text := f.Place + "　" + f.Problem
	if f.Want != "" || f.Got != "" {
		text += "　" + s.T("window.verify.want") + f.Want + "　" + s.T("window.verify.got") + f.Got
	}
	return text
}
