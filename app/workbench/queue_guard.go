package workbench

import (
	"context"
	"errors"
	"fmt"

	"yuzheng/casefile"
)

// What stops a queue before the machine does. Nothing is lost: what waits goes on at the next run.
var (
	ErrDiskLow    = errors.New("the disk is nearly full")
	ErrBatteryLow = errors.New("the battery is nearly empty")
)

// lowBattery is the charge, in per cent, below which no capture begins while the machine runs on it.
const lowBattery = 10

// machineGuard refuses to begin a capture that the machine may not bring to its end.
func machineGuard(_ context.Context, c *casefile.Case) error {
	free, err := freeBytes(c.Dir())
	if err == nil && free < noDisk {
		return fmt.Errorf("%w: %d MiB are free", ErrDiskLow, free>>20)
	}
	if percent, discharging := battery(); discharging && percent < lowBattery {
		return fmt.Errorf("%w: %d %%", ErrBatteryLow, percent)
	}
	return nil
}
