package raft_test

import (
	"fmt"

	"raftsheet/raft"
)

// A follower that misses the entry before the new one refuses, and the decision
// says which line of Figure 2 it was and on what figures.
func ExampleNode_HandleAppendEntries() {
	n := raft.NewNode(2, 3, raft.Figure2())
	m := &raft.AppendEntries{Term: 2, LeaderID: 1, PrevLogIndex: 1, PrevLogTerm: 1,
		Entries: raft.NewEntries(1, 1, raft.Entry{Term: 2, Value: "x"})}

	resp, d, _ := n.HandleAppendEntries(m)
	fmt.Println(m)
	fmt.Println("success:", resp.Success, "term:", resp.Term)
	fmt.Printf("%v %v: %s; the log ends at index %d\n", d.Rule, d.Outcome, d.Rule.Info().Figure, d.Own.Index)

	m = &raft.AppendEntries{Term: 2, LeaderID: 1, LeaderCommit: 1,
		Entries: raft.NewEntries(0, 0, raft.Entry{Term: 1, Value: "w"}, raft.Entry{Term: 2, Value: "x"})}
	resp, _, _ = n.HandleAppendEntries(m)
	fmt.Println(m)
	fmt.Println("success:", resp.Success, "log:", n.Log.Entries(), "commitIndex:", n.CommitIndex)
	// Output:
	// AE t2 from 1 prev=1/1 [2:x] commit=0
	// success: false term: 2
	// AE2 refused: AppendEntries rule 2; the log ends at index 0
	// AE t2 from 1 prev=0/0 [1:w 2:x] commit=1
	// success: true log: [1:w 2:x] commitIndex: 1
}

// A follower that lags behind is sent a snapshot in place of the entries that its
// leader has discarded. What the log has after it stays.
func ExampleNode_HandleInstallSnapshot() {
	n := raft.NewNode(2, 3, raft.Figure2())
	n.CurrentTerm, n.Log = 2, raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 1}, raft.Entry{Term: 2, Value: "x"})

	for _, m := range []*raft.InstallSnapshot{
		{Term: 2, LeaderID: 1, LastIncludedIndex: 2, LastIncludedTerm: 1},
		{Term: 3, LeaderID: 3, LastIncludedIndex: 9, LastIncludedTerm: 3},
	} {
		resp, _, _ := n.HandleInstallSnapshot(m)
		fmt.Printf("%v: term %d\n  snapshot %v, log %v, commitIndex %d\n", m, resp.Term, n.Log.Snapshot(), n.Log.Entries(), n.CommitIndex)
	}
	// Output:
	// IS t2 from 1 last=2/1: term 2
	//   snapshot {2 1}, log [2:x], commitIndex 2
	// IS t3 from 3 last=9/3: term 3
	//   snapshot {9 3}, log [], commitIndex 9
}

// A vote is refused for the candidate's log, and still the higher term is taken
// in.
func ExampleNode_HandleRequestVote() {
	n := raft.NewNode(3, 3, raft.Figure2())
	n.CurrentTerm, n.Log = 1, raft.NewLog(raft.Entry{Term: 1, Value: "x"})

	for _, m := range []*raft.RequestVote{
		{Term: 5, CandidateID: 1, LastLogIndex: 0, LastLogTerm: 0},
		{Term: 5, CandidateID: 2, LastLogIndex: 1, LastLogTerm: 1},
		{Term: 5, CandidateID: 1, LastLogIndex: 2, LastLogTerm: 4},
	} {
		resp, d, _ := n.HandleRequestVote(m)
		fmt.Printf("%v: granted=%t term=%d (%v %v)\n", m, resp.VoteGranted, resp.Term, d.Rule, d.Outcome)
	}
	// Output:
	// RV t5 from 1 last=0/0: granted=false term=5 (RV2b refused)
	// RV t5 from 2 last=1/1: granted=true term=5 (RV2b passed)
	// RV t5 from 1 last=2/4: granted=false term=5 (RV2a refused)
}

// Rules other than the paper's are Figure2's with another function in one
// place: here a server that votes for whoever asks.
func ExampleFigure2() {
	wrong := raft.Figure2()
	wrong.RV2a = func(n *raft.Node, _ *raft.RequestVote) *raft.Decision {
		return n.Decide(raft.RV2a, raft.Passed)
	}
	for _, rules := range []*raft.Rules{raft.Figure2(), wrong} {
		voter := raft.NewNode(1, 3, rules)
		first, _, _ := voter.HandleRequestVote(&raft.RequestVote{Term: 1, CandidateID: 2})
		second, d, _ := voter.HandleRequestVote(&raft.RequestVote{Term: 1, CandidateID: 3})
		fmt.Println(first.VoteGranted, second.VoteGranted, d.Rule)
	}
	// Output:
	// true false RV2a
	// true true RV2b
}

// A candidate wins with the votes of a majority, and its first heartbeat goes
// out after the last entry of its log.
func ExampleNode_Timeout() {
	n := raft.NewNode(1, 3, raft.Figure2())
	n.Timeout()
	fmt.Println(n.Role, n.RequestVote())
	n.HandleVote(raft.Vote{From: 3, Request: 1, Term: 1, Granted: true})
	fmt.Println(n.Role, n.AppendEntries(2))
	n.ClientRequest("x")
	fmt.Println(n.Role, n.AppendEntries(2))
	n.HandleAck(raft.Ack{From: 2, Request: 1, Term: 1, Success: true, MatchIndex: 1, Entries: 1})
	fmt.Println("commitIndex:", n.CommitIndex)
	// Output:
	// candidate RV t1 from 1 last=0/0
	// leader AE t1 from 1 prev=0/0 [] commit=0
	// leader AE t1 from 1 prev=0/0 [1:x] commit=0
	// commitIndex: 1
}
