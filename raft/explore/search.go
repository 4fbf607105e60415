package explore

import (
	"slices"
	"sync"
	"sync/atomic"

	"raftsheet/raft"
)

// A ScopeResult is what a search of one scope came to.
type ScopeResult struct {
	Scope       Scope
	States      int  // distinct states, those that differ in the servers' numbers alone being one
	Transitions int  // actions that were tried
	Outside     int  // those of them after which some figure was past all bounds: they were not followed
	Depth       int  // the most actions in a row
	Complete    bool // whether nothing is left to explore within the scope but for its Depth
}

// A search walks a scope level by level: all that one action leads to, then all
// that two do. The first breach that it comes upon is therefore one of the
// fewest actions.
type search struct {
	scope *Scope
	rules *raft.Rules

	seen     map[key]struct{}
	parents  []parent // of every state, in the order found
	frontier *batch   // the states of the latest level
	first    int      // the number of the frontier's first state
	next     *batch   // those of the level after it
	result   ScopeResult
	found    *parent           // the action that breaks a property, and before which state
	visit    func(text []byte) // where set, is shown every state
}

func newSearch(s *Scope, rules *raft.Rules) *search {
	return &search{scope: s, rules: rules, seen: make(map[key]struct{}),
		frontier: &batch{}, next: &batch{}, result: ScopeResult{Scope: *s}}
}

// run walks the scope to its end, or to the first breach.
func (s *search) run(parallel int) {
	workers := make([]*worker, parallel)
	for i := range workers {
		workers[i] = newWorker(s.scope, s.rules, s.seen)
	}
	w := newWriter(s.scope)
	text := w.canonical(&cluster{})
	s.keep(text, parent{state: -1}, keyOf(text))
	for s.next.len() > 0 && s.found == nil && (s.scope.Depth == 0 || s.result.Depth < s.scope.Depth) {
		s.first += s.frontier.len()
		s.frontier, s.next = s.next, s.frontier
		s.next.reset()
		s.level(workers)
		s.result.Depth++
	}
	s.result.States = len(s.parents)
	s.result.Complete = s.next.len() == 0 && s.found == nil
}

// keep keeps a state, if it is new.
func (s *search) keep(text []byte, from parent, k key) {
	if _, ok := s.seen[k]; ok {
		return
	}
	s.seen[k] = struct{}{}
	s.parents = append(s.parents, from)
	s.next.add(text, from, k)
	if s.visit != nil {
		s.visit(text)
	}
}

const (
	share = 128         // states that a worker takes at a time
	round = 128 * share // states between one merge and the next: it bounds what waits to be merged
)

// level expands the frontier. What the workers find is merged in the frontier's
// order, so that the outcome does not depend on who was faster.
func (s *search) level(workers []*worker) {
	for _, w := range workers {
		w.frontier, w.first = s.frontier, s.first
	}
	for lo := 0; lo < s.frontier.len() && s.found == nil; lo += round {
		shares := expand(workers, lo, min(lo+round, s.frontier.len()))
		for i := 0; i < len(shares) && s.found == nil; i++ {
			s.merge(&shares[i])
		}
	}
}

// expand has the workers expand the frontier's states [lo, hi). Each takes the
// next share that nobody has taken.
func expand(workers []*worker, lo, hi int) []finds {
	shares := make([]finds, (hi-lo+share-1)/share)
	var taken atomic.Int32
	var wg sync.WaitGroup
	for _, w := range workers[:min(len(workers), len(shares))] {
		wg.Go(func() {
			for i := int(taken.Add(1)) - 1; i < len(shares); i = int(taken.Add(1)) - 1 {
				from := lo + i*share
				w.expand(&shares[i], from, min(from+share, hi))
			}
		})
	}
	wg.Wait()
	return shares
}

func (s *search) merge(f *finds) {
	s.result.Transitions += f.transitions
	s.result.Outside += f.outside
	for i := range f.states.len() {
		s.keep(f.states.text(i), f.states.parents[i], f.states.keys[i])
	}
	s.found = f.breach
}

// path gives the actions that lead to the breach.
func (s *search) path() []action {
	path := []action{s.found.action}
	for at := s.found.state; at > 0; at = s.parents[at].state {
		path = append(path, s.parents[at].action)
	}
	slices.Reverse(path)
	return path
}
