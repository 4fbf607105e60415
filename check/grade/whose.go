package grade

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/grade/intake"
)

// This file says whose a sheet is of which neither the LMS nor the file's name says it:
// a student of the roster who has handed in nothing else may be named on it.

// An attribution is a sheet that names a student of the roster.
type attribution struct {
	file   string
	signed string
	of     Student
	sure   bool // its variant is that student's too, and no other sheet names the student
}

// attribute gives the sheets of nobody to the students of the roster whom they name. Both
// the name and the variant have to be the student's, since anybody can write a name;
// where they are not, an instructor is told. It is done before anybody is said to have
// handed in nothing.
func (c *Class) attribute(roster *intake.Roster) {
	if roster == nil {
		return
	}
	there := make(map[int]int) // sheets by row
	for i := range c.Submissions {
		s := &c.Submissions[i]
		for _, who := range append([]Student{s.By}, s.With...) {
			there[who.Row]++
		}
	}
	named := make(map[int]int)
	find := func(s *Submission) (Student, bool) {
		who, ok := roster.Find(s.says.student)
		return who, ok && s.says.student != "" && !s.By.Known() && there[who.Row] == 0
	}
	for i := range c.Submissions {
		if who, ok := find(&c.Submissions[i]); ok {
			named[who.Row]++
		}
	}
	for i := range c.Submissions {
		s := &c.Submissions[i]
		who, ok := find(s)
		if !ok {
			continue
		}
		sure := named[who.Row] == 1 && s.says.hasVariantOf(who, roster)
		c.named = append(c.named, attribution{s.Name, s.says.student, who, sure})
		if sure {
			s.By, s.Student = who, who
			s.By.Name = who.Called()
			s.Student.Name = s.By.Name
		}
	}
}

// A saying is what a sheet says of itself.
type saying struct{ student, variant string }

// hasVariantOf reports whether the variant on a sheet is a student's: as the roster has
// it, or as one of the student's numbers is called.
func (y saying) hasVariantOf(who Student, roster *intake.Roster) bool {
	own := roster.Variant(who)
	of := []string{own}
	if own == "" {
		of = []string{who.SIS, who.ID, who.Login}
	}
	said := strings.TrimSpace(y.variant)
	return said != "" && slices.ContainsFunc(of, func(v string) bool { return strings.EqualFold(strings.TrimSpace(v), said) })
}

// Settle corrects what was told of who handed in what by what the sheets say: whose a
// sheet was found to be is missing no more, and whose it may be is named.
func (c *Class) Settle(in *intake.Intake) {
	for _, a := range c.named {
		in.Remarks = slices.DeleteFunc(in.Remarks, func(r intake.Remark) bool { return r.Unlisted && covers(r.Name, a.file) })
		in.Missing = slices.DeleteFunc(in.Missing, func(s Student) bool { return s.Row == a.of.Row })
		what := fmt.Sprintf("listed as %s of the roster, by the name and the variant on the sheet", a.of.Called())
		if !a.sure {
			what = fmt.Sprintf("it says student: %s, and %s of the roster handed in nothing else; if it is that student's, put the name into the file's name", a.signed, a.of.Called())
		}
		in.Remarks = append(in.Remarks, intake.Remark{Name: a.file, What: what})
	}
	slices.SortStableFunc(in.Remarks, func(a, b intake.Remark) int { return strings.Compare(a.Name, b.Name) })
}

// covers reports whether a place is a file, or the folder that it is in.
func covers(place, file string) bool { return place == file || strings.HasPrefix(file, place+"/") }
