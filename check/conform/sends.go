package conform

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file judges what a node says that it sends. It need not send what the trace
// has it send, since when to send, and how much, is its own affair; but the
// reference in its place must have been able to.

// sends finds what could not have been sent, of what goes to several nodes once. What the reference itself sends could,
// also in a cluster that is no longer safe. Otherwise the trace is played once more,
// up to the step after which something is sent.
func (p *plan) sends() (fs []finding.Finding) {
	c, reference := replay.New(p.run.Trace, p.run.Rules), player{rules: p.run.Rules}
	for i := range p.questions {
		q := &p.questions[i]
		for j := range q.replies {
			right := reference.do(q.sent[j]).Sends
			for k := range q.replies[j].Sends {
				s := &q.replies[j].Sends[k]
				if slices.ContainsFunc(right, func(r Sends) bool { return reflect.DeepEqual(r, *s) }) {
					continue
				}
				for at := len(c.Run().Steps); at < q.step; at++ {
					c.Apply(&p.run.Trace.Steps[at]) // it has been played before
				}
				if f := p.couldSend(c, q, s); f != nil && (len(fs) == 0 || fs[len(fs)-1].Message != f.Message) {
					fs = append(fs, *f)
				}
			}
		}
	}
	return fs
}

// couldSend asks of one request whether its sender could have sent it after the
// step: a cluster that goes on from there takes it for its next.
func (p *plan) couldSend(c *replay.Cluster, q *question, s *Sends) *finding.Finding {
	to, _ := p.names.id(Name(s.To))
	sent := trace.Step{Number: q.step + 1, ID: fmt.Sprint(q.step + 1), Event: p.names.event(s), To: trace.OptOf(raft.SetOf(to)), Lost: raft.SetOf(to)}
	if sender, _ := sent.Sender(); sender != q.node {
		f := p.finding(q, finding.Message, fmt.Sprintf("it says that node %s sends it", p.names.of(sender)))
		f.Event = sent.EventName()
		return &f
	}
	step, halt := c.Clone().Apply(&sent)
	if halt != nil || step.Possible == replay.Possible || step.Possible == replay.Late || step.Possible == replay.Given {
		return nil
	}
	t := *p.run.Trace
	t.Steps = append(slices.Clone(t.Steps[:q.step]), sent)
	run, err := check.Replay(&t, p.run.Rules)
	if err != nil {
		return nil
	}
	for _, f := range check.Compare(run).Findings {
		if f.Step == sent.Number && (f.Kind == finding.Message || f.Kind == finding.Implied && !f.Late()) {
			own := p.finding(q, finding.Message, fmt.Sprintf("it sends %s: %s", asWritten(&t, &sent), f.Message))
			own.Event, own.Field, own.Rule, own.Section, own.Expected, own.Actual = sent.EventName(), f.Field, f.Rule, f.Section, f.Expected, f.Actual
			return &own
		}
	}
	return nil
}

// asWritten is a request as the trace format has it.
func asWritten(t *trace.Trace, s *trace.Step) string {
	var fields []string
	for _, f := range t.Fields(s) {
		fields = append(fields, f.Name+": "+f.Value)
	}
	return s.EventName() + " {" + strings.Join(fields, ", ") + "}"
}
