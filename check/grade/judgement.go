package grade

import (
	"fmt"

	"raftsheet/raft"
)

// This file says what a cell can come to. It knows no sheet.

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
	OtherStory         // of a game: something that is not known, such as a missing sheet, may explain it
)

var doubtNames = [...]string{"", "unreadable", "moved", "otherMessage", "afterUnread", "offSheet", "allNo", "spelled", "elsewhere", "otherStory"}

// String is the doubt's name, as the reports have it; empty for none.
func (d Doubt) String() string { return doubtNames[d] }

// silent reports whether a mark says nothing of what its writer believes.
func (j *Judgement) silent() bool {
	return j.Verdict == Blank || j.Doubt != NoDoubt && j.Doubt != AllNo
}
