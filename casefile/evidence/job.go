package evidence

// JobState is how far a job of the queue is.
type JobState string

// The states of a job. What is sealed follows from the exhibits alone, so that a kill at any moment neither loses a page nor does one twice.
const (
	JobWaiting   JobState = "waiting"
	JobSealed    JobState = "sealed"    // an exhibit stands for it, whatever its verdict
	JobPerson    JobState = "person"    // sealed, and a person must take over: a challenge or a login stood in the way
	JobCancelled JobState = "cancelled" // taken off by an operator
)

// Job is one page in one view that is to be captured, or was.
type Job struct {
	ID      string   `json:"job"` // Q001-0001: the batch and the place in it
	URL     string   `json:"url"`
	View    Persona  `json:"view"`
	Source  string   `json:"source,omitempty"` // where the address comes from, e.g. "W0003 line 417"
	Again   string   `json:"again,omitempty"`  // the exhibit that is to be made up for
	State   JobState `json:"state"`
	Exhibit string   `json:"exhibit,omitempty"` // the last one, where a job was tried several times
	Verdict Verdict  `json:"verdict,omitempty"`
	Outcome Outcome  `json:"outcome,omitempty"` // finer than the verdict: who refused
	Missing int      `json:"missing,omitempty"` // parts that the exhibit lacks
	Batch   string   `json:"-"`                 // the first part of ID
}

// QueuedPage is what is put into the queue.
type QueuedPage struct {
	URL    string  `json:"url"`
	View   Persona `json:"view"`
	Source string  `json:"source,omitempty"`
	Again  string  `json:"again,omitempty"`
}

// Batch is the record of pages that were queued in one act, all with the same settings.
type Batch struct {
	Request Request      `json:"request"` // without address and view
	Pages   []QueuedPage `json:"pages"`
}

// Decision is the record of what an operator decided on a job.
type Decision struct {
	State JobState `json:"state"` // JobCancelled, or JobWaiting to take that back
}
