package raft

import "slices"

// Fields is a set of the fields of a [State].
type Fields uint16

// The fields, by Figure 2's names.
const (
	FieldTerm Fields = 1 << iota
	FieldVotedFor
	FieldRole
	FieldLog
	FieldCommitIndex
	FieldLastApplied
	FieldNextIndex
	FieldMatchIndex
	FieldLeader
)

// Has reports whether all of the fields are in the set.
func (fs Fields) Has(some Fields) bool { return fs&some == some }

// Changed gives the fields in which two states differ. Logs that were made
// apart differ even where their entries are the same: what is written anew was
// set.
func (s *State) Changed(now *State) Fields {
	var fs Fields
	add := func(f Fields, changed bool) {
		if changed {
			fs |= f
		}
	}
	add(FieldTerm, s.CurrentTerm != now.CurrentTerm)
	add(FieldVotedFor, s.VotedFor != now.VotedFor)
	add(FieldRole, s.Role != now.Role)
	add(FieldLog, s.Log != now.Log)
	add(FieldCommitIndex, s.CommitIndex != now.CommitIndex)
	add(FieldLastApplied, s.LastApplied != now.LastApplied)
	add(FieldNextIndex, !slices.Equal(s.NextIndex, now.NextIndex))
	add(FieldMatchIndex, !slices.Equal(s.MatchIndex, now.MatchIndex))
	add(FieldLeader, s.Leader != now.Leader)
	return fs
}
