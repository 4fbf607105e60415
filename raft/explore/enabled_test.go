package explore

import (
	"testing"

	"raftsheet/raft"
)

// In a cluster of two, a leader has an entry for the other server, and one such
// request is in flight. With every usual switch on there are 22 actions, counted
// by hand; each switch takes or leaves its own. If this fails, behaviours go
// unexplored though their scope says otherwise, and nothing else notices: the
// obvious walk has its actions from the same list.
func TestEnabled(t *testing.T) {
	t.Parallel()
	var c cluster
	entry := packEntry(raft.Entry{Term: 1, Value: "a"})
	c.servers[0] = server{term: 1, role: uint8(raft.Leader), voted: 1, log: run(entry), leads: true, next: [maxNodes]uint8{0, 1}, led: 1 << 1}
	c.servers[1] = server{term: 1, voted: 1}
	c.post(inFlight{kind: raft.AppendEntriesRequest, from: 1, to: 2, term: 1, entries: run(entry)})
	for _, tt := range []struct {
		what   string
		change func(s *Scope)
		want   int
	}{
		// A command; entries and a heartbeat, delivered in five ways each; three
		// arrivals; a timeout; a request for votes in five ways; two crashes.
		{"all", func(*Scope) {}, 1 + 2*5 + 3 + 1 + 5 + 2},
		{"no answer is lost", func(s *Scope) { s.Lost = false }, 1 + 2*4 + 2 + 1 + 4 + 2},
		{"no crashes", func(s *Scope) { s.Restarts = false }, 20},
		{"no more in flight", func(s *Scope) { s.InFlight = 1 }, 1 + 2*2 + 2 + 1 + 2 + 2},
		{"no late request for votes", func(s *Scope) { s.Late &^= LateVotes }, 21},
		{"no repeated one", func(s *Scope) { s.Late &^= RepeatedVotes }, 21},
		{"no late vote", func(s *Scope) { s.Late &^= LateGrants }, 21},
		{"no late entries or heartbeat", func(s *Scope) { s.Late &^= LateAppends }, 20},
		{"no repeated ones", func(s *Scope) { s.Late &^= RepeatedAppends }, 20},
		{"no late answer to them, on arrival either", func(s *Scope) { s.Late &^= LateAcks }, 19},
		{"no room in the log", func(s *Scope) { s.Log = 1 }, 21},
		{"no later term", func(s *Scope) { s.Terms = 1 }, 1 + 2*5 + 3 + 2},
		{"orderly: no heartbeat, no timeout of which nobody hears", func(s *Scope) { s.Orderly = true }, 1 + 5 + 3 + 5 + 2},
		{"the leader may step down; the other is a follower already", func(s *Scope) { s.StepDowns = true }, 22 + 1},
		{"both may lose their vote", func(s *Scope) { s.Losses = LostVote }, 22 + 2},
		{"one may lose its entry", func(s *Scope) { s.Losses = LostEntry }, 22 + 1},
		{"both may lose their term", func(s *Scope) { s.Losses = LostTerm }, 22 + 2},
		{"any of it, and no crash without", func(s *Scope) { s.Losses, s.Restarts = AnyLoss, false }, 20 + 5},
		{"the other only votes, and loses nothing", func(s *Scope) { s.Voters, s.StepDowns, s.Losses = 1, true, AnyLoss }, 1 + 3 + 1 + 1 + 3},
		{"the other only votes", func(s *Scope) { s.Voters = 1 }, 1 + 3 + 1},
	} {
		s := Scope{Nodes: 2, Terms: 2, Log: 2, Timeouts: 1, Lost: true, Restarts: true, InFlight: 2, Late: AnyLate}
		tt.change(&s)
		e := enabled{scope: &s}
		if got := e.list(&c); len(got) != tt.want {
			t.Errorf("%s: %d actions, by hand %d: %+v", tt.what, len(got), tt.want, got)
		}
	}
}
