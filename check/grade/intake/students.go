package intake

import (
	"fmt"
	"slices"
	"strings"
)

// maxOwn is how many sheets of one student are opened: the last ones.
const maxOwn = 20

// A naming is the name under way of a student whom no LMS names.
type naming struct {
	*found
	by   *place // what has the name
	next *place // the folder to be set before it, if need be
}

// same reports whether two files are one student's: alice.yaml, and what is alone
// in alice.zip beside it.
func (n *naming) same(m *naming) bool { return n.by.up == m.by.up && n.by.title == m.by.title }

// lengthen sets the next folder before the name, and reports whether one was
// left. With below, only folders below an argument count.
func (n *naming) lengthen(below bool) bool {
	if n.next == nil || n.next.title == "" || below && !n.next.below {
		return false
	}
	n.Student.Name = n.next.title + "/" + n.Student.Name
	n.next = n.next.up
	return true
}

// nameStudents names the students whom neither an LMS nor the roster names; see
// Collect.
func (c *collector) nameStudents() {
	var all []*naming
	for _, f := range c.found {
		if f.Student == (Student{}) {
			by := c.decider(f)
			f.Student.Name = by.title
			all = append(all, &naming{f, by, by.up})
		}
	}
	for tellApart(all, true) || tellApart(all, false) {
	}
}

// outermostAlone gives the outermost place below an argument that holds the file
// and no other file or folder.
func (p *place) outermostAlone() *place {
	for p.up != nil && p.up.below && p.up.entries == 1 {
		p = p.up
	}
	return p
}

// tellApart lengthens once each name that different students share, and reports
// whether it could.
func tellApart(all []*naming, below bool) (lengthened bool) {
	first := make(map[string]*naming)
	shared := make(map[string]bool)
	for _, n := range all {
		name := n.Student.Name
		if first[name] == nil {
			first[name] = n
		}
		shared[name] = shared[name] || !n.same(first[name])
	}
	for _, n := range all {
		if shared[n.Student.Name] && n.lengthen(below) {
			lengthened = true
		}
	}
	return lengthened
}

// passForeign passes over what is not a sheet: where its student handed in anything
// else, and where no student is known whose it could be. Of a student who handed in
// nothing else, one file is kept, and refused; so is a file that is all there is.
func (c *collector) passForeign() {
	kept := make(map[Student]*found)
	for _, f := range c.found {
		who := f.Student.Identity()
		was := kept[who]
		switch {
		case was == nil, was.foreign && !f.foreign:
			kept[who] = f
		case was.foreign && f.foreign && (f.Attempt > was.Attempt || f.Attempt == was.Attempt && f.Name < was.Name):
			kept[who] = f
		}
	}
	more := len(c.found) > 1
	c.found = slices.DeleteFunc(c.found, func(f *found) bool {
		who := f.Student.Identity()
		unknown := more && !f.Student.Known() && (c.Roster != nil || f.at.by == nil && isReadme(f.at.title))
		if !f.foreign || !unknown && kept[who] == f {
			return false
		}
		why, _, _ := strings.Cut(f.Refused, ";")
		c.pass(f.at, why)
		return true
	})
}

// limitEach leaves the last sheets of each student to be opened, so that a
// student who hands in hundreds does not keep the others waiting.
func (c *collector) limitEach() {
	sheets := make(map[Student][]*found)
	for _, f := range c.found {
		if f.Refused == "" {
			who := f.Student.Identity()
			sheets[who] = append(sheets[who], f)
		}
	}
	for _, own := range sheets {
		slices.SortStableFunc(own, func(a, b *found) int { return a.Attempt - b.Attempt })
		for _, f := range own[:max(0, len(own)-maxOwn)] {
			f.Open, f.Refused = nil, fmt.Sprintf("its student handed in more than %d sheets; only the last ones count", maxOwn)
		}
	}
}
