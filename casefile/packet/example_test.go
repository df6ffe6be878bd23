package packet_test

import (
	"context"
	"fmt"

	"yuzheng/casefile/packet"
)

// A packet is checked with nothing but itself; whose key it is, a person compares by the eight groups of five digits.
func ExampleVerify() {
	report, err := packet.Verify(context.Background(), "../testdata/be96e20/packet.zip", packet.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Name, "good:", report.Good())
	fmt.Println(report.Files, "files,", report.Entries, "entries of", report.SealSize, "under the seal")
	// Output:
	// X01-115偵12345 good: true
	// 133 files, 26 entries of 102 under the seal
}
