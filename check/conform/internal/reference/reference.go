// Package reference puts the nodes of package raft behind the serving half, for
// tests: an implementation that can do everything, and goes wrong in the way that
// its rules say. It knows no trace, and judges nothing.
package reference

import (
	"raftsheet/check/conform/serve"
	"raftsheet/raft"
)

// New gives what makes nodes that go by these rules.
func New(rules *raft.Rules) func() serve.Node {
	return func() serve.Node { return &reference{rules: rules} }
}

type reference struct {
	rules *raft.Rules
	serve.Nodes
	*raft.Node
	sent []serve.Sent
}

func (r *reference) About() serve.About {
	return serve.About{Name: "the reference", Version: "1",
		Keeps: []string{"term", "votedFor", "role", "leader", "snapshot", "log", "commitIndex", "lastApplied", "nextIndex", "matchIndex"}}
}

func (r *reference) id(name serve.Name) raft.NodeID { return raft.NodeID(r.Index(name) + 1) }
func (r *reference) name(id raft.NodeID) serve.Name { return r.Name(int(id) - 1) }

func (r *reference) Start(s serve.Start) error {
	r.Nodes = s.Nodes
	r.Node = raft.NewNode(r.id(s.Node), len(s.Nodes), r.rules)
	st := &s.State
	r.CurrentTerm, r.VotedFor, r.Leader = raft.Term(st.Term), r.id(st.VotedFor), r.id(st.Leader)
	r.CommitIndex, r.LastApplied = raft.Index(st.CommitIndex), raft.Index(st.LastApplied)
	r.Role, _ = raft.ParseRole(st.Role)
	var after raft.Mark
	if l := st.Snapshot; l != nil {
		after = raft.Mark{Index: raft.Index(l.Index), Term: raft.Term(l.Term)}
	}
	r.Log = raft.NewLogAfter(after, toRaft(st.Log)...)
	switch r.Role {
	case raft.Candidate:
		r.Votes = raft.SetOf(r.ID)
	case raft.Leader:
		r.NextIndex, r.MatchIndex = r.indexes(st.NextIndex), r.indexes(st.MatchIndex)
	}
	r.Configuration = r.configuration(s.Voters)
	return nil
}

func (r *reference) indexes(of map[serve.Name]int) []raft.Index {
	out := make([]raft.Index, r.Size)
	for name, index := range of {
		out[r.Index(name)] = raft.Index(index)
	}
	return out
}

func (r *reference) named(of []raft.Index) map[serve.Name]int {
	out := make(map[serve.Name]int)
	for i, index := range of {
		if id := raft.NodeID(i + 1); id != r.ID {
			out[r.name(id)] = int(index)
		}
	}
	return out
}

func (r *reference) State() serve.State {
	n := r.Node
	s := serve.State{Term: int(n.CurrentTerm), VotedFor: r.name(n.VotedFor), Role: n.Role.String(), Leader: r.name(n.Leader),
		Log: fromRaft(n.Log.Entries()), CommitIndex: int(n.CommitIndex), LastApplied: int(n.LastApplied)}
	if l := n.Log.Snapshot(); l.Index > 0 {
		s.Snapshot = &serve.Last{Index: int(l.Index), Term: int(l.Term)}
	}
	if n.Role == raft.Leader {
		s.NextIndex, s.MatchIndex = r.named(n.NextIndex), r.named(n.MatchIndex)
	}
	return s
}

func (r *reference) RequestVote(m serve.RequestVote) (*serve.Answer, error) {
	resp, _, ok := r.HandleRequestVote(&raft.RequestVote{Term: raft.Term(m.Term), CandidateID: r.id(m.CandidateID),
		LastLogIndex: raft.Index(m.LastLogIndex), LastLogTerm: raft.Term(m.LastLogTerm)})
	if !ok {
		return nil, nil
	}
	return &serve.Answer{Term: int(resp.Term), OK: resp.VoteGranted}, nil
}

func (r *reference) AppendEntries(m serve.AppendEntries) (*serve.Answer, error) {
	prev, prevTerm := raft.Index(m.PrevLogIndex), raft.Term(m.PrevLogTerm)
	resp, _, ok := r.HandleAppendEntries(&raft.AppendEntries{Term: raft.Term(m.Term), LeaderID: r.id(m.LeaderID),
		PrevLogIndex: prev, PrevLogTerm: prevTerm, Entries: raft.NewEntries(prev, prevTerm, toRaft(m.Entries)...), LeaderCommit: raft.Index(m.LeaderCommit)})
	if !ok {
		return nil, nil
	}
	return &serve.Answer{Term: int(resp.Term), OK: resp.Success, MatchIndex: new(int(resp.MatchIndex))}, nil
}

func (r *reference) InstallSnapshot(m serve.InstallSnapshot) (*serve.Answer, error) {
	resp, _, ok := r.HandleInstallSnapshot(&raft.InstallSnapshot{Term: raft.Term(m.Term), LeaderID: r.id(m.LeaderID),
		LastIncludedIndex: raft.Index(m.LastIncludedIndex), LastIncludedTerm: raft.Term(m.LastIncludedTerm)})
	if !ok {
		return nil, nil
	}
	return &serve.Answer{Term: int(resp.Term)}, nil
}

func (r *reference) Timeout() error {
	if r.Node.Timeout(); r.Role == raft.Candidate {
		m := r.Node.RequestVote()
		for id := range raft.AllNodes(r.Size).Without(r.ID).All() {
			r.sent = append(r.sent, serve.Sent{To: r.name(id), RequestVote: &serve.RequestVote{Term: int(m.Term), CandidateID: r.name(m.CandidateID),
				LastLogIndex: int(m.LastLogIndex), LastLogTerm: int(m.LastLogTerm)}})
		}
	}
	return nil
}

func (r *reference) ClientRequest(value string) error {
	if r.Node.ClientRequest(value); r.Role == raft.Leader {
		r.replicate()
	}
	return nil
}

func (r *reference) replicate() {
	for id := range raft.AllNodes(r.Size).Without(r.ID).All() {
		if r.NeedsSnapshot(id) {
			m := r.Node.InstallSnapshot()
			r.sent = append(r.sent, serve.Sent{To: r.name(id), InstallSnapshot: &serve.InstallSnapshot{Term: int(m.Term), LeaderID: r.name(m.LeaderID),
				LastIncludedIndex: int(m.LastIncludedIndex), LastIncludedTerm: int(m.LastIncludedTerm)}})
			continue
		}
		m := r.Node.AppendEntries(id)
		r.sent = append(r.sent, serve.Sent{To: r.name(id), AppendEntries: &serve.AppendEntries{Term: int(m.Term), LeaderID: r.name(m.LeaderID),
			PrevLogIndex: int(m.PrevLogIndex), PrevLogTerm: int(m.PrevLogTerm), Entries: fromRaft(m.Entries.Slice()), LeaderCommit: int(m.LeaderCommit)}})
	}
}

func (r *reference) VoteResponse(v serve.VoteResponse) error {
	request := v.Term
	if v.Request != nil {
		request = v.Request.Term
	}
	led := r.Role == raft.Leader
	r.HandleVote(raft.Vote{From: r.id(v.From), Request: raft.Term(request), Term: raft.Term(v.Term), Granted: v.Granted})
	if !led && r.Role == raft.Leader {
		r.replicate()
	}
	return nil
}

func (r *reference) AppendResponse(a serve.AppendResponse) error {
	ack := raft.Ack{From: r.id(a.From), Request: raft.Term(a.Term), Term: raft.Term(a.Term), Success: a.Success, MatchIndex: raft.Index(a.MatchIndex)}
	if a.Request != nil {
		ack.Request, ack.Entries = raft.Term(a.Request.Term), len(a.Request.Entries)
	}
	r.HandleAck(ack)
	return nil
}

func (r *reference) Restart(d serve.Disk) error {
	var disk raft.Disk
	if d.Term != nil {
		disk.CurrentTerm = new(raft.Term(*d.Term))
	}
	if d.VotedFor != nil {
		disk.VotedFor = new(r.id(*d.VotedFor))
	}
	if d.Log != nil {
		disk.Log = new(raft.NewLogAfter(r.Log.Snapshot(), toRaft(*d.Log)...))
	}
	_, err := r.RestartFrom(disk)
	return err
}

func (r *reference) StepDown() error {
	r.Node.StepDown()
	return nil
}

func (r *reference) Voters(lists [][]serve.Name) error {
	r.Configure(r.configuration(lists))
	return nil
}

func (r *reference) configuration(lists [][]serve.Name) (c raft.Configuration) {
	for i, into := range []*raft.NodeSet{&c.Voters, &c.Joint}[:len(lists)] {
		for _, name := range lists[i] {
			*into = into.With(r.id(name))
		}
	}
	return c
}

func (r *reference) Sends() []serve.Sent {
	sent := r.sent
	r.sent = nil
	return sent
}

func toRaft(entries []serve.Entry) (es []raft.Entry) {
	for _, e := range entries {
		es = append(es, raft.Entry{Term: raft.Term(e.Term), Value: e.Value})
	}
	return es
}

func fromRaft(entries []raft.Entry) (es []serve.Entry) {
	for _, e := range entries {
		es = append(es, serve.Entry{Term: int(e.Term), Value: e.Value})
	}
	return es
}
