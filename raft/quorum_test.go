package raft

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// §6: who counts is the voters. A learner "receives log entries, but is not
// counted for majorities".
func TestSection6Learners(t *testing.T) {
	const one = "t3 candidate vote=1 [1] commit=0 votes=1"
	playConfigured(t, 5, "1,2,3", []paperRow{
		{C2, "two of three voters are a majority", one, "vote from 2 asked t3 says t3 granted", "C2 acted", "t3 leader vote=1 [1] commit=0 next=2,2,2,2,2 match=0,0,0,0,0"},
		{C2, "a learner's vote does not count", one, "vote from 4 asked t3 says t3 granted", "C2 acted", "t3 candidate vote=1 [1] commit=0 votes=1,4"},
		{C2, "two learners' neither", "^", "vote from 5 asked t3 says t3 granted", "C2 acted", "t3 candidate vote=1 [1] commit=0 votes=1,4,5"},
		{L4, "a learner's copy does not count", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,0,0", "ack from 5 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,0,1"},
		{L4, "a voter's does", "^", "ack from 3 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=1 next=2,2,2,2,2 match=0,0,1,0,1"},
	})
	playConfigured(t, 5, "2,3,4", []paperRow{
		{C1, "a learner may stand; its own vote does not count", "t2 follower vote=- [] commit=0", "timeout", "C1 acted", "t3 candidate vote=1 [] commit=0 votes=1"},
		{C2, "one vote of three", "^", "vote from 2 asked t3 says t3 granted", "C2 acted", "t3 candidate vote=1 [] commit=0 votes=1,2"},
		{C2, "two of three", "^", "vote from 4 asked t3 says t3 granted", "C2 acted", "t3 leader vote=1 [] commit=0 next=1,1,1,1,1 match=0,0,0,0,0"},
		{L4, "its own copy does not count", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,0,0", "ack from 2 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,1,0,0,0"},
		{L4, "two voters' do", "^", "ack from 3 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=1 next=2,2,2,2,2 match=0,1,1,0,0"},
	})
	playConfigured(t, 3, "1", []paperRow{
		{C2, "the one voter leads at once", "t2 follower vote=- [] commit=0", "timeout", "C1 acted", "t3 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0"},
		{L4, "and commits at once", "^", "client x", "L2 acted", "t3 leader vote=1 [3:x] commit=1 next=1,1,1 match=0,0,0"},
	})
	playConfigured(t, 3, "2", []paperRow{
		{L4, "a learner that leads commits nothing by itself", "t3 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", "client x", "L2 acted", "t3 leader vote=1 [3:x] commit=0 next=1,1,1 match=0,0,0"},
	})
}

// §6: "Agreement (for elections and entry commitment) requires separate majorities
// from both the old and new configurations."
func TestSection6Joint(t *testing.T) {
	const two = "t3 candidate vote=1 [] commit=0 votes=1,2"
	playConfigured(t, 5, "1,2,3 and 3,4,5", []paperRow{
		{C2, "a majority of the old alone does not elect", "t3 candidate vote=1 [] commit=0 votes=1", "vote from 2 asked t3 says t3 granted", "C2 acted", two},
		{C2, "two of each elect", "t3 candidate vote=1 [] commit=0 votes=1,4", "vote from 3 asked t3 says t3 granted", "C2 acted", "t3 leader vote=1 [] commit=0 next=1,1,1,1,1 match=0,0,0,0,0"},
		{C2, "a majority of the new alone does not elect", "t3 candidate vote=1 [] commit=0 votes=1,4", "vote from 5 asked t3 says t3 granted", "C2 acted", "t3 candidate vote=1 [] commit=0 votes=1,4,5"},
		{C2, "one that is in both counts in both", two, "vote from 3 asked t3 says t3 granted", "C2 acted", "t3 candidate vote=1 [] commit=0 votes=1,2,3"},
		{L4, "one copy in the new", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,0,0", "ack from 4 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,1,0"},
		{L4, "copies on a majority of the new do not commit", "^", "ack from 5 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,1,1"},
		{L4, "copies on a majority of the old do not commit", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,0,0", "ack from 2 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,1,0,0,0"},
		{L4, "nor does one of the new with it", "^", "ack from 5 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,1,0,0,1"},
		{L4, "a majority of both does", "^", "ack from 4 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [3] commit=1 next=2,2,2,2,2 match=0,1,0,1,1"},
	})
	playConfigured(t, 3, "1 and 1,2", []paperRow{
		{L4, "the one voter of the old is not the one of the new", "t3 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", "client x", "L2 acted", "t3 leader vote=1 [3:x] commit=0 next=1,1,1 match=0,0,0"},
	})
	playConfigured(t, 3, "1 and 1", []paperRow{
		{L4, "the one voter of both commits at once", "t3 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", "client x", "L2 acted", "t3 leader vote=1 [3:x] commit=1 next=1,1,1 match=0,0,0"},
	})
}

// After another configuration is in force a leader asks at once what that commits;
// votes are not counted again.
func TestSection6Change(t *testing.T) {
	playRows(t, 5, []paperRow{
		{L4, "a smaller configuration: two of three have the entry", "t3 leader vote=1 [1 3] commit=0 next=3,3,3,3,3 match=0,2,0,0,0", "voters 1,2,3", "L4 acted", "t3 leader vote=1 [1 3] commit=2 next=3,3,3,3,3 match=0,2,0,0,0"},
		{L4, "in joint consensus the new one is asked too", "t3 leader vote=1 [1 3] commit=0 next=3,3,3,3,3 match=0,2,0,0,0", "voters 1,2,3 and 3,4,5", "L4 idle", "="},
		{L4, "an entry of an earlier term is not committed by counting then either", "t3 leader vote=1 [1 1] commit=0 next=3,3,3,3,3 match=0,2,0,0,0", "voters 1,2,3", "L4 idle", "="},
		{C2, "a candidate does not count its votes again", "t3 candidate vote=1 [] commit=0 votes=1,2", "voters 1,2,3", " passed", "="},
		{C2, "it does with the next vote", "^", "vote from 2 asked t3 says t3 granted", "C2 acted", "t3 leader vote=1 [] commit=0 next=1,1,1,1,1 match=0,0,0,0,0"},
		{NoRule, "a follower has nothing to count", "t3 follower vote=- [] commit=0", "voters 1,2,3", " passed", "="},
	})
}

// The figures of a decision are those of the list that is further from its
// majority; of two that are equally far, of the old one.
func TestSection6Figures(t *testing.T) {
	for _, r := range []struct {
		voters      string
		count, need int
	}{
		{"1,2,3 and 1,2,3,4,5", 2, 3}, // the new one is one short
		{"1,2,3,4,5 and 1,2,3", 2, 3},
		{"1,3,5 and 1,2,3,4,5", 1, 2}, // each is one short
		{"3,4,5 and 1,2", 0, 2},
	} {
		n := nodeIn(5, "t3 candidate vote=1 [] commit=0 votes=1")
		n.Configuration = parseVoters(r.voters)
		if d := n.HandleVote(Vote{From: 2, Request: 3, Term: 3, Granted: true}); d.Count != r.count || d.Need != r.need {
			t.Errorf("C2 (§6): voters %s, votes of 1 and 2: %d of %d, want %d of %d", r.voters, d.Count, d.Need, r.count, r.need)
		}
	}
	n := nodeIn(5, "t3 leader vote=1 [3] commit=0 next=2,2,2,2,2 match=0,0,0,0,0")
	if d := n.Configure(parseVoters("1,2,3 and 1,2,3,4,5")); d.Need != 2 {
		t.Errorf("L4 (§6): neither list has a majority: need %d, want 2, of the old", d.Need)
	}
	if d := n.Configure(parseVoters("1 and 1,2,3,4,5")); d.Need != 3 {
		t.Errorf("L4 (§6): the new list holds it back: need %d, want 3", d.Need)
	}
}

// Where nobody votes nothing is committed.
func TestSection6NoVoters(t *testing.T) {
	n := nodeIn(3, "t3 leader vote=1 [3] commit=0 next=2,2,2 match=0,1,1")
	says := func() (says string) {
		defer sayPanic(&says)
		return deciding(n.Configure(Configuration{}))
	}()
	if says != "L4 idle" || n.CommitIndex != 0 {
		t.Errorf("L4 (§6): without voters: %s, commitIndex %d", says, n.CommitIndex)
	}
}

// playConfigured plays the rows to server 1, who counts by those voters.
func playConfigured(t *testing.T, size int, voters string, rows []paperRow) {
	t.Helper()
	playRowsWith(t, rows, func(state string) *Node {
		n := nodeIn(size, state)
		n.Configuration = parseVoters(voters)
		return n
	})
}

// Counting agrees with the slow and obvious: every set of voters, one by one.
func TestCountsAgree(t *testing.T) {
	c := rand.New(rand.NewPCG(6, 6))
	for range 50_000 {
		n := NewNode(NodeID(1+c.IntN(6)), 6, Figure2())
		n.Role, n.CurrentTerm, n.MatchIndex = Leader, 1, make([]Index, 6)
		for range c.IntN(6) {
			n.Log = n.Log.Append(Entry{Term: 1})
		}
		for i := range n.MatchIndex {
			n.MatchIndex[i] = Index(c.IntN(int(n.Log.LastIndex()) + 1))
		}
		lists := []NodeSet{NodeSet(1 + c.IntN(63)), NodeSet(c.IntN(64))}
		d := n.Configure(Configuration{lists[0], lists[1]})
		want := Index(0)
		for N := Index(1); N <= n.Log.LastIndex(); N++ {
			if n.heldBySlow(N, lists[0]) && (lists[1] == 0 || n.heldBySlow(N, lists[1])) {
				want = N
			}
		}
		if n.CommitIndex != want {
			t.Fatalf("L4 (§6): server %d, matchIndex %v, log to %d, voters %b and %b: commits %d, want %d; %+v", n.ID, n.MatchIndex, n.Log.LastIndex(), lists[0], lists[1], n.CommitIndex, want, d)
		}
		n.Votes = NodeSet(c.IntN(64))
		count, need := n.votes()
		if wins := moreThanHalf(n.Votes, lists[0]) && (lists[1] == 0 || moreThanHalf(n.Votes, lists[1])); (count >= need) != wins {
			t.Fatalf("C2 (§6): votes %b of voters %b and %b: %d of %d; it wins: %t", n.Votes, lists[0], lists[1], count, need, wins)
		}
	}
}

func (n *Node) heldBySlow(N Index, voters NodeSet) bool {
	var has NodeSet
	for i, match := range n.MatchIndex {
		if id := NodeID(i + 1); id == n.ID || match >= N {
			has = has.With(id)
		}
	}
	return moreThanHalf(has, voters)
}

func moreThanHalf(has, voters NodeSet) bool {
	count, all := 0, 0
	for id := NodeID(1); id <= MaxNodes; id++ {
		if voters.Has(id) {
			all++
			if has.Has(id) {
				count++
			}
		}
	}
	return 2*count > all
}

// A new node counts every server, in any cluster.
func TestSection6Default(t *testing.T) {
	for size := 1; size <= MaxNodes; size++ {
		if got := NewNode(1, size, Figure2()).Configuration; fmt.Sprint(got.Voters.Len(), got.Joint) != fmt.Sprint(size, 0) {
			t.Errorf("C2, L4: of %d servers %d vote; all should", size, got.Voters.Len())
		}
	}
}
