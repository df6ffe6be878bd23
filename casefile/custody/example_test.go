package custody_test

import (
	"bytes"
	"fmt"
	"time"

	"yuzheng/casefile/custody"
)

// log is a log in memory: its lines, and the hashes that the tree needs.
type log struct {
	lines  [][]byte
	hashes []custody.Hash
}

func (l *log) ReadHashes(indexes []int64) ([]custody.Hash, error) {
	out := make([]custody.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = l.hashes[at]
	}
	return out, nil
}

func (l *log) add(e custody.Entry) error {
	e.Number = int64(len(l.lines)) + 1
	line, err := custody.MarshalEntry(e)
	if err != nil {
		return err
	}
	more, err := custody.Hashes(e.Number, line, l)
	l.lines, l.hashes = append(l.lines, line), append(l.hashes, more...)
	return err
}

// Two acts are logged and sealed. Whoever has one line, its proof, the seal and the key checks that the line stands in that log, as it is.
func Example() {
	key, err := custody.NewKey(custody.Origin("00112233445566778899aabbccddeeff"), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		fmt.Println(err)
		return
	}
	at := custody.At(time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC))
	l := new(log)
	for _, a := range []custody.Action{custody.CaseCreate, custody.ExhibitAdmit} {
		if err := l.add(custody.Entry{Time: at, Actor: custody.Person, Operator: custody.Operator{Name: "王○○"}, Action: a}); err != nil {
			fmt.Println(err)
			return
		}
	}
	root, _ := custody.Root(2, l)
	made, _ := key.Seal(2, root)
	proof, _ := custody.Prove(2, 2, l)

	seal, err := custody.ParseSeal(made.Text, key.Public())
	fmt.Println("seal of", seal.Size, "entries:", err)
	fmt.Println("as it was logged:", proof.Check(l.lines[1], seal))
	l.lines[1][10] ^= 1
	fmt.Println("one bit turned over:", proof.Check(l.lines[1], seal) != nil)
	// Output:
	// seal of 2 entries: <nil>
	// as it was logged: <nil>
	// one bit turned over: true
}
