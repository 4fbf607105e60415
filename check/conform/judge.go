package conform

import (
	"slices"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/raft"
)

// This file judges what an implementation has answered: check compares the copies
// that have it written.

// judge compares the copy of a trace, and says what became of each question. What
// the trace itself has wrong is no matter here.
func (p *plan) judge(tells func(field string) bool) (*check.Report, error) {
	run, err := check.Replay(p.judgedCopy(tells), p.run.Rules)
	if err != nil {
		return nil, err // it has been replayed before
	}
	r := check.Compare(run)
	r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool {
		return f.Kind != finding.Response && f.Kind != finding.State
	})
	r.Asked = make([]bool, len(run.Steps))
	for i := range p.questions {
		q := &p.questions[i]
		switch q.outcome {
		case unasked:
			r.Asked[q.step-1] = true
			r.Findings = append(r.Findings, p.unanswered(q)...)
		case failed:
			r.Findings = append(r.Findings, p.finding(q, finding.Failed, q.why))
		default:
			r.Findings = append(r.Findings, p.finding(q, finding.Skipped, q.why))
		}
	}
	r.Findings = append(r.Findings, p.sends()...)
	finding.Sort(r.Findings)
	return r, nil
}

// settle says of each question that was answered whether it agrees, once it is
// known what is known.
func (p *plan) settle(r *check.Report) {
	type place struct {
		step int
		node string
	}
	errors, notes := make(map[place]bool), make(map[place]bool)
	broken := make(map[place][]raft.Rule)
	for i := range r.Findings {
		f := &r.Findings[i]
		at := place{f.Step, f.Node}
		switch {
		case f.Kind == finding.Skipped || f.Kind == finding.Outdated:
			continue
		case r.Mode.Severity(f) == finding.Error:
			errors[at] = true
		default:
			notes[at] = true
		}
		if f.Rule != raft.NoRule {
			broken[at] = append(broken[at], f.Rule)
		}
	}
	for i := range p.questions {
		q := &p.questions[i]
		at := place{q.step, p.names[q.node-1]}
		q.broken = broken[at]
		switch {
		case q.outcome == failed && !errors[at]:
			q.outcome = excused
		case q.outcome != unasked:
		case errors[at]:
			q.outcome = differed
		case notes[at]:
			q.outcome = excused
		default:
			q.outcome = agreed
		}
	}
}

// finding is one of a question, at its step.
func (p *plan) finding(q *question, k finding.Kind, message string) finding.Finding {
	s := &p.run.Trace.Steps[q.step-1]
	return finding.Finding{Kind: k, Step: q.step, ID: s.ID, Event: s.EventName(), Pos: q.at(p.run.Trace), Node: p.names[q.node-1], Message: message}
}

// unanswered finds that a node has not answered at all where its answer is lost on
// the way back: a sheet says none there, and means the same.
func (p *plan) unanswered(q *question) []finding.Finding {
	d := q.delivery
	if d == nil || !d.Answered() || !d.Lost || q.answered().Answer.Value != nil {
		return nil
	}
	f := p.finding(q, finding.Response, reason.Answer(p.run, &p.run.Steps[q.step-1], q.node, d))
	f.Field, f.Expected, f.Actual, f.Rule = "success", "none", d.OK, d.Decision.Rule
	if d.Vote != nil {
		f.Field = "voteGranted"
	}
	return []finding.Finding{f}
}
