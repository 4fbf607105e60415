package explore

import (
	"runtime"

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

// A Counterexample is a behaviour that breaks a property.
type Counterexample struct {
	Property Property
	Scope    Scope // in which it was found
	Actions  int   // its length, in actions as the package's documentation has them

	rules *raft.Rules
	path  []action
}

// Find looks for a behaviour under the rules that breaks a property, in the
// scopes of [Quick]. It gives one of the fewest actions that there is in any of
// them, from the first scope that has one so short; nil if no property breaks.
func Find(rules *raft.Rules) (*Counterexample, Result) {
	var best *Counterexample
	var result Result
	for _, s := range Quick() {
		if best != nil {
			if best.Actions == 1 {
				break // nothing is shorter
			}
			s = s.atMost(best.Actions - 1)
		}
		c, r := s.Explore(rules)
		if result.add(r); c != nil {
			best = c
		}
	}
	return best, result
}

// atMost gives the scope with no more than so many actions in a row.
func (s Scope) atMost(actions int) Scope {
	if s.Depth == 0 || s.Depth > actions {
		s.Depth = actions
	}
	return s
}

// Explore walks all of the scope, or up to the first action that breaks a
// property. No other behaviour of the scope that breaks one has fewer actions.
func (s Scope) Explore(rules *raft.Rules) (*Counterexample, ScopeResult) {
	x := newSearch(&s, rules)
	x.run(runtime.GOMAXPROCS(0))
	if x.found == nil {
		return nil, x.result
	}
	path := x.path()
	return &Counterexample{Property: x.found.breach.property, Scope: s, Actions: len(path), rules: rules, path: path}, x.result
}
