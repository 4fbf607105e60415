package order

import (
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the ways in which a step can have happened: whom its message reached,
// and which answers its sender heard.

// A move is a step of a sheet, in one of these ways.
type move struct {
	*step
	lost   raft.NodeSet  // whom the request did not reach
	unsaid raft.NodeSet  // whose answer did not come back
	heard  raft.NodeSet  // whose answer the sender took in as it is written, though Figure 2 has another
	event  trace.Event   // what was sent in place of what is written; nil for that
	fields []int         // cells of the message that differ from what its sender could send
	facts  []replay.Fact // of each of these why
}

// plain is the move in which everything is as the cells have it: a cell with none is
// a request that did not arrive, any other one that did.
func (st *step) plain() move {
	m := move{step: st, lost: st.Lost, unsaid: st.ResponseLost}
	sender, sends := st.Sender()
	if st.Response == nil || !sends {
		return m
	}
	for i := range st.Response.Cells {
		if c := &st.Response.Cells[i]; c.None && c.Node != sender && !m.unsaid.Has(c.Node) {
			m.lost = m.lost.With(c.Node)
		}
	}
	if o := st.Response.Others; o != nil && o.None {
		m.lost |= raft.AllNodes(raft.MaxNodes) &^ m.unsaid
		for i := range st.Response.Cells {
			if c := &st.Response.Cells[i]; !c.None {
				m.lost = m.lost.Without(c.Node)
			}
		}
	}
	return m
}

// asStep is the move as a replay takes it: the answers that are heard as written, and
// those of unknown nodes, are all that it has of the row.
func (m *move) asStep(g *Game) *trace.Step {
	s := *m.Step
	s.State, s.StatePos, s.Response = nil, trace.Pos{}, nil
	if m.event != nil {
		s.Event = m.event
	}
	sent := s.Recipients(g.base.Size())
	s.Lost, s.ResponseLost = m.lost&sent, m.unsaid&sent
	if row := m.Response; row != nil {
		s.Response = &trace.Row{Pos: row.Pos}
		for id := range (sent & (m.heard | g.base.Unknown)).All() {
			if c := row.Cell(id); c != nil {
				own := *c
				own.Node = id
				s.Response.Cells = append(s.Response.Cells, own)
			}
		}
	}
	return &s
}

// A fate is what became of the request to one node, and of its answer.
type fate struct {
	lost, unsaid, heard bool
	cost                int // of the cell, at least
}

// fates are the ways in which a step's cell for a node can have come about, those
// that agree with it first.
func (g *Game) fates(m *move, id raft.NodeID, wrong, doubted bool) []fate {
	var cell *trace.Cell
	if m.Response != nil {
		cell = m.Response.Cell(id)
	}
	asIs := fate{lost: m.lost.Has(id), unsaid: m.unsaid.Has(id)}
	switch {
	case g.base.Unknown.Has(id) || m.Lost.Has(id) || m.ResponseLost.Has(id):
		return []fate{asIs}
	case cell == nil || cell.None && !doubted:
		return []fate{asIs}
	case cell.None:
		return []fate{asIs, {cost: 1}}
	case !cell.Says():
		return []fate{{}, {lost: true}}
	case wrong:
		return []fate{{heard: true, cost: 1}, {cost: 1}, {lost: true, cost: 1}}
	case doubted:
		return []fate{asIs, {lost: true, cost: 1}}
	}
	return []fate{asIs}
}

// choices are what may have become of the requests of a step, where more than one
// thing may, and the answers of these nodes differ from what its plain move gives.
func (s *search) choices(m *move, wrong raft.NodeSet) []choice {
	var all []choice
	for id := range m.Recipients(s.base.Size()).All() {
		if fates := s.fates(m, id, wrong.Has(id), s.doubted.Has(id)); len(fates) > 1 {
			all = append(all, choice{id: id, fates: fates})
		}
	}
	return all
}

// A choice is the fates that a request to a node may have had.
type choice struct {
	id    raft.NodeID
	fates []fate
	costs []int // for each: the least that the node's column costs
}

// weigh fills in what the choices of a step that comes next cost, and gives what the
// other columns do. Beyond a limit it is not worked out how much.
func (s *search) weigh(st *state, c *replay.Cluster, m *move, all []choice, limit int) int {
	others := 0
	for i := range all {
		all[i].costs = make([]int, len(all[i].fates))
		for j, f := range all[i].fates {
			all[i].costs[j] = f.cost
		}
	}
	if s.ahead == nil {
		return 0
	}
	for column, id := range s.ahead.ids {
		at, ok := s.ahead.at(st, c, column)
		if !ok {
			continue
		}
		i := slices.IndexFunc(all, func(ch choice) bool { return ch.id == id })
		if i < 0 {
			others += s.ahead.from(column, at, limit)
			continue
		}
		for j, f := range all[i].fates {
			all[i].costs[j] = s.ahead.fated(column, m.sheet, st.at[m.sheet], at, f, limit)
		}
	}
	return others
}

// choose yields the move with each fate of each choice, and what is left of a sum when
// all have been paid for; not those for which it is too little. It is false when it was
// stopped.
func choose(all []choice, left int, m move, yield func(m move, left int) (on bool)) (on bool) {
	if len(all) == 0 {
		return yield(m, left)
	}
	rest := 0 // the least that the other choices cost
	for _, ch := range all[1:] {
		rest += slices.Min(ch.costs)
	}
	for i, f := range all[0].fates {
		if cost := all[0].costs[i]; cost+rest <= left && !choose(all[1:], left-cost, m.with(all[0].id, f), yield) {
			return false
		}
	}
	return true
}

func (m move) with(id raft.NodeID, f fate) move {
	put := func(set raft.NodeSet, in bool) raft.NodeSet {
		if in {
			return set.With(id)
		}
		return set.Without(id)
	}
	m.lost, m.unsaid, m.heard = put(m.lost, f.lost), put(m.unsaid, f.unsaid), put(m.heard, f.heard)
	return m
}

// A played move is what came of one.
type played struct {
	move
	cluster *replay.Cluster
	wrong   []int // cells that differ, each of which costs 1
}

// cannotYet reports whether a step surely cannot come next, for a reason that is to be
// seen without playing it: its node asks for votes with another log than it has, or as
// a leader; or it leads the message's term, and has no such entry yet, or has not
// committed so much.
func (g *Game) cannotYet(c *replay.Cluster, st *step) bool {
	if g.base.Unknown != 0 || g.rules.Name != raft.Figure2().Name {
		return false
	}
	switch e := st.Event.(type) {
	case *trace.RequestVote:
		n := c.Node(e.CandidateID)
		return n != nil && e.Complete() && e.Term.Value > n.CurrentTerm &&
			(n.Role == raft.Leader || n.Log.Last() != raft.Mark{Index: e.LastLogIndex.Value, Term: e.LastLogTerm.Value})
	case *trace.AppendEntries:
		n := c.Node(e.LeaderID)
		return n != nil && e.Term.Given() && e.Term.Value == n.CurrentTerm && n.Role == raft.Leader &&
			(e.Index.Value > n.Log.LastIndex()+1 || e.LeaderCommit.Value > n.CommitIndex)
	}
	return false
}

// play is that of the game, and counts.
func (s *search) play(c *replay.Cluster, m move) (p played, why replay.Fact, ok bool) {
	s.played += 1 + m.Recipients(s.base.Size()).Len()/mostAtOnce
	return s.Game.play(c, m)
}

// mostAtOnce is how many requests are delivered at the price of one.
const mostAtOnce = 8

// play plays a move on a copy of a cluster. It is not ok where its node could not
// have done it then; the fact says why.
func (g *Game) play(c *replay.Cluster, m move) (p played, why replay.Fact, ok bool) {
	c = c.Clone()
	before := len(c.Run().Facts())
	_, halt := c.Apply(m.asStep(g))
	if halt != nil {
		return p, halt.Fact, false
	}
	p = played{move: m, cluster: c}
	sender, _ := m.Sender()
	for _, f := range c.Run().Facts()[before:] {
		switch {
		case f.Kind == replay.CannotTake, f.Kind == replay.CannotBe && f.Node == sender:
			if len(m.fields) == 0 || m.event != nil {
				return p, f, false
			}
		case f.Kind == replay.CannotBe || f.Kind == replay.Breaks:
			p.wrong = append(p.wrong, g.fieldCell(m.step, ""))
		}
	}
	p.wrong = append(append(p.wrong, m.fields...), m.differing(c.Run())...)
	slices.Sort(p.wrong)
	p.wrong = slices.Compact(p.wrong)
	return p, why, true
}

// wrongAnswers are the nodes whose written answers differ in a move that was played,
// though its request reached them.
func (g *Game) wrongAnswers(p *played) raft.NodeSet {
	var nodes raft.NodeSet
	for _, i := range p.wrong {
		if c := &g.Cells[i]; !c.IsMessage() && c.Item.IsAnswer() {
			nodes = nodes.With(c.Item.Node)
		}
	}
	return nodes
}
