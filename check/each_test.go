package check_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs"
)

// each replays a text step by step, and gives what differs.
func each(t *testing.T, text string) *check.Report {
	t.Helper()
	tr := checktest.Read(t, text).Traces[0]
	run, halt := replay.PlayEach(tr, raft.Figure2())
	if halt != nil {
		t.Fatalf("the replay stops: %+v", halt.Fact)
	}
	return check.Compare(run)
}

// What a trace tells after a step is where the next one sets out from: field by
// field, of the nodes that it tells of. If one fails, --each blames a step for what an
// earlier one has done, or forgets what it was told.
func TestEach(t *testing.T) {
	for _, c := range []struct {
		what, text string
		want       []string
	}{
		{"a vote that was given is given", `
nodes: 3
steps:
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  to: [3]
  response: {3: no}
  state: {3: {votedFor: 2}}
- requestVote: {candidateId: 2, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  to: [3]
  response: {3: ok}`,
			[]string{"response 1 3 voteGranted", "state 1 3 votedFor"}},
		{"a sender takes in the answer that is written", `
nodes: 3
initial: {3: {term: 0, log: [], votedFor: none}, 2: {term: 0}}
steps:
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  to: [2, 3]
  response: {2: no, 3: {voteGranted: false, term: 2}}
  state: {1: {term: 2, role: follower}}`,
			[]string{"response 1 2 voteGranted", "response 1 3 voteGranted", "response 1 3 term"}},
		{"a log is told from an index on, and the rest is as it was", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a, 1:b]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a, 1:b]}
  to: [2]
  state: {2: {log: {from: 2, entries: []}}}
- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: []}
  to: [2]
  response: {2: no}
  state: {2: {log: [1:a]}}`,
			[]string{"state 1 2 log[2]"}},
		{"a role comes with what goes with it", `
nodes: 3
steps:
- state: {1: {term: 3, role: leader}}
- clientRequest: {node: 1, value: x}
  state: {1: {log: [3:x], votedFor: none, matchIndex: {2: 0, 3: 0}, nextIndex: {2: 1, 3: 1}}}
- state: {1: {term: 4}}
- timeout: 1
  state: {1: {term: 5, role: candidate, votedFor: 1}}`,
			[]string{"state 1 1 term", "state 1 1 role", "state 3 1 term"}},
		{"where a log ends is taken, as far as it is known", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1:a]}, 2: {term: 1, log: [1:a]}}
steps:
- state: {2: {lastLogIndex: 0, lastLogTerm: 0}}
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  response: {2: no}`,
			[]string{"state 1 2 lastLogIndex", "state 1 2 lastLogTerm"}},
		{"commitIndex is taken, with what is applied", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1:a]}, 2: {term: 1, log: [1:a]}}
steps:
- state: {2: {commitIndex: 1}}
- timeout: 2
  state: {2: {commitIndex: 1, lastApplied: 1}}`,
			[]string{"state 1 2 commitIndex"}},
	} {
		rep := each(t, c.text)
		if !checkHeads(rep, c.want) {
			t.Errorf("%s:\n%q\nwant\n%q", c.what, checktest.Lines(rep, finding.Response, finding.State), c.want)
		}
	}
}

// checkHeads reports whether answers and tables differ in these places and in no
// others.
func checkHeads(rep *check.Report, want []string) bool {
	var got []string
	for i := range rep.Findings {
		if f := &rep.Findings[i]; f.Kind == finding.Response || f.Kind == finding.State {
			got = append(got, fmt.Sprint(f.Kind, " ", f.Step, " ", f.Node, " ", f.Field))
		}
	}
	return fmt.Sprint(got) == fmt.Sprint(want)
}

// A trace that tells every answer and every state as the replay has them comes to
// the same step by step; one that tells something else ends in no panic. If this
// fails, --each changes what it should leave alone.
func TestEachLaws(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		replay.PlayEach(run.Trace, run.Rules)
		whole := toldWhole(run)
		again, halt := replay.PlayEach(whole, run.Rules)
		if halt != nil {
			t.Fatalf("the replay stops: %+v\n%s", halt.Fact, text)
		}
		for step := range len(run.Steps) + 1 {
			if a, b := fmt.Sprint(checktest.States(run, step)), fmt.Sprint(checktest.States(again, step)); a != b {
				t.Fatalf("the states after step %d are\n%s\nand step by step\n%s\n%s", step, a, b, text)
			}
		}
		if a, b := len(run.Facts()), len(again.Facts()); a != b {
			t.Fatalf("the replay comes upon %d facts, and step by step upon %d\n%s", a, b, text)
		}
	})
}

// toldWhole gives a trace that tells what its replay has come to.
func toldWhole(run *replay.Run) *trace.Trace {
	out := *run.Trace
	out.Steps = make([]trace.Step, len(run.Steps))
	const known = raft.FieldTerm | raft.FieldVotedFor | raft.FieldRole | raft.FieldLog | raft.FieldCommitIndex |
		raft.FieldLastApplied | raft.FieldNextIndex | raft.FieldMatchIndex
	for i := range run.Steps {
		s := run.Trace.Steps[i]
		s.State = nil
		for id := range checktest.Known(run) {
			st := logs.Table(id, run.State(id, i+1), known)
			st.LogFrom = run.State(id, i+1).Log.Snapshot().Index + 1
			s.State = append(s.State, st)
		}
		row := &trace.Row{}
		for _, d := range run.Steps[i].Deliveries {
			switch {
			case run.Trace.Unknown.Has(d.To): // taken as written
				if s.Response != nil {
					if cell := s.Response.Cell(d.To); cell != nil {
						own := *cell
						own.Node = d.To
						row.Cells = append(row.Cells, own)
					}
				}
			case d.Answered():
				row.Cells = append(row.Cells, trace.Cell{Node: d.To, OK: trace.Opt[bool]{Value: d.OK, Presence: trace.Given},
					Term: trace.Opt[raft.Term]{Value: d.Term, Presence: trace.Given}})
			default:
				row.Cells = append(row.Cells, trace.Cell{Node: d.To, None: true})
			}
		}
		if s.Response != nil {
			s.Response = row
		}
		out.Steps[i] = s
	}
	return &out
}
