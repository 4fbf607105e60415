package cmd

import (
	"fmt"
	"strings"

	"raftsheet/check/grade/intake"
	"raftsheet/check/reason"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// This file tells an instructor of what was handed in, on standard error.

// mostPassed is how many files that are passed over for one reason are told by name.
const mostPassed = 5

// tellHandedIn says which files were passed over, what names say of whose a file
// is, and who handed in nothing, or nothing that is finished.
func (a *app) tellHandedIn(handedIn *intake.Intake) error {
	a.tellPassed(handedIn.Passed)
	for _, r := range handedIn.Remarks {
		a.tell("%s: %s", r.Name, r.What)
	}
	begun := render.Count(len(handedIn.Begun), "sheet is", "sheets are") + " begun, and not finished"
	if err := a.tellStudents(begun, handedIn.Begun); err != nil {
		return err
	}
	return a.tellStudents(fmt.Sprintf("%d of the roster handed in nothing", len(handedIn.Missing)), handedIn.Missing)
}

// tellStudents names all of some students, on as many lines as it takes.
func (a *app) tellStudents(what string, all []intake.Student) error {
	if len(all) == 0 {
		return nil
	}
	var names []string
	for _, s := range all {
		names = append(names, doc.Line(s.Called()))
	}
	who := reason.And(names)
	if strings.Contains(strings.Join(names, ""), ",") { // Ay, Ann; Bee, Ben
		who = strings.Join(names, "; ")
	}
	return a.printTo(a.stderr, "text", &doc.Document{Blocks: []doc.Block{doc.P(doc.Text(what + ": " + who))}})
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
