package oracle

import (
	"testing"
	"time"

	pb "go.etcd.io/raft/v3/raftpb"

	"raftsheet/raft"
)

// burst is how many deliveries are timed at once, the reference's and etcd's in
// turn, so that what else the machine does falls on both alike.
const burst = 1000

// One AppendEntries delivered and answered: in the reference, and beside it in
// etcd, where that is Step, then Ready, storage and Advance until nothing is
// left to do. Goal: the reference is 10 times faster.
func BenchmarkOracleEmptyAppend(b *testing.B) {
	m := raft.AppendEntries{Term: 2, LeaderID: 2, PrevLogIndex: 1, PrevLogTerm: 1, LeaderCommit: 1}
	ours, theirs := make([]raft.AppendEntries, burst), make([]*pb.Message, burst)
	for i := range burst {
		ours[i], theirs[i] = m, etcdAppend(&m)
	}
	node := follower(1)
	real := newEtcdNode(node)
	beside(b, func() (reference, etcd func(i int)) {
		return delivering(b, node, ours), stepping(b, real, theirs)
	})
}

// The same with one new entry, as its leader sends it; the one before it is
// committed. A fresh follower takes the entries of each burst one after the
// other.
func BenchmarkOracleNewEntry(b *testing.B) {
	leader := follower(1)
	for range burst {
		leader.Log = leader.Log.Append(raft.Entry{Term: 2, Value: "x"})
	}
	ours, theirs := make([]raft.AppendEntries, burst), make([]*pb.Message, burst)
	for i := range burst {
		prev := raft.Index(i + 1)
		ours[i] = raft.AppendEntries{Term: 2, LeaderID: 2, PrevLogIndex: prev, PrevLogTerm: leader.Log.Term(prev),
			Entries: leader.Log.Truncate(prev + 1).After(prev), LeaderCommit: prev}
		theirs[i] = etcdAppend(&ours[i])
	}
	beside(b, func() (reference, etcd func(i int)) {
		node := follower(0)
		node.Log = leader.Log.Truncate(1)
		return delivering(b, node, ours), stepping(b, newEtcdNode(node), theirs)
	})
}

// follower gives a follower of term 2 in a cluster of three, with that many
// entries of term 1.
func follower(entries int) *raft.Node {
	n := raft.NewNode(self, 3, raft.Figure2())
	n.CurrentTerm = 2
	for range entries {
		n.Log = n.Log.Append(raft.Entry{Term: 1})
	}
	return n
}

func delivering(b *testing.B, n *raft.Node, ms []raft.AppendEntries) func(i int) {
	return func(i int) {
		if resp, _, _ := n.HandleAppendEntries(&ms[i]); !resp.Success {
			b.Fatalf("the reference refuses %v", ms[i])
		}
	}
}

func stepping(b *testing.B, e *etcdNode, ms []*pb.Message) func(i int) {
	return func(i int) {
		must(e.raw.Step(ms[i]))
		e.drain()
		if len(e.sent) != 1 || e.sent[0].GetReject() {
			b.Fatalf("etcd answers %v to %v", e.sent, ms[i])
		}
	}
}

// beside times bursts of both kinds in turn, and reports how much faster the
// reference is.
func beside(b *testing.B, start func() (reference, etcd func(i int))) {
	var ours, theirs time.Duration
	deliveries := 0
	for b.Loop() {
		reference, etcd := start()
		ours += timed(reference)
		theirs += timed(etcd)
		deliveries += burst
	}
	perDelivery := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(deliveries) }
	b.ReportMetric(perDelivery(ours), "ns/reference")
	b.ReportMetric(perDelivery(theirs), "ns/etcd")
	b.ReportMetric(float64(theirs)/float64(ours), "times-faster")
	b.ReportMetric(0, "ns/op") // that of two bursts says nothing
}

func timed(deliver func(i int)) time.Duration {
	start := time.Now()
	for i := range burst {
		deliver(i)
	}
	return time.Since(start)
}
