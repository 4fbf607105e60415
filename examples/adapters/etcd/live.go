package main

import (
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"raftsheet/check/conform/serve"
)

// This file is for live runs: what happens to a node beside requests, and what it
// sends.

func (n *node) Timeout() error {
	n.campaign()
	return nil
}

func (n *node) ClientRequest(value string) error {
	_ = n.raw.Propose([]byte(value)) // a node that knows no leader drops it
	n.drain()
	return nil
}

func (n *node) VoteResponse(r serve.VoteResponse) error {
	n.step(&pb.Message{Type: pb.MsgVoteResp.Enum(), From: n.id(r.From), Term: number(r.Term), Reject: new(!r.Granted)})
	return nil
}

// AppendResponse says in a refusal which prevLogIndex is refused. What etcd's
// followers add, a hint of where their log ends, is one less here, as in Figure 2.
func (n *node) AppendResponse(r serve.AppendResponse) error {
	m := &pb.Message{Type: pb.MsgAppResp.Enum(), From: n.id(r.From), Term: number(r.Term), Index: number(r.MatchIndex), Reject: new(!r.Success)}
	if !r.Success && r.Request != nil {
		m.Index, m.RejectHint = number(r.Request.PrevLogIndex), number(max(r.Request.PrevLogIndex-1, 0))
	}
	n.step(m)
	return nil
}

func (n *node) Restart(d serve.Disk) error {
	if d != (serve.Disk{}) {
		return serve.Cannot("MemoryStorage loses nothing")
	}
	n.boot()
	return nil
}

// Sends finds requests among the messages. A heartbeat is the AppendEntries without
// entries whose prevLogIndex is the commit index that it carries.
func (n *node) Sends() (sent []serve.Sent) {
	for _, m := range n.sent {
		s, from, term := serve.Sent{To: n.name(m.GetTo())}, n.name(m.GetFrom()), int(m.GetTerm())
		switch m.GetType() {
		case pb.MsgVote:
			s.RequestVote = &serve.RequestVote{Term: term, CandidateID: from, LastLogIndex: int(m.GetIndex()), LastLogTerm: int(m.GetLogTerm())}
		case pb.MsgApp:
			s.AppendEntries = &serve.AppendEntries{Term: term, LeaderID: from, PrevLogIndex: int(m.GetIndex()), PrevLogTerm: int(m.GetLogTerm()),
				Entries: fromEtcd(m.Entries), LeaderCommit: int(m.GetCommit())}
		case pb.MsgSnap:
			last := m.GetSnapshot().GetMetadata()
			s.InstallSnapshot = &serve.InstallSnapshot{Term: term, LeaderID: from, LastIncludedIndex: int(last.GetIndex()), LastIncludedTerm: int(last.GetTerm())}
		default:
			continue
		}
		sent = append(sent, s)
	}
	return sent
}

// voters is a configuration as etcd has it, with the ids of the nodes.
func (n *node) voters(lists [][]serve.Name) *pb.ConfState {
	c := &pb.ConfState{}
	for i, list := range lists {
		for _, name := range list {
			if i == 0 {
				c.Voters = append(c.Voters, *n.id(name))
			} else {
				c.VotersOutgoing = append(c.VotersOutgoing, *n.id(name))
			}
		}
	}
	return c
}

// all are the names of all nodes.
func (n *node) all() (names []serve.Name) {
	for i := range n.Nodes {
		names = append(names, n.Name(i))
	}
	return names
}

// id is a node's, 0 for none.
func (n *node) id(name serve.Name) *uint64 { return number(n.Index(name) + 1) }

func (n *node) name(id uint64) serve.Name { return n.Name(int(id) - 1) }

func number(i int) *uint64 { return new(uint64(i)) }

// toEtcd gives entries that follow index prev.
func toEtcd(prev int, entries []serve.Entry) []*pb.Entry {
	var es []*pb.Entry
	for i, e := range entries {
		es = append(es, &pb.Entry{Index: number(prev + i + 1), Term: number(e.Term), Data: []byte(e.Value)})
	}
	return es
}

func fromEtcd(entries []*pb.Entry) []serve.Entry {
	es := []serve.Entry{}
	for _, e := range entries {
		es = append(es, serve.Entry{Term: int(e.GetTerm()), Value: string(e.GetData())})
	}
	return es
}

// must stops at what the storage or the RawNode refuses, for which a call is to
// blame: the delivery fails.
func must(err error) {
	if err != nil && err != etcd.ErrStepPeerNotFound {
		panic(err)
	}
}
