package cli

import (
	"context"
	"fmt"

	"yuzheng/app/training"
	"yuzheng/capture"
)

type demoCmd struct {
	Dir       string `arg:"" optional:"" default:"demo" type:"path" help:"Folder to leave it in; it must not hold anything."`
	NoSandbox bool   `help:"Run Chrome without its sandbox, only where it can't start otherwise; recorded."`
}

// demoWords are values whose words depend on the language.
var demoWords = map[string]string{"view": "view.", "verdict": "verdict.", "scope": "scope.", "result": "gate."}

func (cmd *demoCmd) Run(ctx context.Context, s *Session) error {
	result, err := training.Play(ctx, s.Bench, training.Options{Dir: cmd.Dir, NoSandbox: cmd.NoSandbox, Progress: capture.NoProgress{}, Tell: s.step})
	if err != nil {
		return err
	}
	if s.grammar.JSON {
		return s.print(result, nil)
	}
	return nil
}

// step says one step of the training case.
func (s *Session) step(key string, pairs ...any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if prefix, ok := demoWords[pairs[i].(string)]; ok {
			pairs[i+1] = s.Say.T(prefix + fmt.Sprint(pairs[i+1]))
		}
	}
	if s.grammar.JSON {
		s.note(key, pairs...)
		return
	}
	s.line(key, pairs...)
}
