package scrub_test

import (
	"fmt"

	"yuzheng/capture/scrub"
)

// What was typed is found as a form sends it, as a script writes it, and in a header of Basic authentication. Of Base64 whole groups of four are
// taken out, as far as the secret reaches.
func ExampleSecrets_Bytes() {
	secrets := scrub.Secrets{scrub.New("tr0ub4dor&3")}
	for _, data := range []string{"user=a&pw=tr0ub4dor%263&x=1", `{"pw": "tr0ub4dor\u00263"}`, "Basic dXNlcjp0cjB1YjRkb3ImMw=="} {
		out, n := secrets.Bytes([]byte(data))
		fmt.Println(n, string(out))
	}
	// Output:
	// 1 user=a&pw=[password removed]&x=1
	// 1 {"pw": "[password removed]"}
	// 1 Basic dXNl[password removed]==
}

// A short secret is looked for where it stands alone, and in JSON names keep what is ours.
func ExampleSecrets_JSON() {
	secrets := scrub.Secrets{scrub.New("1234"), scrub.New("password")}
	out, n := secrets.JSON([]byte(`{"typed_passwords": 1234, "list": ["pw=1234", "81234", "passwords"]}`))
	fmt.Println(n, string(out))
	// Output:
	// 2 {"typed_passwords": 1234, "list": ["pw=[password removed]", "81234", "[password removed]s"]}
}
