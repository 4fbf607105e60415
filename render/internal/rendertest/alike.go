package rendertest

import (
	"fmt"
	"strings"
	"testing"

	"raftsheet/check/grade"
)

// alikeSheet is a sheet of ten independent steps, where logs has what is written in
// place of what is right; nil gives the key.
func alikeSheet(student string, logs map[int]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "title: Ten logs\nstudent: %s\nnodes: 11\ninitial: {1: {role: leader, term: 1, log: [1:x]}}\nsteps:\n", student)
	for i := 1; i <= 10; i++ {
		log := "[1:x]"
		if own := logs[i]; own != "" || logs == nil {
			log = own
		}
		fmt.Fprintf(&b, "- {id: L%d, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}, to: %d, state: {%d: {log: %s}}}\n",
			i, i+1, i+1, log)
	}
	return b.String()
}

// AlikeClass is a class of twenty, most of whom have everything right. Ann and Ben
// share three rare mistakes and differ in two, one of them in one cell; Cyd and Dot
// have handed in one file, with Ann's mistakes among its own; Eli and Flo have
// handed in one with a mistake that Gus and Hal make too.
func AlikeClass(t *testing.T) *grade.Class {
	t.Helper()
	common := map[int]string{9: "[1:x, 1:x]"}
	more := map[int]string{1: "[1:x, 1:a]", 2: "[1:x, 1:b]", 3: "[1:c]", 8: "[]"}
	inputs := []grade.Input{
		HandedIn("Ann", "ann.yaml", alikeSheet("Ann", map[int]string{1: "[1:x, 1:a]", 2: "[1:x, 1:b]", 3: "[1:c]", 4: "[1:d]"})),
		HandedIn("Ben", "ben.yaml", alikeSheet("Ben", map[int]string{1: "[1:x, 1:a]", 2: "[1:x, 1:b]", 3: "[1:c]", 4: "[1:e]", 5: "[1:f]"})),
		HandedIn("Cyd", "cyd.yaml", alikeSheet("Cyd", more)), HandedIn("Dot", "dot.yaml", alikeSheet("Cyd", more)),
		HandedIn("Eli", "eli.yaml", alikeSheet("", common)), HandedIn("Flo", "flo.yaml", alikeSheet("", common)),
		HandedIn("Gus", "gus.yaml", alikeSheet("Gus", common)), HandedIn("Hal", "hal.yaml", alikeSheet("Hal", common)),
	}
	for i := range 12 {
		name := fmt.Sprintf("S%d", i)
		inputs = append(inputs, HandedIn(name, name+".yaml", alikeSheet(name, map[int]string{})))
	}
	return grade.MarkAll(Key(t, alikeSheet("", nil)), inputs, grade.Settings{Diagnose: true})
}
