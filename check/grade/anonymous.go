package grade

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"raftsheet/trace"
)

// Anonymous gives the class without a name: its students are student 1, student 2
// and so on, and their files are called so too. The numbers say nothing of the
// names' order, and stay the same as long as the class does.
func (c *Class) Anonymous() *Class {
	copied := *c
	out := &copied
	out.nameless = true
	out.Submissions = slices.Clone(c.Submissions)
	numbers := c.numbers()
	files := make(map[Student]int)
	var names []string
	for i := range out.Submissions {
		s := &out.Submissions[i]
		who := s.By.Identity()
		number := numbers[who]
		files[who]++
		file := fmt.Sprintf("student %d", number)
		if n := files[who]; n > 1 {
			file = fmt.Sprintf("%s, file %d", file, n)
		}
		if s.Name != "" {
			names = append(names, s.Name, file)
		}
		s.Name, s.number = file, number
		s.Student = Student{Name: fmt.Sprintf("student %d", number)}
		s.By, s.With = s.Student, nil
	}
	nameless := strings.NewReplacer(names...)
	for i := range out.Submissions {
		out.Submissions[i].forget(nameless)
	}
	slices.SortStableFunc(out.Submissions, func(a, b Submission) int { return a.number - b.number })
	return out
}

// numbers numbers the students, in an order that their names do not tell.
func (c *Class) numbers() map[Student]int {
	digests := make(map[Student]string)
	var all []Student
	for i := range c.Submissions {
		who := c.Submissions[i].By.Identity()
		if _, known := digests[who]; !known {
			id := who.ID + who.SIS + who.Email // of an identity one is there
			if who.Row > 0 {
				id = fmt.Sprint("row ", who.Row)
			}
			sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", id, who.Name))
			digests[who] = string(sum[:])
			all = append(all, who)
		}
	}
	slices.SortFunc(all, func(a, b Student) int { return strings.Compare(digests[a], digests[b]) })
	numbers := make(map[Student]int, len(all))
	for i, who := range all {
		numbers[who] = i + 1
	}
	return numbers
}

// forget takes the names out of what is said of a submission.
func (s *Submission) forget(names *strings.Replacer) {
	if s.Why = names.Replace(s.Why); s.astray {
		s.Why = "its variant is not its student's, or nobody can say which it is"
	}
	s.Errors = slices.Clone(s.Errors)
	for i, e := range s.Errors {
		s.Errors[i] = &trace.Error{File: s.Name, Document: e.Document, Pos: e.Pos, Step: e.Step, Msg: e.Msg}
	}
	if s.Sheet == nil {
		return
	}
	sheet := *s.Sheet
	sheet.Remarks = slices.Clone(sheet.Remarks)
	for i := range sheet.Remarks {
		if r := &sheet.Remarks[i]; r.Whose {
			r.Text = names.Replace(r.Text)
		}
	}
	s.Sheet = &sheet
}
