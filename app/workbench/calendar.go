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
// moment; the one reminds the day before, the other when a quarter of its time is left. An event has the same name however often it is written, so that a calendar takes the newer one for it.
func (w *Workbench) WriteCalendar(c *casefile.Case, due []application.Deadline, file, lang string) error {
	if err := free(file); err != nil {
		return err
	}
	cal := ics.NewCalendar()
	cal.SetProductId("-//Yuzheng//deadlines//ZH")
	cal.SetMethod(ics.MethodPublish)
	for _, d := range due {
		event(cal, c.Info(), d, lang, w.Now())
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

// shortly is how long the event of a deadline of hours lasts: calendars lose one that has no length.
const shortly = 15 * time.Minute

func event(cal *ics.Calendar, of casefile.Info, d application.Deadline, lang string, now time.Time) {
	label := d.Label
	if lang == "en" {
		label = d.LabelEN
	}
	e := cal.AddEvent(strings.ToLower(fmt.Sprintf("%s-%s.%s@yuzheng", d.Application, d.ID, of.ID)))
	e.SetDtStampTime(now.UTC())
	e.SetSummary(fmt.Sprintf("%s %s %s", of.Number, d.Application, label))
	e.SetDescription(d.Rule)
	a := e.AddAlarm()
	a.SetAction(ics.ActionDisplay)
	a.SetProperty(ics.ComponentPropertyDescription, label)
	if d.Whole {
		day := d.Due.In(document.Taiwan)
		e.SetAllDayStartAt(day)
		e.SetAllDayEndAt(day.AddDate(0, 0, 1))
		a.SetTrigger("-PT15H") // at nine on the day before
		return
	}
	e.SetStartAt(d.Due.Add(-shortly).UTC())
	e.SetEndAt(d.Due.UTC())
	a.SetTrigger(fmt.Sprintf("-PT%dM", int(max(d.Due.Sub(d.From)/4-shortly, 0)/time.Minute))) // when a quarter of the time is left
}
