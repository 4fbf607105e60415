package check

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// Compare holds a replay against the answers and tables that its trace has
// written.
func Compare(run *Run) *Report {
	c := &comparer{run: run, t: run.Trace}
	c.findings = append(c.findings, run.findings...)
	for i := range run.Steps {
		c.step = &run.Steps[i]
		c.answers()
		c.tables()
	}
	c.tally.Steps = len(run.Steps)
	sortFindings(c.findings)
	return &Report{Run: run, Findings: c.findings, Tally: c.tally, More: c.more, cut: c.cut}
}

// A comparer goes through a replay step by step.
type comparer struct {
	run      *Run
	t        *trace.Trace
	step     *Step
	tally    Tally
	findings []Finding
	kept     [len(kinds)]int // of each kind
	cut      [len(kinds)]int // see Report
	more     int
}

// mostFindings is how many findings of a kind a report keeps: more than anybody
// reads, and no more than fits a small machine's memory. What the replay itself
// has found is not bounded by it: that is no more than the steps.
const mostFindings = 50_000

func (c *comparer) find(k Kind, node raft.NodeID, at trace.Pos, f Finding) {
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

// answers compares the step's response row, if one is written.
func (c *comparer) answers() {
	s := c.step.Trace
	if s.Response == nil {
		return
	}
	sender, _ := s.Sender()
	var done raft.NodeSet
	for i := range s.Response.Cells {
		cell := &s.Response.Cells[i]
		if cell.Node != sender {
			c.answer(cell.Node, cell)
		}
		done = done.With(cell.Node)
	}
	for i := range c.step.Deliveries {
		if to := c.step.Deliveries[i].To; !done.Has(to) {
			c.answer(to, s.Response.Others)
		}
	}
}

// answer compares one cell; nil where the row has none for the node.
func (c *comparer) answer(id raft.NodeID, cell *trace.Cell) {
	d := c.step.Delivery(id)
	at := c.step.Trace.Response.Pos
	if cell != nil {
		at = cell.Pos
	}
	if cell == nil || cell.IsBlank() {
		c.blankAnswer(id, at)
		return
	}
	if c.t.Unknown.Has(id) {
		c.unknownAnswer(id, cell, d)
		return
	}
	c.tally.Answers++
	partly := blankField(cell)
	switch agrees := c.outcome(id, cell, d); {
	case !agrees:
		c.tally.Diverge++
	case partly:
		c.tally.Blank++
	default:
		c.tally.Agree++
	}
	if partly {
		c.find(Unfilled, id, at, Finding{Field: outcomeField(c.step.Trace), Message: fmt.Sprintf("node %s's answer is blank in part", c.t.Name(id))})
	}
}

// blankField reports whether the cell is a mapping with a field left blank.
func blankField(cell *trace.Cell) bool {
	return cell.OK.Presence == trace.Blank || cell.Term.Presence == trace.Blank
}

func (c *comparer) blankAnswer(id raft.NodeID, at trace.Pos) {
	c.tally.Answers++
	c.tally.Blank++
	c.find(Unfilled, id, at, Finding{Field: outcomeField(c.step.Trace), Message: fmt.Sprintf("node %s's answer is left blank", c.t.Name(id))})
}

// unknownAnswer counts an answer that is neither right nor wrong. One to a
// request that never arrived is so too; it goes nowhere, and the note says why.
func (c *comparer) unknownAnswer(id raft.NodeID, cell *trace.Cell, d *Delivery) {
	c.tally.Untold++
	message := fmt.Sprintf("node %s is unknown: its answer is taken as given", c.t.Name(id))
	if reached := d != nil && d.Fate == Unseen; !reached && !cell.None {
		message = fmt.Sprintf("node %s is unknown, and its answer counts for nothing, since %s", c.t.Name(id), c.silence(id, d))
	}
	c.find(Untold, id, cell.Pos, Finding{Field: outcomeField(c.step.Trace), Expected: written(cell), Message: message})
}

// outcome compares a cell that is written with what came back.
func (c *comparer) outcome(id raft.NodeID, cell *trace.Cell, d *Delivery) bool {
	field := outcomeField(c.step.Trace)
	if d == nil || !d.Answered() {
		if cell.None {
			return true
		}
		c.find(Response, id, cell.Pos, Finding{Field: field, Expected: written(cell), Actual: "none",
			Rule: silentRule(d), Message: c.silence(id, d)})
		return false
	}
	if cell.None {
		if d.Lost {
			return true
		}
		c.find(Response, id, cell.Pos, Finding{Field: field, Expected: "none", Actual: d.OK,
			Rule: d.Decision.Rule, Message: c.run.Because(c.step, d) + c.notLost(id)})
		return false
	}
	agrees := true
	if cell.OK.Given() && cell.OK.Value != d.OK {
		agrees = false
		c.find(Response, id, cell.OK.Pos, Finding{Field: field, Expected: cell.OK.Value, Actual: d.OK,
			Rule: d.Decision.Rule, Message: c.run.Because(c.step, d)})
	}
	if cell.Term.Given() && cell.Term.Value != d.Term {
		agrees = false
		c.find(Response, id, cell.Term.Pos, Finding{Field: "term", Expected: uint64(cell.Term.Value), Actual: uint64(d.Term),
			Rule: raft.A2, Message: fmt.Sprintf("node %s answers with its currentTerm, and that is %d; the message's term is %d", c.t.Name(id), d.Term, d.requestTerm())})
	}
	return agrees
}

// notLost says what the trace would have to say for a node not to answer.
func (c *comparer) notLost(id raft.NodeID) string {
	return fmt.Sprintf("; nothing keeps the request from it (if it was lost, write lost: [%s])", c.t.FlowName(id))
}

func silentRule(d *Delivery) raft.Rule {
	if d != nil && d.Fate == Silent {
		return d.Decision.Rule
	}
	return raft.NoRule
}

// silence says why a node gives no answer.
func (c *comparer) silence(id raft.NodeID, d *Delivery) string {
	if d == nil {
		return fmt.Sprintf("node %s is not sent this request", c.t.Name(id))
	}
	return c.run.Because(c.step, d)
}

func (d *Delivery) requestTerm() raft.Term {
	if d.Vote != nil {
		return d.Vote.Term
	}
	return d.Append.Term
}

// outcomeField is what the answer to a step's request is called.
func outcomeField(s *trace.Step) string {
	if _, ok := s.Event.(*trace.RequestVote); ok {
		return "voteGranted"
	}
	return "success"
}

// written is what a cell says, as JSON has it.
func written(cell *trace.Cell) any {
	switch {
	case cell.None:
		return "none"
	case cell.OK.Given():
		return cell.OK.Value
	}
	return uint64(cell.Term.Value)
}
