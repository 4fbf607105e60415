package order_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

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
