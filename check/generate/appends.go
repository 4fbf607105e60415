package generate

import (
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the moves that send an AppendEntries.

// extend has the leader send a new command to all. On a worksheet it may be two at
// once.
func extend(p *play, d dice) bool {
	id := p.leader()
	if id == raft.NoNode {
		return false
	}
	return p.command(d, id)
}

// command has a leader take a command and send it to all.
func (p *play) command(d dice, id raft.NodeID) bool {
	n := p.node(id)
	count := 1
	if p.w.Form == Worksheet && d.percent(20) {
		count = 2
	}
	entries := make([]raft.Entry, count)
	for i := range entries {
		entries[i] = raft.Entry{Term: n.CurrentTerm, Value: p.value()}
	}
	prev := n.Log.Last()
	if p.w.Events {
		for _, e := range entries {
			if !p.apply(trace.Step{Event: &trace.ClientRequest{Node: id, Value: e.Value}}) {
				return false
			}
		}
	}
	return p.append(id, prev, entries, p.all.Without(id), p.losses(d, id))
}

// append has a leader send entries that come after a place of its log.
func (p *play) append(id raft.NodeID, prev raft.Mark, entries []raft.Entry, to, lost raft.NodeSet) bool {
	n := p.node(id)
	e := &trace.AppendEntries{LeaderID: id, Term: trace.OptOf(n.CurrentTerm)}
	if p.kit.leaveOut&commit == 0 {
		e.LeaderCommit = trace.OptOf(n.CommitIndex)
	}
	if p.w.Form == Paper {
		e.Index, e.Value = trace.OptOf(prev.Index+1), trace.OptOf(entries[0].Value)
		return p.send(e, to, lost)
	}
	e.PrevLogIndex = trace.OptOf(prev.Index)
	if p.kit.leaveOut&prevTerm == 0 {
		e.PrevLogTerm = trace.OptOf(prev.Term)
	}
	e.Entries = trace.OptOf(trace.LogEntries(entries))
	return p.send(e, to, lost)
}

// repair has the leader send what it takes a follower to lack.
func repair(p *play, d dice) bool {
	id := p.leader()
	if id == raft.NoNode {
		return false
	}
	n := p.node(id)
	behind := p.behind(id)
	if len(behind) == 0 {
		return false
	}
	other := pick(d, behind)
	next := n.NextIndex[other-1]
	entries := n.Log.After(next - 1).Slice()
	to, lost := p.all.Without(id), p.losses(d, id).Without(other)
	switch {
	case p.w.Form == Paper:
		entries = entries[:1]
	case d.percent(50):
		to = raft.SetOf(other)
	default:
		entries = entries[:1+d.below(len(entries))]
	}
	return p.append(id, n.Log.Mark(next-1), slices.Clone(entries), to, lost)
}

// heartbeat has the leader send no entries.
func heartbeat(p *play, d dice) bool {
	id := p.leader()
	if id == raft.NoNode || p.w.Form == Paper {
		return false
	}
	n := p.node(id)
	return p.append(id, n.Log.Last(), []raft.Entry{}, p.all.Without(id), p.losses(d, id))
}

// sendAgain has the leader send its last entry once more, for those from which it has
// no answer.
func sendAgain(p *play, d dice) bool {
	id := p.leader()
	if id == raft.NoNode {
		return false
	}
	n := p.node(id)
	last := n.Log.LastIndex()
	var lack []raft.NodeID
	for other := range p.reach(id).All() {
		if n.MatchIndex[other-1] < last && n.NextIndex[other-1] > last {
			lack = append(lack, other)
		}
	}
	if last == 0 || len(lack) == 0 {
		return false
	}
	lost := p.losses(d, id).Without(pick(d, lack))
	return p.append(id, n.Log.Mark(last-1), []raft.Entry{n.Log.Entry(last)}, p.all.Without(id), lost)
}

// behind gives the nodes of which a leader knows that they lack entries, and that it
// reaches.
func (p *play) behind(id raft.NodeID) []raft.NodeID {
	n := p.node(id)
	var out []raft.NodeID
	for other := range p.reach(id).All() {
		if n.NextIndex[other-1] <= n.Log.LastIndex() {
			out = append(out, other)
		}
	}
	return out
}

// deposed has a leader send that has not heard of a later one: a new command to those
// that are cut off with it or, as soon as it reaches the others, to all.
func deposed(p *play, d dice) bool {
	led := p.leaders()
	if id := p.leader(); id != raft.NoNode {
		led = led.Without(id)
	}
	var old []raft.NodeID
	for id := range led.All() {
		if p.reach(id) != 0 || p.away.Has(id) {
			old = append(old, id)
		}
	}
	if len(old) == 0 {
		return false
	}
	id := pick(d, old)
	if p.away.Has(id) && (p.reach(id) == 0 || d.percent(30)) {
		p.comeBack(p.away)
	}
	return p.command(d, id)
}
