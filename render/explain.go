package render

import (
	"bufio"
	"fmt"
	"io"

	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// An explanation is what a node did in a step, rule by rule, in no format yet.
type explanation struct {
	Node    string       `json:"node"`
	Step    string       `json:"id"`
	Event   string       `json:"event"`
	Message string       `json:"message,omitempty"`
	Before  string       `json:"before"`
	Rules   []ruleAsked  `json:"rules"`
	Answer  string       `json:"answer,omitempty"`
	Why     string       `json:"why,omitempty"`
	After   string       `json:"after"`
	Written *writtenCell `json:"written,omitempty"`
}

// ruleAsked is one rule with this case's figures.
type ruleAsked struct {
	Rule    string `json:"rule"`
	Figure  string `json:"figure"`
	Section string `json:"section"`
	From    string `json:"answerOf,omitempty"` // whose answer the sender takes in
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

// writtenCell is what the trace says of the node's answer.
type writtenCell struct {
	Answer string `json:"answer"`
	Agrees bool   `json:"agrees"`
}

var explainFormats = formats[func(io.Writer, []explanation, Options) error]{
	{"text", explainText},
	{"markdown", explainMarkdown},
	{"json", explainJSON},
}

// ExplainFormats gives the names of the formats of Explain, the default first.
func ExplainFormats() []string { return explainFormats.names() }

// Explain writes why nodes did what they did in a step, which must have been
// explained by the replay.
func Explain(w io.Writer, format string, run *replay.Run, step int, nodes []raft.NodeID, opt Options) error {
	write, err := explainFormats.pick("explain", format)
	if err != nil {
		return err
	}
	s := &run.Steps[step-1]
	es := []explanation{}
	for _, id := range nodes {
		es = append(es, newExplanation(run, s, id))
	}
	if len(es) == 0 && format == "text" {
		_, err := fmt.Fprintf(w, "step %s: %s; no node decides anything in it\n", Clean(s.Trace.ID), Clean(eventLine(run.Trace, s.Trace.Event)))
		return err
	}
	return write(w, es, opt)
}

func explainJSON(w io.Writer, es []explanation, _ Options) error {
	return writeJSON(w, struct {
		Version      int           `json:"version"`
		Explanations []explanation `json:"explanations"`
	}{1, es})
}

func newExplanation(run *replay.Run, s *replay.Step, id raft.NodeID) explanation {
	t := run.Trace
	e := explanation{Node: t.Name(id), Step: s.Trace.ID, Event: s.Trace.EventName(), Rules: []ruleAsked{}}
	if t.Unknown.Has(id) {
		e.Before, e.After = "unknown", "unknown"
	} else {
		e.Before = item.FlowState(run, id, s.Trace.Number-1)
		e.After = item.FlowState(run, id, s.Trace.Number)
	}
	for _, d := range run.Decisions(s.Trace.Number) {
		if d.Node == id {
			info := d.Rule.Info()
			e.Rules = append(e.Rules, ruleAsked{info.Name, info.Figure, info.Section, fromName(run, d), outcomeWord(d.Decision), reason.Decision(run, id, d.Decision)})
		}
	}
	if d := s.Delivery(id); d != nil {
		e.Message = messageText(run, d)
		e.Answer, e.Why = answerText(d), reason.Answer(run, s, d.To, d)
		e.Written = written(s, d)
	}
	return e
}

func fromName(run *replay.Run, d replay.Outcome) string {
	if d.Part != replay.Answered {
		return ""
	}
	return run.Trace.Name(d.From)
}

func outcomeWord(d raft.Decision) string {
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

// messageText is a request in one line.
func messageText(run *replay.Run, d *replay.Delivery) string {
	t := run.Trace
	if m := d.Vote; m != nil {
		return fmt.Sprintf("RequestVote: term %d, candidateId %s, lastLogIndex %d, lastLogTerm %d", m.Term, t.Name(m.CandidateID), m.LastLogIndex, m.LastLogTerm)
	}
	m := d.Append
	return fmt.Sprintf("AppendEntries: term %d, leaderId %s, prevLogIndex %d, prevLogTerm %d, entries %v, leaderCommit %d",
		m.Term, t.Name(m.LeaderID), m.PrevLogIndex, m.PrevLogTerm, m.Entries.Slice(), m.LeaderCommit)
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
	if d.Fate == replay.Unseen {
		text += " (as the trace has it)"
	}
	if d.Lost {
		text += " (lost on its way back)"
	}
	return text
}

// written gives what the trace says of this answer, nil if nothing.
func written(s *replay.Step, d *replay.Delivery) *writtenCell {
	if s.Trace.Response == nil {
		return nil
	}
	cell := s.Trace.Response.Cell(d.To)
	if cell == nil || cell.IsBlank() || d.Fate == replay.Unseen {
		return nil
	}
	w := &writtenCell{Answer: "none", Agrees: !d.Answered() || d.Lost}
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

func explainText(w io.Writer, es []explanation, opt Options) error {
	out := bufio.NewWriter(w)
	p := newPalette(opt.Color)
	for i, e := range es {
		if i > 0 {
			fmt.Fprintln(out)
		}
		explainOne(out, p, e)
	}
	return out.Flush()
}

func explainOne(w io.Writer, p palette, e explanation) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %s %s\n", pad(name, 8), Clean(value))
		}
	}
	fmt.Fprintf(w, "%s\n", p.strong.Sprint("step "+Clean(e.Step)+", node "+Clean(e.Node)))
	line("before", e.Before)
	line("message", e.Message)
	for _, r := range e.Rules {
		mark := p.faint
		switch r.Outcome {
		case "refuses":
			mark = p.bad
		case "passes", "applies":
			mark = p.good
		}
		from := ""
		if r.From != "" {
			from = "answer of " + Clean(r.From) + ": "
		}
		fmt.Fprintf(w, "  %s %s %s%s\n", pad(r.Rule, 8), mark.Sprint(pad(r.Outcome, 10)), from, Clean(r.Reason)+p.faint.Sprint(" (§"+r.Section+")"))
	}
	switch {
	case len(e.Rules) > 0 || e.Message != "":
	case e.Before == e.After:
		line("", "nothing in this step concerns this node")
	default:
		line("event", e.Event)
	}
	line("answer", e.Answer)
	if len(e.Rules) == 0 || e.Why != "" {
		line("why", e.Why)
	}
	line("after", e.After)
	if e.Written != nil {
		verdict := p.good.Sprint("the trace agrees: ")
		if !e.Written.Agrees {
			verdict = p.bad.Sprint("the trace diverges: ")
		}
		fmt.Fprintf(w, "  %s%s\n", verdict, e.Written.Answer)
	}
}

func explainMarkdown(w io.Writer, es []explanation, _ Options) error {
	out := bufio.NewWriter(w)
	for _, e := range es {
		fmt.Fprintf(out, "## Step %s, node %s\n\n", escapeMarkdown(e.Step), escapeMarkdown(e.Node))
		fmt.Fprintf(out, "- before: %s\n", escapeMarkdown(e.Before))
		if e.Message != "" {
			fmt.Fprintf(out, "- message: %s\n- answer: %s\n- why: %s\n", escapeMarkdown(e.Message), escapeMarkdown(e.Answer), escapeMarkdown(e.Why))
		}
		fmt.Fprintf(out, "- after: %s\n\n", escapeMarkdown(e.After))
		var rows [][]string
		for _, r := range e.Rules {
			rows = append(rows, []string{r.Rule, r.Figure + ", §" + r.Section, r.From, r.Outcome, r.Reason})
		}
		if len(rows) > 0 {
			markdownTable(out, []string{"rule", "Figure 2", "answer of", "outcome", "why"}, rows)
			fmt.Fprintln(out)
		}
	}
	return out.Flush()
}
