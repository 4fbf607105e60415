package raft

import (
	"fmt"
	"testing"
)

// A cast is the servers of one of the paper's figures; S1 is cast[0].
type cast []*Node

// castOf gives servers that have these logs, all of them followers in a term.
func castOf(term Term, logs ...string) cast {
	var c cast
	for i, log := range logs {
		n := NewNode(NodeID(i+1), len(logs), Figure2())
		n.CurrentTerm, n.Log = term, NewLog(parseEntries(log)...)
		c = append(c, n)
	}
	return c
}

// elect lets the server time out, and asks these for their votes. It gives the
// number of votes, the server's own included.
func (c cast) elect(candidate NodeID, voters ...NodeID) int {
	n, votes := c[candidate-1], 1
	n.Timeout()
	m := n.RequestVote()
	for _, id := range voters {
		resp, _, _ := c[id-1].HandleRequestVote(&m)
		n.HandleVote(Vote{From: id, Request: m.Term, Term: resp.Term, Granted: resp.VoteGranted})
		if resp.VoteGranted {
			votes++
		}
	}
	return votes
}

// replicate lets the leader send AppendEntries until the follower has all of
// its log. It gives the number of refusals on the way.
func (c cast) replicate(leader, follower NodeID) int {
	n, refusals := c[leader-1], 0
	for n.MatchIndex[follower-1] < n.Log.LastIndex() && refusals < 99 {
		m := n.AppendEntries(follower)
		resp, _, _ := c[follower-1].HandleAppendEntries(&m)
		n.HandleAck(Ack{From: follower, Request: m.Term, Term: resp.Term, Success: resp.Success,
			MatchIndex: m.LastNewIndex(), Entries: m.Entries.Len()})
		if !resp.Success {
			refusals++
		}
	}
	return refusals
}

// want holds a server's role, term, log and commitIndex against what the paper
// draws.
func (c cast) want(t *testing.T, scene string, id NodeID, state string) {
	t.Helper()
	n := c[id-1]
	got := fmt.Sprintf("%v t%d %v commit=%d", n.Role, n.CurrentTerm, n.Log.Entries(), n.CommitIndex)
	if got != state {
		t.Errorf("%s: S%d is\n     %s\nwant %s", scene, id, got, state)
	}
}

// Figure 7: the leader of term 8 and what its followers' logs may look like.
const figure7Leader = "1 1 1 4 4 5 5 6 6 6"

var figure7 = []struct {
	name     string
	why      string
	log      string
	votes    bool // for the server on top, in the election for term 8
	refusals int  // until nextIndex, from 11 down, finds where the logs agree
	truncate int  // entries that go once the leader has an entry of term 8
}{
	{"a", "misses the last entry", "1 1 1 4 4 5 5 6 6", true, 1, 0},
	{"b", "misses all after index 4", "1 1 1 4", true, 6, 0},
	{"c", "has one more entry of term 6", "1 1 1 4 4 5 5 6 6 6 6", false, 0, 1},
	{"d", "has two entries of term 7", "1 1 1 4 4 5 5 6 6 6 7 7", false, 0, 2},
	{"e", "has uncommitted entries of term 4 past index 5", "1 1 1 4 4 4 4", true, 5, 2},
	{"f", "led terms 2 and 3 and committed nothing", "1 1 1 2 2 2 3 3 3 3 3", true, 7, 8},
}

// §5.4.1 on Figure 7: who votes for the server on top, which ends at 10/6.
func TestFigure7Votes(t *testing.T) {
	for _, f := range figure7 {
		c := castOf(7, figure7Leader, f.log)
		if got := c.elect(1, 2) == 2; got != f.votes {
			t.Errorf("RV2b (§5.4.1), Figure 7 (%s) %s, log %s: votes for the log %s: %t, want %t",
				f.name, f.why, f.log, figure7Leader, got, f.votes)
		}
	}
}

// §5.3 on Figure 7: the consistency check finds where the logs agree, one
// refusal after the other, and then makes the follower's log the leader's.
func TestFigure7Repair(t *testing.T) {
	for _, f := range figure7 {
		c := castOf(8, figure7Leader, f.log)
		c[0].Elect(8)
		if refusals := c.replicate(1, 2); refusals != f.refusals {
			t.Errorf("AE2, L3 (§5.3), Figure 7 (%s) %s: %d refusals, want %d", f.name, f.why, refusals, f.refusals)
		}
		c[0].ClientRequest("x")
		if m := c[0].AppendEntries(2); m.PrevLogIndex != 10 || m.Entries.Len() != 1 {
			t.Errorf("L3, Figure 7 (%s): the leader sends %v, want the entry at index 11 alone", f.name, m)
		}
		c.replicate(1, 2)
		c.want(t, "AE3, AE4 (§5.3), Figure 7 ("+f.name+") "+f.why, 2, "follower t8 [1 1 1 4 4 5 5 6 6 6 8:x] commit=0")
	}
}

// Without a new entry the leader's heartbeat agrees with (c) and (d) at index
// 10, and their uncommitted entries past it stay until one conflicts.
func TestFigure7SurplusStays(t *testing.T) {
	for _, f := range figure7 {
		var decisions []Decision
		c := castOf(8, figure7Leader, f.log)
		c[1].Record = &decisions
		c[0].Elect(8)
		c.replicate(1, 2)
		if surplus := (f.name == "c" || f.name == "d"); surplus && c[1].Log.LastIndex() <= 10 {
			t.Errorf("AE3, Figure 7 (%s): a heartbeat deleted entries past prevLogIndex: %v", f.name, c[1].Log.Entries())
		}
		c[0].ClientRequest("x")
		c.replicate(1, 2)
		deleted := 0
		for _, d := range decisions {
			if d.Rule == AE3 && d.Outcome == Acted {
				deleted += int(d.To - d.From + 1)
			}
		}
		if deleted != f.truncate {
			t.Errorf("AE3 (§5.3), Figure 7 (%s) %s: %d entries deleted, want %d", f.name, f.why, deleted, f.truncate)
		}
	}
}

// figure8c plays Figure 8 from (a) to (c): S1, leader of term 2, has brought
// its entry to S2 and crashed; S5 has won term 3 with the votes of S3 and S4,
// taken an entry for itself and crashed; S1 is leader again, in term 4, has
// taken an entry of that term, and brought the one of term 2 to S3.
func figure8c(t *testing.T) cast {
	c := castOf(1, "1", "1", "1", "1", "1")
	c.elect(1, 2, 3, 4, 5)
	c[0].ClientRequest("")
	c.replicate(1, 2)
	c.want(t, "Figure 8 (a)", 1, "leader t2 [1 2] commit=0")
	c.want(t, "Figure 8 (a)", 2, "follower t2 [1 2] commit=0")
	c[0].Restart()

	c.elect(5, 3, 4, 1) // S1, back again, refuses: its log is ahead
	c[4].ClientRequest("")
	c.want(t, "Figure 8 (b)", 5, "leader t3 [1 3] commit=0")
	c[4].Restart()

	c.elect(1, 2, 3, 4)
	c.replicate(1, 3) // refused at index 2 first; then the entry of term 2
	c[0].ClientRequest("")
	c.want(t, "Figure 8 (c)", 1, "leader t4 [1 2 4] commit=0")
	c.want(t, "Figure 8 (c)", 3, "follower t4 [1 2] commit=0")
	return c
}

// §5.4.2, Figure 8 (c): an entry of an earlier term on a majority of servers is
// not committed by counting its copies.
func TestFigure8OldTermNotCommitted(t *testing.T) {
	c := figure8c(t)
	d := c[0].HandleAck(Ack{From: 2, Request: 4, Term: 4, Success: true, MatchIndex: 2, Entries: 1})
	if d.Rule != L3 {
		t.Fatalf("L3: S2's answer was decided by %s", deciding(d))
	}
	c.want(t, "L4 (§5.4.2), Figure 8 (c): S1, S2 and S3 have the entry of term 2", 1, "leader t4 [1 2 4] commit=0")
}

// Figure 8 (d): S1 crashes, S5 wins with the votes of S2, S3 and S4, and its
// entry of term 3 takes the place of the one that a majority had.
func TestFigure8OldTermOverwritten(t *testing.T) {
	c := figure8c(t)
	c[0].Restart()
	if votes := c.elect(5, 2, 3, 4); votes != 1 {
		t.Errorf("RV2a (§5.2), Figure 8 (d): S2, S3 and S4 have voted in term 4; S5 has %d votes, want its own alone", votes)
	}
	c.elect(5, 2, 3, 4)
	c.want(t, "RV2b (§5.4.1), Figure 8 (d): last term 3 is the latest", 5, "leader t5 [1 3] commit=0")
	for id := NodeID(1); id <= 4; id++ {
		c.replicate(5, id)
		c.want(t, "AE3 (§5.3), Figure 8 (d)", id, "follower t5 [1 3] commit=0")
	}
	c.want(t, "L4 (§5.4.2), Figure 8 (d): term 3 is not S5's current one", 5, "leader t5 [1 3] commit=0")
}

// Figure 8 (e): S1 brings an entry of its own term to a majority. That is
// committed, the one of term 2 with it, and S5 can win no more.
func TestFigure8OwnTermCommitted(t *testing.T) {
	c := figure8c(t)
	c.replicate(1, 2)
	c.want(t, "L4 (§5.4.2), Figure 8 (e): two of five have the entry of term 4", 1, "leader t4 [1 2 4] commit=0")
	c.replicate(1, 3)
	c.want(t, "L4 (§5.4.2), Figure 8 (e): three of five have the entry of term 4", 1, "leader t4 [1 2 4] commit=3")
	c[0].Restart()
	for range 3 {
		c.elect(5, 2, 3, 4)
		if c[4].Role == Leader {
			t.Fatal("RV2b (§5.4.1), Figure 8 (e): S5 wins with the log [1 3], though S2 and S3 have entries of term 4")
		}
	}
}
