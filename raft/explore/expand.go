package explore

import "raftsheet/raft"

// finds is what a worker comes upon in its share of the frontier.
type finds struct {
	states      batch
	transitions int
	outside     int
	breach      *parent // the first action that breaks a property, after which it goes no further
}

// A worker expands states of a frontier. It only reads what others read too; what
// it finds goes into its own finds.
type worker struct {
	scope    *Scope
	seen     map[key]struct{} // the search's, which stays as it is meanwhile
	player   *player
	writer   writer
	enabled  enabled
	recent   map[key]struct{} // found in this share
	frontier *batch
	first    int // the number of the frontier's first state
}

func newWorker(s *Scope, rules *raft.Rules, seen map[key]struct{}) *worker {
	return &worker{scope: s, seen: seen, player: newPlayer(s, rules), writer: newWriter(s),
		enabled: enabled{scope: s}, recent: make(map[key]struct{})}
}

// expand tries every action on the frontier's states [lo, hi).
func (w *worker) expand(f *finds, lo, hi int) {
	clear(w.recent)
	for i := lo; i < hi; i++ {
		c := read(w.frontier.text(i), w.scope.Nodes)
		for _, a := range w.enabled.list(&c) {
			w.try(f, &c, parent{int32(w.first + i), a})
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
	case w.player.broken.Property != None:
		b := p // a pointer to p itself would put every action on the heap
		f.breach = &b
		return
	case w.player.outside:
		f.outside++
		return
	case w.player.now == *c: // canonical as it is, and seen: a quick answer to a frequent case
		return
	}
	text := w.writer.canonical(&w.player.now)
	k := keyOf(text)
	if _, ok := w.seen[k]; ok {
		return
	}
	// What another worker finds in this round is not in seen yet. The merge drops
	// it; here only what this share has found twice is dropped.
	if _, ok := w.recent[k]; ok {
		return
	}
	w.recent[k] = struct{}{}
	f.states.add(text, p, k)
}
