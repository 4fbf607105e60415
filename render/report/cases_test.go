package report

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/trace"
)

// Where a report is cut, no step past the cut is said to pass: a test runner would
// otherwise show as right what nobody has listed as wrong.
func TestCutReportClaimsNothing(t *testing.T) {
	text := "nodes: 1\nsteps:\n- &s {heal: true, state: {1: {term: 9}}}\n" + strings.Repeat("- *s\n", 50_999)
	f := check.CheckFile("t.yaml", strings.NewReader(text), check.Settings{Limits: trace.DefaultLimits()})
	cases := testCases(f, CheckOptions{Notes: true})
	if len(cases) != 50_000 {
		t.Errorf("%d cases of 51,000 wrong steps, of which 50,000 are listed", len(cases))
	}
	for _, c := range cases {
		if len(c.failures) == 0 {
			t.Fatalf("%s passes", c.name)
		}
	}
}
