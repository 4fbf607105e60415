package explore

import (
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"

	"raftsheet/raft"
)

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
	found    *found
	visit    func(text []byte) // where set, is shown every state
}

// A key stands for a state: a hash of its text, so long that no two states of a
// search share it.
type key [2]uint64

var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

func keyOf(text []byte) key {
	return key{maphash.Bytes(seeds[0], text), maphash.Bytes(seeds[1], text)}
}

// A parent is how a state was come to.
type parent struct {
	state  int32
	action action
}

// found is an action that breaks a property.
type found struct {
	parent
	breach breach
}

// A batch is states in a row, each with its parent and its key.
type batch struct {
	texts   []byte
	ends    []int // of each text
	parents []parent
	keys    []key
}

func (b *batch) len() int { return len(b.ends) }

func (b *batch) text(i int) []byte {
	start := 0
	if i > 0 {
		start = b.ends[i-1]
	}
	return b.texts[start:b.ends[i]]
}

func (b *batch) add(text []byte, from parent, k key) {
	b.texts = append(b.texts, text...)
	b.ends = append(b.ends, len(b.texts))
	b.parents = append(b.parents, from)
	b.keys = append(b.keys, k)
}

func (b *batch) reset() {
	b.texts, b.ends, b.parents, b.keys = b.texts[:0], b.ends[:0], b.parents[:0], b.keys[:0]
}

func newSearch(s *Scope, rules *raft.Rules) *search {
	return &search{scope: s, rules: rules, seen: make(map[key]struct{}),
		frontier: &batch{}, next: &batch{}, result: ScopeResult{Scope: *s}}
}

// run walks the scope to its end, or to the first breach.
func (s *search) run(parallel int) {
	workers := make([]*worker, parallel)
	for i := range workers {
		workers[i] = newWorker(s)
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
	round = 128 * share // states between one merge and the next
)

// level expands the frontier. What the workers find is merged in the frontier's
// order, so that the outcome does not depend on who was faster.
func (s *search) level(workers []*worker) {
	for lo := 0; lo < s.frontier.len() && s.found == nil; lo += round {
		shares := s.expand(workers, lo, min(lo+round, s.frontier.len()))
		for i := 0; i < len(shares) && s.found == nil; i++ {
			s.merge(&shares[i])
		}
	}
}

// expand has the workers expand the frontier's states [lo, hi).
func (s *search) expand(workers []*worker, lo, hi int) []finds {
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

// finds is what a worker comes upon in its share of the frontier.
type finds struct {
	states      batch
	transitions int
	outside     int
	breach      *found // the first, after which it goes no further
}

// A worker expands states.
type worker struct {
	s      *search
	player *player
	writer writer
	menu   menu
	recent map[key]struct{} // found in this share
}

func newWorker(s *search) *worker {
	return &worker{s: s, player: newPlayer(s.scope, s.rules), writer: newWriter(s.scope),
		menu: menu{scope: s.scope}, recent: make(map[key]struct{})}
}

// expand tries every action on the frontier's states [lo, hi).
func (w *worker) expand(f *finds, lo, hi int) {
	clear(w.recent)
	for i := lo; i < hi; i++ {
		c := read(w.s.frontier.text(i), w.s.scope.Nodes)
		for _, a := range w.menu.list(&c) {
			w.try(f, &c, parent{int32(w.s.first + i), a})
			if f.breach != nil {
				return
			}
		}
	}
}

// try plays an action, and keeps what comes of it if that is new.
func (w *worker) try(f *finds, c *cluster, p parent) {
	f.transitions++
	w.player.play(c, p.action)
	switch {
	case w.player.broken.property != None:
		f.breach = &found{p, w.player.broken}
		return
	case w.player.outside:
		f.outside++
		return
	case w.player.now == *c:
		return
	}
	text := w.writer.canonical(&w.player.now)
	k := keyOf(text)
	if _, ok := w.s.seen[k]; ok {
		return
	}
	if _, ok := w.recent[k]; ok {
		return
	}
	w.recent[k] = struct{}{}
	f.states.add(text, p, k)
}
