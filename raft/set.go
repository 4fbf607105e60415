package raft

import (
	"slices"
	"sync"
)

// A Set is several deviations under one name: what a document or a program that
// exists does otherwise than Figure 2.
type Set struct {
	Name       string
	Title      string // what it is, in one line
	Deviations []Deviation
	Server     bool   // it says what a server of the program answers, and not what its leader sends
	Lines      []Line // what it says line by line, where it is a text
}

// A Line is a line of a text about Raft beside the line of Figure 2 that it
// stands for.
type Line struct {
	Of      string // the part of the text: a procedure's name
	Says    string // the line, in the text's own words
	Rule    Rule   // the line of Figure 2, or NoRule
	Departs string // the deviations that it makes, joined by commas; empty where the two agree
	ReadAs  string // how it was read, where it can be read in several ways; else empty
}

// Sets gives the sets that there are.
func Sets() []Set { return slices.Clone(sets()) }

var sets = sync.OnceValue(func() []Set { return []Set{notes(), etcd(), hashicorp()} })

// SetNamed gives the set of that name; ok is false if there is none.
func SetNamed(name string) (s Set, ok bool) {
	for _, s := range sets() {
		if s.Name == name {
			return s, true
		}
	}
	return Set{}, false
}

// members gives the deviations that sets alone have, in the order of the sets. Of
// one that two sets have, it gives the first's.
func members() []Deviation {
	var ds []Deviation
	for _, s := range sets() {
		for _, d := range s.Deviations {
			_, is := DeviationNamed(d.Name)
			if is || slices.ContainsFunc(ds, func(e Deviation) bool { return e.Name == d.Name }) {
				continue
			}
			ds = append(ds, d)
		}
	}
	return ds
}

// MemberNamed gives the deviation of that name that sets alone have; ok is false
// if there is none.
func MemberNamed(name string) (d Deviation, ok bool) {
	for _, d := range members() {
		if d.Name == name {
			return d, true
		}
	}
	return Deviation{}, false
}

// as gives the deviation of the catalogue in the form that it has in a set.
func (d Deviation) as(believed string, apply func(*Rules)) Deviation {
	d.Believed, d.apply = believed, apply
	return d
}

// catalogued gives a deviation of the catalogue; its absence is a mistake in
// this package.
func catalogued(name string) Deviation {
	d, ok := DeviationNamed(name)
	if !ok {
		panic("raft: no deviation " + name)
	}
	return d
}
