package order

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"raftsheet/raft"
)

// A graph is the cheapest orders of a game: its states, and the moves between them. A
// path from its start to a goal is an order.
type graph struct {
	cells  int
	start  *state
	states []*state          // those on some path, the start first
	out    map[*state][]edge // the moves from each, with where they lead in to
	to     map[*state][]*state
	goals  map[*state]bool
}

// newGraph makes the graph of the cheapest orders that a search has found.
func newGraph(s *search) *graph {
	g := &graph{cells: len(s.Cells), start: s.start, out: make(map[*state][]edge), to: make(map[*state][]*state), goals: make(map[*state]bool)}
	for _, st := range s.goals {
		if st.total() == s.best {
			g.goals[st] = true
			g.states = append(g.states, st)
		}
	}
	seen := make(map[*state]bool)
	for i := 0; i < len(g.states); i++ {
		st := g.states[i]
		for _, e := range st.in {
			g.out[e.from], g.to[e.from] = append(g.out[e.from], e), append(g.to[e.from], st)
			if !seen[e.from] {
				seen[e.from] = true
				g.states = append(g.states, e.from)
			}
		}
	}
	slices.SortStableFunc(g.states, func(a, b *state) int { return cmp.Compare(a.depth, b.depth) })
	g.plainFirst()
	return g
}

// plainFirst puts the moves out of each state in such an order that the first ones
// make a path on which the requests reached whom the cells say, as far as that may be:
// what is wrong in it is an answer, and not whom a request reached.
func (g *graph) plainFirst() {
	odd := make(map[*state]int) // moves from here on that are other than plain
	for _, st := range slices.Backward(g.states) {
		type move struct {
			edge
			to  *state
			odd int
		}
		moves := make([]move, len(g.out[st]))
		for i, e := range g.out[st] {
			plain := e.plain()
			sent := e.Recipients(raft.MaxNodes)
			moves[i] = move{e, g.to[st][i], odd[g.to[st][i]] + ((e.lost ^ plain.lost) & sent).Len() + e.heard.Len()}
		}
		slices.SortStableFunc(moves, func(a, b move) int { return cmp.Compare(a.odd, b.odd) })
		for i, m := range moves {
			g.out[st][i], g.to[st][i] = m.edge, m.to
		}
		if len(moves) > 0 {
			odd[st] = moves[0].odd
		}
	}
}

// A set is a set of cells.
type set []uint64

func (g *graph) set() set { return make(set, g.cells/64+1) }

func (s set) add(cells []int) set {
	own := slices.Clone(s)
	for _, c := range cells {
		own[c/64] |= 1 << (c % 64)
	}
	return own
}

func (s set) list() []int {
	var cells []int
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			cells = append(cells, 64*i+bits.TrailingZeros64(w))
		}
	}
	return cells
}

func (s set) has(cell int) bool { return s[cell/64]&(1<<(cell%64)) != 0 }

// A common is what the orders that lead to a state have in common.
type common struct {
	orders   uint64 // how many there are; at the most 2^64-1
	all, any set    // cells that are wrong in all of them, and in any
}

// join takes in orders that lead to the same state.
func (c *common) join(o common) {
	if c.all == nil {
		*c = common{o.orders, slices.Clone(o.all), slices.Clone(o.any)}
		return
	}
	c.orders = saturated(c.orders, o.orders)
	for i := range c.all {
		c.all[i] &= o.all[i]
		c.any[i] |= o.any[i]
	}
}

func saturated(a, b uint64) uint64 {
	if sum, carry := bits.Add64(a, b, 0); carry == 0 {
		return sum
	}
	return math.MaxUint64
}

// common goes through the states in the order of their depth, each after those that
// lead to it: the orders to a state are those to the states before it, with the move
// between.
func (g *graph) common() common {
	here := make(map[*state]*common, len(g.states))
	here[g.start] = &common{1, g.set(), g.set()}
	var whole common
	for _, st := range g.states {
		c := here[st]
		if g.goals[st] {
			whole.join(common{c.orders, c.all.add(st.last), c.any.add(st.last)})
		}
		for i, e := range g.out[st] {
			to := g.to[st][i]
			if here[to] == nil {
				here[to] = new(common)
			}
			next := common{c.orders, c.all.add(e.wrong), c.any.add(e.wrong)}
			if g.again(st, i) {
				next.orders = 0 // the same step to the same place, with another fate
			}
			here[to].join(next)
		}
	}
	return whole
}

// again reports whether a move out of a state has another before it that is the same
// step, and leads to the same state.
func (g *graph) again(st *state, i int) bool {
	for j := range i {
		if g.out[st][j].step == g.out[st][i].step && g.to[st][j] == g.to[st][i] {
			return true
		}
	}
	return false
}

// A path is an order: its moves, and the goal that it ends in.
type path struct {
	moves []edge
	goal  *state
	whole bool // it ends in the goal; otherwise it is as far as one gets
}

// backTo is a path from the start to a state.
func backTo(st *state) []edge {
	var moves []edge
	for len(st.in) > 0 {
		moves = append(moves, st.in[0])
		st = st.in[0].from
	}
	slices.Reverse(moves)
	return moves
}

// onFrom goes on from a state to a goal.
func (g *graph) onFrom(st *state, moves []edge) path {
	for len(g.out[st]) > 0 {
		moves, st = append(moves, g.out[st][0]), g.to[st][0]
	}
	return path{moves, st, true}
}

// with is a path on which a cell is wrong; ok is false if there is none.
func (g *graph) with(cell int) (p path, ok bool) {
	for _, st := range g.states {
		if g.goals[st] && slices.Contains(st.last, cell) {
			return path{backTo(st), st, true}, true
		}
		for i, e := range g.out[st] {
			if slices.Contains(e.wrong, cell) {
				return g.onFrom(g.to[st][i], append(backTo(st), e)), true
			}
		}
	}
	return p, false
}

// paths gives so many paths, or all if there are fewer. They part as early as they
// can: the number of a path tells, from its lowest digit on, which way it takes.
func (g *graph) paths(most int) []path {
	const tries = 1000 // for each path; a number past the last path is none
	var all []path
	for n := 0; len(all) < most && n < most*tries; n++ {
		st, left := g.start, n
		var moves []edge
		for len(g.out[st]) > 0 {
			ways := len(g.out[st])
			i := left % ways
			left /= ways
			moves, st = append(moves, g.out[st][i]), g.to[st][i]
		}
		if left == 0 {
			all = append(all, path{moves, st, true})
		}
	}
	return all
}
