package order

import (
	"math"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Result is what a search has come to.
type Result struct {
	*Game
	Orders []*Order // cheapest ones, or the furthest where no order has all steps
	Whole  bool     // the orders have all steps of all sheets

	Cost   int    // of the cheapest order: how many cells are wrong in it
	Count  uint64 // how many cheapest orders there are; math.MaxUint64 for more than that
	Proven bool   // all orders that cost no more have been looked at: where Cost is above 2, those with the messages as written

	Wrong   []int          // cells that are wrong in every cheapest order
	Depends []int          // cells that are wrong in some of them
	Others  map[int]*Order // for each of Depends that is not wrong in the first order, one in which it is

	Waits  []Wait // what the sheets wait for, where no order has all steps
	States int    // looked at
	most   int    // that may be
}

// A Wait is a step of a sheet that cannot come next, and why.
type Wait struct {
	Sheet *Sheet
	Step  *trace.Step // of the sheet
	Why   replay.Fact
	Run   *replay.Run // that of the order, with the step after it in its trace
}

// DefaultStates bounds a search that nobody else bounds: a game of 40 messages takes
// a tenth of it.
const DefaultStates = 20_000

// Search looks for the cheapest orders of the game, in so many states at the most, and
// gives so many of them.
func (g *Game) Search(states, orders int) *Result {
	r := &Result{Game: g, Others: make(map[int]*Order), most: states}
	g.told(0, states)
	defer g.told(states, states)
	// Most games have nothing wrong, and the orders that cost nothing are few. Half of
	// the states are kept for the other games, but not of those that a long game has on
	// its way.
	best := &search{Game: g, most: max((states+1)/2, min(states, 2*(g.Size()+1)))}
	if r.run(best); len(best.goals) == 0 {
		if one := g.oneOff(r, states); len(one.goals) > 0 {
			r.Whole, r.Proven = true, !one.full
			r.take(one, orders)
			return r
		}
		if best = g.reach(r, best, states); len(best.goals) == 0 {
			r.stuck(best)
			return r
		}
		best = g.cheapest(r, best, states)
	}
	r.Whole, r.Proven = true, !best.full && !best.greedy
	r.take(best, orders)
	return r
}

// told tells how far a search has come.
func (g *Game) told(states, of int) {
	if g.Progress != nil {
		g.Progress(states, of)
	}
}

// run runs a search, and counts its states.
func (r *Result) run(s *search) {
	s.each = func() { s.told(r.States+s.count, r.most) }
	s.run()
	r.States += s.count
}

// oneOff looks for the orders in which one thing is wrong, a field of any message among
// them: first for some order, and where there is one for all.
func (g *Game) oneOff(r *Result, states int) *search {
	one := &search{Game: g, most: min(states-r.States, max(states/4, 1)), bound: 1, meant: true}
	if r.run(one); len(one.goals) == 0 {
		return one
	}
	all := &search{Game: g, most: states - r.States, bound: 1, meant: true, doubted: raft.AllNodes(g.base.Size())}
	if r.run(all); all.full {
		one.full = true
		return one
	}
	return all
}

// part is the part of all states that one attempt to reach the end may look at.
const part = 10

// reach hurries to an order that has all steps, whatever it costs. Where that fails,
// it looks at all orders that cost little; and where that fails too, the messages that
// fit nowhere may have wrong fields. If it never comes to the end, it gives the attempt
// that came furthest, be it the search before.
func (g *Game) reach(r *Result, furthest *search, states int) *search {
	slips := make(map[*step]bool)
	attempt := func(greedy bool, bound int, meant bool) *search {
		s := &search{Game: g, most: min(states-r.States, max(states/part, 1)), bound: bound, greedy: greedy, slips: slips, meant: meant}
		r.run(s)
		if len(s.furthest) > 0 && s.furthest[0].depth > furthest.furthest[0].depth {
			furthest = s
		}
		return s
	}
	for first := true; ; first = false {
		s := attempt(true, math.MaxInt, false)
		if len(s.goals) > 0 {
			return s
		}
		if first {
			const little = 12
			if all := attempt(false, little, false); len(all.goals) > 0 {
				return all
			}
			if other := attempt(true, math.MaxInt, true); len(other.goals) > 0 {
				return other
			}
		}
		if !g.mayBeWrong(slips, s.furthest) || r.States >= states {
			furthest.full = furthest.full || s.full
			return furthest
		}
	}
}

// mayBeWrong adds the messages for which the sheets wait in some states, and those
// before them, and reports whether there are any that were not among them.
func (g *Game) mayBeWrong(slips map[*step]bool, in []*state) bool {
	more := false
	for _, st := range in {
		for i, at := range st.at {
			for _, j := range []int{at - 1, at} {
				if at < len(g.steps[i]) && j >= 0 && !slips[&g.steps[i][j]] {
					slips[&g.steps[i][j]], more = true, true
				}
			}
		}
	}
	return more
}

// cheapest looks for all orders that cost no more than one that was found, or than one in
// which some messages have a wrong field, if that costs less.
func (g *Game) cheapest(r *Result, found *search, states int) *search {
	if found.best <= 2 {
		return g.asWritten(r, found, found.best, states) // an order with one wrong field costs as much at least
	}
	other := &search{Game: g, most: min(states-r.States, max(states/part, 1)), bound: found.best - 1, greedy: true, slips: found.slips, meant: true}
	if r.run(other); len(other.goals) == 0 {
		return g.asWritten(r, found, found.best, states)
	}
	if found = g.asWritten(r, found, other.best, r.States+(states-r.States)/2); found.best <= other.best {
		return found
	}
	all := &search{Game: g, most: states - r.States, bound: other.best, slips: found.slips, meant: true}
	if r.run(all); len(all.goals) == 0 {
		return other
	}
	all.greedy = true // not with all fates of all requests
	return all
}

// asWritten looks for all orders that cost no more than so much, with the messages as
// they are written: first those in which the requests reached whom the cells say, as far
// as these agree; then those in which any may have been lost, or not.
func (g *Game) asWritten(r *Result, found *search, bound, states int) *search {
	for _, doubted := range []raft.NodeSet{0, raft.AllNodes(g.base.Size())} {
		s := &search{Game: g, most: states - r.States, bound: min(bound, found.best), slips: found.slips, doubted: doubted}
		r.run(s)
		if len(s.goals) == 0 || s.full && !found.greedy {
			found.full = true // it may not be all of them
			return found
		}
		found = s
	}
	return found
}

// take takes what a search has found.
func (r *Result) take(s *search, orders int) {
	g := newGraph(s)
	c := g.common()
	r.Cost, r.Count = s.best, c.orders
	for _, p := range g.paths(max(orders, 1)) {
		r.Orders = append(r.Orders, r.order(p))
	}
	r.Wrong = c.all.list()
	for _, cell := range c.any.list() {
		if c.all.has(cell) {
			continue
		}
		r.Depends = append(r.Depends, cell)
		if p, ok := g.with(cell); ok && !r.Orders[0].IsWrong(cell) {
			r.Others[cell] = r.order(p)
		}
	}
}

// IsWrong reports whether a cell is wrong in the order.
func (o *Order) IsWrong(cell int) bool {
	return slices.ContainsFunc(o.Steps, func(t Taken) bool { return slices.Contains(t.Wrong, cell) })
}

// stuck takes in how far a search came that has found no order.
func (r *Result) stuck(s *search) {
	st := s.furthest[0]
	r.Orders = []*Order{r.order(path{moves: backTo(st)})}
	r.Cost, r.Proven = st.cost, !s.full
	for i, at := range st.at {
		if at == len(r.steps[i]) {
			continue
		}
		next := &r.steps[i][at]
		if _, why, ok := r.play(st.cluster, next.plain()); !ok {
			r.Waits = append(r.Waits, Wait{&r.Sheets[i], next.Step, why, r.Orders[0].before(next.Step)})
		}
	}
}

// before is the replay of an order that a step would come after.
func (o *Order) before(next *trace.Step) *replay.Run {
	t, run := *o.Trace, *o.Run
	t.Steps = append(t.Steps[:len(t.Steps):len(t.Steps)], *next)
	run.Trace = &t
	return &run
}
