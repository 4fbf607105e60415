package order

import (
	"container/heap"
	"encoding/binary"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A state is how far each sheet is read, and the cluster as it is then.
type state struct {
	at      []int // by sheet: how many of its steps are read
	depth   int   // how many of all
	cost    int   // of the cheapest way here
	cluster *replay.Cluster
	in      []edge // the cheapest ways here, from one step less
	done    bool   // its steps have been looked at
	last    []int  // of a goal: cells of the tables at the end that differ
}

// An edge is a move that leads to a state.
type edge struct {
	from *state
	move
	wrong []int
}

// total is what an order costs that ends in a goal.
func (s *state) total() int { return s.cost + len(s.last) }

// A key tells states apart.
type key struct {
	at      string
	cluster replay.Digest
}

func (s *state) key() key {
	var at []byte
	for _, n := range s.at {
		at = binary.AppendUvarint(at, uint64(n))
	}
	return key{string(at), s.cluster.Digest()}
}

// A search looks for the cheapest orders of a game.
type search struct {
	*Game
	most    int            // how many states it looks at
	greedy  bool           // it hurries to the end, and stops at the first order that it finds
	bound   int            // no order that costs more is wanted
	slips   map[*step]bool // messages of which fields may be wrong
	meant   bool           // any message may have been sent with another value in one field
	written *vocabulary    // of the sheets, where meant
	doubted raft.NodeSet   // nodes whose requests may have had another fate than the cells say, though these agree

	ahead *columns // a bound on what is still to come; nil for none
	seen  map[key]*state
	queue queue
	goals []*state
	best  int // cost of the cheapest order so far
	count int // states looked at
	start *state
	full  bool // the bound on states was reached, or that on moves

	each   func() // called for each state that is looked at
	played int    // moves, each weighed by how many requests are delivered

	furthest []*state // of the states that read most, the cheapest few
}

// A candidate is a state to look at, or a step of it of which the ways are still to
// be tried, whose cost is at least this.
type candidate struct {
	*state
	cost, depth int
	ways        *ways // nil: the state itself
}

// ways are those in which a step may have happened that comes next.
type ways struct {
	move
	cluster *replay.Cluster // in which it comes
	choices []choice
	tried   int // what the last of those costs that have been tried
}

// queue is a heap of candidates, the cheapest first, of these the furthest, of these
// the first that was found.
type queue struct {
	all    []candidate
	number []int
	pushed int
	greedy bool
}

func (q *queue) Len() int { return len(q.all) }
func (q *queue) Swap(i, j int) {
	q.all[i], q.all[j] = q.all[j], q.all[i]
	q.number[i], q.number[j] = q.number[j], q.number[i]
}

func (q *queue) Push(x any) {
	q.pushed++
	q.all, q.number = append(q.all, x.(candidate)), append(q.number, q.pushed)
}

func (q *queue) Pop() any {
	last := len(q.all) - 1
	c := q.all[last]
	q.all[last] = candidate{}
	q.all, q.number = q.all[:last], q.number[:last]
	return c
}

func (q *queue) Less(i, j int) bool {
	a, b := &q.all[i], &q.all[j]
	// A difference must pay by so many steps that come true after it.
	const steps = 4
	if x, y := steps*a.cost-a.depth, steps*b.cost-b.depth; q.greedy && x != y {
		return x < y
	}
	switch {
	case a.cost != b.cost:
		return a.cost < b.cost
	case a.depth != b.depth:
		return a.depth > b.depth
	}
	return q.number[i] < q.number[j]
}

// run searches until all orders of the least cost are found, or the bound on states
// is reached.
func (s *search) run() {
	s.seen, s.best = make(map[key]*state), s.bound
	s.queue.greedy = s.greedy
	c := replay.New(&s.base, s.rules)
	c.Run().Each = true // a sender goes on with the answers that it is told to hear
	s.start = &state{at: make([]int, len(s.steps)), cluster: c}
	if s.meant {
		s.written = s.vocabulary()
	}
	if s.bound > 0 && !s.greedy && !s.meant {
		s.ahead = newColumns(s)
	}
	s.seen[s.start.key()] = s.start
	s.push(candidate{state: s.start})
	for s.queue.Len() > 0 {
		next := heap.Pop(&s.queue).(candidate)
		switch {
		case next.cost > s.best:
		case next.ways != nil:
			if s.try(next); s.tired() {
				s.full = true
				return
			}
		case next.done || next.state.cost > next.cost:
		case !s.ahead.allow(next.state, next.cost-next.state.cost):
			next.cost++
			s.push(next)
		case s.count == s.most || s.tired():
			s.full = true
			return
		default:
			s.count++
			s.each()
			s.look(next.state, next.cost)
			if s.greedy && len(s.goals) > 0 {
				return
			}
		}
	}
}

// movesOfState is how many moves are played for each state that may be looked at. Most
// games take 2 to 4; in a wide cluster, where much is wrong, what may have become of the
// requests of one step is more than can be tried.
const movesOfState = 10

// tired reports whether as many moves have been played as may be.
func (s *search) tired() bool { return s.played >= movesOfState*s.most }

func (s *search) push(c candidate) {
	if c.cost <= s.best {
		heap.Push(&s.queue, c)
	}
}

// look looks at the steps that may come next.
func (s *search) look(st *state, cost int) {
	st.done = true
	if st.depth == s.Size() {
		s.finish(st)
	}
	for i, at := range st.at {
		if at == len(s.steps[i]) {
			continue
		}
		next := &s.steps[i][at]
		plain := next.plain()
		if s.meant {
			s.mean(st, plain, cost)
		}
		if !s.slips[next] && s.cannotYet(st.cluster, next) {
			continue
		}
		if p, _, ok := s.play(st.cluster, plain); ok {
			s.offer(st, &p, cost)
		} else if s.slips[next] {
			s.slip(st, plain, cost)
		}
	}
	s.keepFurthest(st)
}

// Size is how many steps an order has, before the tables at the end of the game.
func (g *Game) Size() int {
	n := 0
	for _, steps := range g.steps {
		n += len(steps)
	}
	return n
}

// offer takes a move that was played, or puts off the ways in which the step can have
// happened until their turn has come. An order that goes this way costs at least so
// much.
func (s *search) offer(st *state, p *played, cost int) {
	wrong := s.wrongAnswers(p)
	choices := s.choices(&p.move, wrong)
	if choices == nil {
		s.arrive(st, p, cost)
		return
	}
	least := st.cost + len(p.fields) + wrong.Len() // whatever became of the requests, these differ
	s.push(candidate{state: st, cost: max(cost, least), depth: st.depth + 1, ways: &ways{p.move, st.cluster, choices, -1}})
}

// try tries the ways of a step by which an order may cost no more than the candidate.
// Those that must cost more wait.
func (s *search) try(next candidate) {
	w := next.ways
	limit := next.cost - next.state.cost
	others := s.weigh(next.state, w.cluster, &w.move, w.choices, limit)
	choose(w.choices, limit-others, w.move, func(m move, left int) (on bool) {
		if cost := limit - left; cost <= w.tried {
			return true
		}
		if p, _, ok := s.play(w.cluster, m); ok {
			s.arrive(next.state, &p, next.cost)
		}
		return !s.tired()
	})
	most := others
	for _, ch := range w.choices {
		most += slices.Max(ch.costs)
	}
	if w.tried = limit; most > limit {
		next.cost++
		s.push(next)
	}
}

// arrive takes in where a move leads.
func (s *search) arrive(from *state, p *played, least int) {
	next := &state{at: slices.Clone(from.at), depth: from.depth + 1, cost: from.cost + len(p.wrong), cluster: p.cluster}
	if next.cost > s.best {
		return
	}
	next.at[p.sheet]++
	k := next.key()
	was := s.seen[k]
	in := edge{from, p.move, p.wrong}
	switch {
	case was == nil:
		s.seen[k] = next
	case next.cost == was.cost:
		was.in = append(was.in, in)
		return
	case next.cost > was.cost:
		return
	default:
		was.cost, was.cluster, was.done = next.cost, next.cluster, false
		next = was
	}
	next.in = []edge{in}
	s.push(candidate{state: next, cost: max(least, next.cost), depth: next.depth})
}

// finish takes in that every sheet is read: the tables at the end of the game are
// held against what has come of it.
func (s *search) finish(st *state) {
	c := st.cluster.Clone()
	if _, halt := c.Apply(&trace.Step{}); halt != nil {
		panic("order: a step without an event cannot be played")
	}
	for i := range s.end {
		st.last = append(st.last, s.end[i].differing(c.Run())...)
	}
	if st.total() <= s.best {
		s.best = st.total()
		s.goals = append(s.goals, st)
	}
}

// mostFurthest is how many states are kept from which it may be said what the sheets
// wait for.
const mostFurthest = 4

// keepFurthest keeps the states that read most, for what the sheets wait for there,
// and lets go of the clusters of all others that have been looked at.
func (s *search) keepFurthest(st *state) {
	switch n := len(s.furthest); {
	case n == 0 || st.depth > s.furthest[0].depth || st.depth == s.furthest[0].depth && st.cost < s.furthest[0].cost:
		for _, was := range s.furthest {
			was.cluster = nil
		}
		s.furthest = []*state{st}
	case st.depth == s.furthest[0].depth && st.cost == s.furthest[0].cost && n < mostFurthest:
		s.furthest = append(s.furthest, st)
	default:
		st.cluster = nil
	}
}
