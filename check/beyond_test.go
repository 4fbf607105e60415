package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
)

// An event that the replay has no rules for is never passed over in silence: from
// there on nothing is said of the nodes that it changes, right or wrong.
func TestEventsBeyondTheReplay(t *testing.T) {
	for why, step := range map[string]string{
		"a step down":                 "- stepDown: 2\n",
		"a snapshot":                  "- installSnapshot: {leaderId: 1, term: 1, lastIncludedIndex: 1, lastIncludedTerm: 1}\n  to: [2]\n",
		"other voters":                "- voters: {at: [2], are: [1, 2]}\n",
		"what a disk gave back":       "- restart: {2: {term: 1}}\n",
		"entries of the sender's log": "- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, entries: {count: 1}}\n  to: [2]\n",
	} {
		f := check.CheckFile("t.yaml", strings.NewReader("nodes: 3\nsteps:\n"+step+"  state: {2: {term: 9}, 3: {term: 9}}\n"), checktest.Settings)
		if len(f.Errors) > 0 {
			t.Errorf("%s: %v", why, f.Errors)
			continue
		}
		if r := f.Reports[0]; r.CountKind(finding.Untold) != 1 || r.CountKind(finding.State) != 1 {
			t.Errorf("%s: the findings are %v", why, r.Findings)
		}
	}
}

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
