package order

import (
	"math"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the lower bound by which the search goes straight.
//
// What a node answers depends on the requests that reach it, in their order, and on
// what it does itself: what becomes of the others matters to it only as far as it
// keeps them from sending. Let that go, and the answers of each node, its column on
// all sheets, are a small game of their own: the least that can be wrong in it is
// found once for every place and state of the node. No order of the whole game has
// less wrong in that column; and since no cell is in two columns, the sum over the
// nodes is no more than what an order still has to cost.
//
// It is for games on the paper form: requests for votes and entries whose fields are
// written, from empty logs on. Of other games the bound is 0, as it is for messages
// whose fields may be wrong.

// A columns has the lower bound of a search.
type columns struct {
	*Game
	logbook
	letters [][]*letter // by sheet and step; nil for what is no request
	ways    [][][]way   // by column, sheet and step
	strides []int
	memo    []map[small]known    // by column
	room    int                  // how many more places are kept
	ends    [][]*trace.NodeState // by column: the tables at the end of the game
	ids     []raft.NodeID        // by column
}

// small is a node in a column's game: the place of the game, and its state.
type small struct {
	place int32
	log   int32 // of the logbook
	term  raft.Term
	vote  raft.NodeID
}

// A way is what a step is to a column: its node's own, or a request that reaches the
// node or does not, with what the cell says of it.
type way struct {
	own      bool
	arrives  bool                 // as the cell has it
	either   bool                 // the cell is blank, or doubted where it says none
	none     bool                 // it says none
	orLost   bool                 // doubted: it may have been lost, though the cell has an answer
	says     trace.Opt[bool]      // what the cell says that it answers
	term     trace.Opt[raft.Term] // and in which term
	costs    int8                 // whatever became of it
	isLetter bool
}

// placesPerState is for how many places there is room, for each state that the search may
// look at.
const placesPerState = 50

// dead is the cost of a place from which there is no way on; no column has as many
// cells that differ and another way.
const dead = int8(100)

// newColumns makes the lower bound of a search; nil where the game is of another kind.
func newColumns(s *search) *columns {
	if len(s.slips) > 0 || len(s.base.Initial) > 0 || s.rules.Name != raft.Figure2().Name {
		return nil
	}
	c := &columns{Game: s.Game, logbook: newLogbook(), room: placesPerState * s.most}
	places := 1
	for _, steps := range s.steps {
		c.strides = append(c.strides, places)
		if places *= len(steps) + 1; places > math.MaxInt32 {
			return nil
		}
		letters := make([]*letter, len(steps))
		for i := range steps {
			if steps[i].Event == nil {
				continue
			}
			if letters[i] = letterOf(steps[i].Step); letters[i] == nil {
				return nil
			}
		}
		c.letters = append(c.letters, letters)
	}
	readings(c.letters)
	for id := range (raft.AllNodes(s.base.Size()) &^ s.base.Unknown).All() {
		c.column(id, s.doubted.Has(id))
	}
	return c
}

// column adds the column of a node.
func (c *columns) column(id raft.NodeID, doubted bool) {
	ways := make([][]way, len(c.steps))
	for i := range c.steps {
		ways[i] = make([]way, len(c.steps[i]))
		for j := range c.steps[i] {
			if c.letters[i][j] != nil {
				ways[i][j] = c.wayOf(&c.steps[i][j], id, doubted)
			}
		}
	}
	var end []*trace.NodeState
	for i := range c.end {
		for j := range c.end[i].State {
			if st := &c.end[i].State[j]; st.Node == id {
				end = append(end, st)
			}
		}
	}
	c.ids, c.ways, c.ends = append(c.ids, id), append(c.ways, ways), append(c.ends, end)
	c.memo = append(c.memo, make(map[small]known))
}

func (c *columns) wayOf(st *step, id raft.NodeID, doubted bool) way {
	w := way{isLetter: true, arrives: true}
	sender, _ := st.Sender()
	if sender == id {
		w.own = true
		return w
	}
	var cell *trace.Cell
	if st.Response != nil {
		cell = st.Response.Cell(id)
	}
	answers := cell != nil && cell.Says()
	switch {
	case !st.Recipients(c.base.Size()).Has(id) || st.Lost.Has(id):
		w.arrives = false
		if answers {
			w.costs = 1
		}
		return w
	case cell == nil:
		return w
	case st.ResponseLost.Has(id):
	case cell.None:
		w.arrives, w.either, w.none = doubted, doubted, true
	case !answers:
		w.either = true
	default:
		w.orLost = doubted
	}
	if answers {
		w.says, w.term = cell.OK, cell.Term
	}
	return w
}

// allow reports whether an order that goes on from a state need cost no more than so
// much.
func (c *columns) allow(s *state, most int) bool {
	if c == nil {
		return most >= 0
	}
	for i := range c.ids {
		at, ok := c.at(s, s.cluster, i)
		if !ok {
			continue
		}
		if most -= c.from(i, at, most); most < 0 {
			return false
		}
	}
	return true
}

// fated is the least that a column costs from a state on where the next step of a
// sheet has this fate; beyond a limit, one more than that.
func (c *columns) fated(column, sheet, step int, at small, f fate, limit int) int {
	w, l := &c.ways[column][sheet][step], c.letters[sheet][step]
	next := int32(c.strides[sheet])
	if f.lost {
		cost := 0
		if w.says.Given() || w.term.Given() {
			cost = 1
		}
		at.place += next
		return min(limit+1, cost+c.from(column, at, limit))
	}
	best := limit + 1
	c.takes(l, at, func(ok bool, to small) {
		to.place += next
		cost := int(w.differs(ok, to.term))
		best = min(best, cost+c.from(column, to, best-1))
	})
	return best
}

// at is where a column is in a state, with that cluster. It is not ok for a node that
// nothing is known of any more, since a message cannot be read: its bound is 0.
func (c *columns) at(s *state, cluster *replay.Cluster, column int) (at small, ok bool) {
	n := cluster.Node(c.ids[column])
	if n == nil {
		return small{}, false
	}
	place := 0
	for i, at := range s.at {
		place += at * c.strides[i]
	}
	return small{int32(place), c.logOf(n.Log), n.CurrentTerm, n.VotedFor}, true
}

// from is the least that can be wrong in a column from a place on; beyond a limit,
// one more than that.
func (c *columns) from(column int, at small, limit int) int {
	least := c.memo[column][at].least
	for int(least) <= limit && least < dead && c.room > 0 && !c.within(column, at, least) {
		least++
	}
	return min(int(least), limit+1)
}

// A known is what is known of the least that can be wrong from a place on.
type known struct{ least, most int8 }

// within reports whether no more than so much need be wrong from a place on, or whether
// there is no more room to tell. Asked for little first, it looks at few places: those to
// which the cells lead.
func (c *columns) within(column int, at small, most int8) bool {
	was, is := c.memo[column][at]
	if !is {
		if c.room <= 0 {
			return true // it may be
		}
		c.room--
		was.most = dead + 1
	}
	switch {
	case was.most <= most:
		return true
	case was.least > most:
		return false
	}
	found, last := false, true
	for sheet, steps := range c.letters {
		i := int(at.place) / c.strides[sheet] % (len(steps) + 1)
		if i == len(steps) {
			continue
		}
		last = false
		c.after(column, sheet, i, at, func(cost int8, to small) {
			if cost <= most && !found {
				to.place += int32(c.strides[sheet])
				found = c.within(column, to, most-cost)
			}
		})
		if found {
			break
		}
	}
	if last {
		found = c.atEnd(column, at) <= most
	}
	if found {
		was.most = most
	} else {
		was.least = most + 1
	}
	c.memo[column][at] = was
	return found
}

// atEnd counts what differs in the tables of a column's node at the end of the game.
func (c *columns) atEnd(column int, at small) int8 {
	n := int8(0)
	count := func(differs bool) {
		if differs && n < dead {
			n++
		}
	}
	for _, st := range c.ends[column] {
		count(st.Term.Given() && st.Term.Value != at.term)
		count(st.VotedFor.Given() && st.VotedFor.Value != at.vote)
		if st.Log.Given() && st.LogFrom == 0 && !st.Snapshot.Given() {
			count(!c.sameLog(at.log, st.Log.Value))
		}
	}
	return n
}

func (c *columns) sameLog(log int32, written []trace.LogEntry) bool {
	if int(c.logs[log].size) != len(written) {
		return false
	}
	for i := len(written) - 1; i >= 0; i-- {
		if !written[i].Matches(c.logs[log].entry) {
			return false
		}
		log = c.logs[log].before
	}
	return true
}

// after yields where a step may lead a column's node, and what of its cell differs
// then.
func (c *columns) after(column, sheet, step int, at small, yield func(cost int8, to small)) {
	w, l := &c.ways[column][sheet][step], c.letters[sheet][step]
	switch {
	case !w.isLetter:
		yield(0, at)
		return
	case w.own:
		c.sends(sheet, l, at, yield)
		return
	}
	if !w.arrives || w.either {
		yield(w.costs, at)
	}
	if !w.arrives {
		return
	}
	wrong := false
	c.takes(l, at, func(ok bool, to small) {
		cost := w.differs(ok, to.term)
		wrong = wrong || cost > 0 && !w.none
		yield(cost, to)
	})
	if wrong || w.orLost {
		yield(1, at)
	}
}

// differs is 1 where an answer is another than the cell says.
func (w *way) differs(ok bool, term raft.Term) int8 {
	if w.none || w.says.Given() && w.says.Value != ok || w.term.Given() && w.term.Value != term {
		return 1
	}
	return 0
}

// sends yields what a request makes of its own sender. Where an answer to it was of a
// higher term, that is the sender's now: of any request that has been sent.
func (c *columns) sends(sheet int, l *letter, at small, yield func(cost int8, to small)) {
	to := at
	switch {
	case at.term > l.term || l.vote && at.term == l.term:
		// It is a late one, or another copy.
	case l.vote:
		if c.last(at.log) != l.last {
			return
		}
		to.term, to.vote = l.term, l.from
	default:
		if at.term < l.term {
			to.term, to.vote = l.term, l.from // elected off the page
		}
		var ok bool
		if to.log, ok = c.leads(l, at.log); !ok {
			return
		}
	}
	yield(0, to)
	for i, letters := range c.letters {
		read := int(at.place) / c.strides[i] % (len(letters) + 1)
		for _, other := range letters[:read] {
			if other != nil && other.term > to.term {
				raised := to
				raised.term, raised.vote = other.term, raft.NoNode
				yield(0, raised)
			}
		}
	}
}

// leads is the log of a leader that sends entries: those past its end are new.
func (c *columns) leads(l *letter, log int32) (int32, bool) {
	if l.index > 0 {
		switch size := c.logs[log].size; {
		case l.index > size+1:
			return 0, false
		case l.index == size+1:
			return c.grow(log, raft.Entry{Term: l.term, Value: l.value}), true
		}
		return log, true
	}
	r := &l.reads[0]
	for i, e := range r.entries {
		switch size := c.logs[log].size; {
		case r.prev.Index+raft.Index(i) > size:
			return 0, false
		case r.prev.Index+raft.Index(i) == size:
			log = c.grow(log, e)
		}
	}
	return log, true
}

// takes yields what a request makes of a node that it reaches, and how it answers
// (Figure 2): once for each of what may have been sent.
func (c *columns) takes(l *letter, at small, yield func(ok bool, to small)) {
	if l.term < at.term {
		yield(false, at)
		return
	}
	if l.term > at.term {
		at.term, at.vote = l.term, raft.NoNode
	}
	if l.vote {
		ok := (at.vote == raft.NoNode || at.vote == l.from) && l.last.UpToDate(c.last(at.log))
		if ok {
			at.vote = l.from
		}
		yield(ok, at)
		return
	}
	for i := range l.reads {
		r, to := &l.reads[i], at
		own, has := c.mark(at.log, r.prev.Index)
		if !has || own != r.prev.Term {
			yield(false, to)
			continue
		}
		for j, e := range r.entries {
			index := r.prev.Index + raft.Index(j) + 1
			if term, has := c.mark(to.log, index); has && term != e.Term {
				to.log = c.truncate(to.log, index-1)
			}
			if c.logs[to.log].size < index {
				to.log = c.grow(to.log, e)
			}
		}
		yield(true, to)
	}
}
