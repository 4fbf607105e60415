package raft

// A Set is several deviations under one name: what a document or a program that
// exists does otherwise than Figure 2.
type Set struct {
	Name       string
	Title      string // what it is, in one line
	Deviations []Deviation
}

// Sets gives the sets that there are.
func Sets() []Set { return []Set{notes()} }

// SetNamed gives the set of that name; ok is false if there is none.
func SetNamed(name string) (s Set, ok bool) {
	for _, s := range Sets() {
		if s.Name == name {
			return s, true
		}
	}
	return Set{}, false
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
