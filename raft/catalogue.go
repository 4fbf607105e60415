package raft

import (
	"slices"
	"sync"
)

// catalogue is the deviations in the order of what is changed.
var catalogue = sync.OnceValue(func() []Deviation {
	return slices.Concat(voting, elections, appending, leading, restarting)
})

// Deviations gives the catalogue in the order of what is changed: votes,
// elections, AppendEntries, the leader, restarts.
func Deviations() []Deviation { return slices.Clone(catalogue()) }

func deviationIn(ds []Deviation, name string) (d Deviation, ok bool) {
	for _, d := range ds {
		if d.Name == name {
			return d, true
		}
	}
	return Deviation{}, false
}

// catalogued gives a deviation of the catalogue; its absence is a mistake in
// this package.
func catalogued(name string) Deviation {
	d, ok := deviationIn(catalogue(), name)
	if !ok {
		panic("raft: no deviation " + name)
	}
	return d
}
