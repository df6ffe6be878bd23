package workbench

import (
	"context"
	"encoding/json"
	"fmt"

	"yuzheng/casefile"
)

func decode(r casefile.Record, v any) error {
	if err := json.Unmarshal(r.Value, v); err != nil {
		return fmt.Errorf("%s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}

// Render makes the papers.
func (w *Workbench) Render(ctx context.Context, c *casefile.Case, id string, noSandbox bool) (casefile.Exhibit, error) {
	return casefile.Exhibit{}, fmt.Errorf("papers")
}
