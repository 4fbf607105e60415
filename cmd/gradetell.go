package cmd

import (
	"fmt"

	"raftsheet/check/grade/intake"
	"raftsheet/render"
)

// This file tells an instructor of what was handed in, on standard error.

const (
	mostPassed  = 5  // files that are passed over for one reason, by name
	mostMissing = 10 // students who handed in nothing
)

// tellHandedIn says which files were passed over, what names say of whose a file
// is, and who handed in nothing.
func (a *app) tellHandedIn(handedIn *intake.Intake) {
	a.tellPassed(handedIn.Passed)
	for _, r := range handedIn.Remarks {
		a.tell("%s: %s", r.Name, r.What)
	}
	if n := len(handedIn.Missing); n > 0 {
		var names []string
		for _, s := range handedIn.Missing[:min(n, mostMissing)] {
			names = append(names, s.Called())
		}
		if n > mostMissing {
			names = append(names, fmt.Sprintf("%d more", n-mostMissing))
		}
		a.tell("%d of the roster handed in nothing: %s", n, render.And(names))
	}
}

// tellPassed names the files that were passed over. Of many for one reason, such as
// a student's node_modules, it names the first ones.
func (a *app) tellPassed(passed []intake.Passed) {
	count := make(map[string]int)
	for _, p := range passed {
		count[p.Why]++
	}
	told := make(map[string]int)
	for _, p := range passed {
		switch told[p.Why]++; {
		case told[p.Why] <= mostPassed:
			a.tell("%s: passed over: %s", p.Name, p.Why)
		case told[p.Why] == count[p.Why]:
			a.tell("%s: passed over: %s", render.Count(count[p.Why]-mostPassed, "more file", "more files"), p.Why)
		}
	}
}
