package raft

import (
	"slices"
	"testing"
)

// A leader sends what its log holds from nextIndex on, the entry before that
// to be checked, and its commitIndex (Figure 2, AppendEntries arguments). A
// candidate sends where its log ends (RequestVote arguments).
func TestRequests(t *testing.T) {
	for _, r := range []struct {
		why, was string
		to       NodeID
		want     string
	}{
		{"nothing to send: a heartbeat after the last entry", "t4 leader vote=1 [1 2:x 4] commit=2 next=4,4,4 match=0,0,0", 2, "AE t4 from 1 prev=3/4 [] commit=2"},
		{"from nextIndex on", "t4 leader vote=1 [1 2:x 4] commit=2 next=4,2,4 match=0,0,0", 2, "AE t4 from 1 prev=1/1 [2:x 4] commit=2"},
		{"the other server has its own nextIndex", "t4 leader vote=1 [1 2:x 4] commit=2 next=4,2,3 match=0,0,0", 3, "AE t4 from 1 prev=2/2 [4] commit=2"},
		{"the whole log", "t4 leader vote=1 [1 2:x 4] commit=3 next=4,1,4 match=0,0,0", 2, "AE t4 from 1 prev=0/0 [1 2:x 4] commit=3"},
		{"nextIndex below 1, which only rules that deviate come to", "t4 leader vote=1 [1 2:x 4] commit=3 next=4,0,4 match=0,0,0", 2, "AE t4 from 1 prev=0/0 [1 2:x 4] commit=3"},
		{"an empty log", "t4 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", 3, "AE t4 from 1 prev=0/0 [] commit=0"},
	} {
		m, says := sends(nodeIn(3, r.was), r.to)
		if says != r.want {
			t.Errorf("AppendEntries arguments: %s: %s sends %s, want %s", r.why, r.was, says, r.want)
		}
		if want := parseAppendEntries(r.want).LastNewIndex(); m.LastNewIndex() != want {
			t.Errorf("AppendEntries: %s: index of last new entry is %d, want %d", r.want, m.LastNewIndex(), want)
		}
	}
	for was, want := range map[string]string{
		"t4 candidate vote=1 [1 2 2] commit=1 votes=1": "RV t4 from 1 last=3/2",
		"t1 candidate vote=1 [] commit=0 votes=1":      "RV t1 from 1 last=0/0",
	} {
		if got := nodeIn(3, was).RequestVote().String(); got != want {
			t.Errorf("RequestVote arguments: %s sends %s, want %s", was, got, want)
		}
	}
}

// sends gives what a leader sends, and how it prints itself.
func sends(n *Node, to NodeID) (m AppendEntries, says string) {
	defer sayPanic(&says)
	m = n.AppendEntries(to)
	return m, m.String()
}

// What a leader sent stays what it was, whatever its log becomes.
func TestRequestsStay(t *testing.T) {
	n := nodeIn(3, "t4 leader vote=1 [1 2:x 4] commit=0 next=4,2,4 match=0,0,0")
	m := n.AppendEntries(2)
	n.ClientRequest("y")
	perform(n, "AE t5 from 2 prev=0/0 [5] commit=0")
	if got, want := m.String(), "AE t4 from 1 prev=1/1 [2:x 4] commit=0"; got != want {
		t.Errorf("AppendEntries arguments changed after they were sent: %s, want %s", got, want)
	}
}

// A copy of a leader's state keeps its nextIndex and matchIndex.
func TestStateClone(t *testing.T) {
	const was = "t4 leader vote=1 [1 2 4] commit=0 next=4,4,4 match=0,0,0"
	n := nodeIn(3, was)
	c := n.State.Clone()
	perform(n, "ack from 2 asked t4 says t4 match=3")
	if got := show(c); got != was {
		t.Errorf("Clone: the copy followed the node: %s, want %s", got, was)
	}
}

// A server starts as a follower of term 0 (Figure 2, State).
func TestNewNode(t *testing.T) {
	n := NewNode(7, 9, Figure2())
	if got, want := show(n.State), "t0 follower vote=- [] commit=0"; got != want || n.ID != 7 || n.Size != 9 {
		t.Errorf("NewNode(7, 9): server %d of %d starts as %s, want %s", n.ID, n.Size, got, want)
	}
}

func TestNodeSet(t *testing.T) {
	s := SetOf(1, 3, 64)
	if got := slices.Collect(s.All()); !slices.Equal(got, []NodeID{1, 3, 64}) || s.Len() != 3 {
		t.Errorf("SetOf(1, 3, 64) holds %v, and counts %d", got, s.Len())
	}
	for id := NoNode; id <= MaxNodes; id++ {
		if want := id == 1 || id == 3 || id == 64; s.Has(id) != want {
			t.Errorf("SetOf(1, 3, 64).Has(%d) is %t", id, !want)
		}
	}
	if got := s.Without(3).Without(3).Without(5); got != SetOf(1, 64) {
		t.Errorf("SetOf(1, 3, 64) without 3 and 5 is %b", got)
	}
	if s.With(NoNode) != s || s.Without(NoNode) != s || s.With(3) != s {
		t.Error("NoNode is in no set, and a server is in one once")
	}
	for n := 0; n <= MaxNodes; n++ {
		if all := AllNodes(n); all.Len() != n || n > 0 && !all.Has(NodeID(n)) || all.Has(NodeID(n+1)) {
			t.Errorf("AllNodes(%d) counts %d: %b", n, all.Len(), all)
		}
	}
	for id := range s.All() {
		if id == 3 {
			break
		}
	}
}

func TestEntry(t *testing.T) {
	for _, r := range []struct {
		a, b    Entry
		matches bool
	}{
		{Entry{2, "x"}, Entry{2, "x"}, true},
		{Entry{2, "x"}, Entry{2, "y"}, false},
		{Entry{2, "x"}, Entry{2, ""}, true},
		{Entry{2, ""}, Entry{2, ""}, true},
		{Entry{2, "x"}, Entry{3, "x"}, false},
		{Entry{2, ""}, Entry{3, ""}, false},
	} {
		if r.a.Matches(r.b) != r.matches || r.b.Matches(r.a) != r.matches {
			t.Errorf("%v matches %v: %t, want %t", r.a, r.b, !r.matches, r.matches)
		}
	}
	if a, b := (Entry{2, "x"}).String(), (Entry{2, ""}).String(); a != "2:x" || b != "2" {
		t.Errorf("entries print as %q and %q, want 2:x and 2", a, b)
	}
}

func TestRole(t *testing.T) {
	for _, r := range []Role{Follower, Candidate, Leader} {
		if got, ok := ParseRole(r.String()); got != r || !ok {
			t.Errorf("ParseRole(%q) is %v, %t", r, got, ok)
		}
	}
	if r, ok := ParseRole("Leader"); ok {
		t.Errorf("ParseRole(Leader) is %v, though roles are written in small letters", r)
	}
}
