package application

import (
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Notices tells what a person should know of the law, lists and templates before an application leaves, and that keeps nothing back: what is
// older than its limit, what is noted of a cited article, and, with other, that the papers were made with something else than what is in force now.
func Notices(a Application, lists *Lists, templates fs.FS, now time.Time, other bool) ([]Finding, error) {
	l := &lint{CaseData: CaseData{Lists: lists}, app: a}
	if other {
		l.say("notice.data.differs", a.ID, "id", a.ID)
	}
	sources, err := templateSources(templates)
	if err != nil {
		return nil, err
	}
	for _, s := range append(lists.plainSources(), sources...) {
		if s.Old(now) {
			l.say("notice.data.old", s.Name, "name", s.Name, "version", s.Version, "days", strconv.Itoa(s.Age(now)), "limit", strconv.Itoa(s.LimitDays))
		}
	}
	var old []string
	for _, s := range lists.Cited(a) {
		if s.Note != "" {
			l.say("notice.data.note", s.ID, "article", s.Law+s.Article, "note", s.Note)
		}
		if s.Old(now) {
			old = append(old, s.Law+s.Article)
		}
	}
	if len(old) > 0 {
		l.say("notice.data.articles", "statutes", "articles", strings.Join(old, "、"))
	}
	for i := range l.found {
		l.found[i].Notice = true
	}
	return l.found, nil
}
