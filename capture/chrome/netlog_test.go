package chrome

import (
	"encoding/json"
	"strings"
	"testing"

	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// The net log names what the page asked for, and is there only for who wants it; the browser serves the next capture as before.
func TestNetLog(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	req := quick(s, s.URL("http", "catalog", "/item/3"))
	for _, wanted := range []bool{true, false, true} {
		req.NetLog = wanted
		res, sink := record(t, req)
		if res.Verdict != evidence.Complete {
			t.Errorf("%s %v", res.Verdict, res.Missing)
		}
		checkSealed(t, res, sink)
		body, there := sink.kept[evidence.NetLogJSON]
		if there != wanted {
			t.Errorf("net log wanted %v, there %v", wanted, there)
		}
		var log struct {
			Events []struct {
				Category string `json:"cat"`
				Name     string `json:"name"`
				Args     struct {
					Params struct {
						URL string `json:"url"`
					} `json:"params"`
				} `json:"args"`
			} `json:"traceEvents"`
		}
		if err := json.Unmarshal(body, &log); wanted && err != nil {
			t.Fatal(err)
		}
		asked := false
		for _, e := range log.Events {
			asked = asked || e.Category == "netlog" && e.Name == "URL_REQUEST_START_JOB" && strings.HasSuffix(e.Args.Params.URL, "/item/3")
		}
		if asked != wanted {
			t.Errorf("of %d events none names the page", len(log.Events))
		}
	}
}
