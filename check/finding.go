package check

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
	Implied              // something that the trace leaves unwritten
	Refused              // a request that the node could not take
	Unfilled             // an answer or a table's field that is left blank
	Untold               // cannot tell: the state that decides is not on the page
)

// A Severity is error for what diverges, note for what is worth knowing.
type Severity uint8

const (
	Error Severity = iota
	Note
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
	{Implied, "implied", Note, "something happened that the trace leaves unwritten"},
	{Refused, "refused", Note, "a request to a node that cannot take it"},
	{Unfilled, "blank", Note, "an answer, or a field of a table, is left blank"},
	{Untold, "untold", Note, "cannot tell: the state that decides this is not on the page"},
}

// Kinds gives every kind, in order.
func Kinds() []KindInfo { return kinds[:] }

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
	Event string // the step's event, empty for none
	Field string // what differs: success, term, log, ..., empty for none

	// Expected is what the trace says, Actual what the replay gives: a bool, a
	// uint64 or a string, in the format's own words; nil where there is none.
	Expected, Actual any

	Rule    raft.Rule // the rule that decides it, or NoRule
	Section string    // of the paper, where no rule names one
	Message string    // one sentence with the figures of this case
}

// Late reports whether the finding notes a message that arrives late: it was
// possible when it was sent.
func (f *Finding) Late() bool { return f.Kind == Implied && f.Field == late }

const late = "late" // the Field of such a note

// PaperSection is the section of the paper that decides the finding.
func (f *Finding) PaperSection() string {
	if f.Section != "" {
		return f.Section
	}
	return f.Rule.Info().Section
}

// A Result is what became of a trace.
type Result string

const (
	Agrees   Result = "agrees"
	Diverges Result = "diverges"
)

// A Tally counts what was compared.
type Tally struct {
	Steps   int
	Answers int // Agree + Diverge + Blank
	Agree   int
	Diverge int
	Blank   int
	Untold  int // answers of unknown nodes: not among Answers
	States  int // fields of tables that differ
}

// A Report is a trace's replay held against what is written in it.
type Report struct {
	Run      *Run
	Mode     Mode
	Findings []Finding // by line, column and kind
	More     int       // how many there are beyond those
	Tally    Tally

	cut [len(kinds)]int // by kind: the step from which on not all are among Findings; 0 for none
}

// CutAt is the first step of which not every divergence need be listed: nothing
// can be said of those after it. It is 0 where all are.
func (r *Report) CutAt() int {
	at := 0
	for k, step := range r.cut {
		divergence := r.Mode.Severity(&Finding{Kind: Kind(k)}) == Error
		if divergence && step > 0 && (at == 0 || step < at) {
			at = step
		}
	}
	return at
}

// Result is Diverges if any finding is an error in the report's mode.
func (r *Report) Result() Result {
	if r.Count(Error) > 0 {
		return Diverges
	}
	return Agrees
}

// Count counts the findings of a severity.
func (r *Report) Count(s Severity) int {
	n := 0
	for i := range r.Findings {
		if r.Mode.Severity(&r.Findings[i]) == s {
			n++
		}
	}
	return n
}

// CountKind counts the findings of a kind.
func (r *Report) CountKind(k Kind) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Kind == k {
			n++
		}
	}
	return n
}

// CountImplied counts what the trace leaves unwritten; late arrivals are none
// of it.
func (r *Report) CountImplied() int {
	n := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == Implied && !f.Late() {
			n++
		}
	}
	return n
}

func sortFindings(fs []Finding) {
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
