package raft

import (
	"fmt"
	"slices"
	"sync"
)

// This file finds rules, sets and deviations by their names.

// Sets gives the sets that there are.
func Sets() []Set { return slices.Clone(sets()) }

var sets = sync.OnceValue(func() []Set { return []Set{notes(), etcd(), etcdUnstored(), hashicorp()} })

// SetNamed gives the set of that name; ok is false if there is none.
func SetNamed(name string) (s Set, ok bool) {
	for _, s := range sets() {
		if s.Name == name {
			return s, true
		}
	}
	return Set{}, false
}

// DeviationNamed gives the deviation of that name, in the catalogue or, where the
// catalogue has none, in a set; ok is false if there is none.
func DeviationNamed(name string) (d Deviation, ok bool) {
	if d, ok := deviationIn(catalogue(), name); ok {
		return d, true
	}
	return deviationIn(setsOwn(), name)
}

// setsOwn gives the deviations that the sets alone have, in their order.
var setsOwn = sync.OnceValue(func() []Deviation {
	var own []Deviation
	for _, s := range sets() {
		for _, d := range s.Deviations {
			_, known := deviationIn(catalogue(), d.Name)
			_, twice := deviationIn(own, d.Name)
			if !known && !twice {
				own = append(own, d)
			}
		}
	}
	return own
})

// RulesNamed gives the rules that the names stand for, taken together: figure2
// changes nothing, a deviation one rule, and a set what its deviations do. The
// error says which name is unknown.
func RulesNamed(names ...string) (*Rules, error) {
	rules := Figure2()
	for _, name := range names {
		ds, err := deviationsNamed(name)
		if err != nil {
			return nil, err
		}
		changed := rules.With(ds...)
		if changed.Name = rules.Name; len(ds) > 0 {
			changed.addName(name)
		}
		rules = changed
	}
	return rules, nil
}

// deviationsNamed gives what a name changes.
func deviationsNamed(name string) ([]Deviation, error) {
	if name == figure2 {
		return nil, nil
	}
	if s, ok := SetNamed(name); ok {
		return s.Deviations, nil
	}
	if d, ok := DeviationNamed(name); ok {
		return []Deviation{d}, nil
	}
	return nil, fmt.Errorf("there are no rules named %.40q; figure2 is Figure 2 of the paper, and raftsheet rules lists the others", name)
}

// RulesNames gives every name that [RulesNamed] takes: figure2, the sets, the
// deviations in the order of the catalogue, and those that a set alone has.
func RulesNames() []string {
	names := []string{figure2}
	for _, s := range Sets() {
		names = append(names, s.Name)
	}
	for _, d := range slices.Concat(catalogue(), setsOwn()) {
		names = append(names, d.Name)
	}
	return names
}
