package grade

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Mark is one cell of a sheet, marked. A class has cells times students of them.
type Mark struct {
	*Judgement           // never nil
	Pos        trace.Pos // on the sheet; not valid where nothing of it is there
}

// A Sheet is one set of answers, marked.
type Sheet struct {
	Key     *Key
	Marks   []Mark // by Key.Cells
	Strict  Points // the total of what is right
	Through Points // with what follows from mistakes
	Counted Points // the better one, less what is taken off for being late; nothing for what is to review
	Most    Points // Counted, if an instructor gives all that is to review its points
	Penalty Points // what is taken off Counted
	Late    bool
	Stops   []Stop
	Remarks []Remark // what the sheet has otherwise than the key
	Open    []Remark // of a game: what is not marked, and why
	Reviews []Review // what waits for an instructor, in the order of the key

	Criteria   []Met       // of the scheme that marks, in its order
	Deductions []Deduction // by that scheme, in the order of the steps

	Asked   int // steps of the key that ask for something
	Matched int // of these, those that the sheet has, by an id or a message of the key's

	Messages int // of the sheet, that stand for one of the key's
	Others   int // of these, those that are not the key's

	Diagnosis *Diagnosis // nil where none was asked for

	steps  []*trace.Step // the sheet's for each of the key's, nil for one that it does not have; see recall
	origin *origin       // what they can be read again of; nil where they are not let go
}

// An origin is the text that a sheet was marked by: as it was handed in, or with its
// slips set right and with what an instructor has read in it.
type origin struct {
	name string
	data []byte
	nth  int // which of its traces was marked, from 0
}

// A Remark is something that the sheet has otherwise than the key, which changes
// no mark.
type Remark struct {
	Pos   trace.Pos // on the sheet; not valid for what is not there
	Text  string
	Whose bool // about whose sheet it is, or about others': for the instructor alone
}

// Count counts the marks of a verdict.
func (s *Sheet) Count(v Verdict) int {
	n := 0
	for i := range s.Marks {
		if s.Marks[i].Verdict == v {
			n++
		}
	}
	return n
}

// Decided counts the marks that an instructor has decided.
func (s *Sheet) Decided() int {
	n := 0
	for i := range s.Marks {
		if s.Marks[i].Hand != nil {
			n++
		}
	}
	return n
}

// Unmatched reports whether no mark can be given: fewer than half of the steps that
// the key asks about have been found on the sheet, by an id or a message of the key's;
// or it is a sheet of another worksheet.
func (s *Sheet) Unmatched() bool { return 2*s.Matched < s.Asked || s.OfAnother() }

// leastMessages is how many messages it takes to tell a sheet of another worksheet
// from one that is copied badly.
const leastMessages = 3

// OfAnother reports whether a sheet is of another worksheet than the key: fewer than a
// quarter of its messages are the key's. Worksheets of one kind share a message now and
// then, mostly the first; who copies badly has most of them right.
func (s *Sheet) OfAnother() bool {
	return s.Messages >= leastMessages && 4*(s.Messages-s.Others) < s.Messages
}

// whyUnmatched says why a sheet is unmatched, in a clause.
func (s *Sheet) whyUnmatched() string {
	switch same := s.Messages - s.Others; {
	case !s.OfAnother():
		return fmt.Sprintf("it has %d of the key's %d steps that ask for something; look whether its messages and ids are this key's", s.Matched, s.Asked)
	case same == 0:
		return fmt.Sprintf("none of its %d messages is the key's, so it is a sheet of another worksheet", s.Messages)
	case same == 1:
		return fmt.Sprintf("only 1 of its %d messages is the key's, so it is a sheet of another worksheet", s.Messages)
	default:
		return fmt.Sprintf("only %d of its %d messages are the key's, so it is a sheet of another worksheet", same, s.Messages)
	}
}

// mostRemarks is how many remarks are made on a sheet; the last of them says that
// there are more.
const mostRemarks = 50

func (s *Sheet) remark(at trace.Pos, format string, args ...any) {
	switch n := len(s.Remarks); {
	case n < mostRemarks:
		s.Remarks = append(s.Remarks, Remark{Pos: at, Text: fmt.Sprintf(format, args...)})
	case n == mostRemarks:
		s.Remarks = append(s.Remarks, Remark{Text: "there is more of this kind, which is not listed"})
	}
}

// remarkWhose makes a remark for the instructor alone.
func (s *Sheet) remarkWhose(format string, args ...any) {
	s.Remarks = append(s.Remarks, Remark{Text: fmt.Sprintf(format, args...), Whose: true})
}

// otherRules is the remark on a sheet that names rules of its own.
const otherRules = "the rules that it names are not used (%s); every sheet is marked by Figure 2"

// OwnRemarks gives the remarks that are about how this sheet was read: those that
// its student is told.
func (s *Sheet) OwnRemarks() []Remark {
	var own []Remark
	for _, r := range s.Remarks {
		if !r.Whose {
			own = append(own, r)
		}
	}
	return own
}

// A Review is cells of a sheet that wait for an instructor, for one reason.
type Review struct {
	Doubt Doubt
	Node  raft.NodeID // of AllNo and Unreadable; NoNode where several are meant
	Cells []int       // by Key.Cells; none where it is about the sheet as a whole
	Why   string      // a clause: node 3's answer "perhaps" cannot be read
}

// A Range is a total: from Least, which nothing can take away, to Most, which
// depends on what an instructor makes of the cells to review.
type Range struct{ Least, Most Points }

// Exact reports whether nothing is left to decide.
func (r Range) Exact() bool { return r.Least.Cmp(r.Most) == 0 }

// String is 78, or 78 to 82.
func (r Range) String() string {
	if r.Exact() {
		return r.Least.String()
	}
	return r.Least.String() + " to " + r.Most.String()
}

// Empty reports whether the sheet is blank throughout.
func (s *Sheet) Empty() bool { return len(s.Marks) > 0 && s.Count(Blank) == len(s.Marks) }

// Counts gives what the sheet counts.
func (s *Sheet) Counts() Range { return Range{s.Counted, s.Most} }
