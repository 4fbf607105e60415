package raft

import (
	"fmt"
	"slices"
	"sync"
)

// A Deviation is Raft as people get it wrong: a change to one rule of Figure 2,
// with a name. Each is a row of data.
type Deviation struct {
	Name     string
	Rule     string // the short name of the rule that it changes, of two: C2 L4; persistent and volatile for what a crash takes
	Believed string // what somebody who deviates takes for true, in one sentence
	Wrong    string // why it is not
	Section  string // of the paper: 5.4.1

	apply func(r *Rules)
}

// catalogue is the deviations in the order of what is changed.
var catalogue = sync.OnceValue(func() []Deviation {
	return slices.Concat(voting, elections, appending, leading, restarting)
})

// Deviations gives the catalogue in the order of what is changed: votes,
// elections, AppendEntries, the leader, restarts.
func Deviations() []Deviation { return slices.Clone(catalogue()) }

// DeviationNamed gives the deviation of that name in the catalogue; ok is false
// if there is none.
func DeviationNamed(name string) (d Deviation, ok bool) {
	for _, d := range catalogue() {
		if d.Name == name {
			return d, true
		}
	}
	return Deviation{}, false
}

// With gives the rules with the deviations in place, each on top of those
// before it; r stays as it is.
func (r *Rules) With(ds ...Deviation) *Rules {
	changed := *r
	for _, d := range ds {
		d.apply(&changed)
		changed.addName(d.Name)
	}
	return &changed
}

// addName adds to the name of what deviates.
func (r *Rules) addName(name string) {
	if r.Name == figure2 {
		r.Name = name
		return
	}
	r.Name += "," + name
}

// RulesNamed gives the rules that the names stand for, taken together: figure2
// changes nothing, a deviation one rule, and a set what its deviations do. The
// error says which name there is none of.
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
	if d, ok := MemberNamed(name); ok {
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
	for _, d := range Deviations() {
		names = append(names, d.Name)
	}
	for _, d := range members() {
		names = append(names, d.Name)
	}
	return names
}
