package page

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// A builder makes the data of a page.
type builder struct{ shapes }

// replay gives a report's replay up to a step.
func (b *builder) replay(rep *check.Report, last int) Replay {
	run := rep.Run
	out := Replay{By: render.RulesName(run.Rules), Steps: []Step{}}
	found := b.findings(rep)
	states := newTeller(run)
	out.Start, out.First = states.after(0), found[0].wrong
	for i := range run.Steps[:last] {
		s := b.step(run, &run.Steps[i], found[i+1])
		s.Changes = states.after(i + 1)
		out.Steps = append(out.Steps, s)
	}
	for i := range run.Trace.Names {
		out.Terms = append(out.Terms, terms(run, raft.NodeID(i+1), last))
	}
	return out
}

// terms gives a node's history after a step.
func terms(run *replay.Run, id raft.NodeID, step int) []Term {
	out := []Term{}
	if run.Untold(id, step) || step > 0 && run.Steps[step-1].Doubts(id) {
		return out
	}
	for _, row := range render.TermRows(run, id, step) {
		out = append(out, Term{row.Term, row.Role, doc.Clean(row.Vote)})
	}
	return out
}

// A found is what a report finds in a step.
type found struct {
	wrong, notes []Wrong
	answers      map[string]*finding.Finding // that differ, by node: the first of each
}

// findings sorts what a report finds by the steps, 0 being the start. What is left
// blank is not told: the page fills it in.
func (b *builder) findings(rep *check.Report) map[int]found {
	out := make(map[int]found)
	for i := range rep.Findings {
		f := &rep.Findings[i]
		if f.Kind == finding.Unfilled {
			continue
		}
		in := out[f.Step]
		id, _ := rep.Run.Trace.Node(f.Node)
		w := Wrong{Node: int(id), Head: b.say(render.Divergence(f, rep.Run.Rules)), Why: b.say(render.Reason(f))}
		if f.Kind == finding.State {
			w.Field, w.Wrote = doc.Clean(f.Field), doc.Clean(fmt.Sprint(f.Expected))
		}
		switch {
		case rep.Mode.Severity(f) != finding.Error:
			in.notes = append(in.notes, w)
		default:
			in.wrong = append(in.wrong, w)
		}
		if f.Kind == finding.Response && in.answers[f.Node] == nil {
			if in.answers == nil {
				in.answers = make(map[string]*finding.Finding)
			}
			in.answers[f.Node] = f
		}
		out[f.Step] = in
	}
	return out
}

// step gives what happens in a step, but for what it changes.
func (b *builder) step(run *replay.Run, s *replay.Step, in found) Step {
	head, fields := render.StepForm(run, s)
	out := Step{ID: doc.Clean(s.Trace.ID), Head: b.say(head), Note: doc.Clean(s.Trace.Note), Wrong: in.wrong, Notes: in.notes}
	by, others := render.Decided(run, s)
	if sender, sends := s.Trace.Sender(); sends {
		out.Sender, out.Fields = int(sender), b.fields(fields)
		out.Row = b.row(run, s, by, in)
	}
	out.Others = b.others(run, s, others)
	return out
}

// fields is a form's fields, a line each.
func (b *builder) fields(all []doc.Field) *Text {
	var p pieces
	for i, f := range all {
		if i > 0 {
			p.fixed("\n")
		}
		p.fixed(f.Name + "\t")
		p.says(f.Value.String())
	}
	t := b.text(&p)
	return &t
}

// row is the response row of a request.
func (b *builder) row(run *replay.Run, s *replay.Step, by [][]replay.Outcome, in found) []Answer {
	row := make([]Answer, run.Trace.Size())
	for i, cell := range render.ResponseRow(run, s) {
		id := raft.NodeID(i + 1)
		a := &row[i]
		a.Says, a.Term = cell.Answer, cell.Term
		if f := in.answers[run.Trace.Name(id)]; f != nil {
			a.Written = strings.TrimPrefix(render.Wrote(f), "wrote ")
			a.Wrong = b.saying(render.Divergence(f, run.Rules))
		}
		at := slices.IndexFunc(s.Deliveries, func(d replay.Delivery) bool { return d.To == id })
		if at < 0 {
			if cell.Answer == "-" {
				a.Why = b.saying(reason.Answer(run, s, id, nil))
			}
			continue
		}
		b.answer(run, s, &s.Deliveries[at], by[at], a)
	}
	var rules, then *Text
	for i := range row {
		rules, then = row[i].Rules.beside(rules, i+1), row[i].Then.beside(then, i+1)
	}
	return row
}

// answer adds why a node answers as it does.
func (b *builder) answer(run *replay.Run, s *replay.Step, d *replay.Delivery, by []replay.Outcome, a *Answer) {
	if s.Doubts(d.To) {
		return
	}
	if why := reason.Answer(run, s, d.To, d); !d.Answered() || why != reason.Decision(run, d.To, d.Decision) {
		a.Why = b.saying(why)
	}
	a.Asked = d.Fate != replay.NotReached && d.Fate != replay.Unseen
	if w := render.Written(s, d); w != nil && a.Wrong == nil {
		a.Written = w.Answer
	}
	if s.Sent == (replay.Request{}) {
		a.Got = b.saying(render.RequestLine(run, d))
	}
	own := slices.IndexFunc(by, func(o replay.Outcome) bool { return o.Part == replay.Answered })
	if own < 0 {
		own = len(by)
	}
	a.Rules = b.rules(run, by[:own], d.Decision.Rule)
	a.Then = b.rules(run, by[own:], raft.NoRule)
}

// rules gives decisions, a line each: the rule, what it came to, an exclamation
// mark if it is the one that decides, and the reason, with tabs between. It is nil
// for none.
func (b *builder) rules(run *replay.Run, all []replay.Outcome, decides raft.Rule) *Text {
	if len(all) == 0 {
		return nil
	}
	last := -1
	for i := range all {
		if decides != raft.NoRule && all[i].Rule == decides {
			last = i
		}
	}
	var p pieces
	for i, o := range all {
		mark := ""
		if i == last {
			mark = "!"
		}
		if i > 0 {
			p.fixed("\n")
		}
		p.fixed(o.Rule.String() + "\t" + render.OutcomeWord(o.Decision) + "\t" + mark + "\t")
		p.says(reason.Decision(run, o.Node, o.Decision))
	}
	t := b.text(&p)
	return &t
}

// others gives what nodes do besides: what a rule decides, and what is done to them.
func (b *builder) others(run *replay.Run, s *replay.Step, all []replay.Outcome) (out []Doing) {
	sender, _ := s.Trace.Sender()
	for i := range run.Trace.Names {
		id := raft.NodeID(i + 1)
		var own []replay.Outcome
		for _, o := range all {
			if o.Node == id {
				own = append(own, o)
			}
		}
		doing := Doing{Node: int(id), Rules: b.rules(run, own, raft.NoRule)}
		if says := reason.Happening(run, s, id); says != "" && id != sender {
			doing.Says = b.saying(says)
		}
		if doing.Says != nil || doing.Rules != nil {
			out = append(out, doing)
		}
	}
	return out
}

// saying is a text that may be missing.
func (b *builder) saying(s string) *Text {
	t := b.say(s)
	return &t
}
