package check_test

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// The rule and the figures of a finding about an answer or a table are those of a
// decision that the node has made: of the step itself for an answer, of that or an
// earlier one for a table. If this fails, a reason is made up.
func TestReasonsAreDecisions(t *testing.T) {
	told := 0
	for _, name := range checktest.ExampleFiles(t) {
		in, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		for _, rep := range check.CheckFile(name, in, checktest.Settings).Reports {
			told += reasonsAreDecisions(t, rep)
		}
	}
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, _ string) {
		told += reasonsAreDecisions(t, check.Compare(run))
	})
	if told < 20 {
		t.Errorf("%d reasons were held against decisions, which is too few to tell anything", told)
	}
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func reasonsAreDecisions(t fataler, rep *check.Report) (told int) {
	t.Helper()
	decisions := make(map[int][]replay.Outcome)
	for i := range rep.Findings {
		f := &rep.Findings[i]
		if f.Kind != finding.Response && f.Kind != finding.State || f.Rule == raft.NoRule {
			continue
		}
		id, _ := rep.Run.Trace.Node(f.Node)
		first := 1
		if f.Kind == finding.Response && f.Field != "term" {
			first = f.Step
		}
		if !decided(rep.Run, decisions, f, id, first) {
			t.Fatalf("step %d, node %s, %s: no decision of rule %s has these figures: %s", f.Step, f.Node, f.Field, f.Rule, f.Message)
		}
		told++
	}
	return told
}

// decided reports whether a decision of the node, in a step from first to the
// finding's, has the finding's rule and figures. An answer's term and matchIndex are
// told by the figures of the answer.
func decided(run *replay.Run, decisions map[int][]replay.Outcome, f *finding.Finding, id raft.NodeID, first int) bool {
	answer := f.Kind == finding.Response
	for step := first; step <= f.Step; step++ {
		if _, known := decisions[step]; !known {
			decisions[step] = run.Decisions(step)
		}
		for _, o := range decisions[step] {
			switch {
			case o.Node != id || o.Rule != f.Rule:
			case answer && (f.Field == "term" || o.Outcome == raft.Ignored), strings.Contains(f.Message, reason.Decision(run, id, o.Decision)):
				return true
			}
		}
	}
	return answer && (f.Field == "matchIndex" && f.Rule == raft.L3 || f.Field == "term" && f.Rule == raft.A2)
}
