// Package finding has what a check has to say about a trace, as data: kinds,
// places, what was expected and what came out. The sentence of a finding is made
// by package reason; how it is shown, package render decides.
package finding

import (
	"cmp"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Kind says what a finding is about.
type Kind uint8

// The kinds. Of one place, they are listed in this order.
const (
	Response Kind = iota // an answer differs from the reference's
	State                // a written table differs
	Message              // the sender could not have sent this
	Safety               // a safety property broke
	Unread               // something that cannot be read
	Failed               // an implementation did not reply, or what it replied makes no sense
	Outdated             // a difference that is known no longer differs
	Implied              // something that the trace leaves unwritten
	Refused              // a request that the node could not take
	Unfilled             // an answer or a table's field that is left blank
	Untold               // cannot tell: the state that decides is not on the page
	Loss                 // a restart brought back less than was there
	Skipped              // an implementation was not judged on this

	NumKinds = iota // how many there are
)

// A Severity is how much a finding weighs.
type Severity uint8

// The severities.
const (
	Error Severity = iota // the trace diverges
	Note                  // worth knowing
)

func (s Severity) String() string { return [...]string{"error", "note"}[s] }

// KindInfo is a row of the table of kinds.
type KindInfo struct {
	Kind     Kind
	Name     string // as in JSON
	Severity Severity
	Text     string
}

var kinds = [...]KindInfo{
	{Response, "response", Error, "an answer differs from the reference's: its outcome, or its term"},
	{State, "state", Error, "a written table differs from the reference's"},
	{Message, "message", Error, "the sender could not have sent this message"},
	{Safety, "safety", Error, "a safety property of Raft (Figure 3) broke"},
	{Unread, "unread", Error, "this cannot be read; everything else is judged without it"},
	{Failed, "failed", Error, "the implementation did not reply, or what it replied makes no sense"},
	{Outdated, "outdated", Error, "a difference that is listed as known no longer differs"},
	{Implied, "implied", Note, "something happened that the trace does not write down"},
	{Refused, "refused", Note, "a request to a node that cannot take it"},
	{Unfilled, "blank", Note, "an answer, or a field of a table, is left blank"},
	{Untold, "untold", Note, "cannot tell: the state that decides this is not on the page"},
	{Loss, "loss", Note, "a restart brought back less than was there"},
	{Skipped, "skipped", Note, "the implementation was not judged on this"},
}

// Kinds gives every kind, in order.
func Kinds() []KindInfo { return slices.Clone(kinds[:]) }

// Info gives the kind's row.
func (k Kind) Info() KindInfo { return kinds[k] }

func (k Kind) String() string { return kinds[k].Name }

// A Finding is one thing that a replay has to say about a trace.
type Finding struct {
	Kind  Kind
	Step  int    // from 1; 0 is the initial state
	ID    string // the step's
	Pos   trace.Pos
	Node  string // the node that it is about, empty for none
	Event string // the step's event, empty for none; of an answer in its response row, answer
	Field string // what differs: success, term, log, ..., empty for none

	// Expected is what the trace says, Actual what the replay gives: a bool, a
	// uint64 or a string, in the format's own words; nil where there is none.
	Expected, Actual any

	Rule    raft.Rule // the rule that decides it, or NoRule
	Section string    // of the paper, where no rule names one
	Message string    // one sentence with the figures of this case
	Related []Related // where else to look

	Known string // why it is expected, empty where it is not
}

// A Related place is one that a finding refers to: the step in which the other
// vote, leader, entry or value came about.
type Related struct {
	Step int // from 1
	Pos  trace.Pos
}

// Late reports whether the finding notes a message that arrives late: it was
// possible when it was sent.
func (f *Finding) Late() bool { return f.Kind == Implied && f.Field == Late }

// Answer is the Event of an answer that its node could not have given.
const Answer = "answer"

// Late is the Field of a note of a message that arrives late.
const Late = "late"

// PaperSection is the section of the paper that decides the finding.
func (f *Finding) PaperSection() string {
	if f.Section != "" {
		return f.Section
	}
	return f.Rule.Info().Section
}

// Sort puts findings in order: by line, column, kind and step.
func Sort(fs []Finding) {
	order := func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Step, b.Step))
	}
	if !slices.IsSortedFunc(fs, order) {
		slices.SortStableFunc(fs, order)
	}
}

// A Mode says what counts as a divergence beyond what always does.
type Mode struct {
	Strict   bool // what is implied
	Complete bool // what is left blank
}

// Severity is how much a finding weighs. A late message is not something that
// the trace leaves unwritten, and what is known is no more than a note.
func (m Mode) Severity(f *Finding) Severity {
	if f.Known != "" {
		return Note
	}
	if m.Strict && f.Kind == Implied && !f.Late() || m.Complete && f.Kind == Unfilled {
		return Error
	}
	return f.Kind.Info().Severity
}
