package order_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"

	"raftsheet/check/order"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file plays random games, and cuts them into sheets.

// A player plays a random game as a class does on paper: requests for votes, entries
// in the form's short way, dice that say whom a message does not reach.
type player struct {
	*rand.Rand
	t       *trace.Trace
	cluster *replay.Cluster
	lost    float64
}

// playGame plays a game of so many messages, with its answers and the tables at its
// end. What it leaves unwritten is elections' timeouts and clients' requests alone.
func playGame(seed uint64, nodes, messages int) *trace.Trace {
	p := &player{Rand: rand.New(rand.NewPCG(seed, 1)), lost: 0.15}
	p.t = &trace.Trace{File: "game.yaml"}
	for i := range nodes {
		p.t.Names = append(p.t.Names, strconv.Itoa(i+1))
	}
	p.cluster = replay.New(&trace.Trace{Names: p.t.Names}, raft.Figure2())
	for tries := 0; len(p.t.Steps) < messages && tries < 100*messages; tries++ {
		p.try()
	}
	for id := range raft.AllNodes(nodes).All() {
		p.t.Steps = append(p.t.Steps, trace.Step{State: []trace.NodeState{p.table(id)}})
	}
	number(p.t)
	return p.t
}

func number(t *trace.Trace) {
	for i := range t.Steps {
		s := &t.Steps[i]
		s.Number, s.ID, s.Pos = i+1, strconv.Itoa(i+1), trace.Pos{Line: int32(i + 1), Column: 1}
	}
}

// try adds a message, if its sender can send it.
func (p *player) try() {
	size := p.t.Size()
	s := trace.Step{}
	var leaders []raft.NodeID
	for id := range raft.AllNodes(size).All() {
		if p.cluster.Node(id).Role == raft.Leader {
			leaders = append(leaders, id)
		}
	}
	if len(leaders) == 0 || p.Float64() < 0.2 {
		id := raft.NodeID(1 + p.IntN(size))
		n := p.cluster.Node(id)
		s.Event = &trace.RequestVote{CandidateID: id, Term: trace.OptOf(n.CurrentTerm + 1),
			LastLogIndex: trace.OptOf(n.Log.LastIndex()), LastLogTerm: trace.OptOf(n.Log.LastTerm())}
	} else {
		s.Event = p.entry(leaders[p.IntN(len(leaders))])
	}
	sender, _ := s.Sender()
	for id := range raft.AllNodes(size).Without(sender).All() {
		if p.Float64() < p.lost {
			s.Lost = s.Lost.With(id)
		}
	}
	c := p.cluster.Clone()
	step, halt := c.Apply(&s)
	if halt != nil || !step.Possible.Now() {
		return
	}
	p.cluster = c
	p.t.Steps = append(p.t.Steps, answered(s, step))
}

// entry is an entry that a leader sends: its next, or an earlier one again.
func (p *player) entry(id raft.NodeID) *trace.AppendEntries {
	n := p.cluster.Node(id)
	index := n.Log.LastIndex() + 1
	if index > 1 && p.Float64() < 0.4 {
		index -= raft.Index(1 + p.IntN(min(int(index)-1, 3)))
	}
	value := n.Log.Entry(index).Value
	if value == "" {
		value = fmt.Sprintf("x=%d", 1+len(p.t.Steps))
	}
	return &trace.AppendEntries{LeaderID: id, Term: trace.OptOf(n.CurrentTerm), Index: trace.OptOf(index),
		Value: trace.OptOf(value), LeaderCommit: trace.OptOf(n.CommitIndex)}
}

// answered is a step as its sender writes it down: whom it did not reach it does not
// know, but from the answers.
func answered(s trace.Step, step *replay.Step) trace.Step {
	s.Lost = 0
	s.Response = &trace.Row{}
	for i := range step.Deliveries {
		d := &step.Deliveries[i]
		cell := trace.Cell{Node: d.To, None: !d.Answered()}
		if d.Answered() {
			cell.OK = trace.OptOf(d.OK)
		}
		s.Response.Cells = append(s.Response.Cells, cell)
	}
	return s
}

// table is what a node writes of itself at the end.
func (p *player) table(id raft.NodeID) trace.NodeState {
	n := p.cluster.Node(id)
	st := trace.NodeState{Node: id, Term: trace.OptOf(n.CurrentTerm), CommitIndex: trace.OptOf(n.CommitIndex),
		Log: trace.OptOf(trace.LogEntries(n.Log.Entries()))}
	var votes []trace.TermVote
	for v := range p.cluster.Run().History(id, len(p.t.Steps)).Votes() {
		votes = append(votes, trace.TermVote{Term: v.Term, VotedFor: trace.OptOf(v.Vote)})
	}
	if votes != nil {
		st.Terms = trace.OptOf(votes)
	}
	return st
}

// cut cuts a game into the sheets of its nodes: each has the messages that its node
// sent, in order, and its table.
func cut(t *trace.Trace) []*trace.Trace {
	var sheets []*trace.Trace
	for id := range raft.AllNodes(t.Size()).All() {
		sheet := &trace.Trace{File: fmt.Sprintf("node%d.yaml", id), Document: 1, Names: t.Names, RaftID: id, Unknown: raft.AllNodes(t.Size()).Without(id)}
		for i := range t.Steps {
			s := t.Steps[i]
			if sender, sends := s.Sender(); sends && sender == id || len(s.State) > 0 && s.State[0].Node == id {
				if s.Response != nil {
					row := *s.Response
					row.Cells = slices.Clone(row.Cells)
					s.Response = &row
				}
				s.State = slices.Clone(s.State)
				sheet.Steps = append(sheet.Steps, s)
			}
		}
		number(sheet)
		sheets = append(sheets, sheet)
	}
	return sheets
}

// A falsehood is an answer that was made false: whose sheet it is on, and the step
// and the node.
type falsehood struct {
	sheet, step int
	node        raft.NodeID
}

// falsify makes so many answers of some sheets false: ok becomes no, and no ok.
func falsify(rng *rand.Rand, sheets []*trace.Trace, many int) map[falsehood]bool {
	var all []falsehood
	for i, sheet := range sheets {
		for j, s := range sheet.Steps {
			if s.Response == nil {
				continue
			}
			for _, c := range s.Response.Cells {
				if !c.None {
					all = append(all, falsehood{i, j, c.Node})
				}
			}
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	made := make(map[falsehood]bool)
	for _, f := range all[:min(many, len(all))] {
		c := sheets[f.sheet].Steps[f.step].Response.Cell(f.node)
		c.OK.Value = !c.OK.Value
		f.step++ // as its number
		made[f] = true
	}
	return made
}

// cellName names a cell of a game: its sheet, step and node, and the field; of a message
// the field alone.
func cellName(c *order.Cell) string {
	switch {
	case c.IsMessage():
		return fmt.Sprintf("sheet %d, step %d: %s", c.Sheet+1, c.Step.Number, c.Field)
	case c.Item.IsAnswer():
		return fmt.Sprintf("sheet %d, step %d: answer of %d", c.Sheet+1, c.Step.Number, c.Item.Node)
	}
	return fmt.Sprintf("sheet %d, step %d: %s of %d", c.Sheet+1, c.Step.Number, c.Item.Name, c.Item.Node)
}

// falsifyAny makes so many cells of some sheets false: answers, fields of tables, and
// fields of messages, as many of each kind as there are. It gives their names.
func falsifyAny(rng *rand.Rand, sheets []*trace.Trace, many int) map[string]bool {
	falsehoods := make(map[string]func())
	for i, sheet := range sheets {
		for j := range sheet.Steps {
			s := &sheet.Steps[j]
			at := fmt.Sprintf("sheet %d, step %d: ", i+1, s.Number)
			if s.Response != nil {
				for k := range s.Response.Cells {
					if c := &s.Response.Cells[k]; !c.None {
						falsehoods[at+fmt.Sprintf("answer of %d", c.Node)] = func() { c.OK.Value = !c.OK.Value }
					}
				}
			}
			for k := range s.State {
				st := &s.State[k]
				of := fmt.Sprintf(" of %d", st.Node)
				falsehoods[at+"term"+of] = func() { st.Term.Value++ }
				falsehoods[at+"commitIndex"+of] = func() { st.CommitIndex.Value++ }
				falsehoods[at+"log"+of] = func() {
					st.Log.Value = append(slices.Clone(st.Log.Value), trace.LogEntry{Entry: raft.Entry{Term: st.Term.Value, Value: "false"}})
				}
			}
			switch e := s.Event.(type) {
			case *trace.RequestVote:
				own := *e
				s.Event = &own
				falsehoods[at+"lastLogIndex"] = func() { own.LastLogIndex.Value++ }
				falsehoods[at+"lastLogTerm"] = func() { own.LastLogTerm.Value++ }
			case *trace.AppendEntries:
				own := *e
				s.Event = &own
				falsehoods[at+"leaderCommit"] = func() { own.LeaderCommit.Value++ }
				falsehoods[at+"index"] = func() { own.Index.Value++ }
			}
		}
	}
	names := slices.Sorted(maps.Keys(falsehoods))
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	made := make(map[string]bool)
	for _, name := range names[:min(many, len(names))] {
		falsehoods[name]()
		made[name] = true
	}
	return made
}

// blamesAny reports whether just these cells are wrong in every cheapest order.
func blamesAny(r *order.Result, made map[string]bool) bool {
	n := 0
	for _, i := range r.Wrong {
		if !made[cellName(&r.Cells[i])] {
			return false
		}
		n++
	}
	return n == len(made)
}
