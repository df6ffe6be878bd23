package launch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/windows"
)

// keyPipe is where the browser tells the keys of its TLS connections: a named pipe of this process, which only takes. It is to be closed when the
// browser has ended. The browser inherits nothing of it: of a process that is gone there is no pipe that it could wait for.
func keyPipe(profile string) (path string, keys io.ReadCloser, inherited *os.File, err error) {
	path = `\\.\pipe\` + filepath.Base(profile)
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return "", nil, nil, fmt.Errorf("pipe for keys: %w", err)
	}
	const room = 64 << 10
	h, err := windows.CreateNamedPipe(name, windows.PIPE_ACCESS_INBOUND|windows.FILE_FLAG_FIRST_PIPE_INSTANCE,
		windows.PIPE_TYPE_BYTE|windows.PIPE_READMODE_BYTE|windows.PIPE_REJECT_REMOTE_CLIENTS, 1, room, room, 0, nil)
	if err != nil {
		return "", nil, nil, fmt.Errorf("pipe for keys: %w", err)
	}
	return path, &namedPipe{handle: h, path: path, file: os.NewFile(uintptr(h), path)}, nil, nil
}

// namedPipe is the reading end of a pipe that one writer opens by its name.
type namedPipe struct {
	handle windows.Handle
	path   string
	file   *os.File
	opened sync.Once
	failed error
}

// Read waits for the writer, and implements io.Reader.
func (p *namedPipe) Read(b []byte) (int, error) {
	p.opened.Do(func() {
		if err := windows.ConnectNamedPipe(p.handle, nil); err != nil && !errors.Is(err, windows.ERROR_PIPE_CONNECTED) {
			p.failed = err
		}
	})
	if p.failed != nil {
		return 0, p.failed
	}
	return p.file.Read(b)
}

// Close implements io.Closer. A reader that still waits for its writer is let go by one that says nothing.
func (p *namedPipe) Close() error {
	if w, err := os.OpenFile(p.path, os.O_WRONLY, 0); err == nil {
		w.Close()
	}
	return p.file.Close()
}
