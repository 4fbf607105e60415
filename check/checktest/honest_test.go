package checktest

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A game is a trace of a cluster that plays by the rules: whoever sends leads or
// is a candidate, and the network loses, delays and repeats what was sent.
type game struct {
	dice
	steps   []string
	run     *replay.Run
	down    raft.NodeSet
	cut     bool     // by a partition
	sent    []string // requests of earlier steps, every field written
	answers []string // of earlier steps, as events
}

// What a cluster that plays by the rules has sent is never said to be
// impossible, or unwritten; and no safety property breaks. Under --strict too it
// agrees.
func TestRealClustersArePossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &game{dice: newDice(t)}
		for range rapid.IntRange(20, 50).Draw(t, "steps") {
			g.play()
		}
		rep := check.Compare(g.run)
		rep.Mode.Strict = true
		if rep.Result() != check.Agrees {
			t.Errorf("a cluster that plays by the rules has these findings:\n%s\n%s", strings.Join(Lines(rep), "\n"), g.text())
		}
	})
}

func (g *game) text() string {
	return fmt.Sprintf("nodes: %d\nsteps:\n%s\n", g.nodes, strings.Join(g.steps, "\n"))
}

// play adds a step, and takes in what came of it.
func (g *game) play() {
	step := "heal: true"
	if g.run == nil {
		step = fmt.Sprintf("timeout: %d", g.actor())
	} else {
		step = g.next()
	}
	g.steps = append(g.steps, "- {"+step+"}")
	g.run = MustReplay(g.t, g.text())
	s := &g.run.Steps[len(g.steps)-1]
	for i := range s.Deliveries {
		g.remember(s, &s.Deliveries[i])
	}
}

// next is something that a cluster may do now.
func (g *game) next() string {
	id := g.busy()
	now := g.run.State(id, len(g.steps))
	switch what := g.number(0, 31); {
	case g.down.Has(id) || what == 31:
		g.down = g.down.Without(id)
		return fmt.Sprintf("restart: %d", id)
	case what == 30:
		g.down = g.down.With(id)
		return fmt.Sprintf("crash: %d", id)
	case what == 29:
		return fmt.Sprintf("timeout: %d", g.node())
	case what == 28 && !g.cut:
		g.cut = true
		return "partition: [" + g.set(1, g.nodes) + "]"
	case what >= 26 && g.cut:
		g.cut = false
		return "heal: true"
	case what >= 24 && len(g.sent) > 0:
		return g.sent[g.number(0, len(g.sent)-1)]
	case what >= 22 && len(g.answers) > 0:
		return g.answers[g.number(0, len(g.answers)-1)]
	case now.Role == raft.Leader && what < 6:
		return fmt.Sprintf("clientRequest: {node: %d, value: c%d}", id, len(g.steps))
	case now.Role == raft.Leader:
		return g.replicate(id, now)
	case now.Role == raft.Candidate:
		return fmt.Sprintf("requestVote: {candidateId: %d}", id) + g.sentBy(id)
	}
	return fmt.Sprintf("timeout: %d", id)
}

// busy is a node, mostly one that leads or stands.
func (g *game) busy() raft.NodeID {
	for id := range Known(g.run) {
		if s := g.run.State(id, len(g.steps)); s.Role != raft.Follower && !g.down.Has(id) && !g.one(3) {
			return id
		}
	}
	return raft.NodeID(g.node())
}

// replicate is an AppendEntries of a leader, in one of the forms that it can be
// written in.
func (g *game) replicate(id raft.NodeID, now *raft.State) string {
	what := ", entries: auto"
	switch last := int(now.Log.LastIndex()); {
	case g.one(6):
		what = ""
	case g.one(4) && last > 0:
		i := g.number(1, last)
		what = fmt.Sprintf(", index: %d, value: %s", i, now.Log.Entry(raft.Index(i)).Value)
	case g.one(4):
		prev := g.number(0, last)
		few := now.Log.Truncate(raft.Index(g.number(prev, last)))
		what = fmt.Sprintf(", prevLogIndex: %d, entries: %s", prev, trace.FlowLog(few.After(raft.Index(prev)).Slice()))
	}
	return fmt.Sprintf("appendEntries: {leaderId: %d%s}", id, what) + g.sentBy(id)
}

// sentBy says whom a request reaches.
func (g *game) sentBy(id raft.NodeID) string {
	text, _, _ := strings.Cut(g.dice.sent(int(id), wholeVotes), ", response")
	text, _, _ = strings.Cut(text, ", state")
	return text
}

// remember keeps a request, and the answer to it, for another day.
func (g *game) remember(s *replay.Step, d *replay.Delivery) {
	if m := d.Vote; m != nil {
		g.sent = append(g.sent, fmt.Sprintf("requestVote: {candidateId: %d, term: %d, lastLogIndex: %d, lastLogTerm: %d}, to: [%d]",
			m.CandidateID, m.Term, m.LastLogIndex, m.LastLogTerm, d.To))
		if d.Answered() {
			g.answers = append(g.answers, fmt.Sprintf("requestVoteResponse: {from: %d, to: %d, term: %d, voteGranted: %t}", d.To, m.CandidateID, d.Term, d.OK))
		}
		return
	}
	m := d.Append
	g.sent = append(g.sent, fmt.Sprintf("appendEntries: {leaderId: %d, term: %d, prevLogIndex: %d, prevLogTerm: %d, entries: %s, leaderCommit: %d}, to: [%d]",
		m.LeaderID, m.Term, m.PrevLogIndex, m.PrevLogTerm, trace.FlowLog(m.Entries.Slice()), m.LeaderCommit, d.To))
	if !d.Answered() {
		return
	}
	match := ""
	if d.OK {
		match = fmt.Sprintf(", matchIndex: %d", m.LastNewIndex())
	}
	g.answers = append(g.answers, fmt.Sprintf("appendEntriesResponse: {from: %d, to: %d, term: %d, success: %t%s}", d.To, m.LeaderID, d.Term, d.OK, match))
}
