package wire

import "slices"

// Seen gives a Log of exchanges that have come to their end, as another Log's Rest has given them: for whoever judges a capture anew. They are numbered
// anew, in the order of the list.
func Seen(list []Exchange) *Log {
	l := NewLog(Options{})
	for _, e := range list {
		e.number = len(l.list)
		l.lines = max(l.lines, e.Line)
		x := &exchange{Exchange: e, conn: &Tap{certificates: slices.Clone(e.Certificates)}, keep: e.Kept, sent: e.SentWhole, done: true}
		l.list = append(l.list, x)
		key := x.Method + " " + x.URL()
		l.asks[key] = append(l.asks[key], x)
	}
	return l
}
