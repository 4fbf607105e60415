package render

import (
	"fmt"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/check/reason"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file has what feedback says beside the cells.

// A section is further things to say.
type section struct {
	heading, intro string
	items          doc.List
}

func (m *feedbackMaker) toReview() section {
	s := section{heading: "To review", intro: "These answers have no points yet; an instructor decides what they are worth."}
	for i := range m.sheet.Reviews {
		s.items = append(s.items, doc.Text(sentence(ReviewLine(m.key, &m.sheet.Reviews[i]))))
	}
	return s
}

// ReviewLine says in a clause what waits for an instructor, and why.
func ReviewLine(k *grade.Key, r *grade.Review) string {
	switch {
	case r.Doubt == grade.OtherStory && len(r.Cells) > 0:
		if ids := StepIDs(k, r.Cells); len(ids) > 1 {
			return fmt.Sprintf("steps %s: %s", reason.And(ids), r.Why)
		}
		return fmt.Sprintf("step %s: %s", StepIDs(k, r.Cells)[0], r.Why)
	case r.Doubt != grade.AllNo:
		return r.Why
	}
	return fmt.Sprintf("node %s, steps %s: %s", k.Trace.Name(r.Node), reason.And(StepIDs(k, r.Cells)), r.Why)
}

// ByHand says in sentences how an instructor has decided a mark, and what for;
// empty where none has.
func ByHand(m *grade.Mark) string {
	if m.Hand == nil {
		return ""
	}
	text := "An instructor decided what this is worth."
	if m.Hand.Read != "" {
		text = "An instructor read this as " + doc.Line(m.Hand.Read) + "."
	}
	return withNote(text, m.Hand.Note)
}

// GivenPoints says what an instructor gave a sheet as a whole, and what for: 80 of
// 184 points.
func GivenPoints(s *grade.Submission, k *grade.Key) string {
	text := fmt.Sprintf("%v of %s", s.Hand.Points, Points(k.Max))
	if s.Hand.Note != "" {
		text += ". Note: " + strings.TrimSuffix(doc.Line(s.Hand.Note), ".")
	}
	return text
}

// withNote adds an instructor's note.
func withNote(text, note string) string {
	if note == "" {
		return text
	}
	return text + " Note: " + doc.Line(note)
}

// stops say which nodes are not followed any more.
func (m *feedbackMaker) stops() section {
	s := section{heading: "Where your own state was not followed",
		intro: "An answer may follow from an earlier mistake as long as a node could be in the state that you wrote. Here no node can be in it; from there on only the right state counts."}
	for _, stop := range m.sheet.Stops {
		if text := NotFollowed(m.t, stop, m.reveal); text != "" {
			s.items = append(s.items, doc.Text(sentence(text)))
		}
	}
	return s
}

// NotFollowed says in a clause which node of the key's trace is not followed, in
// which steps, and why; empty where no step comes after the mistake. Without reveal the
// reason has no figure of the reference's.
func NotFollowed(t *trace.Trace, stop grade.Stop, reveal bool) string {
	if stop.Step > len(t.Steps) {
		return ""
	}
	from := t.Steps[stop.Step-1].ID
	text := fmt.Sprintf("node %s, from step %s on", t.Name(stop.Node), from)
	switch {
	case stop.Until == stop.Step:
		text = fmt.Sprintf("node %s, in step %s", t.Name(stop.Node), from)
	case stop.Until > 0:
		text = fmt.Sprintf("node %s, from step %s to step %s", t.Name(stop.Node), from, t.Steps[stop.Until-1].ID)
	}
	if reveal {
		return text + ": " + stop.Why
	}
	return text + ": " + stop.Told
}

func (m *feedbackMaker) remarks() section {
	s := section{heading: "How your sheet was read", intro: "If one of these is not what you meant, tell your instructor."}
	for _, r := range m.sheet.OwnRemarks() {
		s.items = append(s.items, remarkLine(&r))
	}
	return s
}

// remarkLine is a remark, with its line where it has one.
func remarkLine(r *grade.Remark) doc.Inline {
	if r.Pos.IsValid() {
		return doc.Text(fmt.Sprintf("Line %d: %s", r.Pos.Line, Ended(r.Text)))
	}
	return doc.Text(sentence(r.Text))
}

// open lists what of a game is not marked.
func (m *feedbackMaker) open() section {
	s := section{heading: "Not marked", intro: "Nobody can say whether these are mistakes, or whose they are. They cost no points."}
	for i := range m.sheet.Open {
		s.items = append(s.items, remarkLine(&m.sheet.Open[i]))
	}
	return s
}

// where names the steps in which an explanation shows: where it answers otherwise
// than Figure 2, and the sheet does too.
func (m *feedbackMaker) where(e *grade.Explanation) string {
	var cells []int
	for _, j := range e.Cells {
		if v := m.sheet.Marks[j].Verdict; v != grade.Right && v != grade.Blank {
			cells = append(cells, j)
		}
	}
	ids := StepIDs(m.key, cells)
	switch len(ids) {
	case 0:
		return ""
	case 1:
		return "step " + ids[0]
	}
	return "steps " + reason.And(ids)
}

// mostExplained is how many explanations that tie are shown in full.
const mostExplained = 6

// diagnosed puts a diagnosis into words.
func (m *feedbackMaker) diagnosed(d *doc.Document) {
	is := m.sheet.Diagnosis
	heading, outro := "What may lie behind the mistakes", "This is a guess from your answers, right and wrong. It changes no mark."
	var intro string
	switch is.Verdict {
	case grade.NothingWrong:
		heading, outro = "What the answers show", ""
		intro = "Nothing that you wrote is wrong, and no misunderstanding shows."
		if len(m.sheet.Deductions) > 0 {
			intro = "No answer of yours is wrong, and no misunderstanding shows."
		}
		if waits := m.waiting(); waits != "" {
			intro = "None of the answers that have a mark is wrong, and no misunderstanding shows. " + waits
		}
	case grade.Named:
		intro = "One misunderstanding explains your mistakes best. Is this what you assumed?"
	case grade.Tie:
		intro = fmt.Sprintf("%d explanations fit your mistakes equally well. Is one of them what you assumed?", len(is.Explanations))
	case grade.Undiagnosed:
		intro, outro = "There is no diagnosis: "+strings.TrimPrefix(tooLong, "none, because ")+".", ""
	default:
		intro = "These may be slips, or there is too little evidence to name a misunderstanding. " + sentence(fitting(is))
	}
	d.Add(doc.Heading{Level: 2, Text: doc.Text(heading)}, doc.P(doc.Text(intro)))
	var more []string
	for i := range is.Explanations {
		e := &is.Explanations[i]
		if i >= mostExplained {
			more = append(more, together(e.Deviations))
			continue
		}
		fields := []doc.Field{{Name: "fits", Value: doc.Text(fitHere(e))}}
		if where := m.where(e); where != "" {
			fields = append(fields, doc.Field{Name: "shows in", Value: doc.Text(where)})
		}
		d.Add(explanationGroups(e, fields...)...)
	}
	if more != nil {
		d.Add(doc.P(doc.Text("And as well: " + strings.Join(more, ", ") + ".")))
	}
	if is.Apart != "" {
		d.Add(doc.P(doc.Text("Answers to the trace ").Add(doc.Foreign, is.Apart).Add(doc.Plain, " would tell most of them apart.")))
	}
	if outro != "" {
		d.Add(doc.P(doc.Text(outro)))
	}
	if len(is.Untested) > 0 {
		d.Add(untestedDetail(is))
	}
}

// waiting says which answers have no mark yet; empty for none.
func (m *feedbackMaker) waiting() string {
	waits, unread := 0, 0
	for i := range m.sheet.Marks {
		if mark := &m.sheet.Marks[i]; mark.Verdict == grade.ToReview {
			if waits++; mark.Text != "" {
				unread++
			}
		}
	}
	switch {
	case waits == 0:
		return ""
	case waits == unread:
		return Count(waits, "answer cannot be read and waits", "answers cannot be read and wait") + " for an instructor."
	}
	return Count(waits, "answer waits", "answers wait") + " for an instructor."
}

// fitHere says to a student how well an explanation fits.
func fitHere(e *grade.Explanation) string {
	fit := "It explains " + fmt.Sprintf("%d of your mistakes", e.Explained)
	switch e.Contradicted {
	case 0:
		return fit + ", and agrees with all that you have right."
	case 1:
		return fit + ", but one of your right answers speaks against it."
	}
	return fit + fmt.Sprintf(", but %d of your right answers speak against it.", e.Contradicted)
}

// untestedDetail is what a student is told of what the sheet does not ask.
func untestedDetail(is *grade.Diagnosis) doc.Detail {
	return doc.Detail{
		Summary: doc.Text(fmt.Sprintf("Not put to the test on this sheet: %s.", Count(len(is.Untested), "other misunderstanding", "other misunderstandings"))),
		Blocks: []doc.Block{
			doc.P(doc.Text("The sheet does not say whether you hold these (raftsheet rules NAME says what each is):")),
			doc.P(doc.Text(strings.Join(NamesOf(is.Untested), ", "))),
		},
	}
}
