// Package launch finds an installed Chrome, starts it with a profile of its own, and ends it without leaving anything behind. It knows the program,
// its command line, its environment and its files, and neither a page nor the protocol that is spoken over its pipes.
//
// A browser is spoken to over two pipes that it inherited: nobody else on the machine can attach to it, as anybody could to a port, and it ends when
// this process ends, for then the pipes do. Of our environment it is told what it needs and nothing else. Its profile is a temporary folder that is
// removed with it; after a crash the next start removes it.
package launch

import (
	"context"
	"io"
	"os"
	"time"

	"yuzheng/capture"
)

// Options say how a browser is to be started.
type Options struct {
	Path      string // of the program, as Find gives it
	Temp      string // folder for its profile
	NoSandbox bool   // without Chrome's sandbox, as root must; never without being asked for
	Visible   bool   // with windows, for a person, and with the preferences that keep Chrome's own affairs out of them; see HasScreen
	Visitor   Visitor

	Proxy string // of whatever the browser asks for itself, as --proxy-server takes it: no way leads past it, to loopback neither
	Hosts string // how names are resolved, as --host-resolver-rules takes it

	// Keys, which is not nil, is told the secrets of the browser's TLS connections, in the form of a key log (RFC 9850), in a goroutine of its own, until the
	// browser has ended. They pass over a pipe, and never come to the disk.
	Keys io.ReaderFrom
}

// Visitor is whom every site, and the browser itself, believes to have before it from the start on.
type Visitor struct {
	Locale    string // "zh-TW"
	Languages string // "zh-TW,zh,en-US,en", as the header Accept-Language begins
	TimeZone  string // "Asia/Taipei", of the IANA database
	UserAgent string
}

// Browser is a running browser.
type Browser struct {
	Orders  io.WriteCloser // takes commands, each ended by a zero byte; closed by Close
	Answers io.ReadCloser  // gives answers and events, each ended by a zero byte; closed by Close
	Profile string         // folder that is removed with it
	Flags   []string       // its command line but for the program, the numbers of its pipes and about:blank, each without the two dashes

	process *process
	keys    io.Closer
}

// Start starts a browser, after what dead processes of ours have left in Temp was removed. A browser that does not run, and a ctx that is done, are
// a capture.StartError; any other error is that of the machine. The ctx bounds the start alone.
func Start(ctx context.Context, o Options) (_ *Browser, err error) {
	sweepProfiles(o.Temp)
	profile, err := newProfile(o.Temp)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			removeProfile(profile)
		}
	}()
	if o.Visible {
		if err := furnish(profile); err != nil {
			return nil, err
		}
	}
	if err = newTemp(profile); err != nil {
		return nil, err
	}
	path, keys, inherited, err := keyPipe(profile)
	if err != nil {
		return nil, err
	}
	defer inherited.Close()  // ours; nil, where there is none, may be closed too
	go o.Keys.ReadFrom(keys) // ends when the pipe is closed
	b := &Browser{Profile: profile, Flags: flags(o, profile, path), keys: keys}
	if b.process, err = run(ctx, o.Path, append(commandLine(b.Flags), "about:blank"), environment(o, profile), inherited); err != nil {
		keys.Close()
		return nil, &capture.StartError{Path: o.Path, Err: err}
	}
	b.Orders, b.Answers = b.process.in, b.process.out
	return b, nil
}

// leaveTime is how long a browser has to end by itself. One that was killed leaves helpers behind, which write for a moment longer.
const leaveTime = 5 * time.Second

// Explain adds to err, for which a browser gave no answer, what the browser itself printed. It waits up to five seconds for the browser to end.
func (b *Browser) Explain(err error) error {
	b.process.wait(leaveTime)
	return b.process.said(err)
}

// Close ends the browser and removes its profile; an error says that something of that is left. It has ask tell the browser to end, and gives it
// five seconds for that, before it is killed; where ask is nil it is killed at once. Close is called once.
func (b *Browser) Close(ask func()) error {
	if folder := socketFolder(b.Profile); folder != "" {
		defer os.RemoveAll(folder) // a browser that ends by itself takes the link to it along, and not always the folder
	}
	if ask != nil {
		ask()
		b.process.wait(leaveTime)
	}
	b.Orders.Close()
	b.Answers.Close()
	b.process.end()
	b.keys.Close()
	return removeProfile(b.Profile)
}
