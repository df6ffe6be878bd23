package intake_test

import (
	"context"
	"fmt"
	"strings"

	"yuzheng/capture/intake"
)

type printed struct{}

func (printed) Address(r intake.Row) error {
	fmt.Printf("line %d: %s\n", r.Line, r.URL)
	return nil
}

func (printed) Clue(c intake.Clue) error {
	fmt.Printf("line %d: %s %s, checksum %v\n", c.Line, c.Kind, c.Value, c.Checked)
	return nil
}

func (printed) Skip(s intake.Skipped) error {
	fmt.Printf("line %d: %s\n", s.Line, s.Words)
	return nil
}

// Every line comes out exactly once: as what it holds, or with the reason why it holds nothing.
func ExampleRead() {
	text := "hxxps://vip-invest[.]example/h5\nTXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf\nTXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBg\nno address here\n"
	report, err := intake.Read(context.Background(), "pasted.txt", strings.NewReader(text), intake.Options{}, printed{})
	fmt.Println(report.Addresses, "address,", report.Clues, "clue", err)
	// Output:
	// line 1: https://vip-invest.example/h5
	// line 2: tron TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf, checksum true
	// line 3: no address in it
	// line 4: no address in it
	// 1 address, 1 clue <nil>
}
