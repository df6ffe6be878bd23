package page

import (
	"strings"
	"time"

	own "yuzheng/app/window/widget"
	"yuzheng/casefile/evidence"
)

// lineFilters are the ways to look at the queue.
var lineFilters = []string{"all", "waiting", "person", "short", "cancelled"}

// changed brings everything in line with the jobs.
func (l *line) changed() {
	if l.nothing == nil || l.filter == nil || l.body == nil {
		return
	}
	l.arrange()
	shown(l.nothing, len(l.jobs) == 0)
	word := "queue.start"
	switch {
	case l.busy() && l.run.paused:
		word = "queue.resume"
	case l.busy():
		word = "queue.pause"
	}
	l.toggle.SetText(l.t(word))
	waiting := l.count(func(j *job) bool { return !j.running && j.State == JobWaiting })
	own.Enable(l.toggle, l.busy() || waiting > 0)
	own.Enable(l.stop, l.busy())
	own.Enable(l.retry, l.count((*job).short) > 0)
	own.Enable(l.clear, waiting > 0)
	l.tellCounts()
	l.Running(l.toCome())
	l.list.Refresh()
}

func (l *line) count(is func(*job) bool) int {
	n := 0
	for _, j := range l.jobs {
		if is(j) {
			n++
		}
	}
	return n
}

// toCome is how many jobs the run under way still has.
func (l *line) toCome() int {
	if !l.busy() {
		return 0
	}
	return l.count(func(j *job) bool {
		return j.running || j.State == JobWaiting && (l.run.only == nil || l.run.only[j.ID])
	})
}

// arrange lists what runs, what needs a person, what waits, and then what is done with the last first.
func (l *line) arrange() {
	l.rows, l.folded = l.rows[:0], 0
	add := func(is func(*job) bool) {
		for _, j := range l.jobs {
			if is(j) {
				l.rows = append(l.rows, j)
			}
		}
	}
	waits := func(j *job) bool { return !j.running && j.State == JobWaiting }
	switch lineFilters[max(0, l.filter.SelectedIndex())] {
	case "waiting":
		add(waits)
	case "person":
		add(func(j *job) bool { return j.State == JobPerson })
	case "short":
		add((*job).short)
	case "cancelled":
		add(func(j *job) bool { return !j.running && j.State == JobCancelled })
	default:
		add(func(j *job) bool { return j.running })
		add(func(j *job) bool { return !j.running && j.State == JobPerson })
		from := len(l.rows)
		add(waits)
		if l.folded = len(l.rows) - from - shownWaiting; l.folded > 0 {
			l.rows = append(l.rows[:from+shownWaiting], nil)
		}
		l.addDone()
	}
}

func (l *line) addDone() {
	for i := len(l.jobs) - 1; i >= 0; i-- {
		if j := l.jobs[i]; !j.running && (j.State == JobSealed || j.State == JobCancelled) {
			l.rows = append(l.rows, j)
		}
	}
}

// tellCounts says how far the queue is, and how long it will take once that can be known.
func (l *line) tellCounts() {
	var running, waiting, person, whole, short int
	for _, j := range l.jobs {
		switch {
		case j.running:
			running++
		case j.State == JobWaiting:
			waiting++
		case j.State == JobPerson:
			person++
		case j.State == JobSealed && j.Verdict == evidence.Complete:
			whole++
		case j.State == JobSealed:
			short++
		}
	}
	words := []string{l.t("queue.counts", "running", running, "waiting", waiting, "person", person, "whole", whole, "short", short)}
	if len(l.jobs) == 0 {
		words = nil
	}
	if l.busy() {
		if elapsed := l.Now().Sub(l.run.began); l.run.sealed >= 3 && elapsed >= 10*time.Second {
			rate := float64(l.run.sealed) / elapsed.Minutes()
			words = append(words, l.t("queue.rate", "rate", int(rate+0.5), "minutes", int(float64(l.toCome())/rate)+1))
		}
	}
	l.counts.SetText(strings.Join(words, "　"))
}
