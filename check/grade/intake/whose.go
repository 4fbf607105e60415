package intake

import (
	"cmp"
	"slices"
	"strings"
)

// This file decides whose each file is: by the LMS, by Gradescope's metadata, or by
// a roster.

// A claim is who one place's files are said to be of: a folder's or archive's that
// owns what is in it, or a file's own.
type claim struct {
	at      *place
	record  // of Gradescope
	members []member
	foreign bool // there is no sheet in it
}

// A member is one student of a claim, and where the roster has it.
type member struct {
	Student
	row int // the place in the roster; -1 for none
	how match
}

// decider gives the place whose name decides whose a file is.
func (c *collector) decider(f *found) *place {
	switch {
	case f.at.by != nil:
		return f.at.by
	case c.records[f.at.up] != nil, c.names(f.at.base, true):
		return f.at
	}
	return f.at.outermostAlone()
}

// assign gives each file its student, if the LMS or the roster knows one.
func (c *collector) assign() {
	claims := make(map[*place]*claim)
	var order []*claim
	for _, f := range c.found {
		at := c.decider(f)
		if claims[at] == nil {
			claims[at] = c.claim(at)
			order = append(order, claims[at])
		}
		claims[at].foreign = claims[at].foreign && f.foreign
	}
	slices.SortStableFunc(order, func(a, b *claim) int { return strings.Compare(a.at.name, b.at.name) })
	if c.Roster != nil {
		c.lookUp(order)
		c.settle(order)
		c.tellUnlisted(order)
	}
	for _, f := range c.found {
		claims[c.decider(f)].give(f)
	}
	c.tellGroups(order)
}

// claim gives what the LMS says of a place.
func (c *collector) claim(at *place) *claim {
	k := &claim{at: at, foreign: true}
	if at.owner.ID != "" {
		k.members = []member{{Student: at.owner.Student, row: -1}}
		return k
	}
	if records := c.records[at.up]; records != nil {
		var named bool
		if k.record, named = records[at.base]; !named {
			c.tell(at, "%s does not name it; it is listed under its own name", metadataName)
		}
		for _, s := range k.by {
			k.members = append(k.members, member{Student: s, row: -1})
		}
	}
	return k
}

// lookUp finds the row of each claim.
func (c *collector) lookUp(claims []*claim) {
	numbered := false // the LMS's numbers are those of the roster
	for _, k := range claims {
		for i := range k.members {
			m := &k.members[i]
			m.row, m.how = c.Roster.known(m.Student)
			numbered = numbered || m.how == asNumber && m.ID != ""
		}
	}
	for _, k := range claims {
		for i := range k.members {
			if m := &k.members[i]; m.row < 0 {
				m.row = c.Roster.called(m.Student, numbered)
				m.how = asWhole
			}
		}
		if len(k.members) > 0 {
			continue
		}
		rows, how := c.Roster.find(k.at.title)
		switch len(rows) {
		case 0:
		case 1:
			k.members = []member{{row: rows[0], how: how}}
		default:
			var names []string
			for _, row := range rows[:min(len(rows), 3)] {
				names = append(names, c.Roster.Students[row].Called())
			}
			c.tell(k.at, "it fits %d rows of the roster, such as %s; it is listed under its own name", len(rows), strings.Join(names, " and "))
		}
	}
}

// known gives the row of a student by what only one has, -1 for none: a number or
// an e-mail address. The LMS's number may be another's in the system that the roster
// is from: then the names differ.
func (r *Roster) known(s Student) (int, match) {
	for _, by := range []struct {
		id   string
		fits func(Student) bool
	}{
		{s.ID, func(of Student) bool { return of.ID == s.ID && (s.isAnonymous() || mayBe(s.Name, of)) }},
		{s.SIS, func(Student) bool { return true }}, // whatever the roster calls the school's number
		{s.Email, func(of Student) bool {
			return strings.EqualFold(of.Email, s.Email) || strings.EqualFold(of.Login, s.Email)
		}},
	} {
		var rows []int
		for _, row := range r.ids[strings.ToLower(by.id)] {
			if by.fits(r.Students[row]) {
				rows = append(rows, row)
			}
		}
		if len(rows) == 1 {
			return rows[0], asNumber
		}
	}
	return -1, noMatch
}

// called gives the row of a student whom the LMS names, or whose e-mail address
// begins with a login; -1 for none. With numbered a row with a number is that
// student's alone.
func (r *Roster) called(s Student, numbered bool) int {
	login, _, _ := strings.Cut(s.Email, "@")
	for _, name := range []string{s.Name, login} {
		rows := r.exact(name)
		if name == "" || len(rows) != 1 || numbered && s.ID != "" && r.Students[rows[0]].ID != "" {
			continue
		}
		if mayBe(s.Name, r.Students[rows[0]]) {
			return rows[0]
		}
	}
	return -1
}

// A bid is a member of a claim that asks for a row of the roster.
type bid struct {
	*claim
	*member
}

// who tells a bid's student from others' before the roster was asked.
func (b bid) who() Student {
	if b.Student != (Student{}) {
		return b.Student.Identity()
	}
	return Student{Name: b.at.title}
}

// settle gives each row to those that fit it best. What is no sheet goes with those
// that are, and competes with none.
func (c *collector) settle(claims []*claim) {
	sheets, others := make([][]bid, len(c.Roster.Students)), make([][]bid, len(c.Roster.Students))
	for _, k := range claims {
		into := sheets
		if k.foreign {
			into = others
		}
		for i := range k.members {
			m := &k.members[i]
			if m.row >= 0 && !slices.ContainsFunc(into[m.row], func(b bid) bool { return b.claim == k }) {
				into[m.row] = append(into[m.row], bid{k, m})
			}
		}
	}
	for row := range sheets {
		if len(sheets[row]) == 0 {
			sheets[row], others[row] = others[row], nil
		}
		if of := c.best(row, sheets[row]); c.areOne(row, of) {
			c.enter(row, append(of, others[row]...))
		}
	}
}

// areOne reports whether the bids for a row are one student's, and tells where there
// are several. Students of different numbers are two, and so may be two folders of
// which a word fits.
func (c *collector) areOne(row int, of []bid) bool {
	two := slices.IndexFunc(of, func(b bid) bool { return b.who() != of[0].who() })
	if two < 0 {
		return true
	}
	name := c.Roster.Students[row].Called()
	a, b := of[0], of[two]
	if a.how == asWord || a.Student != (Student{}) || b.Student != (Student{}) {
		c.tell(b.at, "it and %s both fit %s in the roster; neither is listed under that name", a.at.name, name)
		return false
	}
	c.tell(b.at, "by the roster it and %s are both %s's; the later one counts", a.at.name, name)
	return true
}

// best gives the bids that fit a row best, and tells of the others.
func (c *collector) best(row int, of []bid) []bid {
	how := noMatch
	for _, b := range of {
		how = max(how, b.how)
	}
	var best []bid
	for _, b := range of {
		if b.how == how {
			best = append(best, b)
		}
	}
	for _, b := range of {
		if b.how < how {
			c.tell(b.at, "it may be %s's, but %s fits that row of the roster better; it is listed under its own name", c.Roster.Students[row].Called(), best[0].at.name)
		}
	}
	return best
}

// enter makes bidders the student of a row, with the LMS's number.
func (c *collector) enter(row int, of []bid) {
	if len(of) == 0 {
		return
	}
	s := c.Roster.Students[row]
	if id := of[0].ID; id != "" && id != s.ID {
		if s.SIS == "" {
			s.SIS = s.ID
		}
		s.ID = id
	}
	if s.Name == "" {
		s.Name = cmp.Or(of[0].Name, s.Called())
	}
	for _, b := range of {
		b.Student = s
	}
}

// tellUnlisted tells whom the roster does not list.
func (c *collector) tellUnlisted(claims []*claim) {
	for _, k := range claims {
		if len(k.members) == 0 && !k.foreign && !c.toldOf[k.at] {
			c.tell(k.at, "the roster has no such student; it is listed under its own name")
			c.told[len(c.told)-1].Unlisted = true
		}
		for _, m := range k.members {
			if m.Row == 0 && m.Student != (Student{}) && !c.toldOf[k.at] {
				c.tell(k.at, "the roster does not list %s", m.Called())
			}
		}
	}
}

// give gives a file its student.
func (k *claim) give(f *found) {
	for i, m := range k.members {
		switch {
		case m.Student == (Student{}): // whom the roster does not have after all
		case i == 0:
			f.Student = m.Student
		case m.Student != f.Student && !slices.Contains(f.With, m.Student):
			f.With = append(f.With, m.Student)
		}
	}
	if len(k.by) > 0 {
		f.Attempt, f.Submitted = k.attempt, k.submitted
	}
}

// tellGroups tells what several students have handed in together.
func (c *collector) tellGroups(claims []*claim) {
	for _, k := range claims {
		if len(k.members) < 2 {
			continue
		}
		var others []string
		for _, m := range k.members[1:] {
			others = append(others, m.Called())
		}
		c.tell(k.at, "%d students handed it in together; it is listed under %s, and is also by %s",
			len(k.members), k.members[0].Called(), strings.Join(others, ", "))
	}
}

// missing gives the students of the roster who handed in nothing.
func (c *collector) missing() []Student {
	if c.Roster == nil {
		return nil
	}
	there := make(map[int]bool)
	for _, f := range c.found {
		there[f.Student.Row] = true
		for _, s := range f.With {
			there[s.Row] = true
		}
	}
	var all []Student
	for _, s := range c.Roster.Students {
		if !there[s.Row] {
			all = append(all, s)
		}
	}
	return all
}
