// Package stamp asks an authority for RFC 3161 time stamps and judges the ones that were received.
//
// The full reply is kept and judged, so that openssl ts -verify accepts what is stored. The CMS arithmetic is that of
// digitorus/timestamp; what it leaves open is checked here: the nonce, the imprint, the one purpose of the signer's
// certificate, its binding into the signature, the chain at the stamped time.
package stamp

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/digitorus/timestamp"

	"yuzheng/casefile/internal/cms"
)

var (
	// ErrAway is wrapped when the authority did not answer or said that it cannot now: ask again later.
	ErrAway = errors.New("time-stamp authority is away")
	// ErrRefused is wrapped when the authority answered that it will not stamp this.
	ErrRefused = errors.New("time-stamp authority refuses")
	// ErrWrong is wrapped when an answer is not a sound time stamp over the message.
	ErrWrong = errors.New("time stamp is wrong")
	// ErrAddress is wrapped when an address is none of an authority that can be asked. Nobody was asked.
	ErrAddress = errors.New("not the address of a time-stamp authority")
)

// maxAhead is how far the authority's clock may run ahead of ours before its answer cannot be one to this request.
const maxAhead = 24 * time.Hour

// CheckAddress reports what is wrong with the address of an authority. One with an account is refused: it stands on a command line that everybody
// on the machine sees, and the log tells whom we asked. The error names no password either.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("%w: it cannot be read", ErrAddress)
	case u.User != nil:
		return fmt.Errorf("%w: %s: it is asked without user name and password", ErrAddress, u.Host)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return fmt.Errorf("%w: %q is no address of the web", ErrAddress, address)
	}
	return nil
}

// Request has message stamped by the authority at address (RFC 3161, 3.4) and returns its full reply, judged by Verify and
// known to answer this very request. now is the machine's clock: an answer more than a day away from it is wrong.
func Request(ctx context.Context, client *http.Client, address string, message []byte, now time.Time) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("time-stamp request: %w", err)
	}
	hash := sha256.Sum256(message)
	query, err := (&timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: hash[:], Certificates: true, Nonce: nonce}).Marshal()
	if err != nil {
		return nil, fmt.Errorf("time-stamp request: %w", err)
	}
	reply, err := post(ctx, client, address, query)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	if err := answers(reply, message, nonce, now); err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	return reply, nil
}

// post asks the one address that was named: an answer that leads elsewhere is not followed, for whoever stands on the way of a plain request, or the
// authority, would choose whom this machine asks, one of the office's own perhaps, and the log would not tell it.
func post(ctx context.Context, client *http.Client, address string, query []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(query))
	if err != nil {
		return nil, fmt.Errorf("time-stamp request: %w", err)
	}
	r.Header.Set("Content-Type", "application/timestamp-query")
	here := *client
	here.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := here.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	defer response.Body.Close()
	switch code := response.StatusCode; {
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return nil, fmt.Errorf("%w: %s", ErrAway, response.Status)
	case code >= 300 && code < 400:
		return nil, fmt.Errorf("%w: it leads to another address, which is not followed: %s", ErrRefused, response.Status)
	case code != http.StatusOK:
		return nil, fmt.Errorf("%w: %s", ErrRefused, response.Status)
	}
	reply, err := io.ReadAll(io.LimitReader(response.Body, cms.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	if len(reply) > cms.MaxBytes {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrWrong, cms.MaxBytes)
	}
	return reply, nil
}

func answers(reply, message []byte, nonce *big.Int, now time.Time) error {
	token, err := open(reply)
	if err != nil {
		return err
	}
	if token.Nonce == nil || token.Nonce.Cmp(nonce) != 0 {
		return fmt.Errorf("%w: it answers another request", ErrWrong)
	}
	if ahead := token.Time.Sub(now); ahead > maxAhead || ahead < -maxAhead {
		return fmt.Errorf("%w: it says %s, the clock here %s", ErrWrong, token.Time.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	_, err = Verify(message, reply, nil)
	return err
}

// status is the part of a TimeStampResp (RFC 3161, 2.4.2) that says whether there is a token.
type status struct {
	Info  statusInfo
	Token asn1.RawValue `asn1:"optional"`
}

type statusInfo struct {
	Status  int
	Text    []string       `asn1:"optional,utf8"`
	Failure asn1.BitString `asn1:"optional"`
}

// failures are the reasons of a refusal by their bits, and statuses what is no token (RFC 3161, 2.4.2).
var (
	failures = map[int]string{
		0: "badAlg", 2: "badRequest", 5: "badDataFormat", 14: "timeNotAvailable", 15: "unacceptedPolicy", 16: "unacceptedExtension", 17: "addInfoNotAvailable",
		25: "systemFailure",
	}
	statuses = map[int]string{2: "rejection", 3: "waiting", 4: "revocationWarning", 5: "revocationNotification"}
)

// reason tells a refusal in the words of the standard, and what the authority says itself.
func (s statusInfo) reason() string {
	words := []string{fmt.Sprintf("status %d", s.Status)}
	if name := statuses[s.Status]; name != "" {
		words = append(words, name)
	}
	for bit := range min(s.Failure.BitLength, 64) {
		if s.Failure.At(bit) == 1 {
			words = append(words, cmp.Or(failures[bit], fmt.Sprintf("failure %d", bit)))
		}
	}
	if said := strings.Join(s.Text, ", "); said != "" {
		words = append(words, fmt.Sprintf("%.400q", said))
	}
	return strings.Join(words, " ")
}

// parse reads a token whose elements are bounded, and checks its signature.
func parse(der []byte) (t *timestamp.Timestamp, err error) {
	defer recovered(&err)
	if _, err := cms.Parse(der); err != nil {
		return nil, err
	}
	return timestamp.Parse(der)
}

// recovered makes an error of a panic: the libraries read beyond the end of some broken tokens.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: it cannot be read: %v", ErrWrong, r)
	}
}

// open parses a reply; ErrRefused if it is a sound one without a token.
func open(reply []byte) (*timestamp.Timestamp, error) {
	if err := cms.Bounded(reply); err != nil {
		return nil, fmt.Errorf("%w: not an RFC 3161 reply: %w", ErrWrong, err)
	}
	var s status
	rest, err := asn1.Unmarshal(reply, &s)
	if err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: not an RFC 3161 reply", ErrWrong)
	}
	const granted, grantedWithMods = 0, 1
	if s.Info.Status != granted && s.Info.Status != grantedWithMods {
		return nil, fmt.Errorf("%w: %s", ErrRefused, s.Info.reason())
	}
	token, err := parse(s.Token.FullBytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	return token, nil
}
