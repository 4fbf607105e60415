package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// An Explanation is what a node did in a step, rule by rule. Its JSON names are
// stable: programs read them.
type Explanation struct {
	Node    string       `json:"node"`
	Step    string       `json:"id"`
	Event   string       `json:"event"`
	Happens string       `json:"happens,omitempty"` // to the node, where no rule decides it
	Message string       `json:"message,omitempty"`
	Before  string       `json:"before"` // the state, as the trace format writes it
	Rules   []RuleAsked  `json:"rules"`
	Answer  string       `json:"answer,omitempty"`
	Why     string       `json:"why,omitempty"`
	After   string       `json:"after"`
	Written *WrittenCell `json:"written,omitempty"`

	before, after *stateShown // nil where the state is not known
	line          string      // what happens in the step
	request       string      // the message, long entries by their ends
}

// RuleAsked is one rule with this case's figures.
type RuleAsked struct {
	Rule    string `json:"rule"`
	Figure  string `json:"figure"`
	Section string `json:"section"`
	From    string `json:"answerOf,omitempty"` // whose answer the sender takes in
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

// WrittenCell is what the trace says of the node's answer.
type WrittenCell struct {
	Answer string `json:"answer"`
	Agrees bool   `json:"agrees"`
}

// Explanations say of each node what it did in a step, which must have been
// explained by the replay.
func Explanations(run *replay.Run, step int, nodes []raft.NodeID) []Explanation {
	es := []Explanation{}
	for _, id := range nodes {
		es = append(es, newExplanation(run, &run.Steps[step-1], id))
	}
	return es
}

func newExplanation(run *replay.Run, s *replay.Step, id raft.NodeID) Explanation {
	t := run.Trace
	e := Explanation{Node: t.Name(id), Step: s.Trace.ID, Event: s.Trace.EventName(), Rules: []RuleAsked{},
		Before: "unknown", After: "unknown", line: stepLine(t, s.Trace)}
	if !run.Untold(id, s.Trace.Number) {
		e.Before, e.After = item.FlowState(run, id, s.Trace.Number-1), item.FlowState(run, id, s.Trace.Number)
		e.before, e.after = newStateShown(run, id, s.Trace.Number-1), newStateShown(run, id, s.Trace.Number)
		if e.before.value("voters") == e.after.value("voters") {
			e.before.hide("voters")
			e.after.hide("voters")
		}
	}
	for _, d := range run.Decisions(s.Trace.Number) {
		if d.Node == id {
			info := d.Rule.Info()
			e.Rules = append(e.Rules, RuleAsked{info.Name, info.Figure, info.Section, fromName(run, d), OutcomeWord(d.Decision), reason.Decision(run, id, d.Decision)})
		}
	}
	if _, counts := s.Trace.Event.(*trace.Voters); counts || len(e.Rules) == 0 {
		e.Happens = reason.Happening(run, s, id) // who counts may have L4 asked again
	}
	if d := s.Delivery(id); d != nil {
		e.Message, e.request = messageText(run, d, false), messageText(run, d, true)
		e.Answer, e.Why = answerText(d), reason.Answer(run, s, d.To, d)
		e.Written = Written(s, d)
	}
	return e
}

// A stateShown is a node's state field by field.
type stateShown struct {
	fields []field
	log    raft.Log
}

// newStateShown gives a node's state after a step.
func newStateShown(run *replay.Run, id raft.NodeID, step int) *stateShown {
	s := run.State(id, step)
	fields := stateFields(run, id, step)
	fields[0].name = "term"
	fields = slices.Insert(fields, 3, field{"log", logEnds(s.Log.Entries())})
	if i := fieldAt(fields, "snapshot"); i >= 0 { // after which the log begins
		snapshot := fields[i]
		fields = slices.Insert(slices.Delete(fields, i, i+1), 3, snapshot)
	}
	return &stateShown{fields, s.Log}
}

func fieldAt(fields []field, name string) int {
	return slices.IndexFunc(fields, func(f field) bool { return f.name == name })
}

// hide leaves a field out.
func (s *stateShown) hide(name string) {
	s.fields = slices.DeleteFunc(s.fields, func(f field) bool { return f.name == name })
}

// value gives a field's value, none where the state does not have it.
func (s *stateShown) value(name string) string {
	if i := fieldAt(s.fields, name); i >= 0 {
		return s.fields[i].value
	}
	return "none"
}

// logEnds is a log as the format writes it; of a long one, its two ends.
func logEnds(entries []raft.Entry) string {
	const first, last = 3, 7
	if len(entries) <= first+last+1 {
		return trace.FlowLog(entries)
	}
	left, right := trace.FlowLog(entries[:first]), trace.FlowLog(entries[len(entries)-last:])
	return fmt.Sprintf("%s, (%d more), %s", strings.TrimSuffix(left, "]"), len(entries)-first-last, strings.TrimPrefix(right, "["))
}

// Explain shows why nodes did what they did in a step.
func Explain(es []Explanation, run *replay.Run, step int) *doc.Document {
	s := run.Steps[step-1].Trace
	d := &doc.Document{Title: "Step " + s.ID}
	if len(es) == 0 {
		d.Add(doc.P(doc.Text(fmt.Sprintf("step %s: %s; no node decides anything in it", s.ID, stepLine(run.Trace, s)))))
	}
	for i := range es {
		d.Add(es[i].group())
	}
	return d
}

func (e *Explanation) group() doc.Group {
	head := doc.Heading{Level: 2, Text: doc.Text("step " + e.Step + ", node " + e.Node)}
	fields := doc.Fields{Rows: []doc.Field{{Name: "before", Value: stateInline(e.before, nil)}}}
	add := func(name, value string) {
		if value != "" {
			fields.Rows = append(fields.Rows, doc.Field{Name: name, Value: doc.Text(value)})
		}
	}
	if len(e.Rules) > 0 {
		add("event", e.Happens)
	}
	add("message", e.request)
	blocks := []doc.Block{head}
	switch {
	case len(e.Rules) > 0:
		blocks = append(blocks, fields, e.rules())
		fields = doc.Fields{}
	case e.Message != "":
	case e.Happens != "":
		add("event", e.Happens)
	case e.Before == e.After:
		add("note", "nothing in this step concerns this node")
	default:
		add("event", e.line)
	}
	add("answer", e.Answer)
	add("why", e.Why)
	fields.Rows = append(fields.Rows, doc.Field{Name: "after", Value: stateInline(e.after, e.before)})
	if e.after != nil {
		add("changed", changed(e.before, e.after))
	}
	blocks = append(blocks, fields)
	if w := e.Written; w != nil {
		verdict := doc.Marked(doc.Right, "the trace agrees: it says ")
		if !w.Agrees {
			verdict = doc.Marked(doc.Wrong, "the trace diverges: it says ")
		}
		blocks = append(blocks, doc.P(verdict.Add(doc.Plain, w.Answer)))
	}
	return doc.Group{Blocks: blocks}
}

// rules is the table of the rules that were asked.
func (e *Explanation) rules() doc.Table {
	t := doc.Table{Columns: []doc.Column{{Name: "rule"}, {Name: "Figure 2", Page: true}, {Name: "outcome"}, {Name: "why"}}, Open: true}
	marks := map[string]doc.Mark{"refuses": doc.Wrong, "passes": doc.Right, "applies": doc.Right}
	for _, r := range e.Rules {
		mark, is := marks[r.Outcome]
		if !is {
			mark = doc.Faint
		}
		from := doc.Inline{}
		if r.From != "" {
			from = doc.Text("answer of " + r.From + ": ")
		}
		t.Rows = append(t.Rows, []doc.Cell{{Text: doc.Text(r.Rule)}, {Text: doc.Text(r.Figure)}, {Text: doc.Marked(mark, r.Outcome)},
			{Text: from.Add(doc.Plain, r.Reason).Add(doc.Faint, " (§"+r.Section+")")}})
	}
	return t
}

// stateInline is a state as the trace format writes it; what is not as before
// stands out.
func stateInline(now, before *stateShown) doc.Inline {
	if now == nil {
		return doc.Text("unknown")
	}
	out := doc.Text("{")
	for i, f := range now.fields {
		if i > 0 {
			out = out.Add(doc.Plain, ", ")
		}
		mark := doc.Plain
		if before != nil && before.value(f.name) != f.value {
			mark = doc.Strong
		}
		out = out.Add(mark, f.name+": "+f.value)
	}
	return out.Add(doc.Plain, "}")
}

// changed says which fields have another value, from what to what; of a log,
// from where on.
func changed(before, after *stateShown) string {
	var parts []string
	for _, f := range after.fields {
		was := before.value(f.name)
		switch {
		case f.name == "log":
			if was := changedLog(before.log, after.log); was != "" {
				parts = append(parts, was)
			}
		case was != f.value:
			parts = append(parts, fmt.Sprintf("%s %s -> %s", f.name, was, f.value))
		}
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, "; ")
}

// changedLog gives the entries with which two logs part, empty where they do not.
func changedLog(before, after raft.Log) string {
	from, went, came := ChangedLog(before, after)
	if len(went)+len(came) == 0 {
		return ""
	}
	return fmt.Sprintf("log from index %d on %s -> %s", from, logEnds(went), logEnds(came))
}

func fromName(run *replay.Run, d replay.Outcome) string {
	if d.Part != replay.Answered {
		return ""
	}
	return run.Trace.Name(d.From)
}

// OutcomeWord is what a rule came to, in a word or two.
func OutcomeWord(d raft.Decision) string {
	switch d.Outcome {
	case raft.Passed:
		return "passes"
	case raft.Refused:
		return "refuses"
	case raft.Acted:
		return "applies"
	case raft.Ignored:
		return "ignores it"
	}
	return "no change"
}

// RequestLine is the request of a delivery in one line, long entries by their ends.
func RequestLine(run *replay.Run, d *replay.Delivery) string { return messageText(run, d, true) }

// messageText is a request in one line, with all of its entries or their ends.
func messageText(run *replay.Run, d *replay.Delivery, ends bool) string {
	t := run.Trace
	if m := d.Vote; m != nil {
		return fmt.Sprintf("RequestVote: term %d, candidateId %s, lastLogIndex %d, lastLogTerm %d", m.Term, t.Name(m.CandidateID), m.LastLogIndex, m.LastLogTerm)
	}
	if m := d.Install; m != nil {
		return fmt.Sprintf("InstallSnapshot: term %d, leaderId %s, lastIncludedIndex %d, lastIncludedTerm %d", m.Term, t.Name(m.LeaderID), m.LastIncludedIndex, m.LastIncludedTerm)
	}
	m := d.Append
	entries := fmt.Sprint(m.Entries.Slice())
	if ends {
		entries = logEnds(m.Entries.Slice())
	}
	return fmt.Sprintf("AppendEntries: term %d, leaderId %s, prevLogIndex %d, prevLogTerm %d, entries %s, leaderCommit %d",
		m.Term, t.Name(m.LeaderID), m.PrevLogIndex, m.PrevLogTerm, entries, m.LeaderCommit)
}

func answerText(d *replay.Delivery) string {
	if !d.Answered() && (d.Fate != replay.Unseen || d.Lost) {
		return "none"
	}
	name := "success"
	if d.Vote != nil {
		name = "voteGranted"
	}
	text := fmt.Sprintf("%s %t, term %d", name, d.OK, d.Term)
	if d.Install != nil { // of which the figure's answer is a term alone
		text = fmt.Sprintf("%s, term %d", answerWord("", d.OK), d.Term)
	}
	if d.Fate == replay.Unseen {
		text += " (as the trace has it)"
	}
	if d.Lost {
		text += " (lost on its way back)"
	}
	return text
}

// Written gives what the trace says of a delivery's answer, nil if nothing.
func Written(s *replay.Step, d *replay.Delivery) *WrittenCell {
	if s.Trace.Response == nil {
		return nil
	}
	cell := s.Trace.Response.Cell(d.To)
	if cell == nil || !cell.None && !cell.Says() || d.Fate == replay.Unseen {
		return nil
	}
	w := &WrittenCell{Answer: "none", Agrees: !d.Answered() || d.Lost}
	if cell.None {
		return w
	}
	w.Answer, w.Agrees = "", d.Answered()
	if cell.OK.Given() {
		w.Answer = answerWord("", cell.OK.Value)
		w.Agrees = w.Agrees && cell.OK.Value == d.OK
	}
	if cell.Term.Given() {
		if w.Answer != "" {
			w.Answer += ", "
		}
		w.Answer += fmt.Sprintf("term %d", cell.Term.Value)
		w.Agrees = w.Agrees && cell.Term.Value == d.Term
	}
	return w
}
