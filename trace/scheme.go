package trace

import (
	"fmt"
	"io"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// A Scheme says how sheets are marked that no key fits: each by the messages that
// are written on it. Points are decimals as typed, not negative.
type Scheme struct {
	File   string
	Pos    Pos
	Title  string
	Names  []string // the nodes that every sheet must have; nil: any
	Cells  SchemeCells
	Must   []Criterion // what a sheet must contain
	Cost   Impossible
	Follow Opt[string] // as in Grading
	Late   Opt[string] // as in Grading
}

// SchemeCells says what the answers and tables of a sheet are worth: together
// Points, of which each cell has a share. A kind of cell weighs 1 where nothing
// else is said.
type SchemeCells struct {
	Pos                 Pos         // not valid where cells count for nothing
	Points              Opt[string] // of all cells together
	Least               int         // cells that a sheet must ask to have all of Points; 0 for any number
	Answer, Term, State Opt[string] // what each kind of cell weighs
}

// Impossible says what messages cost that nobody could have sent.
type Impossible struct {
	Costs Opt[string] // each: 0
	Most  Opt[string] // all of them together: no limit
}

// A Criterion is something that a sheet must contain.
type Criterion struct {
	Pos    Pos
	Of     Feature
	Times  int         // at least 1
	Points Opt[string] // for all Times
	Says   string      // what reports call it, empty for the feature's own words

	// Of RuleDecides: the rule, and how it has to decide.
	Rule    raft.Rule
	Outcome raft.Outcome
}

// A Feature is what a criterion counts on a sheet.
type Feature uint8

// The features.
const (
	RuleDecides Feature = iota // a rule of Figure 2 or 13, by name
	Elections
	SplitVotes
	RefusedVotes
	RefusedAppends
	Truncations
	CommitsByCounting
	Crashes
	Restarts
	LostMessages
)

// A FeatureInfo is a row of the table of features.
type FeatureInfo struct {
	Feature   Feature
	Name      string // its key in a scheme
	One, Many string // what one is called, and several
	Text      string // what counts
}

var features = [...]FeatureInfo{
	{RuleDecides, "rule", "", "", "a rule of Figure 2 or 13 decides, by its name: AE2"},
	{Elections, "elections", "election won", "elections won", "a candidate gets the votes of a majority (C2)"},
	{SplitVotes, "splitVotes", "split vote", "split votes", "several nodes stand for election in a term, and nobody wins it (§5.2)"},
	{RefusedVotes, "refusedVotes", "refused vote", "refused votes", "a node refuses a RequestVote (RV1, RV2a, RV2b)"},
	{RefusedAppends, "refusedAppends", "refused append", "refused appends", "a node refuses an AppendEntries (AE1, AE2)"},
	{Truncations, "truncations", "truncation", "truncations", "a node deletes entries that conflict with the leader's (AE3)"},
	{CommitsByCounting, "commitsByCounting", "commit by counting", "commits by counting", "a leader commits what a majority has (L4)"},
	{Crashes, "crashes", "crash", "crashes", "a node goes down"},
	{Restarts, "restarts", "restart", "restarts", "a node comes up again"},
	{LostMessages, "lostMessages", "lost message", "lost messages", "a request does not reach a node, or an answer its sender"},
}

// Features gives every feature, in order.
func Features() []FeatureInfo { return slices.Clone(features[:]) }

// Info gives the feature's row.
func (f Feature) Info() FeatureInfo { return features[f] }

// ReadScheme reads a scheme. The file returned has the text, for messages; it is
// never nil. All that is wrong is reported, as [Errors], and the scheme is then nil.
func ReadScheme(name string, in io.Reader, lim Limits) (*Scheme, *File, error) {
	f, err := readText(name, in, lim)
	if err != nil {
		return nil, f, err
	}
	if bad := f.src.Check(); bad != nil {
		return nil, f, Errors{{File: name, Pos: Pos(bad.Pos), Msg: bad.Msg}}
	}
	if at, document, over := f.src.Crowded(lim.Nodes); over {
		return nil, f, Errors{{File: name, Document: document, Pos: Pos(at), Msg: fmt.Sprintf(tooManyNodes, lim.Nodes)}}
	}
	var s *Scheme
	document := 0
	for doc, bad := range f.src.Documents(lim.Depth) {
		document++
		switch {
		case bad != nil:
			return nil, f, Errors{{File: name, Document: document, Pos: Pos(bad.Pos), Msg: bad.Msg}}
		case source.IsNull(doc.Content[0]):
			continue
		case s != nil:
			return nil, f, Errors{{File: name, Document: document, Pos: posOf(doc.Content[0]), Msg: "a scheme is one document, and here a second one begins"}}
		}
		root := doc.Content[0]
		p := &parser{lim: lim, aliased: lim.aliased(len(f.src.Bytes())), t: &Trace{}, docKeys: schemeKeys.names()}
		s = &Scheme{File: name, Pos: posOf(root)}
		if p.vet(root) {
			schemeKeys.read(p, root, s)
		}
		for _, e := range p.errs {
			e.File, e.Document = name, document
		}
		if errs := p.errs.first(); len(errs) > 0 {
			return nil, f, errs
		}
	}
	if s == nil {
		return nil, f, Errors{{File: name, Pos: Pos{1, 1}, Msg: "the file has no scheme; write at least cells or must"}}
	}
	return s, f, nil
}
