package netfacts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/miekg/dns"

	"yuzheng/casefile/evidence"
)

// Question is one that is put to a resolver.
type Question struct{ Name, Type string }

// Asking is one resolver and what it is asked.
type Asking struct {
	Resolver  Resolver
	Questions []Question
	Bootstrap string // ADDRESS:PORT of the resolver that knows the address of one that is a name; empty is the system's
	Now       func() time.Time
	// Dial opens every connection ("udp" or "tcp"), always to ADDRESS:PORT, never to a name.
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	Roots   *x509.CertPool // authorities of its certificate; nil are the system's
	Timeout time.Duration  // of one try; the zero value is 5 s
}

// What a resolver may cost, and what is asked of its patience.
const (
	asksAtOnce     = 8        // questions on their way to one resolver
	silentAfter    = 16       // questions in a row without an answer, before it is asked whether it is there at all
	maxPassedOver  = 256      // messages that answer something else, for one question
	maxKeptRecords = 512      // records of one answer that are told apart from its bytes
	maxAnswerBytes = 64 << 20 // of all answers of one resolver
	maxOwnCerts    = 8        // certificates of one resolver that are described
)

// Ask puts every question to the resolver, some at once, as a device of the public would: it wants recursion and no signatures. It hands each
// answer on, one after the other, and gives what the resolver was, and who was contacted. An error is one that each gave, and ends it.
func Ask(ctx context.Context, o Asking, each func(evidence.ResolverAnswer) error) (evidence.AskedResolver, []evidence.Contact, error) {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	a := &asker{
		Asking: o, each: each,
		told: evidence.AskedResolver{Resolver: o.Resolver.String(), Questions: len(o.Questions), End: evidence.ResolverDone},
		look: &lookup{Options: Options{Now: o.Now, Dial: o.Dial, Timeout: o.Timeout}, book: newBook(o.Dial), resolver: o.Bootstrap},
	}
	ctx, a.stop = context.WithCancelCause(ctx)
	defer a.stop(nil)
	if host, _, _ := net.SplitHostPort(o.Resolver.Address); a.look.resolver == "" && net.ParseIP(host) == nil {
		a.look.resolver, _ = systemResolver() // without one the look-up of the name says so
	}
	c := a.carrier()
	defer c.close()
	a.all(ctx, c)
	return a.told, a.look.book.list(), a.failed
}

// asker is one call of Ask on its way.
type asker struct {
	Asking
	look *lookup
	each func(evidence.ResolverAnswer) error
	stop context.CancelCauseFunc

	mu     sync.Mutex
	told   evidence.AskedResolver
	bytes  int
	mute   int // questions since the last answer
	failed error
}

// all asks until everything was asked, or there is a reason to ask no more.
func (a *asker) all(ctx context.Context, c carrier) {
	questions := make(chan Question)
	var work sync.WaitGroup
	for range min(asksAtOnce, len(a.Questions)) {
		work.Go(func() {
			for q := range questions {
				a.one(ctx, c, q)
			}
		})
	}
	sent := 0
	for _, q := range a.Questions {
		if ctx.Err() != nil {
			break
		}
		select {
		case questions <- q:
			sent++
			continue
		case <-ctx.Done():
		}
		break
	}
	close(questions)
	work.Wait()
	if ctx.Err() != nil && a.told.End == evidence.ResolverDone && (sent < len(a.Questions) || a.told.Answered < sent) {
		a.told.End, a.told.Error = evidence.ResolverInterrupted, context.Cause(ctx).Error()
	}
}

// one asks one question and settles what its answer means for the others.
func (a *asker) one(ctx context.Context, c carrier, q Question) {
	if ctx.Err() != nil {
		return
	}
	answer := a.put(ctx, c, q)
	if a.settle(ctx, answer) {
		there := a.put(ctx, c, Question{".", "NS"})
		if a.settle(ctx, there); there.Error != "" {
			a.end(evidence.ResolverSilent, there.Error)
		}
	}
}

// settle hands an answer on. It reports whether it is time to ask whether the resolver is there at all.
func (a *asker) settle(ctx context.Context, answer evidence.ResolverAnswer) (doubt bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed != nil || a.told.End == evidence.ResolverUntrusted {
		return false
	}
	if a.failed = a.each(answer); a.failed != nil {
		a.stop(a.failed)
		return false
	}
	a.told.Asked++
	if a.bytes += len(answer.Wire); a.bytes > maxAnswerBytes {
		a.told.End = evidence.ResolverFull
		a.stop(nil)
	}
	if answer.Error == "" {
		a.told.Answered++
		a.mute = 0
		return false
	}
	a.mute++
	return a.mute%silentAfter == 0 && ctx.Err() == nil
}

// end ends the asking, for the first reason that there is.
func (a *asker) end(why evidence.ResolverEnd, said string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.told.End == evidence.ResolverDone {
		a.told.End, a.told.Error = why, said
	}
	a.stop(nil)
}

// put puts one question, twice if need be.
func (a *asker) put(ctx context.Context, c carrier, q Question) evidence.ResolverAnswer {
	begun := a.Now().UTC()
	answer := evidence.ResolverAnswer{DNSAnswer: evidence.DNSAnswer{
		Name: q.Name, Type: q.Type, Resolver: a.told.Resolver, Transport: a.Resolver.Transport, At: begun,
	}}
	query := new(dns.Msg).SetQuestion(dns.Fqdn(q.Name), dns.StringToType[q.Type])
	query.SetEdns0(udpPayload, false)
	got, err := a.try(ctx, c, query)
	for n := 1; err != nil && n < attempts && ctx.Err() == nil && !untrusted(err); n++ {
		got, err = a.try(ctx, c, query)
	}
	if untrusted(err) {
		a.end(evidence.ResolverUntrusted, err.Error())
	}
	answer.ElapsedMS = a.Now().UTC().Sub(begun).Milliseconds()
	answer.Server, answer.Query, answer.Wire, answer.PassedOver = got.server, got.query, got.wire, got.passed
	if got.transport != "" {
		answer.Transport = got.transport
	}
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	answer.Code, answer.Authenticated = dns.RcodeToString[got.reply.Rcode], got.reply.AuthenticatedData
	answer.Records, answer.LeftOut = kept(got.reply)
	if got.reply.Truncated {
		answer.Error = "the answer is cut short"
	}
	return answer
}

func (a *asker) try(ctx context.Context, c carrier, query *dns.Msg) (carried, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	return c.carry(ctx, query)
}

// kept are the records of a reply, and how many more there are.
func kept(reply *dns.Msg) (list []evidence.DNSRecord, more int) {
	for _, part := range []struct {
		section string
		records []dns.RR
	}{{"answer", reply.Answer}, {"authority", reply.Ns}, {"additional", reply.Extra}} {
		room := min(maxKeptRecords-len(list), len(part.records))
		list = append(list, recordsOf(part.section, part.records[:room])...)
		more += len(part.records) - room
	}
	return list, more
}

func untrusted(err error) bool {
	var bad *tls.CertificateVerificationError
	return errors.As(err, &bad)
}

// shown describes a certificate that the resolver showed, the first time that it does.
func (a *asker) shown(chain []*x509.Certificate) {
	if len(chain) == 0 {
		return
	}
	by := Judge{At: a.Now(), Host: a.Resolver.Name}
	own := Certificates([][]byte{chain[0].Raw}, by)
	a.mu.Lock()
	defer a.mu.Unlock()
	known := slices.ContainsFunc(a.told.Certificates, func(c evidence.Certificate) bool { return c.SHA256 == own[0].SHA256 })
	if !known && len(a.told.Certificates) < maxOwnCerts {
		a.told.Certificates = append(a.told.Certificates, own[0])
	}
}
