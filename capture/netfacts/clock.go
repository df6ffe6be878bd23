package netfacts

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"

	"yuzheng/casefile/evidence"
)

const ntpSize = 48

func (l *lookup) clock(ctx context.Context) *evidence.Clock {
	server := l.Lookups.NTP
	if server == "" {
		server = defaultNTP
	}
	c := &evidence.Clock{Server: server, At: l.now()}
	var err error
	for range attempts {
		if err = l.sntp(ctx, c); err == nil || ctx.Err() != nil {
			break
		}
	}
	c.Error = fault(err)
	return c
}

func (l *lookup) sntp(ctx context.Context, c *evidence.Clock) error {
	ctx, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	conn, err := l.dial(ctx, reasonClock, "udp", c.Server)
	if err != nil {
		return fmt.Errorf("time server %s: %w", c.Server, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	c.Address = conn.RemoteAddr().String()
	if err := l.measure(conn, c); err != nil {
		return fmt.Errorf("time server %s: %w", c.Server, err)
	}
	return nil
}

// measure sends one request and takes the reply that repeats its random transmit timestamp.
func (l *lookup) measure(conn net.Conn, c *evidence.Clock) error {
	request := make([]byte, ntpSize)
	request[0] = 4<<3 | 3 // version 4, client
	if _, err := rand.Read(request[40:]); err != nil {
		return err
	}
	sent := l.Now()
	if _, err := conn.Write(request); err != nil {
		return err
	}
	reply := make([]byte, 1024)
	for {
		n, err := conn.Read(reply)
		if err != nil {
			return err
		}
		elapsed := l.Now().Sub(sent)
		if n < ntpSize || string(reply[24:32]) != string(request[40:48]) {
			continue
		}
		return takeTime(c, reply[:n], sent, elapsed)
	}
}

var errUnsynchronised = errors.New("it does not know the time itself")

// takeTime computes offset and delay as RFC 4330, section 5.
func takeTime(c *evidence.Clock, reply []byte, sent time.Time, elapsed time.Duration) error {
	leap, mode, stratum := reply[0]>>6, reply[0]&7, int(reply[1])
	if mode != 4 || leap == 3 || stratum < 1 || stratum > 15 || binary.BigEndian.Uint64(reply[40:]) == 0 {
		return errUnsynchronised
	}
	received, transmitted := ntpTime(reply[32:]), ntpTime(reply[40:])
	held := transmitted.Sub(received)
	delay := elapsed - held
	offset := received.Sub(sent.Round(0)) - delay/2
	c.At, c.Stratum, c.Wire = sent.UTC().Round(0), stratum, append([]byte(nil), reply...)
	c.OffsetMS, c.DelayMS = milliseconds(offset), milliseconds(delay)
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ntpTime reads a timestamp of RFC 5905, section 6: seconds since 1900, from 2036 on since then, and a fraction.
func ntpTime(b []byte) time.Time {
	const from1900, era = 2_208_988_800, 1 << 32
	seconds := int64(binary.BigEndian.Uint32(b)) - from1900
	if b[0]&0x80 == 0 {
		seconds += era
	}
	fraction := int64(binary.BigEndian.Uint32(b[4:]))
	return time.Unix(seconds, fraction*1e9>>32)
}
