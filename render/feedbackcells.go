package render

import (
	"fmt"
	"slices"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file has what feedback says of the cells, step by step.

// steps goes through the steps that ask for something.
func (m *feedbackMaker) steps(d *doc.Document) {
	d.Add(doc.Heading{Level: 2, Text: doc.Text("Step by step"), Page: true})
	var fine []string
	shown := 0
	for i := range m.key.Steps {
		st := &m.key.Steps[i]
		if !st.Asks() {
			continue
		}
		groups := m.step(i)
		if groups == nil {
			fine = append(fine, st.Trace.ID)
			continue
		}
		shown++
		d.Add(doc.Heading{Level: 3, Text: doc.Text(capital("step "+st.Trace.ID) + ": " + m.event(st.Trace))}, doc.P(doc.Marked(doc.Faint, m.stepPoints(i))))
		d.Add(groups...)
	}
	switch {
	case shown == 0:
		d.Add(doc.P(doc.Text("Every answer is right.")))
	case len(fine) == 1:
		d.Add(doc.P(doc.Text("All right: step " + fine[0] + ".")))
	case len(fine) > 1:
		d.Add(doc.P(doc.Text("All right: steps " + reason.And(fine) + ".")))
	}
}

// stepPoints says what a step came to.
func (m *feedbackMaker) stepPoints(i int) string {
	st := &m.key.Steps[i]
	strict, through, most := m.sheet.Step(i)
	text := fmt.Sprintf("%s of %s", strict, Points(st.Max))
	if through.Cmp(strict) != 0 {
		text += fmt.Sprintf(", %s with follow-through", through)
	}
	if most.Cmp(through) > 0 {
		text += fmt.Sprintf(", up to %s after review", most)
	}
	text += "."
	if st.Whole {
		text += " This step scores as a whole or not at all."
	}
	return text
}

// step has a group for each cell of which there is something to say, and one for
// those that are blank; nil where all is right.
func (m *feedbackMaker) step(i int) []doc.Block {
	st := &m.key.Steps[i]
	var blank []int
	var alike []*cellGroup
	for j := st.First; j < st.Last; j++ {
		switch mark := &m.sheet.Marks[j]; {
		case mark.Verdict == grade.Blank:
			blank = append(blank, j)
		case mark.Verdict != grade.Right || mark.Hand != nil || mark.Despite || len(m.atStake(j)) > 0:
			alike = m.gather(alike, j)
		}
	}
	var out []doc.Block
	for _, g := range alike {
		out = append(out, m.cell(g, st.Whole))
	}
	if len(blank) > 0 {
		out = append(out, m.blank(blank, st))
	}
	return out
}

// event says what happens in a step of the key.
func (m *feedbackMaker) event(s *trace.Step) string {
	if from, ok := s.Sender(); ok {
		return fmt.Sprintf("%s from node %s", s.EventName(), m.t.Name(from))
	}
	return EventLine(m.t, s.Event)
}

// asks is what a cell asks of its node.
func asks(c *grade.Cell) string {
	switch {
	case c.IsAnswer() && c.Name == "term":
		return "answer's term"
	case c.IsAnswer():
		return "answer"
	}
	return c.Name
}

// cellName says which cells of a step they are, all of which ask the same.
func (m *feedbackMaker) cellName(cells []int) string {
	first := m.sheet.Marks[cells[0]].Cell
	if len(cells) == 1 {
		return fmt.Sprintf("node %s's %s", m.t.Name(first.Node), asks(first))
	}
	nodes := make([]string, len(cells))
	for i, j := range cells {
		nodes[i] = m.t.Name(m.sheet.Marks[j].Cell.Node)
	}
	if first.IsAnswer() && first.Name != "term" {
		return "answers of nodes " + reason.And(nodes)
	}
	return fmt.Sprintf("%s of nodes %s", asks(first), reason.And(nodes))
}

// CellWord is what is written in a cell, or belongs there: ok, 3, [1:x], nothing.
func CellWord(v any) string {
	if v == nil {
		return "nothing"
	}
	return item.Word(v)
}

// A fact is something to say of a cell, under its label. A value is shown as it
// would be typed.
type fact struct {
	label, text string
	value       bool
}

// A cellGroup is cells of a step that ask the same, and of which all but the figures
// is the same.
type cellGroup struct {
	cells []int
	facts []fact
}

// gather puts a cell to those that it is like.
func (m *feedbackMaker) gather(groups []*cellGroup, j int) []*cellGroup {
	mark, facts := &m.sheet.Marks[j], m.facts(j)
	for _, g := range groups {
		first := &m.sheet.Marks[g.cells[0]]
		if asks(first.Cell) == asks(mark.Cell) && first.Verdict == mark.Verdict &&
			first.Cell.Points.Cmp(mark.Cell.Points) == 0 && first.Through.Cmp(mark.Through) == 0 && slices.Equal(g.facts, facts) {
			g.cells = append(g.cells, j)
			return groups
		}
	}
	return append(groups, &cellGroup{[]int{j}, facts})
}

// facts is what there is to say of a cell beside the figures.
func (m *feedbackMaker) facts(j int) []fact {
	var out []fact
	add := func(label, text string, value bool) {
		if text != "" {
			out = append(out, fact{label, text, value})
		}
	}
	mark := &m.sheet.Marks[j]
	switch {
	case mark.Text != "":
		add("You wrote", mark.Text, true)
	case mark.Written != nil || mark.Doubt == grade.NoDoubt:
		add("You wrote", CellWord(mark.Written), true)
	}
	if mark.Verdict == grade.ToReview {
		add("Review", reviewNotes[mark.Doubt], false)
	}
	add("By hand", ByHand(mark), false)
	add("Follows", m.follows(j), false)
	if mark.Verdict == grade.ToReview && mark.Doubt != grade.AllNo || mark.Verdict == grade.ByHand && mark.Hand.Full {
		return out
	}
	if mark.Verdict == grade.Right {
		if but := Misfit(mark); but != "" {
			add("But", but+".", false)
		}
		add("Note", m.stake(j), false)
		return out
	}
	if m.reveal {
		add("Right is", CellWord(mark.Cell.Right), true)
	}
	add("Rule", m.rule(mark), false)
	return out
}

// reviewNotes say to the student why an instructor looks at a cell.
var reviewNotes = [...]string{
	grade.Unreadable:   "This cannot be read, so it has no mark yet: an instructor looks at it.",
	grade.Moved:        "The line had a slip; set right, the value may not be where you meant it. An instructor looks at it.",
	grade.OtherMessage: "The message that you wrote is not the worksheet's, so this has no mark yet: an instructor looks at it.",
	grade.Spelled:      "This differs from what is right only in how it is spelled: an instructor looks at it.",
	grade.Elsewhere:    "Your row has an answer of a node that is not asked, and none of this one: an instructor looks at it.",
	grade.AfterUnread:  "A message that this may rest on cannot be read, so this has no mark yet: an instructor looks at it.",
	grade.OtherStory:   "This differs from what Figure 2 gives, but something that is not known may explain it: an instructor looks at it.",
	grade.AllNo:        "",
}

// Misfit says of a right answer, in a clause, that it does not fit what the sheet
// has before it; empty for one that does.
func Misfit(m *grade.Mark) string {
	if !m.Despite {
		return ""
	}
	return "it does not fit what you wrote before it, from which it would be " + CellWord(m.Own)
}

// verdictMarks are how verdicts stand out; their signs say the same without
// colour.
var verdictMarks = [...]struct {
	mark doc.Mark
	sign string
}{
	grade.Right: {doc.Right, "✓"}, grade.Follows: {doc.Noted, "↳"}, grade.Wrong: {doc.Wrong, "✗"},
	grade.Blank: {doc.Wrong, "○"}, grade.ToReview: {doc.Noted, "?"},
	grade.ByHand: {doc.Noted, "✎"},
}

// cell says what there is to say of a group of cells.
func (m *feedbackMaker) cell(g *cellGroup, whole bool) doc.Group {
	first := &m.sheet.Marks[g.cells[0]]
	v := verdictMarks[first.Verdict]
	head := doc.Text(capital(m.cellName(g.cells))+": ").Add(v.mark, v.sign+" "+verdictWords[first.Verdict])
	if !whole {
		of := fmt.Sprintf("%s of %s", grade.Range{Least: first.Through, Most: first.Most}, Points(first.Cell.Points))
		if len(g.cells) > 1 {
			of += " each"
		}
		head = head.Add(doc.Faint, " ("+of+")")
	}
	facts := slices.Clone(g.facts)
	if lines := m.otherLines(g.cells); len(lines) > 0 {
		also := fact{label: "Also", text: "in line " + reason.And(lines) + "."}
		if len(lines) > 1 {
			also.text = "in lines " + reason.And(lines) + "."
		}
		facts = slices.Insert(facts, 1, also)
	}
	if first.Verdict != grade.Right && m.reveal && (first.Doubt == grade.NoDoubt || first.Doubt == grade.AllNo) {
		for _, j := range g.cells {
			if here := (fact{label: "Here", text: sentence(m.sheet.Marks[j].Why)}); here.text != "" && !slices.Contains(facts, here) {
				facts = append(facts, here)
			}
		}
	}
	fields := doc.Fields{}
	for _, f := range facts {
		mark := doc.Plain
		if f.value {
			mark = doc.Literal
		}
		fields.Rows = append(fields.Rows, doc.Field{Name: f.label, Value: doc.Marked(mark, f.text)})
	}
	return doc.Group{Head: head, Tone: v.mark, Blocks: append(m.line(first.Pos, v.mark), fields)}
}

// otherLines gives the lines of cells that are in another than the first.
func (m *feedbackMaker) otherLines(cells []int) []string {
	first := m.sheet.Marks[cells[0]].Pos.Line
	var lines []string
	for _, j := range cells[1:] {
		if at := m.sheet.Marks[j].Pos; at.IsValid() && at.Line != first && !slices.Contains(lines, fmt.Sprint(at.Line)) {
			lines = append(lines, fmt.Sprint(at.Line))
		}
	}
	return lines
}

// rule names the rule that decides a cell, in the figure's words.
func (m *feedbackMaker) rule(mark *grade.Mark) string {
	if info := mark.Rule.Info(); info.Rule != raft.NoRule {
		return fmt.Sprintf("%s, %s (§%s): %s.", info.Name, info.Figure, info.Section, info.Text)
	}
	if mark.Cell.IsAnswer() && !m.reveal {
		return "None of Figure 2: ask whether the request reaches the node, and whether the node is up."
	}
	return ""
}

// follows says of what follows from a mistake which one that is, and what
// becomes of it; it is empty for anything else.
func (m *feedbackMaker) follows(j int) string {
	mark := &m.sheet.Marks[j]
	if mark.Verdict != grade.Follows && mark.Doubt != grade.AllNo {
		return ""
	}
	text := "This follows from " + m.origin(j)
	switch {
	case mark.Verdict == grade.ByHand:
		return text + "."
	case mark.Doubt == grade.AllNo:
		return text + ", and so does a no in every step after it: an instructor reviews it."
	case m.key.Follow.Sign() == 0:
		return text + ". This key gives no points for that."
	case m.key.Follow.Cmp(grade.Whole(1)) < 0:
		return text + fmt.Sprintf("; it has %s of its points, and is not counted as a second mistake.", m.key.Follow)
	}
	return text + "; it is not counted twice."
}

// origin names the steps of the mistakes from which a cell may follow: those of
// its own node, or else of the others.
func (m *feedbackMaker) origin(j int) string {
	of := m.sheet.Marks[j].Cell.Node
	var own, all []int
	for i := range j {
		if mark := &m.sheet.Marks[i]; mark.Verdict == grade.Wrong {
			if all = append(all, i); mark.Cell.Node == of {
				own = append(own, i)
			}
		}
	}
	if own == nil {
		own = all
	}
	switch ids := StepIDs(m.key, own); len(ids) {
	case 0:
		return "what you wrote before it"
	case 1:
		return "your answer in step " + ids[0]
	default:
		return "your answers in steps " + reason.And(ids)
	}
}

// atStake gives the explanations of the diagnosis that answer a cell otherwise
// than Figure 2.
func (m *feedbackMaker) atStake(j int) []string {
	d := m.sheet.Diagnosis
	if d == nil {
		return nil
	}
	var names []string
	for i := range d.Explanations {
		if e := &d.Explanations[i]; slices.Contains(e.Cells, j) {
			names = append(names, together(e.Deviations))
		}
	}
	return names
}

// stake says of a right cell which explanations were at stake in it, if any were.
func (m *feedbackMaker) stake(j int) string {
	const most = 3
	names := m.atStake(j)
	who := reason.And(names) + " (see below)"
	switch n := len(names); {
	case n == 0:
		return ""
	case n > most && n == len(m.sheet.Diagnosis.Explanations):
		who = "each of the explanations below"
	case n > most:
		who = reason.And(append(names[:most-1], fmt.Sprintf("%d more", n-most+1))) + " (see below)"
	}
	return fmt.Sprintf("It is one of the places where %s would answer otherwise, and you did not.", who)
}

// blank gathers what a step's blank cells say.
func (m *feedbackMaker) blank(cells []int, st *grade.KeyStep) doc.Group {
	var names []string
	var fields doc.Fields
	for _, j := range cells {
		mark := &m.sheet.Marks[j]
		name := m.cellName([]int{j})
		names = append(names, name)
		if m.reveal {
			text := CellWord(mark.Cell.Right)
			if mark.Why != "" {
				text += "; " + because(mark.Why, mark.Rule)
			}
			fields.Rows = append(fields.Rows, doc.Field{Name: capital(name), Value: doc.Text(text)})
		}
	}
	var intro string
	switch {
	case len(cells) == st.Last-st.First:
		intro = "All of it is left blank."
	case m.reveal:
		intro = Count(len(cells), "answer is", "answers are") + " left blank."
	default:
		intro = "Left blank: " + reason.And(names) + "."
	}
	if !m.reveal {
		return doc.Group{Head: doc.Text(intro), Tone: doc.Wrong}
	}
	return doc.Group{Head: doc.Text(intro + " Right would be:"), Tone: doc.Wrong, Blocks: []doc.Block{fields}}
}
