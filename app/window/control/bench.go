package control

import (
	"context"

	"yuzheng/app/window/page"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
)

// Bench is what the window does outside of a case.
type Bench interface {
	// Create makes a case and returns it open, with its recovery key.
	Create(ctx context.Context, c page.NewCase) (Case, string, error)
	// Open opens the case in dir.
	Open(ctx context.Context, dir string, k page.Key, op custody.Operator) (Case, error)
	page.Checker
	page.Lawbook
	page.Trainer
	page.Verifier
}

// Case is an open case, in the words of the pages.
type Case interface {
	Info() page.Info
	page.Queue
	page.Sitter
	page.Shelf
	page.Reader
	page.Log
	page.Sealer
	page.Targets
	page.Gatekeeper
	page.Drafts
	page.Lives
	page.Packer
	page.Dispatch
	page.Redactor
	page.Executor
	page.Watcher
	page.Ledger
	// Types are the kinds of application whose papers can be made.
	Types() ([]application.Type, error)
	// RunWatches makes what is due and waits for what comes due, until every watch has ended or ctx does; each is called after every one.
	RunWatches(ctx context.Context, each func()) error
	// Close is called once, when no other call is under way.
	Close() error
}
