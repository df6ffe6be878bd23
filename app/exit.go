package app

import (
	"errors"

	"yuzheng/app/cli"
	"yuzheng/app/passphrase"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
	"yuzheng/casefile/sign"
	"yuzheng/casefile/stamp"
)

// The exit codes of the command line (architecture: "Command line").
const (
	codeDone     = 0
	codeMachine  = 1 // disk, browser, network: a retry may help
	codeUsage    = 2
	codePerson   = 3 // the person can mend it
	codeInPart   = 4 // at least one capture is partial, failed or needs a person; all sealed
	codeEvidence = 5 // the evidence does not match
)

// exitCode is the one place where an error becomes a number.
func exitCode(err error) int {
	var tampered *casefile.TamperError
	var refused *workbench.RefusedError
	var start *capture.StartError
	var recovery *casefile.RecoveryError
	var listed *workbench.ListedError
	var data *application.DataError
	switch {
	case err == nil:
		return codeDone
	case errors.As(err, &tampered), errors.Is(err, workbench.ErrMismatch):
		return codeEvidence
	case errors.Is(err, workbench.ErrInPart):
		return codeInPart
	case errors.Is(err, cli.ErrUsage), errors.Is(err, workbench.ErrMoment), errors.Is(err, capture.ErrRequest), errors.Is(err, stamp.ErrAddress):
		return codeUsage
	case errors.As(err, &refused), errors.Is(err, casefile.ErrOpenElsewhere),
		errors.Is(err, casefile.ErrPassphrase), errors.Is(err, passphrase.ErrWeak), errors.Is(err, casefile.ErrNotACase), errors.Is(err, casefile.ErrNotPacked), errors.Is(err, evidence.ErrNewer), errors.Is(err, casefile.ErrFormatNewer), errors.Is(err, casefile.ErrIncomplete),
		errors.Is(err, casefile.ErrExists), errors.Is(err, casefile.ErrNotFound), errors.Is(err, casefile.ErrName), errors.Is(err, casefile.ErrGone),
		errors.Is(err, sign.ErrKey), errors.Is(err, sign.ErrPDF), errors.Is(err, sign.ErrSecret), errors.Is(err, sign.ErrNoCards), errors.Is(err, casefile.ErrRecipients), errors.Is(err, casefile.ErrLastWay), errors.Is(err, workbench.ErrNoPacket), errors.Is(err, packet.ErrNotSeal), errors.As(err, &start) && start.Sandbox(),
		errors.Is(err, capture.ErrNoDisplay), errors.As(err, &recovery), errors.As(err, &listed), errors.As(err, &data), errors.Is(err, private.ErrShared):
		return codePerson
	}
	return codeMachine
}
