package review

import (
	"fmt"
	"strconv"
	"strings"
)

// heading says how the list is filled in. The count comes before it.
const heading = `#
# After give, write right, wrong or a number of points, at most what worth says.
# Where something cannot be read, you may write after read instead what the student
# meant, as it would be typed, such as ok. The answer is then marked like any other,
# and so is what follows from it. What you leave blank still waits. A note is shown
# to the student. Where a sheet is of another variant than its student's, write after
# variant by whose key it is to be marked, or points after give.
#
# A decision holds for every sheet listed under it, and points for all of its
# cells together. To decide otherwise for some, copy the decision and divide the
# sheets, or the cells, between the two.
#
# Then mark again with --marks and this file's name. If a sheet has changed since,
# grade says so, and it waits again.
#
# This file shows right answers. Keep it from students.
`

// Write gives the list as YAML, with what the decisions have been filled in with.
func Write(l *List) []byte {
	var b strings.Builder
	switch n := len(l.Decisions); n {
	case 0:
		b.WriteString("# Nothing waits for an instructor.\n")
	case 1:
		b.WriteString("# 1 decision waits for an instructor.\n" + heading)
	default:
		fmt.Fprintf(&b, "# %d decisions wait for an instructor.\n%s", n, heading)
	}
	fmt.Fprintf(&b, "\nkey: %s\n", text(l.Key))
	if len(l.Decisions) == 0 {
		b.WriteString("decisions: []\n")
		return []byte(b.String())
	}
	b.WriteString("decisions:\n")
	for i := range l.Decisions {
		b.WriteByte('\n')
		l.Decisions[i].write(&b)
	}
	return []byte(b.String())
}

func (d *Decision) write(b *strings.Builder) {
	lead := "  - "
	line := func(key, value string) {
		b.WriteString(strings.TrimRight(lead+key+": "+value, " ") + "\n")
		lead = "    "
	}
	switch len(d.Cells) {
	case 0:
	case 1:
		c := &d.Cells[0]
		line("step", text(c.Step))
		line("node", text(c.Node))
		line("field", text(c.Field))
		line("written", text(c.Written))
		line("right", text(c.Right))
	default:
		line("cells", "")
		for _, c := range d.Cells {
			fmt.Fprintf(b, "      - {step: %s, node: %s, field: %s, written: %s, right: %s}\n",
				text(c.Step), text(c.Node), text(c.Field), text(c.Written), text(c.Right))
		}
	}
	line("why", text(d.Why))
	line("worth", d.Worth)
	if d.Key != "" {
		line("key", text(d.Key))
	}
	line("sheets", "")
	for _, s := range d.Sheets {
		id := ""
		if s.ID != "" {
			id = ", id: " + text(s.ID)
		}
		fmt.Fprintf(b, "      - {file: %s, student: %s%s, digest: %s}\n", text(s.File), text(s.Student), id, text(s.Digest))
	}
	line("give", d.Give.Text)
	if d.Unread {
		line("read", d.Read.Text)
	}
	if d.Astray || d.Variant.Text != "" {
		line("variant", entry(d.Variant))
	}
	line("note", entry(d.Note))
}

// entry is what an instructor filled in, empty for nothing.
func entry(e Entry) string {
	if e.Text == "" {
		return ""
	}
	return text(e.Text)
}

// text is a text as a YAML scalar: a name, a word of Raft or a digest as it is, and
// all else in double quotes, in which Go's escapes mean the same to YAML.
func text(s string) string {
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '.' || r == '/' || r == '_') {
			return strconv.Quote(strings.ToValidUTF8(s, "\ufffd"))
		}
	}
	switch strings.ToLower(s) {
	case "", "null", "~", ".":
		return strconv.Quote(s)
	}
	return s
}
