package check_test

import (
	"strings"
	"testing"

	"raftsheet/check/checktest"
)

// A log that is written from an index on says nothing of what is before, and is
// compared from there.
func TestLogFrom(t *testing.T) {
	const in = "nodes: 3\ninitial: {1: {log: [1:a, 1:b, 2:c]}}\nsteps:\n- state: {1: {log: {from: 2, entries: ENTRIES}}}\n"
	for entries, field := range map[string]string{"[1:b, 2:c]": "", "[1:b, 2:x]": "log[3]", "[1:b]": "log[3]", "[1:b, 2:c, 2:d]": "log[4]", "[1:a, 2:c]": "log[2]"} {
		r := checktest.Report(t, strings.Replace(in, "ENTRIES", entries, 1))
		switch {
		case field == "" && len(r.Findings) == 0:
		case len(r.Findings) != 1 || r.Findings[0].Field != field:
			t.Errorf("%s: the findings are %v; one should be about %q", entries, r.Findings, field)
		}
	}
}
