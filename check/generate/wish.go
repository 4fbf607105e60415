package generate

import (
	"fmt"

	"raftsheet/raft"
)

// A Form is how the messages of a worksheet are written.
type Form uint8

// The forms.
const (
	Worksheet Form = iota // with the fields of Figure 2: prevLogIndex, prevLogTerm, entries; heartbeats too
	Paper                 // with the fields of the paper form: index and value, an entry each
)

// FormNames are the names of the forms, by Form.
var FormNames = []string{"worksheet", "paper"}

// String gives the name of the form.
func (f Form) String() string { return FormNames[f] }

// A Wish is what a worksheet is to be.
type Wish struct {
	Nodes         int              // of the cluster, 2 to 16
	AppendEntries int              // messages, 0 to 100
	RequestVotes  int              // messages, 1 to 50
	AtStake       []raft.Deviation // what the answers have to reveal; none: as much as there is room for
	Leaders       int              // elections that are won; 0: as they come
	Lost          int              // percent of the requests, each to one node, that do not arrive, 0 to 60; about
	Form          Form
	Events        bool // elections and clients' requests are steps of their own
}

// The bounds of a wish.
const (
	MinNodes, MaxNodes = 2, 16
	MaxAppendEntries   = 100
	MaxRequestVotes    = 50
	MaxLost            = 60
)

// Check gives an error for a wish that no worksheet can fulfil, whatever its story. It
// names the flag of the command generate that says it.
func (w *Wish) Check() error {
	switch {
	case w.Nodes < MinNodes || w.Nodes > MaxNodes:
		return fmt.Errorf("--nodes %d: a worksheet is of %d to %d nodes", w.Nodes, MinNodes, MaxNodes)
	case w.RequestVotes < 1 || w.RequestVotes > MaxRequestVotes:
		return fmt.Errorf("--request-votes %d: a worksheet has 1 to %d of these messages; the first one elects the first leader", w.RequestVotes, MaxRequestVotes)
	case w.AppendEntries < 0 || w.AppendEntries > MaxAppendEntries:
		return fmt.Errorf("--append-entries %d: a worksheet has 0 to %d of these messages", w.AppendEntries, MaxAppendEntries)
	case w.Leaders < 0 || w.Leaders > w.RequestVotes:
		return fmt.Errorf("--leaders %d: %d RequestVotes elect 1 to %d leaders", w.Leaders, w.RequestVotes, w.RequestVotes)
	case w.Lost < 0 || w.Lost > MaxLost:
		return fmt.Errorf("--lost %d%%: 0%% to %d%% of the requests can be lost", w.Lost, MaxLost)
	}
	return nil
}
