package page

import (
	"encoding/json"
	"reflect"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file says what each step changes of the nodes' states.

// What a node may be beside its role.
const (
	isDown   = "down"
	isUntold = "not on this page"
)

// A known is what the page has shown of a node so far.
type known struct {
	told   bool // anything
	is     string
	state  *raft.State // the last one that was shown
	voters string
}

// A teller follows the nodes of a run.
type teller struct {
	run    *replay.Run
	counts bool // see [render.CountsVoters]
	down   raft.NodeSet
	nodes  []known
}

func newTeller(run *replay.Run) *teller {
	t := &teller{run: run, counts: render.CountsVoters(run.Trace), nodes: make([]known, run.Trace.Size())}
	for i := range t.nodes {
		t.nodes[i].state = &raft.State{}
	}
	return t
}

// after gives what a step has changed. It is asked for 0, the start, and then for
// each step in turn.
func (t *teller) after(step int) (out []Change) {
	if step > 0 {
		switch e := t.run.Steps[step-1].Trace.Event.(type) {
		case *trace.Crash:
			t.down |= raft.SetOf(e.Nodes...)
		case *trace.Restart:
			t.down &^= raft.SetOf(e.Nodes...)
		}
	}
	for i := range t.nodes {
		if c, changed := t.change(raft.NodeID(i+1), step); changed {
			out = join(out, c)
		}
	}
	return out
}

// join adds a change: what is the same of other nodes is there once.
func join(all []Change, c Change) []Change {
	for i := range all {
		nodes := all[i].Nodes
		if all[i].Nodes = c.Nodes; reflect.DeepEqual(all[i], c) {
			all[i].Nodes = append(nodes, c.Nodes...)
			return all
		}
		all[i].Nodes = nodes
	}
	return append(all, c)
}

// change gives the fields of a node that are not as they were shown.
func (t *teller) change(id raft.NodeID, step int) (c Change, changed bool) {
	was, now := t.nodes[id-1], known{told: true, state: t.run.State(id, step)}
	c.Nodes = Nodes{int(id)}
	switch {
	case t.run.Untold(id, step) || step > 0 && t.run.Steps[step-1].Doubts(id):
		now.is, now.state, now.voters = isUntold, was.state, was.voters
	case t.down.Has(id):
		now.is = isDown
	}
	if t.counts && now.is != isUntold {
		now.voters = render.VotersOf(t.run, id, step)
	}
	t.nodes[id-1] = now
	if was == now {
		return c, false
	}
	differs(&c.Is, was.is, now.is)
	differs(&c.Voters, was.voters, now.voters)
	t.state(&c, id, &was, &now)
	return c, true
}

// state adds the fields of a state. Of a node that was never shown all but the
// empty ones are new.
func (t *teller) state(c *Change, id raft.NodeID, known, next *known) {
	name, was, now := t.run.Trace.Name, known.state, next.state
	if was == now {
		return
	}
	if !known.told {
		c.Role, c.Vote, c.Leader = new(now.Role.String()), new(doc.Clean(name(now.VotedFor))), new(doc.Clean(name(now.Leader)))
	}
	if was.Role != now.Role {
		c.Role = new(now.Role.String())
	}
	if was.VotedFor != now.VotedFor {
		c.Vote = new(doc.Clean(name(now.VotedFor)))
	}
	if was.Leader != now.Leader {
		c.Leader = new(doc.Clean(name(now.Leader)))
	}
	differs(&c.Term, was.CurrentTerm, now.CurrentTerm)
	differs(&c.Commit, was.CommitIndex, now.CommitIndex)
	differs(&c.Apply, was.LastApplied, now.LastApplied)
	differs(&c.Base, was.Log.Snapshot(), now.Log.Snapshot())
	if from, went, came := render.ChangedLog(was.Log, now.Log); len(went)+len(came) > 0 {
		c.Log = &LogChange{from, came}
	}
	if now.Role == raft.Leader {
		c.Others = followers(id, was, now)
	}
}

// differs sets a field of a change to a value that is another than before.
func differs[V comparable](field **V, was, now V) {
	if was != now {
		*field = &now
	}
}

// followers gives what a leader has come to know of the others.
func followers(leader raft.NodeID, was, now *raft.State) (out []Follower) {
	for i := range now.NextIndex {
		id := raft.NodeID(i + 1)
		if id == leader || was.Role == raft.Leader && was.NextIndex[i] == now.NextIndex[i] && was.MatchIndex[i] == now.MatchIndex[i] {
			continue
		}
		out = append(out, Follower{int(id), now.NextIndex[i], now.MatchIndex[i]})
	}
	return out
}

// MarshalJSON gives the number of one node by itself, and a list of several.
func (n Nodes) MarshalJSON() ([]byte, error) {
	if len(n) == 1 {
		return json.Marshal(n[0])
	}
	return json.Marshal([]int(n))
}

// MarshalJSON gives a list: the index, and then each entry, as its term or as a
// list of its term and its value.
func (l LogChange) MarshalJSON() ([]byte, error) {
	out := []any{l.From}
	for _, e := range l.Entries {
		if e.Value == "" {
			out = append(out, e.Term)
		} else {
			out = append(out, []any{e.Term, doc.Clean(e.Value)})
		}
	}
	return json.Marshal(out)
}

// MarshalJSON gives the three numbers.
func (f Follower) MarshalJSON() ([]byte, error) {
	return json.Marshal([]uint64{uint64(f.Node), uint64(f.Next), uint64(f.Match)})
}
