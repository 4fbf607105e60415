package lms

import (
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/check/reason"
)

// This file finds the row of an export for each student.

// A rowMatch is a row and the submission that it is filled in by.
type rowMatch struct {
	row int
	by  *grade.Submission
}

// A rowClaim is who a row may be of.
type rowClaim struct{ byID, byName []*grade.Submission }

// match finds the row of each submission that counts, and says of the others
// why they have none.
func (f *exportFiller) match() []rowMatch {
	claims := make([]rowClaim, len(f.rows))
	ids, names := f.index()
	for i := range f.class.Submissions {
		s := &f.class.Submissions[i]
		if !counts(s) {
			continue
		}
		for _, who := range append([]grade.Student{s.By}, s.With...) { // a group's sheet is each one's
			rows, byID := f.rowsOf(ids, names, who)
			f.missed(s, rows)
			switch {
			case len(rows) != 1:
			case byID:
				claims[rows[0]].byID = append(claims[rows[0]].byID, s)
			default:
				claims[rows[0]].byName = append(claims[rows[0]].byName, s)
			}
		}
	}
	var found []rowMatch
	for row, c := range claims {
		if s := f.settle(c); s != nil {
			found = append(found, rowMatch{row, s})
		}
	}
	return found
}

// rowsOf gives the rows that may be a student's, and reports whether it is by what
// the LMS, the roster or Gradescope says of whose it is. Without the LMS's number, a
// name finds a row only if that has no number: a row with a number is that student's.
func (f *exportFiller) rowsOf(ids, names map[string][]int, who grade.Student) (rows []int, byID bool) {
	if rows = ids[who.ID]; who.ID != "" && len(rows) > 0 {
		return rows, true
	}
	known := []string{who.SIS, who.Login, who.Email}
	if who.Row > 0 {
		known = append(known, who.ID) // of the roster, which may call a number of the school's so
	}
	for _, name := range known {
		if rows := f.rowsKnownAs(name); len(rows) > 0 {
			return rows, true
		}
	}
	rows = rowsNamed(names, who.Name)
	if who.ID != "" {
		return slices.DeleteFunc(rows, func(row int) bool { return f.number(row) != "" }), true
	}
	if len(rows) == 0 {
		rows = f.rowsKnownAs(who.Name)
	}
	return rows, false
}

// rowsKnownAs gives the rows that have a text as one of the LMS's other names for
// a student: a login, an e-mail address or what is before its @, a number of the
// school's.
func (f *exportFiller) rowsKnownAs(name string) []int {
	var rows []int
	name = strings.ToLower(strings.TrimSpace(name))
	for row := f.first; name != "" && row < len(f.rows); row++ {
		for _, col := range f.aliases {
			alias := strings.ToLower(f.text(row, col))
			if user, _, isMail := strings.Cut(alias, "@"); alias == name || isMail && user == name {
				rows = append(rows, row)
				break
			}
		}
	}
	return rows
}

// missed says that a submission has no row, or several.
func (f *exportFiller) missed(s *grade.Submission, rows []int) {
	switch {
	case len(rows) > 1:
		f.report.remark("%s: %d rows of the export fit; none was filled in", studentName(s), len(rows))
	case len(rows) == 0 && s.By == grade.Student{}:
		f.report.remark("%s: the file does not say which student; its score was not filled in", studentName(s))
	case len(rows) == 0:
		f.report.remark("%s: the export has no such row; the score was not filled in", studentName(s))
	}
}

// settle gives the submission that a row is filled in by, nil for none: the one
// of its number, or else of its name.
func (f *exportFiller) settle(c rowClaim) *grade.Submission {
	claimed := c.byID
	if len(claimed) == 0 {
		claimed = c.byName
	} else {
		for _, s := range c.byName {
			f.report.remark("%s: %s has the same row of the export, by number; the score of %s was not filled in",
				studentName(s), studentName(claimed[0]), short(s.Name))
		}
	}
	switch len(claimed) {
	case 0:
		return nil
	case 1:
		return claimed[0]
	}
	var files []string
	for _, s := range claimed {
		files = append(files, short(s.Name))
	}
	f.report.remark("%s: %s have the same row of the export; it was not filled in", studentName(claimed[0]), reason.And(files))
	return nil
}

// index gives the rows by number and by name.
func (f *exportFiller) index() (ids, names map[string][]int) {
	ids, names = make(map[string][]int), make(map[string][]int)
	for row := f.first; row < len(f.rows); row++ {
		if id := f.number(row); id != "" {
			ids[id] = append(ids[id], row)
		}
		name := f.text(row, f.name)
		if f.given >= 0 {
			name += ", " + f.text(row, f.given)
		}
		for _, form := range intake.NameForms(name) {
			names[form] = append(names[form], row)
		}
	}
	return ids, names
}

// number is the LMS's number for the student of a row: in Moodle, that after
// Participant.
func (f *exportFiller) number(row int) string {
	id := f.text(row, f.id)
	if f.system == "Moodle" {
		if m := participant().FindStringSubmatch(id); m != nil {
			return m[2]
		}
	}
	return id
}

// rowsNamed gives the rows of a name, in whatever form, each once.
func rowsNamed(names map[string][]int, name string) []int {
	var rows []int
	for _, form := range intake.NameForms(name) {
		rows = append(rows, names[form]...)
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
