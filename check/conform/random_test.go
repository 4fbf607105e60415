package conform

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// playedBy puts the questions of a replay to the reference by some rules, without a
// process in between, and judges what it says.
func playedBy(t rapid.TB, run *replay.Run, live bool, rules *raft.Rules) (*plan, *check.Report) {
	p := newPlan(run, live)
	d := driver{ctx: context.Background(), set: Settings{Live: live}, hello: Reply{Keeps: everything}}
	other := player{rules: rules}
	for i := range p.questions {
		q := &p.questions[i]
		if q.outcome != unasked {
			d.started = d.started.Without(q.node)
			continue
		}
		calls, ok := d.calls(p, q)
		if !ok {
			d.skip(q, "")
			continue
		}
		for _, c := range calls {
			q.sent, q.replies = append(q.sent, c), append(q.replies, *other.do(c))
		}
		d.started = d.started.With(q.node)
	}
	r, err := p.judge(d.keeps)
	if err != nil {
		t.Fatalf("%v", err)
	}
	p.settle(r)
	return p, r
}

// On any trace, possible or not, with unknown nodes and without, the reference
// agrees with itself. If it fails, the plan leaves out something that happens to a
// node, or the judge finds what is not there.
func TestReferenceAgreesOnRandomTraces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, run := checktest.RandomTrace(t, rapid.SampledFrom([]string{"", "anywhere", "unknown"}).Draw(t, "start"))
		for _, live := range []bool{false, true} {
			p, r := playedBy(t, run, live, run.Rules)
			for i := range r.Findings {
				if f := &r.Findings[i]; f.Kind != finding.Skipped {
					t.Fatalf("live %t: step %d: node %s: %s: %s\n%s", live, f.Step, f.Node, f.Kind, f.Message, text)
				}
			}
			for i := range p.questions {
				if q := &p.questions[i]; q.outcome != agreed && q.outcome != skipped {
					t.Fatalf("live %t: step %d: node %d: outcome %d\n%s", live, q.step, q.node, q.outcome, text)
				}
			}
		}
	})
}

// What a deviation makes differ is found, and nothing else is: check, on the copy of
// a trace, and the comparison of replies behind the explanations, which share no
// code, say the same of each question. If it fails, one of them misses a field.
func TestJudgeAndExplainAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, run := checktest.RandomTrace(t, rapid.SampledFrom([]string{"", "anywhere", "unknown"}).Draw(t, "start"))
		d := rapid.SampledFrom(raft.Deviations()).Draw(t, "deviation")
		for _, live := range []bool{false, true} {
			p, _ := playedBy(t, run, live, run.Rules.With(d))
			reference := player{rules: run.Rules}
			for i := range p.questions {
				q := &p.questions[i]
				replies, sends := make([]*Reply, len(q.replies)), 0
				for k := range q.replies {
					replies[k] = reference.do(q.sent[k])
					sends += len(q.replies[k].Sends)
				}
				if q.outcome == skipped || sends > 0 {
					continue // what is sent is judged by what could be, and not by what would
				}
				apart := q.apart(replies, func(string) bool { return true })
				if (apart != 0) != (q.outcome == differed) {
					t.Fatalf("%s, live %t: step %d: node %d: the replies are apart in %b, and the outcome is %d\n%s", d.Name, live, q.step, q.node, apart, q.outcome, text)
				}
			}
		}
	})
}
