package evidence

import "time"

// ConsoleLine is one line of console.jsonl: what a page or a worker wrote to its console, or an exception that nobody caught.
type ConsoleLine struct {
	At     time.Time `json:"at"`
	Target string    `json:"target"` // what spoke: page, iframe, worker, shared_worker, service_worker
	Kind   string    `json:"kind"`   // log, warning, error, exception …
	Text   string    `json:"text"`
	URL    string    `json:"url,omitempty"`  // of the script
	Line   int64     `json:"line,omitempty"` // in it, from 0
}

// SocketMessage is one message of a WebSocket, a line of its record in the archive.
type SocketMessage struct {
	At     time.Time `json:"at"`
	From   string    `json:"from"`   // page, server
	Opcode int       `json:"opcode"` // RFC 6455, 5.2
	Text   *string   `json:"text,omitempty"`
	Binary []byte    `json:"binary,omitempty"` // base64
}

// Storage is what one origin keeps in the browser, in cookies.json.
type Storage struct {
	URL     string            `json:"url"` // of the frame
	Local   map[string]string `json:"local_storage,omitempty"`
	Session map[string]string `json:"session_storage,omitempty"`
	Indexed []string          `json:"indexed_db,omitempty"` // names of databases
}
