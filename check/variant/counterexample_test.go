package variant_test

import (
	"strings"
	"testing"

	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/trace"
)

// Every event of a behaviour is a step of the trace, with who answered and what
// was lost. If this fails, the trace of a counterexample shows something else
// than what was found.
func TestEvents(t *testing.T) {
	vote := raft.RequestVote{Term: 2, CandidateID: 1, LastLogIndex: 1, LastLogTerm: 1}
	entries := raft.NewEntries(1, 1, raft.Entry{Term: 2, Value: "b"}, raft.Entry{Term: 2})
	appends := raft.AppendEntries{Term: 2, LeaderID: 1, PrevLogIndex: 1, PrevLogTerm: 1, Entries: entries, LeaderCommit: 1}
	to := func(id raft.NodeID, d explore.Delivery, replied, ok bool) explore.Receipt {
		return explore.Receipt{To: id, Delivery: d, Replied: replied, OK: ok}
	}
	for _, tt := range []struct {
		what   string
		events []explore.Event
		want   string // of the steps
	}{
		{"a timeout", []explore.Event{explore.Timeout{Node: 2}}, "- timeout: 2"},
		{"a command", []explore.Event{explore.ClientRequest{Node: 1, Value: "a"}}, "- clientRequest: {node: 1, value: a}"},
		{"a restart", []explore.Event{explore.Restart{Node: 3}}, "- restart: 3"},
		{"a step down", []explore.Event{explore.StepDown{Node: 2}}, "- stepDown: 2"},
		{"a restart without the vote", []explore.Event{explore.Restart{Node: 3, Disk: raft.Disk{VotedFor: new(raft.NoNode)}}},
			"- restart: {3: {votedFor: none}}"},
		{"a restart with a lower term", []explore.Event{explore.Restart{Node: 3, Disk: raft.Disk{CurrentTerm: new(raft.Term(1))}}},
			"- restart: {3: {term: 1}}"},
		{"a restart with a shorter log", []explore.Event{explore.Restart{Node: 3, Disk: raft.Disk{Log: new(raft.NewLog(raft.Entry{Term: 1, Value: "a"}))}}},
			"- restart: {3: {log: [1:a]}}"},
		{"a restart with no log", []explore.Event{explore.Restart{Node: 3, Disk: raft.Disk{Log: new(raft.Log{})}}},
			"- restart: {3: {log: []}}"},
		{"a request to two in order is one step", []explore.Event{
			explore.VoteRequest{Request: vote, Receipt: to(2, explore.Answered, true, true)},
			explore.VoteRequest{Request: vote, Receipt: to(3, explore.Answered, true, false)}}, `
- requestVote: {term: 2, candidateId: 1, lastLogIndex: 1, lastLogTerm: 1}
  to: [2, 3]
  response: {2: ok, 3: no}`},
		{"against the order it is two: a replay brings the answers back in order", []explore.Event{
			explore.VoteRequest{Request: vote, Receipt: to(3, explore.Answered, true, true)},
			explore.VoteRequest{Request: vote, Receipt: to(2, explore.AnswerLost, true, true)}}, `
- requestVote: {term: 2, candidateId: 1, lastLogIndex: 1, lastLogTerm: 1}
  to: [3]
  response: {3: ok}
- requestVote: {term: 2, candidateId: 1, lastLogIndex: 1, lastLogTerm: 1}
  to: [2]
  responseLost: [2]
  response: {2: ok}`},
		{"a request that is late is lost in its step", []explore.Event{
			explore.AppendRequest{Request: appends, Receipt: to(2, explore.RequestLate, false, false)},
			explore.AppendRequest{Request: appends, Receipt: to(3, explore.AnswerLate, true, true)}}, `
- appendEntries: {leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b, 2],
                  leaderCommit: 1}
  to: [2, 3]
  lost: [2]
  responseLost: [3]
  response: {2: none, 3: ok}`},
		{"an event between two requests keeps them apart", []explore.Event{
			explore.VoteRequest{Request: vote, Receipt: to(2, explore.RequestRepeated, true, true)},
			explore.Timeout{Node: 3},
			explore.VoteRequest{Request: vote, Receipt: to(3, explore.Answered, false, false)}}, `
- requestVote: {term: 2, candidateId: 1, lastLogIndex: 1, lastLogTerm: 1}
  to: [2]
  response: {2: ok}
- timeout: 3
- requestVote: {term: 2, candidateId: 1, lastLogIndex: 1, lastLogTerm: 1}
  to: [3]
  response: {3: none}`},
		{"a late vote", []explore.Event{explore.VoteAnswer{To: 1, Vote: raft.Vote{From: 2, Term: 2, Granted: true}}},
			"- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}"},
		{"a late success vouches for an index", []explore.Event{explore.AppendAnswer{To: 1, Ack: raft.Ack{From: 3, Term: 2, Success: true, MatchIndex: 3}}},
			"- appendEntriesResponse: {from: 3, to: 1, term: 2, success: true, matchIndex: 3}"},
		{"a late refusal does not", []explore.Event{explore.AppendAnswer{To: 1, Ack: raft.Ack{From: 3, Term: 2}}},
			"- appendEntriesResponse: {from: 3, to: 1, term: 2, success: false}"},
	} {
		states := make([]raft.State, 3)
		b := &explore.Behavior{Scope: explore.Scope{Nodes: 3}, Initial: states, Steps: []explore.Step{{Events: tt.events, States: states}}}
		c := variant.Counterexample(b, "figure2", "")
		text := written(t, c)
		_, got, _ := strings.Cut(text, "steps:\n")
		if want := "  " + strings.ReplaceAll(strings.TrimSpace(tt.want), "\n", "\n  ") + "\n"; got != want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.what, got, want)
		}
		if _, err := trace.Parse("t.yaml", []byte(text), trace.DefaultLimits()); err != nil {
			t.Errorf("%s: %v\n%s", tt.what, err, text)
		}
	}
}

// What came of an action is told behind its last step, and the breach at the
// end, with the figures that show it. If this fails, a reader looks for the
// breach in the wrong place.
func TestRemarks(t *testing.T) {
	a1, c2 := raft.Entry{Term: 1, Value: "a"}, raft.Entry{Term: 2, Value: "c"}
	states := func(commit raft.Index, role raft.Role) []raft.State {
		return []raft.State{{CurrentTerm: 2, Role: role, Log: raft.NewLog(a1), CommitIndex: commit}, {}}
	}
	for _, tt := range []struct {
		breach explore.Breach
		want   string
	}{
		{explore.Breach{Property: explore.ElectionSafety, Node: 2, Other: 1, Term: 2}, "nodes 1 and 2 both lead term 2"},
		{explore.Breach{Property: explore.LeaderAppendOnly, Node: 1, Term: 2, Index: 1, Theirs: a1},
			"node 1 leads term 2, and where it had 1:a at index 1 it has no entry"},
		{explore.Breach{Property: explore.LogMatching, Node: 1, Other: 2, Term: 2, Index: 2, First: 1, Mine: a1, Theirs: c2},
			"at index 2 nodes 1 and 2 both have an entry of term 2; at index 1 they have 1:a and 2:c"},
		{explore.Breach{Property: explore.LeaderCompleteness, Node: 2, Term: 3, Index: 1, Theirs: a1, Since: 1},
			"node 2 leads term 3 with no entry at index 1, where 1:a was committed in term 1"},
		{explore.Breach{Property: explore.StateMachineSafety, Node: 2, Term: 3, Index: 1, Mine: c2, Theirs: a1},
			"node 2 commits 2:c at index 1, where 1:a was committed before"},
		{explore.Breach{Property: explore.StateMachineSafety, Node: 2, Other: 2, Term: 3, Index: 1, Mine: c2, Theirs: a1},
			"node 2 had committed 1:a at index 1, and now has 2:c there"},
	} {
		b := &explore.Behavior{Scope: explore.Scope{Nodes: 2}, Initial: states(0, raft.Follower), Breach: tt.breach, Steps: []explore.Step{
			{Events: []explore.Event{explore.Timeout{Node: 1}, explore.Restart{Node: 2}}, States: states(1, raft.Leader)}}}
		c := variant.Counterexample(b, "wrong", "Believed.")
		want := `# Believed: Believed.
# The answers are those that these rules give: replay it with --rules wrong.
title: wrong breaks ` + tt.breach.Property.String() + `
nodes: 2

steps:
  - timeout: 1
  - restart: 2
    # node 1 leads term 2
    # node 1 commits up to index 1
    # ` + tt.breach.Property.String() + " breaks: " + tt.want + "\n"
		if got := written(t, c); got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	}
}

func written(t *testing.T, c *trace.Trace) string {
	t.Helper()
	var b strings.Builder
	if err := trace.Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
