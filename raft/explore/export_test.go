package explore

import (
	"math/rand/v2"

	"raftsheet/raft"
)

// Walk gives a behaviour of actions picked at random, after none of which a
// property breaks.
func Walk(s Scope, rules *raft.Rules, actions int, rng *rand.Rand) *Behavior {
	p, w, e := newPlayer(&s, rules), newWriter(&s), enabled{scope: &s}
	var at cluster
	var path []action
	for range actions {
		all := e.list(&at)
		if len(all) == 0 {
			break
		}
		a := all[rng.IntN(len(all))]
		p.play(&at, a)
		if p.broken.Property == None && !p.outside && p.now != at {
			path = append(path, a)
			at = read(w.canonical(&p.now), s.Nodes)
		}
	}
	return s.behavior(rules, path)
}

// NaiveBreach gives after how many actions a property first breaks, by the
// obvious walk; 0 for never.
func NaiveBreach(s Scope, rules *raft.Rules) int {
	_, _, breach := naive(&s, rules)
	return breach
}
