package workbench

import (
	"errors"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/document"
	"yuzheng/casefile/private"
)

// WriteCalendar writes deadlines as a calendar (RFC 5545) into a file that is not there yet: one that ends with a day lasts all day, another has its
// moment; both remind a day before. An event has the same name however often it is written, so that a calendar takes the newer one for it.
func (w *Workbench) WriteCalendar(c *casefile.Case, due []application.Deadline, file, lang string) error {
	if err := free(file); err != nil {
		return err
	}
	cal := ics.NewCalendar()
	cal.SetProductId("-//Yuzheng//deadlines//ZH")
	cal.SetMethod(ics.MethodPublish)
	for _, d := range due {
		event(cal, c.Info().Number, d, lang, w.Now())
	}
	f, err := private.Replace(file)
	if err != nil {
		return err
	}
	if err = cal.SerializeTo(f, ics.WithNewLineWindows); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func event(cal *ics.Calendar, number string, d application.Deadline, lang string, now time.Time) {
	label := d.Label
	if lang == "en" {
		label = d.LabelEN
	}
	e := cal.AddEvent(strings.ToLower(fmt.Sprintf("%s-%s-%s@yuzheng", shortNumber(number), d.Application, d.ID)))
	e.SetDtStampTime(now.UTC())
	e.SetSummary(fmt.Sprintf("%s %s %s", number, d.Application, label))
	e.SetDescription(d.Rule)
	if d.Whole {
		day := d.Due.In(document.Taiwan)
		e.SetAllDayStartAt(day)
		e.SetAllDayEndAt(day.AddDate(0, 0, 1))
	} else {
		e.SetStartAt(d.Due.UTC())
		e.SetEndAt(d.Due.UTC())
	}
	a := e.AddAlarm()
	a.SetAction(ics.ActionDisplay)
	a.SetTrigger("-P1D")
	a.SetProperty(ics.ComponentPropertyDescription, label)
}
