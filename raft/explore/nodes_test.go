package explore_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// A bench is raft.Node values to which a behaviour's events happen, one after the
// other, with nothing of the explorer but the events. It looks at the properties
// the slow way.
type bench struct {
	t     *testing.T
	nodes []*raft.Node    // by NodeID-1
	sent  map[string]bool // every request and answer so far
	was   []raft.State    // before the latest event
	led   map[raft.Term]raft.NodeID
	first []firstCommitted // by index from 1
}

// A firstCommitted is what was first committed at an index, and in which term.
type firstCommitted struct {
	entry raft.Entry
	term  raft.Term
}

// properties is those that are broken.
type properties map[explore.Property]bool

// confirmOnNodes reports whether a behaviour breaks its property, in its last
// action and not before. All states on the way must be those of the behaviour.
func confirmOnNodes(t *testing.T, b *explore.Behavior) bool {
	t.Helper()
	w := &bench{t: t, sent: make(map[string]bool), led: make(map[raft.Term]raft.NodeID)}
	for i := range b.Scope.Nodes {
		w.nodes = append(w.nodes, raft.NewNode(raft.NodeID(i+1), b.Scope.Nodes, raft.Figure2()))
	}
	var broken properties
	for k, s := range b.Steps {
		broken = make(properties)
		for _, e := range s.Events {
			w.was = nil
			for _, n := range w.nodes {
				w.was = append(w.was, n.State.Clone())
			}
			w.happen(e)
			w.look(broken, e)
		}
		for i, n := range w.nodes {
			if !sameState(&n.State, &s.States[i]) {
				t.Fatalf("action %d: node %d is %+v, and in the explorer %+v\n%s", k+1, n.ID, n.State, s.States[i], happens(b))
			}
		}
		before := broken[b.Breach.Property] || b.Scope.Only == explore.None && len(broken) > 0
		if last := k == len(b.Steps)-1; !last && before {
			t.Fatalf("action %d of %d: %v is broken already\n%s", k+1, len(b.Steps), broken, happens(b))
		}
	}
	return broken[b.Breach.Property] || b.Breach.Property == explore.None && len(broken) == 0
}

func (w *bench) happen(e explore.Event) {
	switch e := e.(type) {
	case explore.Timeout:
		w.node(e.Node).Timeout()
	case explore.ClientRequest:
		w.node(e.Node).ClientRequest(e.Value)
	case explore.StepDown:
		if !w.node(e.Node).StepDown() {
			w.t.Fatalf("node %d steps down, and is a follower already", e.Node)
		}
	case explore.Restart:
		lost, err := w.node(e.Node).RestartFrom(e.Disk)
		if err != nil || lost != (e.Disk != raft.Disk{}) {
			w.t.Fatalf("restart of node %d from %+v: lost %t, %v", e.Node, e.Disk, lost, err)
		}
	case explore.VoteRequest:
		w.vote(e)
	case explore.AppendRequest:
		w.append(e)
	case explore.VoteAnswer:
		w.known(voteText(e.To, e.Vote))
		w.node(e.To).HandleVote(e.Vote)
	case explore.AppendAnswer:
		w.known(ackText(e.To, e.Ack))
		w.node(e.To).HandleAck(e.Ack)
	default:
		w.t.Fatalf("%T happens to no node", e)
	}
}

func (w *bench) node(id raft.NodeID) *raft.Node { return w.nodes[id-1] }

// known fails unless a message has been sent.
func (w *bench) known(text string) {
	if !w.sent[text] {
		w.t.Fatalf("nobody has sent %s", text)
	}
}

func (w *bench) vote(e explore.VoteRequest) {
	m := e.Request
	if from := w.node(m.CandidateID); from.Role == raft.Candidate {
		w.sent[from.RequestVote().String()] = true
	}
	w.known(m.String())
	if e.Delivery == explore.RequestLate {
		return
	}
	resp, _, replied := w.node(e.To).HandleRequestVote(&m)
	if replied != e.Replied || resp.VoteGranted != e.OK {
		w.t.Fatalf("%v to %d: answered %t, granted %t; in the explorer %+v", m, e.To, replied, resp.VoteGranted, e.Receipt)
	}
	v := raft.Vote{From: e.To, Request: m.Term, Term: resp.Term, Granted: resp.VoteGranted}
	w.sent[voteText(m.CandidateID, v)] = true
	if replied && (e.Delivery == explore.Answered || e.Delivery == explore.RequestRepeated) {
		w.node(m.CandidateID).HandleVote(v)
	}
}

func (w *bench) append(e explore.AppendRequest) {
	m := e.Request
	if from := w.node(m.LeaderID); from.Role == raft.Leader {
		now := from.AppendEntries(e.To)
		w.sent[now.String()] = true
		now.Entries = raft.Entries{}
		w.sent[now.String()] = true
	}
	w.known(m.String())
	if e.Delivery == explore.RequestLate {
		return
	}
	resp, _, replied := w.node(e.To).HandleAppendEntries(&m)
	if replied != e.Replied || resp.Success != e.OK {
		w.t.Fatalf("%v to %d: answered %t, success %t; in the explorer %+v", m, e.To, replied, resp.Success, e.Receipt)
	}
	a := raft.Ack{From: e.To, Request: m.Term, Term: resp.Term, Success: resp.Success, MatchIndex: resp.MatchIndex, Entries: m.Entries.Len()}
	w.sent[ackText(m.LeaderID, a)] = true
	if replied && (e.Delivery == explore.Answered || e.Delivery == explore.RequestRepeated) {
		w.node(m.LeaderID).HandleAck(a)
	}
}

// A late answer says its own term, and not which request it answers.
func voteText(to raft.NodeID, v raft.Vote) string {
	return fmt.Sprintf("vote to %d: from %d t%d %t", to, v.From, v.Term, v.Granted)
}

func ackText(to raft.NodeID, a raft.Ack) string {
	return fmt.Sprintf("ack to %d: from %d t%d %t match=%d of %d", to, a.From, a.Term, a.Success, a.MatchIndex, a.Entries)
}

// look adds the properties that an event has broken.
func (w *bench) look(broken properties, e explore.Event) {
	for i, n := range w.nodes {
		was := &w.was[i]
		if n.Role == raft.Leader {
			if other, led := w.led[n.CurrentTerm]; led && other != n.ID {
				broken[explore.ElectionSafety] = true
			}
			w.led[n.CurrentTerm] = n.ID
			stays := was.Role == raft.Leader && was.CurrentTerm == n.CurrentTerm
			if stays && !n.Log.StartsWith(was.Log) {
				broken[explore.LeaderAppendOnly] = true
			}
		}
		for _, other := range w.nodes {
			if !match(n.Log, other.Log) || !match(n.Log, was.Log) {
				broken[explore.LogMatching] = true
			}
		}
		w.commits(broken, n)
	}
	for _, n := range w.nodes {
		for i, c := range w.first {
			if n.Role == raft.Leader && n.CurrentTerm > c.term && n.Log.Entry(raft.Index(i+1)) != c.entry {
				broken[explore.LeaderCompleteness] = true
			}
		}
	}
}

// commits: nobody commits something else than was committed first.
func (w *bench) commits(broken properties, n *raft.Node) {
	for i := raft.Index(1); i <= n.CommitIndex; i++ {
		switch now := n.Log.Entry(i); {
		case int(i) > len(w.first):
			w.first = append(w.first, firstCommitted{now, n.CurrentTerm})
		case w.first[i-1].entry != now:
			broken[explore.StateMachineSafety] = true
		}
	}
}

// match: an entry's index and term tell it, and all before it.
func match(a, b raft.Log) bool {
	for i := min(a.LastIndex(), b.LastIndex()); i > 0; i-- {
		if a.Term(i) == b.Term(i) && !a.Truncate(i).StartsWith(b.Truncate(i)) {
			return false
		}
	}
	return true
}

// happens is a behaviour's events, an action a line.
func happens(b *explore.Behavior) string {
	var s strings.Builder
	for _, step := range b.Steps {
		for _, e := range step.Events {
			fmt.Fprintf(&s, "  %T%+v", e, e)
		}
		fmt.Fprintln(&s)
	}
	return s.String()
}

// What the explorer does with a cluster that steps down and loses is what
// raft.Node values do to which the same happens, and its trace is read back as it
// was written. If this fails, a counterexample with a
// step down or a loss is one in the explorer's own world alone.
func TestWalksOnNodes(t *testing.T) {
	t.Parallel()
	steps, lost := 0, 0
	for k, s := range []explore.Scope{
		{Nodes: 3, Terms: 4, Log: 3, Timeouts: 2, Lost: true, Restarts: true, StepDowns: true, InFlight: 2, Late: explore.AnyLate},
		{Nodes: 3, Terms: 4, Log: 3, Timeouts: 2, StepDowns: true, Losses: explore.AnyLoss, InFlight: 1, Late: explore.AnyLate},
		{Nodes: 5, Terms: 4, Log: 2, Timeouts: 2, Together: true, StepDowns: true, Losses: explore.LostEntry},
	} {
		rng := rand.New(rand.NewPCG(9, uint64(k)))
		for range wide.Of(50, 1000) {
			b := explore.Walk(s, raft.Figure2(), 40, rng)
			if !confirmOnNodes(t, b) {
				t.Fatalf("raft.Node values that do the same break a property\n%s", happens(b))
			}
			for _, step := range b.Steps {
				switch e := step.Events[0].(type) {
				case explore.StepDown:
					steps++
				case explore.Restart:
					if e.Disk != (raft.Disk{}) {
						lost++
					}
				}
			}
			readsBack(t, b)
		}
	}
	if steps < 100 || lost < 100 {
		t.Errorf("%d steps down and %d losses in all walks; they show nothing", steps, lost)
	}
}

// readsBack writes a behaviour's trace, reads it and writes it again. Comments are
// not read.
func readsBack(t *testing.T, b *explore.Behavior) {
	t.Helper()
	c := variant.Counterexample(b, "figure2", "")
	c.Comment = ""
	for i := range c.Steps {
		c.Steps[i].Comment = ""
	}
	written := text(c)
	f, err := trace.Parse("walk.yaml", []byte(written), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("%v\n%s", err, written)
	}
	if again := text(f.Traces[0]); again != written {
		t.Fatalf("written:\n%s\nread, and written again:\n%s", written, again)
	}
}
