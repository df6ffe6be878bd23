package kv

import (
	"fmt"
	"strings"
	"sync"
)

// log is what Badger logs to. It keeps one thing: when a value log cannot be synced, Badger says so in its log alone and calls the commit done.
// There is no other way to learn of it than the text.
type log struct {
	mu  sync.Mutex
	err error
}

const cannotSync = "Error while curlf sync"

// unsynced returns why a value log could not be synced, if one could not.
func (l *log) unsynced() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *log) Errorf(format string, args ...any) {
	if !strings.HasPrefix(format, cannotSync) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = fmt.Errorf("sync value log: "+strings.TrimSpace(format), args...)
}

func (*log) Warningf(string, ...any) {}
func (*log) Infof(string, ...any)    {}
func (*log) Debugf(string, ...any)   {}
