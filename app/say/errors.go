package say

import (
	"context"
	"errors"
	"strings"

	"yuzheng/app/faults"
	"yuzheng/app/passphrase"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/capture/chrome/launch"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
	"yuzheng/casefile/redact"
	"yuzheng/casefile/sign"
	"yuzheng/casefile/stamp"
)

// Error is the sentence for err: what happened, what it means for the evidence, what can be done. It is the one place
// where an error becomes words.
func (s *Speaker) Error(err error) string {
	var (
		tampered  *casefile.TamperError
		elsewhere *casefile.OpenElsewhere
		missing   *casefile.Incomplete
		refused   *workbench.RefusedError
		start     *capture.StartError
		recovery  *casefile.RecoveryError
		part      *workbench.PartError
		loose     *workbench.NotStoppedError
		listed    *workbench.ListedError
		data      *application.DataError
	)
	switch {
	case errors.As(err, &tampered):
		return s.T("error.tampered", "detail", tampered.Finding.String())
	case errors.As(err, &elsewhere):
		return s.T("error.elsewhere", "host", elsewhere.Host, "pid", elsewhere.PID)
	case errors.As(err, &missing):
		return s.T("error.incomplete", "detail", strings.Join(missing.Missing, ", "))
	case errors.As(err, &refused):
		return s.refusal(refused)
	case errors.As(err, &listed):
		l := listed.Listed
		return s.T("error.listed", "fingerprint", l.Fingerprint, "office", l.Office, "number", l.Number, "time", l.Time.Format("2006-01-02T15:04:05Z"), "by", l.By)
	case errors.As(err, &data):
		return s.T("error.data", "detail", Block(faults.Say(s.Lang, data.Error())))
	case errors.Is(err, casefile.ErrPassphrase):
		return s.T("error.passphrase")
	case errors.As(err, &recovery):
		return s.mistyped(recovery)
	case errors.Is(err, passphrase.ErrWeak):
		return s.T("error.weak")
	case errors.Is(err, casefile.ErrNotACase):
		return s.T("error.notacase", "detail", s.about(err, casefile.ErrNotACase))
	case errors.Is(err, casefile.ErrNotPacked):
		return s.T("error.notpacked")
	case errors.Is(err, evidence.ErrNewer):
		return s.T("error.newerdocument", "detail", s.about(err, evidence.ErrNewer))
	case errors.Is(err, casefile.ErrFormatNewer):
		return s.T("error.newer")
	case errors.Is(err, casefile.ErrExists):
		return s.T("error.exists", "detail", s.about(err, casefile.ErrExists))
	case errors.Is(err, casefile.ErrNotFound):
		return s.T("error.notfound", "detail", s.about(err, casefile.ErrNotFound))
	case errors.Is(err, casefile.ErrName):
		return s.T("error.name")
	case errors.Is(err, casefile.ErrLastWay):
		return s.T("error.lastway")
	case errors.Is(err, casefile.ErrRecipients):
		return s.T("error.recipients", "detail", s.about(err, casefile.ErrRecipients))
	case errors.Is(err, sign.ErrKey):
		return s.T("error.signkey", "detail", s.about(err, sign.ErrKey))
	case errors.Is(err, sign.ErrPDF):
		return s.T("error.signpdf", "detail", s.about(err, sign.ErrPDF))
	case errors.Is(err, sign.ErrSecret):
		return s.T("error.signsecret")
	case errors.Is(err, sign.ErrNoCards):
		return s.T("error.nocards")
	case errors.Is(err, capture.ErrNoDisplay):
		return s.T("error.nodisplay")
	case errors.Is(err, casefile.ErrGone):
		return s.T("error.gone")
	case errors.Is(err, casefile.ErrFull):
		return s.T("error.full")
	case errors.Is(err, workbench.ErrDiskLow):
		return s.T("error.disklow", "detail", s.about(err, workbench.ErrDiskLow))
	case errors.Is(err, workbench.ErrBatteryLow):
		return s.T("error.batterylow", "detail", s.about(err, workbench.ErrBatteryLow))
	case errors.Is(err, launch.ErrNoBrowser):
		return s.T("error.nobrowser")
	case errors.As(err, &start):
		return s.start(start)
	case errors.Is(err, capture.ErrRequest), errors.Is(err, stamp.ErrAddress):
		return s.Usage(err)
	case errors.Is(err, private.ErrShared):
		return s.T("error.shared", "detail", s.about(err, private.ErrShared))
	case errors.As(err, &part):
		return s.part(part)
	case errors.As(err, &loose):
		return s.notStopped(loose)
	case errors.Is(err, workbench.ErrInPart):
		return s.T("error.inpart")
	case errors.Is(err, workbench.ErrMoment):
		return s.T("error.moment", "detail", s.about(err, workbench.ErrMoment))
	case errors.Is(err, workbench.ErrForeign):
		return s.T("error.foreign")
	case errors.Is(err, workbench.ErrMismatch):
		return s.T("error.mismatch")
	case errors.Is(err, workbench.ErrNoPacket):
		return s.T("error.nopacket")
	case errors.Is(err, workbench.ErrSealPicture):
		return s.T("error.seal.picture", "most", workbench.MaxSealPixels/1_000_000)
	case errors.Is(err, workbench.ErrNoSealCode):
		return s.T("error.seal.nocode")
	case errors.Is(err, workbench.ErrOtherCode):
		return s.T("error.seal.othercode")
	case errors.Is(err, workbench.ErrManySeals):
		return s.T("error.seal.many")
	case errors.Is(err, redact.ErrRemains):
		return s.T("error.remains", "detail", s.about(err, redact.ErrRemains))
	case errors.Is(err, packet.ErrNotSeal):
		return s.T("error.notseal")
	case errors.Is(err, context.Canceled):
		return s.T("error.cancelled")
	}
	return s.T("error.machine", "detail", Block(faults.Say(s.Lang, err.Error())))
}

// about is what err says beside what it is.
func (s *Speaker) about(err, kind error) Block {
	text := strings.ReplaceAll(err.Error(), kind.Error()+": ", "")
	text = strings.TrimSuffix(strings.TrimSuffix(text, kind.Error()), ": ")
	return Block(faults.Say(s.Lang, text))
}

// start is the sentence for a browser that did not start; what it wrote beside its reason is for no reader.
func (s *Speaker) start(err *capture.StartError) string {
	why := faults.Say(s.Lang, err.Why())
	if err.Sandbox() {
		return s.T("error.sandbox", "path", err.Path, "why", why)
	}
	return s.T("error.start", "path", err.Path, "why", why)
}

// part says how the visits ended that did not come out whole: what a server answered is no lack of ours.
func (s *Speaker) part(err *workbench.PartError) string {
	lines := []string{s.T("error.part")}
	for _, o := range evidence.Outcomes {
		if n := err.Ended[o]; n > 0 {
			lines = append(lines, s.T("error.part.line", "outcome", s.T("verdict."+string(o)), "n", n))
		}
	}
	return strings.Join(lines, "\n")
}

// notStopped says how many names at how many resolvers are not seen to be stopped.
func (s *Speaker) notStopped(err *workbench.NotStoppedError) string {
	lines := []string{s.T("error.notstopped", "exhibit", err.Exhibit)}
	for _, v := range evidence.ExecutionVerdicts {
		if n := err.Counts[v]; n > 0 && v != evidence.Stopped {
			lines = append(lines, s.T("error.notstopped.line", "verdict", s.T("execution."+string(v)), "n", n))
		}
	}
	return strings.Join(lines, "\n")
}

// Usage is the sentence for a wrong use of the program, which err says with one of the kinds or capture.ErrRequest.
func (s *Speaker) Usage(err error, kinds ...error) string {
	text := err.Error()
	for _, k := range append(kinds, capture.ErrRequest) {
		text = strings.TrimSuffix(strings.ReplaceAll(text, k.Error()+": ", ""), ": "+k.Error())
	}
	return s.T("error.usage", "detail", Block(faults.Say(s.Lang, text)))
}

func (s *Speaker) refusal(r *workbench.RefusedError) string {
	lines := []string{s.T("error.refused", "what", faults.Say(s.Lang, r.What), "count", len(r.Reasons))}
	for _, reason := range r.Reasons {
		text := reason.Text
		if s.Lang == "en" {
			text = reason.TextEN
		}
		lines = append(lines, s.T("error.reason", "code", reason.Code, "object", reason.Object, "text", text))
	}
	return strings.Join(lines, "\n")
}

// mistyped says what is wrong with a recovery key.
func (s *Speaker) mistyped(err *casefile.RecoveryError) string {
	if err.Group == 0 {
		return s.T("error.recovery")
	}
	return s.T("error.recovery.group", "group", err.Group)
}
