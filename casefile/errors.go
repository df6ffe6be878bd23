package casefile

import (
	"errors"
	"fmt"
	"strings"

	"yuzheng/casefile/internal/kv"
	"yuzheng/casefile/internal/vault"
)

// The errors on which a caller acts.
var (
	ErrPassphrase    = errors.New("the passphrase or key does not open this case")
	ErrNotACase      = errors.New("not a case folder")
	ErrNotPacked     = errors.New("not a packed case")
	ErrFormatNewer   = errors.New("the case was written by a newer program")
	ErrExists        = errors.New("there is something already")
	ErrNotFound      = errors.New("not found in the case")
	errClosed        = errors.New("the case is closed")
	ErrOpenElsewhere = errors.New("the case is open elsewhere")    // the error is an *OpenElsewhere
	ErrIncomplete    = errors.New("the case folder is incomplete") // the error is an *Incomplete
	ErrName          = errors.New("the name is not allowed")
	ErrRecipients    = errors.New("these office keys cannot be used")
	ErrLastWay       = errors.New("the last way into a case cannot be removed")
	ErrGone          = errors.New("the case folder is gone")
	ErrFull          = kv.ErrFull // nothing of the refused write is in the case
)

// RecoveryError tells which group of a recovery key is mistyped.
type RecoveryError = vault.RecoveryError

// OpenElsewhere says which program has the case open. Host is empty when it left no note.
type OpenElsewhere struct {
	Host string `json:"host"`
	PID  int    `json:"pid"`
}

func (e *OpenElsewhere) Error() string {
	if e.Host == "" {
		return ErrOpenElsewhere.Error()
	}
	return fmt.Sprintf("%v: on %s by process %d", ErrOpenElsewhere, e.Host, e.PID)
}

// Unwrap makes it ErrOpenElsewhere.
func (e *OpenElsewhere) Unwrap() error { return ErrOpenElsewhere }

// Incomplete names what a half copied folder lacks.
type Incomplete struct{ Missing []string }

func (e *Incomplete) Error() string {
	return fmt.Sprintf("%v: %s", ErrIncomplete, strings.Join(e.Missing, ", "))
}

// Unwrap makes it ErrIncomplete.
func (e *Incomplete) Unwrap() error { return ErrIncomplete }

// Finding is one thing that a check has to report. Want and Got are what stands in the case and what was found, where that can be said.
type Finding struct {
	Place   string `json:"place"`
	Problem string `json:"problem"`
	Want    string `json:"want,omitempty"`
	Got     string `json:"got,omitempty"`
}

func (f Finding) String() string {
	s := f.Place + ": " + f.Problem
	if f.Want != "" || f.Got != "" {
		s += fmt.Sprintf(" (want %s, got %s)", f.Want, f.Got)
	}
	return s
}

// TamperError says that the evidence does not match: damage or tampering. It is never downgraded to another error.
type TamperError struct{ Finding }

func (e *TamperError) Error() string { return "tampering or damage: " + e.Finding.String() }

func tampered(place, problem string) *TamperError {
	return &TamperError{Finding{Place: place, Problem: problem}}
}
