package render

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// Feedback shows one student what a submission came to, and why. With reveal, it
// shows the right answers and the figures that lead to them; without, it says
// which rule decides, and no figure of the reference's.
func Feedback(s *grade.Submission, key *grade.Key, reveal bool) *doc.Document {
	m := &feedbackMaker{s: s, key: key, sheet: s.Sheet, t: key.Trace, reveal: reveal}
	d := &doc.Document{Title: m.title()}
	m.head(d)
	if m.sheet == nil {
		return d
	}
	m.section(d, m.remarks()) // how it was read comes first: all else depends on it
	m.marks(d)
	m.section(d, m.contained())
	m.section(d, m.impossible())
	if len(m.sheet.Marks) > 0 {
		m.steps(d)
	}
	m.section(d, m.open())
	m.section(d, m.toReview())
	m.section(d, m.stops())
	if m.sheet.Diagnosis != nil {
		m.diagnosed(d)
	}
	return d
}

// section adds a section that has something to say.
func (m *feedbackMaker) section(d *doc.Document, s section) {
	if len(s.items) > 0 {
		d.Add(doc.Heading{Level: 2, Text: doc.Text(s.heading)}, doc.P(doc.Text(s.intro)), s.items)
	}
}

// A feedbackMaker has what a feedback is made of.
type feedbackMaker struct {
	s      *grade.Submission
	key    *grade.Key
	sheet  *grade.Sheet // nil where nothing was marked
	t      *trace.Trace // the key's
	reveal bool
}

var verdictWords = [...]string{
	grade.Right: "right", grade.Follows: "follow-through", grade.Wrong: "wrong",
	grade.Blank: "left blank", grade.ToReview: "to review", grade.ByHand: "marked by hand",
}

func (m *feedbackMaker) file() string { return path.Base(filepath.ToSlash(m.s.Name)) }

func (m *feedbackMaker) title() string {
	switch who := m.s.Student.Name; {
	case who == "":
		return m.file()
	case m.t.Title == "":
		return who
	default:
		return who + ": " + m.t.Title
	}
}

// head says whose sheet it is, what became of it where it was not just marked,
// and where it cannot be read.
func (m *feedbackMaker) head(d *doc.Document) {
	who := m.s.Student.Name
	if who == "" {
		who = m.file()
	}
	d.Add(doc.Heading{Level: 1, Text: doc.Marked(doc.Foreign, who)})
	var of []doc.Inline
	if m.t.Title != "" {
		of = append(of, doc.Marked(doc.Foreign, m.t.Title))
	}
	if m.t.Variant != "" {
		of = append(of, doc.Text("Variant: ").Add(doc.Foreign, m.t.Variant))
	}
	if m.key.Player != raft.NoNode {
		of = append(of, doc.Text("Node: ").Add(doc.Foreign, m.t.Name(m.key.Player)))
	}
	d.Add(doc.P(append(of, doc.Text("File: ").Add(doc.Foreign, m.file()))...))
	for _, n := range m.notices() {
		d.Add(doc.Paragraph{Lines: []doc.Inline{doc.Text(n)}, Notice: true})
	}
	for _, e := range m.s.Errors {
		say := doc.Text(e.Msg)
		if e.Pos.IsValid() {
			say = doc.Marked(doc.Strong, "Line "+e.Pos.String()+":").Add(doc.Plain, " "+e.Msg)
		}
		d.Add(doc.Group{Blocks: append([]doc.Block{doc.P(say)}, m.line(e.Pos, doc.Wrong)...)})
	}
}

// notices say what became of a file that was not just marked.
func (m *feedbackMaker) notices() []string {
	const waits = "It has no mark yet: an instructor looks at it."
	switch m.s.Outcome {
	case grade.Given:
		return []string{"An instructor has marked this file by hand: " + GivenPoints(m.s, m.key) + "."}
	case grade.Superseded:
		return []string{"This file does not count: " + Ended(m.s.Why)}
	case grade.Refused:
		return []string{"This file was not opened: " + Ended(m.s.Why), waits}
	case grade.Unmatched:
		return []string{"This file was read, but not marked: " + Ended(m.s.Why), waits}
	case grade.Malformed:
		if m.s.Empty() {
			return []string{"The file is empty. Upload it again.", "It has no mark yet."}
		}
		text := "This file cannot be read as a worksheet, so none of its answers could be marked."
		if len(m.s.Errors) == 0 {
			return []string{text, sentence(m.s.Why), waits}
		}
		return []string{text + " Each place where reading it fails is listed below, with what would be right there. " +
			"None of this is about Raft: your answers may well be right.", waits}
	}
	return nil
}

// line is the line of the student's file with a place in it; none where there is
// no such place.
func (m *feedbackMaker) line(at trace.Pos, tone doc.Mark) []doc.Block {
	e := excerpt(m.s.File, at)
	if e == nil {
		return nil
	}
	e.Tone = tone
	return []doc.Block{*e}
}

// Points is a number of points with its noun.
func Points(p grade.Points) string {
	if p.Cmp(grade.Whole(1)) == 0 {
		return "1 point"
	}
	return p.String() + " points"
}

// marks show what the sheet came to.
func (m *feedbackMaker) marks(d *doc.Document) {
	s, k := m.sheet, m.key
	heading := "Marks"
	if m.s.Outcome == grade.Superseded {
		heading = "What it would have come to"
	}
	table := doc.Table{Columns: []doc.Column{{Name: "total"}, {Name: "points", Right: true}, {Name: "what it is"}}, Open: true}
	row := func(label, points, note string) { table.Rows = append(table.Rows, doc.Cells(label, points, note)) }
	if k.Scheme != nil {
		m.contents(row)
	}
	m.deducted(row)
	row("Strict total", s.Strict.String(), "right answers alone")
	row("Follow-through total", s.Through.String(), m.through())
	switch {
	case s.Late && s.Penalty.Sign() == 0:
		row("Late", "0", "nothing is taken off for being late")
	case s.Late && k.InPart:
		row("Late", "-"+s.Penalty.String(), fmt.Sprintf("%s%% is taken off for being late", k.Late))
	case s.Late:
		row("Late", "-"+s.Penalty.String(), "taken off for being late")
	}
	counts := s.Counts()
	row("Counts", counts.String(), "of "+Points(k.Max))
	d.Add(doc.Heading{Level: 2, Text: doc.Text(heading + ": " + counts.String() + " of " + Points(k.Max))}, table)
	lines := []doc.Inline{doc.Text(m.tally())}
	if n := s.Count(grade.ToReview); n > 0 {
		have := "they have"
		if n == 1 {
			have = "it has"
		}
		lines = append(lines, doc.Marked(doc.Strong, fmt.Sprintf("An instructor still has to review %s; %s no points yet.", Count(n, "answer", "answers"), have)))
	}
	d.Add(doc.P(lines...))
}

// through says what the total with follow-through is.
func (m *feedbackMaker) through() string {
	text := "with what follows from an earlier mistake"
	switch k := m.key; {
	case k.Follow.Sign() == 0:
		text += ", which this key gives no points for"
	case k.Follow.Cmp(grade.Whole(1)) < 0:
		text += fmt.Sprintf(", at %s of its points", k.Follow)
	}
	if m.sheet.Through.Cmp(m.sheet.Strict) > 0 {
		text += "; the better total counts"
	}
	return text
}

// tally counts the cells by verdict.
func (m *feedbackMaker) tally() string {
	if len(m.sheet.Marks) == 0 {
		return "None of its answers and tables can be marked."
	}
	return fmt.Sprintf("Of %s: %s.", Count(len(m.sheet.Marks), "answer", "answers"), Tally(m.sheet.Marks))
}

// Tally counts marks by verdict: 3 right, 1 wrong.
func Tally(marks []grade.Mark) string {
	var counts [len(verdictWords)]int
	for i := range marks {
		counts[marks[i].Verdict]++
	}
	var parts []string
	for v, n := range counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, verdictWords[v]))
		}
	}
	return strings.Join(parts, ", ")
}
