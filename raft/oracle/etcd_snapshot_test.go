package oracle

import (
	"fmt"
	"testing"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"raftsheet/raft"
)

// TestEtcdSnapshot sends followers a snapshot, and then entries: etcd's, and those
// of the reference. If it fails, IS1, IS6, IS7 or IS8 is misread, or a look-up in a
// log that begins after a snapshot is wrong.
//
// etcd leaves the log as it is where the snapshot's last entry is in it, and only
// commits; Figure 13 discards what the snapshot covers. What comes after is
// compared, and the log's end. A snapshot that disagrees with what is committed is
// left out: no leader sends it, and etcd does not install it.
func TestEtcdSnapshot(t *testing.T) {
	t.Parallel()
	rules := rulesOf(t, "etcd")
	seen := make(map[string]int)
	for seed := *flagSeed; seed < *flagSeed+20_000; seed++ {
		c := seeded(seed)
		n := c.node(rules)
		e := newEtcdNode(n)
		m := c.installSnapshot(n)
		if m.LastIncludedIndex <= n.CommitIndex && n.Log.Mark(m.LastIncludedIndex) != m.LastIncluded() {
			continue
		}
		initial := describe(n.State)
		var record []raft.Decision
		n.Record = &record
		e.install(m)
		n.HandleInstallSnapshot(m)
		for _, d := range record {
			seen[fmt.Sprint(d.Rule, " ", d.Outcome)]++
		}
		after := c.appendEntries(n)
		for _, when := range []string{m.String(), after.String()} {
			if when != m.String() {
				e.take(after)
				after.to(n)
			}
			if got, want := e.summary(n.Log.Snapshot().Index), summary(n.State, n.Log.Entries()); got != want {
				t.Fatalf("seed %d: from %s, after %s\netcd  %s\nrules %s", seed, initial, when, got, want)
			}
		}
		e.close()
	}
	for _, want := range []string{"IS1 passed", "IS1 ignored", "IS6 acted", "IS6 idle", "IS7 acted", "IS8 acted", "IS8 idle"} {
		if seen[want] < 200 {
			t.Errorf("%s: seen only %d times", want, seen[want])
		}
	}
}

// installSnapshot draws a snapshot of a leader whose log has much in common with
// the node's.
func (c chance) installSnapshot(n *raft.Node) *raft.InstallSnapshot {
	m := &raft.InstallSnapshot{Term: c.term(n), LeaderID: c.other(n.Size),
		LastIncludedIndex: raft.Index(c.pick(1, uint64(n.Log.LastIndex())+2))}
	m.LastIncludedTerm = n.Log.Term(m.LastIncludedIndex)
	if m.LastIncludedTerm == 0 || c.one(3) {
		m.LastIncludedTerm = raft.Term(c.pick(1, uint64(max(m.Term, 1))))
	}
	return m
}

// install delivers the snapshot as etcd's message.
func (e *etcdNode) install(m *raft.InstallSnapshot) {
	voters := &pb.ConfState{}
	for id := range e.size {
		voters.Voters = append(voters.Voters, uint64(id+1))
	}
	must(e.raw.Step(&pb.Message{Type: pb.MsgSnap.Enum(), To: new(uint64(self)), From: new(uint64(m.LeaderID)), Term: new(uint64(m.Term)),
		Snapshot: &pb.Snapshot{Metadata: &pb.SnapshotMetadata{ConfState: voters,
			Index: new(uint64(m.LastIncludedIndex)), Term: new(uint64(m.LastIncludedTerm))}}}))
	e.drain()
}

// summary gives what is compared after a snapshot: the entries past index from, and
// all but the log before them.
func (e *etcdNode) summary(from raft.Index) string {
	first, err := e.storage.FirstIndex()
	must(err)
	last, err := e.storage.LastIndex()
	must(err)
	var entries []raft.Entry
	if lo := max(first, uint64(from)+1); lo <= last {
		es, err := e.storage.Entries(lo, last+1, 1<<30)
		must(err)
		for _, entry := range es {
			entries = append(entries, raft.Entry{Term: raft.Term(entry.GetTerm()), Value: string(entry.GetData())})
		}
	}
	term, err := e.storage.Term(last)
	must(err)
	status := e.raw.BasicStatus()
	s := raft.State{CurrentTerm: raft.Term(status.GetTerm()), VotedFor: raft.NodeID(status.GetVote()),
		CommitIndex: raft.Index(status.GetCommit()), Leader: raft.NodeID(status.Lead),
		Log: raft.NewLogAfter(raft.Mark{Index: raft.Index(last), Term: raft.Term(term)})}
	if status.RaftState != etcd.StateFollower {
		panic("a follower has become something else")
	}
	return summary(s, entries)
}

func summary(s raft.State, entries []raft.Entry) string {
	return fmt.Sprintf("t%d voted %d leader %d commit %d ends %v ...%v", s.CurrentTerm, s.VotedFor, s.Leader, s.CommitIndex, s.Log.Last(), entries)
}
