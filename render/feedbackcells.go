package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has what feedback says of the cells, step by step.

// steps goes through the steps that ask for something.
func (m *feedbackMaker) steps(f *feedback) {
	var fine []string
	for i := range m.key.Steps {
		st := &m.key.Steps[i]
		if !st.Asks() {
			continue
		}
		out := m.step(i)
		if len(out.Cells) == 0 && out.Blank == nil {
			fine = append(fine, Clean(st.Trace.ID))
			continue
		}
		f.Steps = append(f.Steps, out)
	}
	switch {
	case len(f.Steps) == 0:
		f.Fine = "Every answer is right."
	case len(fine) == 1:
		f.Fine = "All right: step " + fine[0] + "."
	case len(fine) > 1:
		f.Fine = "All right: steps " + list(fine) + "."
	}
}

func (m *feedbackMaker) step(i int) stepFeedback {
	st := &m.key.Steps[i]
	strict, through := m.sheet.Step(i)
	out := stepFeedback{Name: "step " + Clean(st.Trace.ID), Event: Clean(m.event(st.Trace)),
		Points: fmt.Sprintf("%s of %s", strict, points(st.Max))}
	if through.Cmp(strict) != 0 {
		out.Points += fmt.Sprintf(", %s with follow-through", through)
	}
	if st.Whole {
		out.Whole = "This step scores as a whole or not at all."
	}
	var blank []int
	var alike []*cellGroup
	for j := st.First; j < st.Last; j++ {
		switch mark := &m.sheet.Marks[j]; {
		case mark.Verdict == grade.Blank:
			blank = append(blank, j)
		case mark.Verdict != grade.Right || mark.Remark != "" || len(m.atStake(j)) > 0:
			alike = m.gather(alike, j)
		}
	}
	for _, g := range alike {
		out.Cells = append(out.Cells, m.cell(g, st.Whole))
	}
	if len(blank) > 0 {
		out.Blank = m.blank(blank, st)
	}
	return out
}

// event says what happens in a step of the key.
func (m *feedbackMaker) event(s *trace.Step) string {
	if from, ok := s.Sender(); ok {
		return fmt.Sprintf("%s from node %s", s.EventName(), m.t.Name(from))
	}
	return eventLine(m.t, s.Event)
}

// asks is what a cell asks of its node.
func asks(c *grade.Cell) string {
	switch {
	case c.IsAnswer() && c.Name == "term":
		return "answer's term"
	case c.IsAnswer():
		return "answer"
	}
	return Clean(c.Name)
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
		return "answers of nodes " + list(nodes)
	}
	return fmt.Sprintf("%s of nodes %s", asks(first), list(nodes))
}

// cellWord is what is written in a cell, or belongs there.
func cellWord(v any) string {
	switch v := v.(type) {
	case bool:
		return answerWord("", v)
	case nil:
		return "nothing"
	}
	return valueWord(v)
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
			first.Cell.Points.Cmp(mark.Cell.Points) == 0 && slices.Equal(g.facts, facts) {
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
	add("You wrote", cellWord(mark.Written), true)
	add("Follows", m.follows(j), false)
	if mark.Verdict == grade.Right {
		if mark.Remark != "" {
			add("But", fmt.Sprintf("it does not fit what you wrote before it, from which it would be %s.", cellWord(mark.Own)), false)
		}
		add("Note", m.stake(j), false)
		return out
	}
	if m.reveal {
		add("Right is", cellWord(mark.Cell.Right), true)
	}
	add("Rule", m.rule(mark), false)
	return out
}

// cell says what there is to say of a group of cells.
func (m *feedbackMaker) cell(g *cellGroup, whole bool) cellFeedback {
	first := &m.sheet.Marks[g.cells[0]]
	out := cellFeedback{Name: m.cellName(g.cells), Verdict: first.Verdict, Line: m.line(first.Pos), Facts: slices.Clone(g.facts)}
	if !whole {
		out.Points = fmt.Sprintf("%s of %s", first.Through, points(first.Cell.Points))
		if len(g.cells) > 1 {
			out.Points += " each"
		}
	}
	if lines := m.otherLines(g.cells); len(lines) > 0 {
		also := fact{Label: "Also", Text: "in line " + list(lines) + "."}
		if len(lines) > 1 {
			also.Text = "in lines " + list(lines) + "."
		}
		out.Facts = slices.Insert(out.Facts, 1, also)
	}
	if first.Verdict == grade.Right || !m.reveal {
		return out
	}
	for _, j := range g.cells {
		if here := (fact{Label: "Here", Text: sentence(m.sheet.Marks[j].Why)}); here.Text != "" && !slices.Contains(out.Facts, here) {
			out.Facts = append(out.Facts, here)
		}
	}
	return out
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

// sentence makes a sentence of a clause.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return capital(Clean(s)) + "."
}

// capital is a text with the first letter of a sentence, unless it begins with
// a name such as prevLogIndex or terms[3].
func capital(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s != "" && s[0] >= 'a' && s[0] <= 'z' && word == strings.ToLower(word) && !strings.Contains(word, "[") {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
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
	v := m.sheet.Marks[j].Verdict
	if v != grade.Follows && v != grade.ForHuman {
		return ""
	}
	text := "This follows from " + m.origin(j)
	switch {
	case v == grade.ForHuman:
		return text + ", and so does a no in every step after it: a human looks at it."
	case m.key.Follow.Sign() == 0:
		return text + ". This key gives no points for that."
	case m.key.Follow.Cmp(grade.Whole(1)) < 0:
		return text + fmt.Sprintf("; it has %s of its points, and is not counted as a second mistake.", m.key.Follow)
	}
	return text + "; it is not counted twice."
}

// origin names the steps of the mistakes from which a cell may follow: those of
// its own node, or where there are none, of the others.
func (m *feedbackMaker) origin(j int) string {
	of := m.sheet.Marks[j].Cell.Node
	steps := func(counts func(raft.NodeID) bool) (ids []string) {
		for i := range j {
			if mark := &m.sheet.Marks[i]; mark.Verdict == grade.Wrong && counts(mark.Cell.Node) {
				if id := Clean(m.t.Steps[mark.Cell.Step-1].ID); !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
		return ids
	}
	ids := steps(func(id raft.NodeID) bool { return id == of })
	if ids == nil {
		ids = steps(func(raft.NodeID) bool { return true })
	}
	switch len(ids) {
	case 0:
		return "what you wrote before it"
	case 1:
		return "your answer in step " + ids[0]
	}
	return "your answers in steps " + list(ids)
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
			names = append(names, strings.Join(deviationNames(e.Deviations), " with "))
		}
	}
	return names
}

// stake says of a right cell which explanations were at stake in it, if any were.
func (m *feedbackMaker) stake(j int) string {
	const most = 3
	names := m.atStake(j)
	who := list(names) + " (see below)"
	switch n := len(names); {
	case n == 0:
		return ""
	case n > most && n == len(m.sheet.Diagnosis.Explanations):
		who = "each of the explanations below"
	case n > most:
		who = list(append(names[:most-1], fmt.Sprintf("%d more", n-most+1))) + " (see below)"
	}
	return fmt.Sprintf("It is one of the places where %s would answer otherwise, and you did not.", who)
}

// blank gathers what a step's blank cells say.
func (m *feedbackMaker) blank(cells []int, st *grade.KeyStep) *blankCells {
	out := &blankCells{}
	var names []string
	for _, j := range cells {
		mark := &m.sheet.Marks[j]
		name := m.cellName([]int{j})
		names = append(names, name)
		if m.reveal {
			text := cellWord(mark.Cell.Right)
			if mark.Why != "" {
				text += "; " + Clean(mark.Why)
				if place := authority(&finding.Finding{Rule: mark.Rule}); place != "" {
					text += " (" + place + ")"
				}
			}
			out.Facts = append(out.Facts, fact{Label: capital(name), Text: text})
		}
	}
	switch {
	case len(cells) == st.Last-st.First:
		out.Intro = "All of it is left blank."
	case m.reveal:
		out.Intro = count(len(cells), "answer is", "answers are") + " left blank."
	default:
		out.Intro = "Left blank: " + list(names) + "."
	}
	if m.reveal {
		out.Intro += " Right would be:"
	}
	return out
}
