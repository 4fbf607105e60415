package grade

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Verdict is what becomes of a cell.
type Verdict uint8

// The verdicts.
const (
	Right    Verdict = iota // equal to the truth
	Follows                 // wrong, but what the reference answers from the sheet's own state
	Wrong                   // a mistake of its own
	Blank                   // nothing is written
	ToReview                // an instructor decides: the mark's Doubt says why
	ByHand                  // an instructor has decided: the mark's Hand says how
)

var verdictNames = [...]string{"right", "followThrough", "wrong", "blank", "forHuman", "byHand"}

// String is the verdict's name, as the reports have it.
func (v Verdict) String() string { return verdictNames[v] }

// A Mark is one cell of a sheet, marked. A class has cells times students of them.
type Mark struct {
	*Judgement           // never nil
	Pos        trace.Pos // on the sheet; not valid where nothing of it is there
}

// A Judgement is all of a mark but its place. Sheets that have the same in a cell share
// it, so that it is never changed: a mark that comes to something else has another.
type Judgement struct {
	Cell    *Cell
	Written any    // in the format's words, nil for a blank and for what cannot be read
	Text    string // what is written where it cannot be read, as typed
	Verdict Verdict
	Doubt   Doubt     // of ToReview, and of ByHand what it was
	Rule    raft.Rule // that decides the cell
	Despite bool      // right, though from what the sheet says before it, it would be Own
	Hand    *Hand     // of ByHand, and of what an instructor has read for the program; nil otherwise
	Points  Points    // for what is right
	Through Points    // for what follows from a mistake too
	Most    Points    // what an instructor can make of it; Through where nothing is to review
	Own     any       // what the reference answers from the sheet's own state
	Why     string    // the rule's reason, with the figures of the case
}

// mostShared bounds the judgements of a cell that sheets share: the right one, and the
// mistakes that many make.
const mostShared = 8

// shared gives a judgement to keep: that of an earlier sheet where it is the same.
func (c *Cell) shared(j Judgement) *Judgement {
	for _, known := range c.known {
		if *known == j {
			return known
		}
	}
	own := new(Judgement) // and not j itself, which is then made for nothing where it is shared
	*own = j
	if len(c.known) < mostShared {
		c.known = append(c.known, own)
	}
	return own
}

// Remark is what else there is to say of a mark, empty for nothing.
func (j *Judgement) Remark() string {
	if !j.Despite {
		return ""
	}
	return fmt.Sprintf("right, though from what this sheet says before it, it would be %v", j.Own)
}

// A Hand is how an instructor has decided.
type Hand struct {
	By     string // the place of the decision: file:line:column
	Note   string // for the student; empty for none
	Points Points // that were given: of a mark, or of a whole sheet
	Full   bool   // all that could be had was given
	Read   string // what the student meant, as the instructor typed it; empty where points were given
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
	Reviews []Review // what waits for an instructor, in the order of the key

	Criteria   []Met       // of the scheme that marks, in its order
	Deductions []Deduction // by that scheme, in the order of the steps

	Asked   int // steps of the key that ask for something
	Matched int // of these, those that the sheet has, by an id or a message of the key's

	Diagnosis *Diagnosis // nil where none was asked for

	steps  []*trace.Step // the sheet's for each of the key's, nil for one that it does not have; see recall
	origin *origin       // what they can be read again of; nil where they are not let go
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

// Unmatched reports whether fewer than half of the steps that the key asks about
// have been found on the sheet, by an id or a message of the key's: no mark can be
// given.
func (s *Sheet) Unmatched() bool { return 2*s.Matched < s.Asked }

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

// A Doubt is why a cell is to review.
type Doubt uint8

// The doubts.
const (
	NoDoubt      Doubt = iota
	Unreadable         // something is written that cannot be read
	Moved              // setting a slip right could have moved the value to another node, step or field
	OtherMessage       // the step's message is not the key's
	AfterUnread        // on a sheet that is its own key: it rests on what cannot be read before it
	OffSheet           // what decides it is not on the sheet
	AllNo              // it follows from a mistake after which every answer of its node is no
	Spelled            // it differs from what is right in how it is spelled alone
	Elsewhere          // its row answers for a node that is not asked instead
)

var doubtNames = [...]string{"", "unreadable", "moved", "otherMessage", "afterUnread", "offSheet", "allNo", "spelled", "elsewhere"}

// String is the doubt's name, as the reports have it; empty for none.
func (d Doubt) String() string { return doubtNames[d] }

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

// silent reports whether a mark says nothing of what its writer believes.
func (m *Mark) silent() bool {
	return m.Verdict == Blank || m.Doubt != NoDoubt && m.Doubt != AllNo
}
