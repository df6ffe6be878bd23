package chrome

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// keyPipe is where the browser tells the keys of its TLS connections: a named pipe of this process, which only takes. The file is to be closed.
func keyPipe(profile string) (string, *os.File, error) {
	path := `\\.\pipe\` + filepath.Base(profile)
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return "", nil, fmt.Errorf("pipe for keys: %w", err)
	}
	const room = 64 << 10
	h, err := windows.CreateNamedPipe(name, windows.PIPE_ACCESS_INBOUND|windows.FILE_FLAG_FIRST_PIPE_INSTANCE|windows.FILE_FLAG_OVERLAPPED,
		windows.PIPE_TYPE_BYTE|windows.PIPE_READMODE_BYTE|windows.PIPE_REJECT_REMOTE_CLIENTS, 1, room, room, 0, nil)
	if err != nil {
		return "", nil, fmt.Errorf("pipe for keys: %w", err)
	}
	return path, os.NewFile(uintptr(h), path), nil
}
