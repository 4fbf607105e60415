package variant_test

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/examples"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A telling is what a deviation's trace has to show: the first cell in which the
// deviation comes to something else than Figure 2.
type telling struct {
	deviation    string
	step         int
	node, field  string
	right, wrong string // what Figure 2 gives, what the deviation gives
}

// tellings is worked out by hand, deviation by deviation: the smallest case in
// which Raft as it is believed and Raft as it is written part.
var tellings = []telling{
	{"vote-longer-log-wins", 1, "1", "voteGranted", "no", "yes"},
	{"vote-last-term-only", 1, "1", "voteGranted", "no", "yes"},
	{"vote-strictly-newer", 1, "1", "voteGranted", "yes", "no"},
	{"vote-both-at-least", 1, "1", "voteGranted", "yes", "no"},
	{"vote-log-unchecked", 1, "1", "voteGranted", "no", "yes"},
	{"vote-against-current-term", 1, "1", "voteGranted", "yes", "no"},
	{"vote-against-commit-index", 1, "1", "voteGranted", "no", "yes"},
	{"vote-twice", 2, "1", "voteGranted", "no", "yes"},
	{"vote-not-repeated", 2, "1", "voteGranted", "yes", "no"},
	{"vote-for-rival", 1, "1", "voteGranted", "no", "yes"},
	{"vote-cleared-by-append", 3, "1", "voteGranted", "no", "yes"},
	{"vote-once-forever", 1, "1", "voteGranted", "yes", "no"},
	{"term-must-be-newer", 2, "1", "voteGranted", "yes", "no"},
	{"stale-vote-granted", 1, "1", "voteGranted", "no", "yes"},
	{"term-kept-on-refusal", 1, "1", "term", "5", "1"},
	{"term-plus-one", 1, "1", "term", "4", "2"},
	{"term-falls", 3, "1", "voteGranted", "no", "yes"},
	{"no-step-down", 1, "1", "voteGranted", "yes", "no"},
	{"grant-keeps-term", 1, "1", "term", "2", "1"},
	{"voter-keeps-role", 1, "1", "role", "follower", "candidate"},

	{"count-any-vote", 2, "1", "role", "candidate", "leader"},
	{"count-voter-twice", 2, "1", "role", "candidate", "leader"},
	{"majority-of-answers", 2, "1", "role", "candidate", "leader"},
	{"majority-is-half", 1, "1", "role", "candidate", "leader"},
	{"majority-is-all", 1, "1", "role", "leader", "candidate"},
	{"own-vote-uncounted", 2, "1", "role", "leader", "candidate"},
	{"term-kept-on-timeout", 1, "1", "term", "2", "1"},
	{"offers-commit-index", 2, "2", "voteGranted", "yes", "no"}, // RV(2, 1, 3/1) / RV(2, 1, 1/1), to [1, 1]

	{"heartbeat-unchecked", 1, "1", "success", "no", "yes"},
	{"prev-unchecked", 1, "1", "success", "no", "yes"},
	{"prev-term-unchecked", 1, "1", "success", "no", "yes"},
	{"prev-must-be-last", 1, "1", "success", "yes", "no"},
	{"prev-is-first-entry", 1, "1", "log", "[1, 2]", "[2]"},
	{"prev-zero-missing", 1, "1", "success", "yes", "no"},
	{"always-truncate", 1, "1", "log", "[1, 1, 1]", "[1, 1]"},
	{"conflict-kept", 1, "1", "log", "[1, 3]", "[1, 2, 2, 3]"},
	{"conflict-overwrites-one", 1, "1", "log", "[1, 3]", "[1, 3, 2]"},
	{"conflict-by-message-term", 1, "1", "log", "[1, 1, 1]", "[1, 1]"},
	{"append-blindly", 2, "1", "log", "[1]", "[1, 1]"},
	{"entries-take-message-term", 1, "1", "log", "[1, 2]", "[1, 4]"},
	{"refused-deletes-prev", 1, "1", "log", "[1, 1, 2]", "[1, 1]"},
	{"stale-leader-accepted", 1, "1", "success", "no", "yes"},
	{"equal-term-refused", 1, "1", "success", "yes", "no"},
	{"candidate-ignores-leader", 1, "1", "success", "yes", "no"},
	{"candidate-stays-candidate", 1, "1", "role", "follower", "candidate"},
	{"voted-for-leader", 2, "1", "voteGranted", "yes", "no"},
	{"reply-carries-old-term", 1, "1", "term", "3", "1"},
	{"conflict-cuts-to-commit", 1, "1", "success", "yes", "no"},
	{"tail-lost-on-step-down", 1, "1", "log", "[1, 2]", "[1]"},
	{"leader-must-have-vote", 1, "1", "success", "yes", "no"},
	{"term-kept-on-refused-append", 1, "1", "term", "3", "1"},
	{"empty-append-fails", 1, "1", "success", "yes", "no"},
	{"commit-unclamped", 1, "1", "commitIndex", "1", "5"},
	{"commit-to-log-end", 1, "1", "commitIndex", "1", "2"},
	{"commit-falls", 1, "1", "commitIndex", "2", "1"},
	{"commit-on-refusal", 1, "1", "commitIndex", "0", "2"},
	{"commit-on-store", 1, "1", "commitIndex", "0", "1"},
	{"commit-never-on-heartbeat", 1, "1", "commitIndex", "1", "0"},
	{"commit-never-on-follower", 1, "1", "commitIndex", "1", "0"},

	{"commit-any-term", 1, "1", "commitIndex", "1", "2"},
	{"commit-stops-at-old-term", 1, "1", "commitIndex", "3", "1"},
	{"own-copy-uncounted", 1, "1", "commitIndex", "1", "0"},
	{"commit-on-append", 1, "1", "commitIndex", "0", "1"},
	{"commit-on-election", 1, "1", "commitIndex", "0", "2"},
	{"match-index-at-last", 1, "1", "matchIndex[2]", "0", "1"},
	{"match-index-overwritten", 2, "1", "matchIndex[2]", "2", "1"},
	{"count-any-success", 1, "1", "matchIndex[2]", "0", "2"},
	{"higher-term-answer-ignored", 1, "1", "role", "follower", "leader"},
	{"next-index-at-last", 1, "leader", "nextIndex[a]", "11", "10"}, // the first heartbeat's prevLogIndex: 10 / 9
	{"prev-term-is-current", 1, "2", "success", "yes", "no"},        // prev 2/2 / 2/4
	{"leader-commit-is-last", 1, "2", "commitIndex", "1", "2"},      // leaderCommit 1 / 2
	{"next-index-below-one", 3, "1", "nextIndex[2]", "1", "0"},
	{"match-is-last-index", 1, "1", "matchIndex[2]", "1", "3"},
	{"match-by-addition", 2, "1", "matchIndex[2]", "1", "2"},
	{"commit-one-behind", 1, "1", "commitIndex", "2", "0"},

	{"vote-lost-on-restart", 2, "1", "voteGranted", "no", "yes"},
	{"tail-lost-on-restart", 2, "1", "log", "[1]", "[]"},
	{"term-lost-on-restart", 2, "1", "voteGranted", "no", "yes"},
	{"commit-kept-on-restart", 1, "1", "commitIndex", "0", "2"},
	{"role-kept-on-restart", 1, "1", "role", "follower", "leader"},
}

// deviationTrace gives the trace of a deviation, and its text.
func deviationTrace(t *testing.T, name string) (*trace.Trace, string) {
	t.Helper()
	text, ok := examples.Deviation(name)
	if !ok {
		t.Fatalf("%s has no trace", name)
	}
	f := checktest.Read(t, string(text))
	if len(f.Traces) != 1 {
		t.Fatalf("%s has %d traces, not one", name, len(f.Traces))
	}
	return f.Traces[0], string(text)
}

// replayUnder gives the replay of a trace under the rules of that name.
func replayUnder(t *testing.T, tr *trace.Trace, rules string) *replay.Run {
	t.Helper()
	run, err := check.ReplayWith(tr, []string{rules})
	if err != nil {
		t.Fatalf("%q cannot be replayed under %s: %v", tr.Title, rules, err)
	}
	return run
}

// A deviation without a trace cannot be shown to anyone; a trace without a
// deviation shows nothing; and one without an expectation is not looked at.
func TestEachDeviationHasItsTrace(t *testing.T) {
	var catalogue, files, told []string
	for _, d := range raft.Deviations() {
		catalogue = append(catalogue, d.Name)
	}
	names, err := filepath.Glob("../../examples/deviations/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		files = append(files, strings.TrimSuffix(filepath.Base(name), ".yaml"))
	}
	for _, c := range tellings {
		told = append(told, c.deviation)
	}
	if !slices.Equal(catalogue, told) {
		t.Errorf("the catalogue is\n%v\nand the table of this test\n%v", catalogue, told)
	}
	slices.Sort(catalogue)
	if !slices.Equal(catalogue, files) {
		t.Errorf("the catalogue is\n%v\nand examples/deviations has\n%v", catalogue, files)
	}
	if _, ok := examples.Deviation("../first"); ok {
		t.Error("a trace of another folder passes for a deviation's")
	}
}

// A trace that is not Figure 2's, or that needs something unwritten to be so,
// would teach another mistake in place of the one that it is about.
func TestDeviationTracesAreFigure2s(t *testing.T) {
	for _, d := range raft.Deviations() {
		t.Run(d.Name, func(t *testing.T) {
			_, text := deviationTrace(t, d.Name)
			checktest.Expect(t, checktest.Report(t, text))
			comment, _, _ := strings.Cut(text, "\n\n")
			if n := strings.Count(comment, "\n") + 1; !strings.HasPrefix(comment, `# "`) || n < 3 || n > 6 {
				t.Errorf("it begins with %d lines that should be what is believed, and why it is wrong:\n%s", n, comment)
			}
		})
	}
}

// Under its deviation a trace diverges, in an answer or a table, and first where
// the deviation shows: otherwise a student who believes it could hand in the
// trace and be found right, or wrong for another reason.
func TestDeviationTracesTellThem(t *testing.T) {
	for _, want := range tellings {
		t.Run(want.deviation, func(t *testing.T) {
			tr, _ := deviationTrace(t, want.deviation)
			run := replayUnder(t, tr, want.deviation)
			if got := firstDifference(run, want.deviation); got != want {
				t.Errorf("the first difference is %v,\nand should be %v", got, want)
			}
			rep := check.Compare(run)
			if rep.CountKind(finding.Response)+rep.CountKind(finding.State) == 0 {
				t.Errorf("no answer and no table diverges: %v", checktest.Lines(rep))
			}
		})
	}
}

// firstDifference is the first cell, as one reads, in which a replay comes to
// something else than is written.
func firstDifference(run *replay.Run, deviation string) telling {
	cells := item.Of(run.Trace)
	slices.SortFunc(cells, func(a, b item.Item) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	for i := range cells {
		if c := &cells[i]; item.Differs(run, c) {
			return telling{deviation, c.Step, run.Trace.Name(c.Node), c.Name, word(item.Any(run.Trace, c.Node, c.Written)), word(checktest.Given(run, c))}
		}
	}
	return telling{deviation: deviation}
}

// word is a value of a cell as the table above writes it.
func word(v any) string {
	switch v {
	case true:
		return "yes"
	case false:
		return "no"
	}
	return fmt.Sprint(v)
}

// What a trace cannot tell apart, nobody should be told apart by it: which
// deviations give the same answers on a trace is found out by playing it, and
// logged. None may give Figure 2's answers on its own trace.
func TestDeviationsAlike(t *testing.T) {
	all := raft.Deviations()
	for _, d := range all {
		tr, _ := deviationTrace(t, d.Name)
		own := given(t, tr, raft.Figure2().With(d))
		if own == given(t, tr, raft.Figure2()) {
			t.Errorf("%s gives Figure 2's answers on its own trace", d.Name)
		}
		var alike []string
		for _, other := range all {
			if other.Name != d.Name && given(t, tr, raft.Figure2().With(other)) == own {
				alike = append(alike, other.Name)
			}
		}
		if len(alike) > 0 {
			t.Logf("on the trace of %s, these answer alike: %s", d.Name, strings.Join(alike, ", "))
		}
	}
}

// given is all that a trace asks for, as the rules have it.
func given(t *testing.T, tr *trace.Trace, rules *raft.Rules) string {
	t.Helper()
	run, err := check.Replay(tr, rules)
	if err != nil {
		t.Fatalf("%q cannot be replayed: %v", tr.Title, err)
	}
	var b strings.Builder
	cells := item.Of(tr)
	for i := range cells {
		fmt.Fprintln(&b, checktest.Given(run, &cells[i]))
	}
	return b.String()
}
