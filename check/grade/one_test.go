package grade

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/trace"
)

// reportOf checks a trace.
func reportOf(t testing.TB, text string) *check.Report {
	t.Helper()
	f := check.CheckFile("sheet.yaml", strings.NewReader(text), check.Settings{Limits: trace.DefaultLimits()})
	if len(f.Errors) > 0 {
		t.Fatal(f.Errors)
	}
	return f.Reports[0]
}

// The best explanation wins whether or not it has earned a name. Each case is a
// sheet on which a worse one, or one of several, would be named otherwise.
func TestBestWins(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		verdict     string
		found, fits string
	}{
		{"of two wrong terms, which are one piece of evidence, term-kept-on-refusal leads to both; no-step-down, to one of them alone, must not be named",
			`
nodes: [P, Q, R]
initial: {P: {role: leader, term: 4, log: [1, 4]}, Q: {term: 4, log: [1]}, R: {term: 4, log: [1, 4]}}
steps:
- {requestVote: {candidateId: Q, term: 5}, response: {P: {voteGranted: no, term: 4}, R: {voteGranted: no, term: 4}}}
`, Slip, "", "term-kept-on-refusal, reply-carries-old-term"},
		{"a leader commits what is of earlier terms: on election, or by counting, which the sheet does not tell apart",
			`
nodes: 3
initial: {1: {term: 5, log: [2, 2, 2]}, 2: {term: 5, log: [2, 2, 2]}, 3: {term: 5}}
steps:
- {requestVote: {candidateId: 1, term: 6}, state: {1: {role: leader}}}
- {appendEntries: {leaderId: 1, entries: []}, to: 2, state: {1: {commitIndex: 3}}}
`, Tie, "commit-any-term, commit-on-election", "commit-any-term, commit-on-election"},
		{"one wrong log, and no rule asked beside it: what fits is told without a name",
			`
nodes: 3
initial: {1: {role: leader, term: 6, log: [1, 1, 6]}, 2: {term: 4, log: [1, 1, 4, 4, 4]}, 3: {term: 6}}
steps:
- {appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: [6]}, to: 2, response: {2: ok}, state: {2: {log: [1, 1, 6, 4, 4]}}}
`, Slip, "", "conflict-overwrites-one"},
		{"nothing is wrong, and nothing fits",
			`
nodes: 3
steps:
- {requestVote: {candidateId: 1, term: 1}, response: {2: ok, 3: ok}}
`, NothingWrong, "", ""},
	} {
		g := DiagnoseAll([]*check.Report{reportOf(t, c.text)}, nil)[0]
		if g.Verdict != c.verdict || diagnosed(g) != c.found || fits(g) != c.fits {
			t.Errorf("%s:\nthe verdict is %s: %q, and %q fit; want %s: %q, and %q", c.name, g.Verdict, diagnosed(g), fits(g), c.verdict, c.found, c.fits)
		}
	}
}

// fits names what fits a sheet, but for what right answers contradict.
func fits(g *Diagnosis) string {
	var all []string
	for _, e := range g.Fits {
		if e.Contradicted == 0 {
			all = append(all, names(e.Deviations))
		}
	}
	return strings.Join(all, ", ")
}

// What fits leads to every wrong answer, is led by what right ones contradict
// least, and is cut where there is much of it.
func TestFits(t *testing.T) {
	k, d := theExam(t)
	for _, dev := range shownTwice(t) {
		s := answering(k, k.Run)
		under := believing(t, k, wordingOf(d, dev), dev)
		sheet := under.mark(d)
		first := slices.IndexFunc(sheet.Marks, func(m Mark) bool { return m.Verdict != Right })
		s.fill(sheet.Marks[first].Cell, under.run) // the first mistake of who believes it
		g := s.mark(d).Diagnosis
		if g.Wrong != 1 {
			continue // a line of a table that is written as a whole
		}
		all := g.MoreFits
		if len(g.Fits) > mostFits || all > 0 && len(g.Fits) < mostFits {
			t.Errorf("%s: %d fits are listed, and %d more are not", dev.Name, len(g.Fits), all)
		}
		for i, e := range g.Fits {
			if e.Explained != g.Wrong || i > 0 && e.Contradicted < g.Fits[i-1].Contradicted {
				t.Errorf("%s: %s leads to %d of %d, against %d", dev.Name, names(e.Deviations), e.Explained, g.Wrong, e.Contradicted)
			}
		}
		isIt := func(e Explanation) bool { return e.Deviations[0].Name == dev.Name }
		if all == 0 && !slices.ContainsFunc(g.Fits, isIt) {
			t.Errorf("%s leads to the first mistake of who believes it, and is not among what fits: %s", dev.Name, fits(g))
		}
	}
}

// Sheets of the same messages are diagnosed together as each is alone, whatever
// else they ask: otherwise a diagnosis would depend on what lies in the folder.
func TestDiagnoseAll(t *testing.T) {
	const messages = `
nodes: 3
initial: {1: {role: leader, term: 3, log: [1, 1, 3]}, 2: {term: 3, log: [1]}, 3: {term: 2, log: [1, 2, 2, 2]}}
steps:
- {appendEntries: {leaderId: 1, term: 3, prevLogIndex: 2, prevLogTerm: 1, entries: [3], leaderCommit: 0}, %s}
- {appendEntries: {leaderId: 1, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [1, 3], leaderCommit: 0}, %s}
- {requestVote: {candidateId: 3, term: 4, lastLogIndex: 3, lastLogTerm: 3}, %s}
`
	var reports []*check.Report
	for _, answers := range [][]any{
		{"response: {2: no, 3: no}", "response: {2: ok, 3: ok}", "response: {1: ok, 2: ok}"},
		{"response: {2: ok, 3: ok}", "response: {2: ok, 3: ok}", "response: {1: ok, 2: ok}"},
		{"response: {2: ok, 3: no}", "state: {3: {log: [1, 1, 3]}}", "response: {1: no, 2: {voteGranted: no, term: 3}}"},
		{"to: [2, 3]", "state: {3: {log: [1, 1, 3, 2], commitIndex: 1}}", "response: {1: {voteGranted: ok, term: 4}}"},
		{"to: [2, 3]", "to: [2, 3]", "to: [1, 2]"},
		{"response: {2: ok, 3: ok}", "response: {2: no, 3: no}", "state: {1: {term: 3}, 2: {votedFor: none}}"},
	} {
		reports = append(reports, reportOf(t, fmt.Sprintf(messages, answers...)))
	}
	together := DiagnoseAll(reports, nil)
	for i, r := range reports {
		alone := DiagnoseAll([]*check.Report{r}, nil)[0]
		if a, b := diagnosisText(alone), diagnosisText(together[i]); a != b {
			t.Errorf("sheet %d alone is diagnosed\n%s\nand among the others\n%s", i, a, b)
		}
	}
}

// diagnosisText is what a diagnosis says, but for the places of cells in a key.
func diagnosisText(g *Diagnosis) string {
	if g == nil {
		return "none"
	}
	return fmt.Sprintln(g.Verdict, g.Wrong, diagnosed(g), "fits", fits(g), len(g.Fits), g.MoreFits, "untested", names(g.Untested))
}

// An unknown node answers as it is written, and what it answers may elect a
// leader: sheets that differ in that are not of the same messages.
func TestAnswersOfUnknown(t *testing.T) {
	const text = `
nodes: 3
unknown: [2, 3]
steps:
- {requestVote: {candidateId: 1, term: 1}, response: {2: %s, 3: no}, state: {1: {role: %s}}}
`
	reports := []*check.Report{reportOf(t, fmt.Sprintf(text, "ok", "leader")), reportOf(t, fmt.Sprintf(text, "no", "candidate"))}
	for i, g := range DiagnoseAll(reports, nil) {
		if g.Verdict != NothingWrong {
			t.Errorf("sheet %d is right, and is diagnosed %s", i, g.Verdict)
		}
	}
}

// A trace past the bounds is not diagnosed, and the verdict says so; without them
// a small file that says a large thing would take minutes.
func TestUndiagnosed(t *testing.T) {
	steps := MostWork/(2*(raft.MaxNodes-1)) + 1
	text := fmt.Sprintf("nodes: %d\nsteps: [&s {requestVote: {candidateId: 1}, response: {others: ok}}%s]\n", raft.MaxNodes, strings.Repeat(", *s", steps-1))
	lim := trace.DefaultLimits()
	lim.Nodes, lim.Aliased = 100*steps, 100*steps
	f := check.CheckFile("long.yaml", strings.NewReader(text), check.Settings{Limits: lim})
	if len(f.Reports) != 1 {
		t.Fatal(f.Errors)
	}
	if g := DiagnoseAll(f.Reports, nil)[0]; g.Verdict != Undiagnosed {
		t.Errorf("the verdict on %d steps is %s", steps, g.Verdict)
	}
}
