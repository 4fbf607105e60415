package oracle

import (
	"fmt"
	"math/rand/v2"

	"raftsheet/raft"
)

// A step is one thing that happens to a server: exactly one field is set.
type step struct {
	append    *raft.AppendEntries
	ask       *raft.RequestVote
	vote      *raft.Vote
	ack       *raft.Ack
	heartbeat *heartbeat
	command   *string
	timeout   bool
}

// A heartbeat is etcd's: a leader that knows its follower's log to match up to
// the commit index that it sends.
type heartbeat struct {
	term   raft.Term
	leader raft.NodeID
	commit raft.Index
}

func (s step) String() string {
	switch {
	case s.append != nil:
		return s.append.String()
	case s.ask != nil:
		return s.ask.String()
	case s.vote != nil:
		return fmt.Sprintf("answer to RV t%d from %d: %t", s.vote.Request, s.vote.From, s.vote.Granted)
	case s.ack != nil:
		return fmt.Sprintf("answer to AE t%d from %d: %t match %d", s.ack.Request, s.ack.From, s.ack.Success, s.ack.MatchIndex)
	case s.heartbeat != nil:
		return fmt.Sprintf("heartbeat t%d from %d commit=%d", s.heartbeat.term, s.heartbeat.leader, s.heartbeat.commit)
	case s.command != nil:
		return fmt.Sprintf("command %q", *s.command)
	}
	return "timeout"
}

// request gives the term of a request, 0 for what is none.
func (s step) request() raft.Term {
	switch {
	case s.append != nil:
		return s.append.Term
	case s.ask != nil:
		return s.ask.Term
	case s.heartbeat != nil:
		return s.heartbeat.term
	}
	return 0
}

// to lets the step happen to a node of the reference.
func (s step) to(n *raft.Node) answer {
	switch {
	case s.append != nil:
		resp, _, given := n.HandleAppendEntries(s.append)
		a := reply(given, resp.Term, resp.Success)
		a.match = resp.MatchIndex
		return a
	case s.ask != nil:
		resp, _, given := n.HandleRequestVote(s.ask)
		return reply(given, resp.Term, resp.VoteGranted)
	case s.heartbeat != nil:
		resp, _, given := n.HandleAppendEntries(s.heartbeat.to(n))
		return reply(given, resp.Term, resp.Success)
	case s.vote != nil:
		n.HandleVote(*s.vote)
	case s.ack != nil:
		n.HandleAck(*s.ack)
	case s.command != nil:
		n.ClientRequest(*s.command)
	default:
		n.Timeout()
	}
	return answer{}
}

func reply(given bool, term raft.Term, ok bool) answer {
	if !given {
		return answer{}
	}
	return answer{given: given, term: term, ok: ok}
}

// to gives the AppendEntries that the heartbeat stands for: without entries,
// and its check is known to pass.
func (h heartbeat) to(n *raft.Node) *raft.AppendEntries {
	return &raft.AppendEntries{Term: h.term, LeaderID: h.leader,
		PrevLogIndex: h.commit, PrevLogTerm: n.Log.Term(h.commit), LeaderCommit: h.commit}
}

// chance draws states and steps: small numbers, so that terms, indexes and
// votes meet.
type chance struct{ *rand.Rand }

func seeded(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 0))} }

// one is true once in n times.
func (c chance) one(n int) bool { return c.IntN(n) == 0 }

// pick draws a number from lo to hi.
func (c chance) pick(lo, hi uint64) uint64 { return lo + c.Uint64N(hi-lo+1) }

// other draws the id of another server; in a cluster of one, of a stranger.
func (c chance) other(size int) raft.NodeID {
	return raft.NodeID(c.pick(2, uint64(max(size, 2))))
}

// node draws a follower that knows no leader.
func (c chance) node(rules *raft.Rules) *raft.Node {
	n := raft.NewNode(self, 1+c.IntN(5), rules)
	n.CurrentTerm = raft.Term(c.IntN(6))
	if n.CurrentTerm > 0 && c.one(2) {
		n.VotedFor = raft.NodeID(c.pick(1, uint64(max(n.Size, 2))))
	}
	n.Log = raft.NewLog(c.entries(c.IntN(6), 1, n.CurrentTerm)...)
	n.CommitIndex = raft.Index(c.pick(0, uint64(n.Log.LastIndex())))
	n.LastApplied = n.CommitIndex
	return n
}

// entries draws entries of terms from first to last, none if there is no such
// term. Their terms rise along a log; now and then they do not.
func (c chance) entries(count int, first, last raft.Term) []raft.Entry {
	var es []raft.Entry
	lowest := max(first, 1)
	for range count {
		if lowest > last {
			break
		}
		term := raft.Term(c.pick(uint64(lowest), uint64(last)))
		if !c.one(20) {
			lowest = term
		}
		es = append(es, raft.Entry{Term: term, Value: []string{"", "x", "y"}[c.IntN(3)]})
	}
	return es
}

// term draws the term of a message: most often the node's own.
func (c chance) term(n *raft.Node) raft.Term {
	switch c.IntN(6) {
	case 0:
		return raft.Term(c.pick(1, uint64(n.CurrentTerm)+1))
	case 1:
		return n.CurrentTerm + raft.Term(c.pick(1, 3))
	}
	return max(n.CurrentTerm, 1)
}

// appendEntries draws a request whose prevLogIndex and prevLogTerm fit the
// node's log more often than not, and whose entries are partly there already.
func (c chance) appendEntries(n *raft.Node) step {
	m := &raft.AppendEntries{Term: c.term(n), LeaderID: c.other(n.Size)}
	last := n.Log.LastIndex()
	m.PrevLogIndex = raft.Index(c.pick(0, uint64(last)+1))
	m.PrevLogTerm = n.Log.Term(m.PrevLogIndex)
	if c.one(4) {
		m.PrevLogTerm = raft.Term(c.pick(0, uint64(m.Term)))
	}
	var es []raft.Entry
	if !c.one(4) {
		for i := range raft.Index(c.IntN(4)) {
			if e := n.Log.Entry(m.PrevLogIndex + 1 + i); e.Term > 0 {
				es = append(es, e)
			}
		}
		es = append(es, c.entries(c.IntN(3), m.PrevLogTerm, m.Term)...)
	}
	m.Entries = raft.NewEntries(m.PrevLogIndex, m.PrevLogTerm, es...)
	m.LeaderCommit = raft.Index(c.pick(0, uint64(last)+3))
	return step{append: m}
}

// requestVote draws a request whose log ends near the node's own.
func (c chance) requestVote(n *raft.Node) step {
	m := &raft.RequestVote{Term: c.term(n), CandidateID: c.other(n.Size),
		LastLogIndex: n.Log.LastIndex(), LastLogTerm: n.Log.LastTerm()}
	if c.one(2) {
		m.LastLogTerm = raft.Term(c.pick(0, uint64(m.Term)))
	}
	if c.one(2) {
		m.LastLogIndex = raft.Index(c.pick(0, uint64(n.Log.LastIndex())+2))
	}
	return step{ask: m}
}

// heartbeat draws one of a leader that knows a part of the node's log to match.
func (c chance) heartbeat(n *raft.Node) step {
	return step{heartbeat: &heartbeat{c.term(n), c.other(n.Size), raft.Index(c.pick(0, uint64(n.Log.LastIndex())))}}
}

// vote draws an answer to a RequestVote. A server answers in the term of the
// request, once it has taken that in.
func (c chance) vote(n *raft.Node) step {
	term := c.term(n)
	return step{vote: &raft.Vote{From: c.other(n.Size), Request: term, Term: term, Granted: c.one(2)}}
}

// ack draws an answer to an AppendEntries, of a match that the node's log has.
func (c chance) ack(n *raft.Node) step {
	term := c.term(n)
	a := &raft.Ack{From: c.other(n.Size), Request: term, Term: term, Success: !c.one(4)}
	if a.Success {
		a.MatchIndex = raft.Index(c.pick(0, uint64(n.Log.LastIndex())))
	}
	return step{ack: a}
}

// command draws a client's command.
func (c chance) command() step {
	value := []string{"x", "y"}[c.IntN(2)]
	return step{command: &value}
}
