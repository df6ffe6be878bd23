package workbench

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var getSystemPowerStatus = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemPowerStatus")

// battery is the charge in per cent, and whether the machine runs on it (SYSTEM_POWER_STATUS). Without a battery it does not.
func battery() (percent int, discharging bool) {
	var s struct {
		acLine, batteryFlag, percent, systemFlag byte
		lifeTime, fullLifeTime                   uint32
	}
	const offline, noBattery, unknown = 0, 128, 255
	if ok, _, _ := getSystemPowerStatus.Call(uintptr(unsafe.Pointer(&s))); ok == 0 {
		return 0, false
	}
	if s.acLine != offline || s.batteryFlag&noBattery != 0 || s.percent == unknown {
		return 0, false
	}
	return int(s.percent), true
}
