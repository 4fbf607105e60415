package check

import (
	"fmt"

	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Compare holds a replay against the answers and tables that its trace has
// written.
func Compare(run *replay.Run) *Report {
	const several = 64 // items of a step
	c := &comparer{run: run, t: run.Trace, items: make([]item.Item, 0, several)}
	c.findings = make([]finding.Finding, 0, len(run.Facts())+len(c.t.Errors))
	c.facts()
	c.unread()
	for i := range run.Steps {
		c.step, c.doubted = &run.Steps[i], 0
		c.items = item.AppendStep(c.items[:0], c.t, c.step.Trace)
		c.compare(c.items)
	}
	c.tally.Steps = len(run.Steps)
	finding.Sort(c.findings)
	return &Report{Run: run, Findings: c.findings, Tally: c.tally, More: c.more, cut: c.cut}
}

// A comparer goes through a replay step by step.
type comparer struct {
	run      *replay.Run
	t        *trace.Trace
	step     *replay.Step
	items    []item.Item // of the step
	tally    Tally
	findings []finding.Finding
	kept     [finding.NumKinds]int // of each kind
	cut      [finding.NumKinds]int // see Report
	doubted  raft.NodeSet          // nodes of which it is said that their tables of this step cannot be told
	more     int
}

// mostFindings is how many findings of a kind a report keeps: more than anybody
// reads, and no more than fits a small machine's memory. What the replay itself
// has found is not bounded by it: that is no more than the steps.
const mostFindings = 50_000

func (c *comparer) find(k finding.Kind, node raft.NodeID, at trace.Pos, f finding.Finding) {
	switch c.kept[k]++; {
	case c.kept[k] == mostFindings:
		c.cut[k] = c.step.Trace.Number
		f.Message += "; from here on there may be more of this kind, which are counted and not listed"
	case c.kept[k] > mostFindings:
		c.more++
		return
	}
	s := c.step.Trace
	f.Kind, f.Step, f.ID, f.Event, f.Pos = k, s.Number, s.ID, s.EventName(), at
	if !at.IsValid() {
		f.Pos = s.Pos
	}
	if node != raft.NoNode {
		f.Node = c.t.Name(node)
	}
	c.findings = append(c.findings, f)
}

// compare goes through the items of the step, those of one answer or of one blank
// table together.
func (c *comparer) compare(items []item.Item) {
	for len(items) > 0 {
		n := 1
		for n < len(items) && c.together(&items[0], &items[n]) {
			n++
		}
		now := items[:n]
		items = items[n:]
		switch first := &now[0]; {
		case first.IsAnswer():
			c.answer(now)
		case c.untold(first.Node):
			c.find(finding.Untold, first.Node, c.tablePos(first), finding.Finding{Message: c.unknown(first.Node) + ": its state cannot be told"})
		case item.Doubts(c.run, first):
			c.doubt(first)
		case first.Whole != item.Itself:
			c.blankTables(first)
		default:
			c.field(first)
		}
	}
}

// untold reports whether a node is off the page in this step.
func (c *comparer) untold(id raft.NodeID) bool { return c.run.Untold(id, c.step.Trace.Number) }

// unknown says why nothing can be told of a node.
func (c *comparer) unknown(id raft.NodeID) string {
	if c.t.Unknown.Has(id) {
		return fmt.Sprintf("node %s is unknown", c.t.Name(id))
	}
	return fmt.Sprintf("node %s's state rests on what cannot be read or replayed", c.t.Name(id))
}

// unread finds what of the trace could not be read.
func (c *comparer) unread() {
	for _, e := range c.t.Errors {
		f := finding.Finding{Kind: finding.Unread, Step: e.Step, Pos: e.Pos, Message: e.Msg}
		if e.Step > 0 {
			s := &c.t.Steps[e.Step-1]
			f.ID, f.Event = s.ID, s.EventName()
		}
		c.findings = append(c.findings, f)
	}
}

// together reports whether two items in a row make one finding at the most when
// they are blank, or cannot be told.
func (c *comparer) together(a, b *item.Item) bool {
	switch {
	case a.IsAnswer() != b.IsAnswer():
		return false
	case a.IsAnswer():
		return a.Node == b.Node
	}
	return a.Node == b.Node && c.untold(a.Node) || a.Whole == item.OfTables && b.Whole == item.OfTables || a.Whole == b.Whole && a.Whole == item.OfTable && a.Node == b.Node
}

// tablePos is where the table of an item stands.
func (c *comparer) tablePos(it *item.Item) trace.Pos {
	for i := range c.step.Trace.State {
		if st := &c.step.Trace.State[i]; st.Node == it.Node {
			return st.Pos
		}
	}
	return it.Pos
}

// answer compares one answer, of one item or several.
func (c *comparer) answer(items []item.Item) {
	first := &items[0]
	blanks, written := 0, 0
	for i := range items {
		switch {
		case !items[i].Blank():
			written++
		case !item.NothingToWrite(c.run, &items[i]):
			blanks++
		}
	}
	switch {
	case c.untold(first.Node):
		c.unknownAnswer(items)
		return
	case item.Doubts(c.run, first):
		c.tally.Untold++
		c.find(finding.Untold, first.Node, first.Pos, finding.Finding{Field: first.Name, Expected: c.written(items), Message: reason.Doubt(c.run, first)})
		return
	case written == 0:
		c.tally.Blank++
		c.unfilled(first.Node, first.Pos, first.Name, "node %s's answer is left blank")
	case c.answerDiffers(items):
		c.tally.Diverge++
	case blanks > 0:
		c.tally.Blank++
	default:
		c.tally.Agree++
	}
	c.tally.Answers++
	if blanks > 0 && written > 0 {
		c.unfilled(first.Node, first.Pos, item.OutcomeName(c.step.Trace), "node %s's answer is blank in part")
	}
}

func (c *comparer) unfilled(id raft.NodeID, at trace.Pos, field, format string) {
	c.find(finding.Unfilled, id, at, finding.Finding{Field: field, Message: fmt.Sprintf(format, c.t.Name(id))})
}

// unknownAnswer counts an answer that is neither right nor wrong. One to a
// request that never arrived is so too; it goes nowhere, and the note says why.
func (c *comparer) unknownAnswer(items []item.Item) {
	c.tally.Untold++
	first, d := &items[0], c.step.Delivery(items[0].Node)
	f := finding.Finding{Field: first.Name, Expected: c.written(items)}
	switch reached := d != nil && d.Fate == replay.Unseen; {
	case f.Expected == nil:
		f.Message = c.unknown(first.Node) + ": its answer cannot be told"
	case reached || f.Expected == none:
		f.Message = c.unknown(first.Node) + ": its answer is taken as given"
	case c.step.Trace.Unread || len(c.step.Deliveries) == 0:
		f.Message = c.unknown(first.Node) + ": its answer is neither right nor wrong"
	default:
		f.Message = fmt.Sprintf("%s, and its answer counts for nothing, since %s", c.unknown(first.Node), reason.Answer(c.run, c.step, first.Node, d))
	}
	c.find(finding.Untold, first.Node, first.Pos, f)
}

const none = "none" // no answer, in the format's words

// written is what a cell says: its outcome, or else its term.
func (c *comparer) written(items []item.Item) any {
	for i := range items {
		if !items[i].Blank() {
			return item.Any(c.t, items[i].Node, items[i].Written)
		}
	}
	return nil
}

// answerDiffers compares an answer of which something is written, and finds what
// differs. A node that does not answer has one difference, not one a field.
func (c *comparer) answerDiffers(items []item.Item) bool {
	differs := false
	d := c.step.Delivery(items[0].Node)
	for i := range items {
		it := &items[i]
		if it.Blank() || !item.Differs(c.run, it) {
			continue
		}
		differs = true
		f := finding.Finding{Field: it.Name, Expected: item.Any(c.t, it.Node, it.Written), Actual: item.Any(c.t, it.Node, item.Gives(c.run, it))}
		if d == nil || !d.Answered() {
			f.Field = item.OutcomeName(c.step.Trace)
			c.because(&f, it, d)
			c.find(finding.Response, it.Node, it.Pos, f)
			break
		}
		c.because(&f, it, d)
		c.find(finding.Response, it.Node, it.Pos, f)
	}
	return differs
}

// because gives a difference of an answer its rule and its sentence.
func (c *comparer) because(f *finding.Finding, it *item.Item, d *replay.Delivery) {
	f.Rule, f.Message = reason.Item(c.run, it)
	if it.Written == (replay.None{}) && d != nil && d.Answered() {
		f.Message += fmt.Sprintf("; nothing keeps the request from it (if it was lost, write lost: [%s])", c.t.FlowName(it.Node))
	}
	if d != nil && d.Since > 0 && d.Since != c.step.Trace.Number {
		f.Related = c.related(d.Since)
	}
}

// related is the place of another step.
func (c *comparer) related(step int) []finding.Related {
	s := &c.t.Steps[step-1]
	at := s.EventPos
	if !at.IsValid() {
		at = s.Pos
	}
	return []finding.Related{{Step: step, Pos: at}}
}

// blankTables finds that a table, or all of them, are left blank as a whole.
func (c *comparer) blankTables(first *item.Item) {
	if first.Whole == item.OfTables {
		c.find(finding.Unfilled, raft.NoNode, first.Pos, finding.Finding{Message: "the tables of this step are left blank"})
		return
	}
	c.unfilled(first.Node, first.Pos, "", "node %s's table is left blank")
}

// field compares one field of a table.
func (c *comparer) field(it *item.Item) {
	if !item.Differs(c.run, it) {
		if it.Blank() && !item.NothingToWrite(c.run, it) {
			c.blankField(it)
		}
		return
	}
	p := item.Apart(c.run, it)
	f := finding.Finding{Field: p.Name, Expected: item.Any(c.t, it.Node, p.Expected), Actual: item.Any(c.t, it.Node, p.Actual)}
	cause, says := reason.Table(c.run, it, p)
	f.Rule, f.Message = cause.Rule(), says
	if cause.Step > 0 && cause.Step != it.Step {
		f.Related = c.related(cause.Step)
	}
	c.tally.States++
	c.find(finding.State, it.Node, p.Pos, f)
}

// doubt finds that a field cannot be told: one that differs from the page, or else
// all that are left blank in a table of a node in doubt, once.
func (c *comparer) doubt(it *item.Item) {
	switch {
	case item.Differs(c.run, it):
		p := item.Apart(c.run, it)
		c.find(finding.Untold, it.Node, p.Pos, finding.Finding{Field: p.Name, Message: reason.Doubt(c.run, it),
			Expected: item.Any(c.t, it.Node, p.Expected), Actual: item.Any(c.t, it.Node, p.Actual)})
	case it.Blank() && c.step.Doubts(it.Node) && !c.doubted.Has(it.Node):
		c.doubted = c.doubted.With(it.Node)
		c.find(finding.Untold, it.Node, c.tablePos(it), finding.Finding{Message: reason.Doubt(c.run, it)})
	}
}

func (c *comparer) blankField(it *item.Item) {
	format := "node %s's " + it.Name + " is left blank"
	switch it.Field {
	case item.Terms:
		format = "node %s's terms are left blank"
	case item.TermsLine:
		format = fmt.Sprintf("node %%s's vote of term %d is left blank", it.Line)
	}
	c.unfilled(it.Node, it.Pos, it.Name, format)
}

// facts takes in what the replay itself came upon.
func (c *comparer) facts() {
	for i := range c.run.Facts() {
		fact := &c.run.Facts()[i]
		f := finding.Finding{Kind: kindOf(fact), Step: fact.Step, Rule: fact.Rule, Field: fact.Field, Pos: fact.Pos,
			Expected: item.Any(c.t, fact.Node, fact.Says), Actual: item.Any(c.t, fact.Node, fact.Has), Message: reason.Fact(c.run, fact)}
		if fact.Node != raft.NoNode {
			f.Node = c.t.Name(fact.Node)
		}
		switch fact.Kind {
		case replay.Breaks:
			p := fact.Property()
			f.Field, f.Section, f.Expected, f.Actual = p.Name, p.Section, nil, nil
		case replay.ArrivesLate:
			f.Field = finding.Late
		}
		if fact.Step > 0 {
			s := &c.t.Steps[fact.Step-1]
			f.ID, f.Event = s.ID, s.EventName()
			if sender, sends := s.Sender(); fact.Kind == replay.CannotBe && sends && sender != fact.Node {
				f.Event = finding.Answer
			}
			if !f.Pos.IsValid() {
				f.Pos = s.EventPos
			}
		}
		if !f.Pos.IsValid() {
			f.Pos = initialPos(c.t, fact.Node)
		}
		if fact.Since > 0 && fact.Since != fact.Step {
			f.Related = c.related(fact.Since)
		}
		c.findings = append(c.findings, f)
	}
}

// Impossible counts the messages of a run that nobody could have sent: the findings
// of kind [finding.Message], without making them.
func Impossible(run *replay.Run) int {
	n := 0
	for i := range run.Facts() {
		if kindOf(&run.Facts()[i]) == finding.Message {
			n++
		}
	}
	return n
}

// kindOf is the kind of finding that a fact makes.
func kindOf(f *replay.Fact) finding.Kind {
	switch f.Kind {
	case replay.CannotBe:
		return finding.Message
	case replay.OffPage:
		return finding.Untold
	case replay.CannotTake:
		return finding.Refused
	case replay.Breaks:
		return finding.Safety
	case replay.Loses:
		return finding.Loss
	}
	return finding.Implied
}

// initialPos is where a node's initial state is written.
func initialPos(t *trace.Trace, id raft.NodeID) trace.Pos {
	for i := range t.Initial {
		if t.Initial[i].Node == id {
			return t.Initial[i].Pos
		}
	}
	return t.Pos
}
