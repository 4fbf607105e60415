package explore

import (
	"runtime"

	"raftsheet/raft"
)

// A Result is what the searches of several scopes came to.
type Result struct {
	Scopes      []ScopeResult
	States      int // of all scopes together: a state of two of them counts twice
	Transitions int
}

func (r *Result) add(s ScopeResult) {
	r.Scopes = append(r.Scopes, s)
	r.States += s.States
	r.Transitions += s.Transitions
}

// Find looks for a behaviour under the rules that breaks a property, in the
// scopes of [Quick]. It gives one of the fewest actions that there is in any of
// them, from the first scope that has one so short; nil if no property breaks.
func Find(rules *raft.Rules) (*Behavior, Result) {
	var best *Behavior
	var result Result
	for _, s := range Quick() {
		if best != nil {
			if best.Actions() == 1 {
				break // nothing is shorter
			}
			s = s.atMost(best.Actions() - 1)
		}
		b, r := s.Explore(rules)
		if result.add(r); b != nil {
			best = b
		}
	}
	return best, result
}

// Explore walks all of the scope, or up to the first action that breaks a
// property, and gives the behaviour that ends with it; nil if there is none. No
// other behaviour of the scope that breaks a property has fewer actions.
func (s Scope) Explore(rules *raft.Rules) (*Behavior, ScopeResult) {
	x := newSearch(&s, rules)
	x.run(runtime.GOMAXPROCS(0))
	if x.found == nil {
		return nil, x.result
	}
	return s.behavior(rules, x.path()), x.result
}
