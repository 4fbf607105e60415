package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Value is what stands in a place of a message or a table: one of the types
// below, which can all be compared with ==; nil is nothing at all, as in a blank.
type Value interface{ isValue() }

// The values.
type (
	None   struct{}    // no answer, no entry, or no such line
	Bool   bool        // success or voteGranted
	Number uint64      // a term or an index
	Node   raft.NodeID // NoNode is votedFor's none
	Role   raft.Role
	Entry  raft.Entry
	Text   string // in the format's own words
	Log    struct{ raft.Log }
	Index  struct{ Of *[]raft.Index } // a leader's whole nextIndex or matchIndex, by NodeID-1

	// What a trace has written of a value with many parts.
	WrittenLog struct {
		Of     *trace.Opt[[]trace.LogEntry]
		From   raft.Index // of the first entry; nothing is said of those before it. 0: the log is written whole
		Begins raft.Index // of its first entry then, by a snapshot that is written beside it; 0: right after the node's own snapshot
	}
	WrittenIndex struct{ Of *trace.Opt[[]trace.NodeIndex] }
	WrittenTerms struct{ Of *trace.Opt[[]trace.TermVote] }
)

func (None) isValue()         {}
func (Bool) isValue()         {}
func (Number) isValue()       {}
func (Node) isValue()         {}
func (Role) isValue()         {}
func (Entry) isValue()        {}
func (Text) isValue()         {}
func (Log) isValue()          {}
func (Index) isValue()        {}
func (*History) isValue()     {}
func (WrittenLog) isValue()   {}
func (WrittenIndex) isValue() {}
func (WrittenTerms) isValue() {}

// EntryAt gives the entry of a log at an index, or None.
func EntryAt(log raft.Log, i raft.Index) Value {
	if !log.Has(i) {
		return None{}
	}
	return Entry(log.Entry(i))
}
