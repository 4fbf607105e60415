package explore

import (
	"reflect"
	"slices"
	"testing"

	"raftsheet/raft"
)

// passed is a rule that lets every request through.
func passed[M any](rule raft.Rule) func(*raft.Node, M) *raft.Decision {
	return func(n *raft.Node, _ M) *raft.Decision { return n.Decide(rule, raft.Passed) }
}

// Each property breaks under a Raft that is wrong in one line, and after no more
// actions than it takes by hand. A search that saw none of them would say
// nothing of Figure 2.
func TestPropertiesCanBreak(t *testing.T) {
	t.Parallel()
	three := Scope{Nodes: 3, Terms: 3, Log: 1, Timeouts: 3, Together: true}
	for _, tt := range []struct {
		property Property
		what     string
		actions  int
		reason   string
		wrong    func(r *raft.Rules)
	}{
		{ElectionSafety, "RV2a: a server votes for whoever asks", 2,
			"two elections", func(r *raft.Rules) { r.RV2a = passed[*raft.RequestVote](raft.RV2a) }},
		{ElectionSafety, "L4, C2: one server is a majority", 2,
			"two timeouts", func(r *raft.Rules) { r.Majority = func(raft.NodeSet) int { return 1 } }},
		{LeaderAppendOnly, "AE1: an earlier term's leader is followed", 5,
			"two elections, a command for each leader, and the first's to the second",
			func(r *raft.Rules) { r.AE1 = passed[*raft.AppendEntries](raft.AE1) }},
		{LogMatching, "L2: a command is stored with the term of the vote before", 4,
			"an election and a command, and both again elsewhere: the same index and term",
			func(r *raft.Rules) {
				right := r.L2
				r.L2 = func(n *raft.Node, value string) *raft.Decision {
					before := n.Log
					d := right(n, value)
					n.Log = before.Append(raft.Entry{Term: 1, Value: string("xyz"[n.ID-1])})
					return d
				}
			}},
		{LeaderCompleteness, "RV2b: the candidate's log plays no part", 4,
			"an election, a command, its replication, the election of a server without it",
			func(r *raft.Rules) { r.RV2b = passed[*raft.RequestVote](raft.RV2b) }},
		{StateMachineSafety, "AE5: commitIndex is leaderCommit", 6,
			"an election and a command, both again elsewhere, its replication to the third server, a heartbeat to the first",
			func(r *raft.Rules) {
				r.AE5 = func(n *raft.Node, m *raft.AppendEntries) *raft.Decision {
					n.CommitIndex = max(n.CommitIndex, m.LeaderCommit)
					return n.Decide(raft.AE5, raft.Passed)
				}
			}},
	} {
		rules := raft.Figure2()
		tt.wrong(rules)
		b, _ := three.Explore(rules)
		switch {
		case b == nil:
			t.Errorf("%s: nothing breaks", tt.what)
		case b.Breach.Property != tt.property || b.Actions() != tt.actions:
			t.Errorf("%s: %s breaks after %d actions; want %s after %d: %s", tt.what, b.Breach.Property, b.Actions(), tt.property, tt.actions, tt.reason)
		}
	}
}

// A server's state is kept whole between one action and the next. If this fails,
// raft.State has a field that the explorer would forget.
func TestWholeState(t *testing.T) {
	t.Parallel()
	names := func(v any) (all []string) {
		for f := range reflect.TypeOf(v).Fields() {
			all = append(all, f.Name)
		}
		return all
	}
	if got, want := names(raft.State{}), []string{"CurrentTerm", "VotedFor", "Log", "CommitIndex", "LastApplied",
		"Role", "Leader", "Votes", "NextIndex", "MatchIndex", "Extra"}; !slices.Equal(got, want) {
		t.Errorf("raft.State has the fields %v; the explorer keeps %v", got, want)
	}
	if got, want := names(raft.Extra{}), []string{"Answered", "Again"}; !slices.Equal(got, want) {
		t.Errorf("raft.Extra has the fields %v; the explorer keeps %v", got, want)
	}
	rules := raft.Figure2()
	rules.HeedsLeader = true // otherwise the leader that a server knows is left out
	p := newPlayer(&Scope{Nodes: 3, Terms: 7, Log: 3}, rules)
	n := p.node(2)
	n.State = raft.State{CurrentTerm: 7, VotedFor: 3, Log: raft.NewLog(raft.Entry{Term: 5, Value: "c"}, raft.Entry{Term: 6}),
		CommitIndex: 1, LastApplied: 2, Role: raft.Leader, Leader: 1, Votes: raft.SetOf(1, 3),
		NextIndex: []raft.Index{3, 0, 2}, MatchIndex: []raft.Index{2, 0, 1},
		Extra: raft.Extra{Answered: raft.SetOf(2, 3), Again: 1}}
	want := n.State.Clone()
	p.changed(2)
	kept := read(write(nil, &p.now, orders(3)[0], 3), 3)
	p.now, p.loaded = kept, 0
	got := p.node(2).State.Clone()
	if !slices.Equal(got.Log.Entries(), want.Log.Entries()) {
		t.Errorf("the log is %v after it was kept, %v before", got.Log.Entries(), want.Log.Entries())
	}
	got.Log, want.Log = raft.Log{}, raft.Log{}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the state is %+v after it was kept, %+v before", got, want)
	}
}
