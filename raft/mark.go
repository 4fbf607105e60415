package raft

// A Mark is a place in a log: an index, and the term of the entry there.
type Mark struct {
	Index Index
	Term  Term
}

// UpToDate reports whether a log that ends at m is at least as up-to-date as
// one that ends at other (§5.4.1).
func (m Mark) UpToDate(other Mark) bool {
	if m.Term != other.Term {
		return m.Term > other.Term
	}
	return m.Index >= other.Index
}
