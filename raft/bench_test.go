package raft

import (
	"fmt"
	"testing"
)

// followerOf gives a follower of the leader's term that has these entries too.
func followerOf(leader *Node) *Node {
	n := NewNode(2, leader.Size, Figure2())
	n.CurrentTerm, n.Log, n.CommitIndex, n.LastApplied = leader.CurrentTerm, leader.Log, leader.CommitIndex, leader.LastApplied
	return n
}

// leaderOf gives the leader of term 2 in a cluster of three, with a log of
// that many entries of term 1, all committed.
func leaderOf(entries int) *Node {
	n := NewNode(1, 3, Figure2())
	n.Log = NewLog(make([]Entry, entries)...)
	n.CommitIndex, n.LastApplied = n.Log.LastIndex(), n.Log.LastIndex()
	n.Elect(2)
	return n
}

// One heartbeat, delivered and answered. Goal: 100 ns, no allocation, whatever
// the length of the log.
func BenchmarkDeliverHeartbeat(b *testing.B) {
	for _, entries := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("log=%d", entries), func(b *testing.B) {
			leader := leaderOf(entries)
			follower, m := followerOf(leader), leader.AppendEntries(2)
			b.ReportAllocs()
			for b.Loop() {
				follower.HandleAppendEntries(&m)
			}
			b.ReportMetric(100, "ns/op-goal")
			b.ReportMetric(0, "allocs/op-goal")
		})
	}
}

// A heartbeat that checks an entry in the middle of a long log.
func BenchmarkDeliverHeartbeatMiddle(b *testing.B) {
	leader := leaderOf(100_000)
	follower := followerOf(leader)
	m := &AppendEntries{Term: 2, LeaderID: 1, PrevLogIndex: 33_333}
	b.ReportAllocs()
	for b.Loop() {
		follower.HandleAppendEntries(m)
	}
}

// One new entry, delivered, appended and answered; the next message commits it.
// The log grows to 100,000 entries, then another follower begins. Goal: 200 ns.
func BenchmarkDeliverEntry(b *testing.B) {
	leader := leaderOf(0)
	leader.Log = leader.Log.Append(make([]Entry, 100_000)...)
	b.Run("leader's", func(b *testing.B) {
		deliverEntries(b, leader, func(prev Index) Entries {
			return leader.Log.Truncate(prev + 1).After(prev)
		})
	})
	b.Run("written", func(b *testing.B) {
		deliverEntries(b, leader, func(prev Index) Entries {
			return NewEntries(prev, leader.Log.Term(prev), leader.Log.Entry(prev+1))
		})
	})
}

// deliverEntries delivers the leader's log entry by entry, in messages that are
// made beforehand.
func deliverEntries(b *testing.B, leader *Node, entries func(prev Index) Entries) {
	ms := make([]AppendEntries, leader.Log.LastIndex())
	for i := range ms {
		prev := Index(i)
		ms[i] = AppendEntries{Term: 2, LeaderID: 1, PrevLogIndex: prev, PrevLogTerm: leader.Log.Term(prev),
			Entries: entries(prev), LeaderCommit: prev}
	}
	var follower *Node
	next := len(ms)
	b.ReportAllocs()
	for b.Loop() {
		if next == len(ms) {
			follower, next = NewNode(2, 3, Figure2()), 0
		}
		follower.HandleAppendEntries(&ms[next])
		next++
	}
	if follower.Log.LastIndex() != Index(next) || follower.CommitIndex != Index(next-1) {
		b.Fatalf("AE4, AE5: the follower has %d of %d entries, %d committed", follower.Log.LastIndex(), next, follower.CommitIndex)
	}
}

// The whole round: a client's command, the leader's message, the follower's
// answer, the leader's commit.
func BenchmarkReplicateEntry(b *testing.B) {
	leader := leaderOf(0)
	follower := followerOf(leader)
	var m AppendEntries
	b.ReportAllocs()
	for b.Loop() {
		leader.ClientRequest("x")
		m = leader.AppendEntries(2)
		resp, _, _ := follower.HandleAppendEntries(&m)
		leader.HandleAck(Ack{From: 2, Request: m.Term, Term: resp.Term, Success: resp.Success, MatchIndex: m.LastNewIndex(), Entries: 1})
	}
	if leader.CommitIndex != leader.Log.LastIndex() {
		b.Fatalf("L4: the leader has committed %d of %d entries", leader.CommitIndex, leader.Log.LastIndex())
	}
}

// A conflict at the end of a long log: two leaders' entries take turns.
func BenchmarkDeliverConflict(b *testing.B) {
	base := leaderOf(1000).Log
	a, z := base.Append(Entry{2, "a"}).After(1000), base.Append(Entry{3, "z"}).After(1000)
	follower := followerOf(leaderOf(1000))
	m := &AppendEntries{Term: 3, LeaderID: 1, PrevLogIndex: 1000}
	b.ReportAllocs()
	for b.Loop() {
		if m.Entries = a; follower.Log.LastTerm() == 2 {
			m.Entries = z
		}
		follower.HandleAppendEntries(m)
	}
}

func BenchmarkDeliverRequestVote(b *testing.B) {
	voter := followerOf(leaderOf(100_000))
	for _, r := range []struct{ name, request string }{
		{"granted", "RV t2 from 3 last=100000/0"},
		{"refused", "RV t2 from 3 last=99999/0"},
		{"stale", "RV t1 from 3 last=100000/0"},
	} {
		b.Run(r.name, func(b *testing.B) {
			m := parseRequestVote(r.request)
			b.ReportAllocs()
			for b.Loop() {
				voter.HandleRequestVote(m)
			}
		})
	}
}

// What comes most often costs no memory: heartbeats, votes, and even entries
// where the leader's own copy can be shared.
func TestDeliveryAllocates(t *testing.T) {
	const runs = 1000
	leader := leaderOf(0)
	follower, empty := followerOf(leader), leader.AppendEntries(2)
	vote := parseRequestVote("RV t2 from 3 last=100/2")
	var news []AppendEntries
	for range runs + 1 { // AllocsPerRun makes one run more, to warm up
		leader.ClientRequest("x")
		m := leader.AppendEntries(2)
		leader.HandleAck(Ack{From: 2, Request: 2, Term: 2, Success: true, MatchIndex: m.LastNewIndex()})
		news = append(news, m)
	}
	for _, r := range []struct {
		what    string
		deliver func()
	}{
		{"AE: an empty AppendEntries", func() { follower.HandleAppendEntries(&empty) }},
		{"RV: a RequestVote", func() { follower.HandleRequestVote(vote) }},
		{"AE4: a leader's new entry", func() { follower.HandleAppendEntries(&news[0]); news = news[1:] }},
		{"L3, L4: a success", func() { leader.HandleAck(Ack{From: 3, Request: 2, Term: 2, Success: true, MatchIndex: 5}) }},
	} {
		if n := testing.AllocsPerRun(runs, r.deliver); n != 0 {
			t.Errorf("%s allocates %v times a delivery, want never", r.what, n)
		}
	}
	if follower.Log.LastIndex() != runs+1 {
		t.Errorf("AE4: the follower has %d entries, want %d", follower.Log.LastIndex(), runs+1)
	}
}
