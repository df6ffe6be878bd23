package identify

import "testing"

// TestWalletFlips changes every character of a wallet with a checksum: none of them is one then.
func TestWalletFlips(t *testing.T) {
	for _, good := range []string{
		"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
		"bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
	} {
		if kind, _, checked := wallet(good); kind == "" || !checked {
			t.Errorf("%s is refused", good)
		}
		for i := range len(good) {
			for _, c := range []byte("2x9") {
				bad := good[:i] + string(c) + good[i+1:]
				if kind, _, _ := wallet(bad); kind != "" && bad != good {
					t.Errorf("%s passes", bad)
				}
			}
		}
	}
}
