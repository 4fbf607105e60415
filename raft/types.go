package raft

import (
	"iter"
	"math/bits"
	"strconv"
)

// MaxNodes is the largest cluster: a [NodeSet] is one machine word.
const MaxNodes = 64

// MaxNumber is the largest term or index, 2^63-1, so that either fits a
// signed integer wherever it is passed on.
const MaxNumber = 1<<63 - 1

// A NodeID names a server: 1 to [MaxNodes]. NoNode, zero, is Figure 2's null,
// as in a votedFor that names no candidate.
type NodeID uint8

// NoNode is null: no server.
const NoNode NodeID = 0

// A Term is a term number (§5.1). Terms that exist start at 1; term 0 is that
// of a server which has seen none, and of the place before the first entry.
type Term uint64

// An Index is a position in a log. The first entry has index 1; index 0 is the
// place before it.
type Index uint64

// A Role is what Figure 2's Rules for Servers call a server's state.
type Role uint8

// The three roles. Every server starts as a follower (§5.2).
const (
	Follower Role = iota
	Candidate
	Leader
)

var roleNames = [...]string{"follower", "candidate", "leader"}

func (r Role) String() string { return roleNames[r] }

// ParseRole gives the role of that name; ok is false if there is none.
func ParseRole(name string) (r Role, ok bool) {
	for i, n := range roleNames {
		if n == name {
			return Role(i), true
		}
	}
	return 0, false
}

// An Entry is one entry of a log: the term in which the leader received it and
// the command for the state machine. An empty Value is a command that nobody
// wrote down.
type Entry struct {
	Term  Term
	Value string
}

// String gives the entry as a trace writes it: 2 or 2:x.
func (e Entry) String() string {
	t := strconv.FormatUint(uint64(e.Term), 10)
	if e.Value == "" {
		return t
	}
	return t + ":" + e.Value
}

// Matches reports whether the two can be the same entry: equal terms, and
// values that are equal or of which one was not written down.
func (e Entry) Matches(f Entry) bool {
	return e.Term == f.Term && (e.Value == f.Value || e.Value == "" || f.Value == "")
}

// A NodeSet is a set of servers.
type NodeSet uint64

// SetOf gives the set of the ids.
func SetOf(ids ...NodeID) NodeSet {
	var s NodeSet
	for _, id := range ids {
		s = s.With(id)
	}
	return s
}

// AllNodes gives the set of servers 1 to n.
func AllNodes(n int) NodeSet {
	return NodeSet(1)<<n - 1 // at n = 64 the shift gives 0, and 0-1 every bit
}

// With gives the set with id in it. NoNode is in no set.
func (s NodeSet) With(id NodeID) NodeSet { return s | 1<<(id-1) }

// Without gives the set with id not in it.
func (s NodeSet) Without(id NodeID) NodeSet { return s &^ (1 << (id - 1)) }

// Has reports whether id is in the set.
func (s NodeSet) Has(id NodeID) bool { return s&(1<<(id-1)) != 0 }

// Len counts the set's servers.
func (s NodeSet) Len() int { return bits.OnesCount64(uint64(s)) }

// All yields the set's servers in ascending order.
func (s NodeSet) All() iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		for rest := uint64(s); rest != 0; rest &= rest - 1 {
			if !yield(NodeID(bits.TrailingZeros64(rest) + 1)) {
				return
			}
		}
	}
}
