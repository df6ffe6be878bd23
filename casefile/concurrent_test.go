package casefile

import (
	"fmt"
	"sync"
	"testing"

	"yuzheng/casefile/custody"
)

// TestManyAtOnce takes evidence in, abandons it, logs, puts, reads and checks at the same time: nothing is mixed up and no check is disturbed.
func TestManyAtOnce(t *testing.T) {
	c, dir, _ := newCase(t)
	var wg sync.WaitGroup
	for worker := range byte(4) {
		wg.Go(func() {
			for i := range byte(4) {
				if err := intakeOfTwo(t, c, worker, i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for i := range 5 {
			if _, err := c.Log(t.Context(), custody.Entry{Action: custody.NetworkContact, Object: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
			if _, err := c.Put(t.Context(), "note", "", i, ""); err != nil {
				t.Error(err)
			}
			clean(t, c)
		}
	})
	wg.Wait()
	clean(t, c)
	closeCase(t, c)
	c = reopen(t, dir)
	clean(t, c)
	list, err := c.Exhibits()
	if err != nil || len(list) != 12 {
		t.Fatalf("%d exhibits, %v", len(list), err)
	}
	for i, x := range list {
		if want := fmt.Sprintf("W%04d", i+1); x.ID != want {
			t.Errorf("exhibit %s, want %s", x.ID, want)
		}
	}
	if n := count(t, c, custody.CaseSweep); n != 0 {
		t.Errorf("%d sweeps after a clean end", n)
	}
}

// intakeOfTwo writes two artifacts at the same time, one of which all workers share, and abandons every fourth intake.
func intakeOfTwo(t *testing.T, c *Case, worker, i byte) error {
	in, err := c.Receive(t.Context(), IntakeOptions{})
	if err != nil {
		return err
	}
	var both sync.WaitGroup
	for name, data := range map[string][]byte{"shared": noise(i, 900_000), "own": noise(100+4*worker+i, 600_000)} {
		w, err := in.Create(name, "")
		if err != nil {
			return err
		}
		both.Go(func() {
			for len(data) > 0 {
				n := min(len(data), 50_000)
				if _, err := w.Write(data[:n]); err != nil {
					t.Error(err)
				}
				data = data[n:]
			}
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if i == worker {
		return in.Abandon(t.Context(), "")
	}
	_, err = in.Admit(t.Context(), nil, nil, "")
	return err
}

// TestOwnActs: what the case says about itself cannot be logged by others, and an exhibit is admitted once.
func TestOwnActs(t *testing.T) {
	c, _, _ := newCase(t)
	for action := range reserved {
		if _, err := c.Log(t.Context(), custody.Entry{Action: action}); err == nil {
			t.Errorf("%s was logged", action)
		}
	}
	for i := range 2 {
		in, err := c.Receive(t.Context(), IntakeOptions{Object: "W0005"})
		if err != nil {
			t.Fatal(err)
		}
		put(t, in, "a", []byte("a"))
		if _, err := in.Admit(t.Context(), nil, nil, ""); (err == nil) != (i == 0) {
			t.Errorf("admission %d of W0005: %v", i+1, err)
		}
	}
	if x := admit(t, c, map[string][]byte{"a": {1}}); x.ID != "W0006" {
		t.Errorf("after W0005 comes %s", x.ID)
	}
	clean(t, c)
}
