package conform

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"raftsheet/check"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Settings are how an implementation is asked.
type Settings struct {
	Command string        // starts it, in a shell
	Timeout time.Duration // of one call

	// Serve, where it is set, is an adapter that runs in this process, in the
	// command's place.
	Serve func(in io.Reader, out io.Writer) error

	Live bool // start each node once, and then let everything happen to it; otherwise before every request
	Jobs int  // processes side by side; at least 1
}

// An Implementation is somebody's Raft behind the protocol.
type Implementation struct {
	Settings
	Name, Version string
	Rules         []string // in which it knows that it departs from Figure 2

	first *driver
}

// Connect starts an implementation, and asks it who it is. It runs until it is judged
// or closed. The error says why it cannot be asked. When the context ends, its processes do.
func Connect(ctx context.Context, set Settings) (*Implementation, error) {
	d := set.driver(ctx)
	if err := d.connect(); err != nil {
		return nil, err
	}
	return &Implementation{Settings: set, Name: cmp.Or(short(d.hello.Name), "the implementation"), Version: short(d.hello.Version), Rules: d.hello.Rules, first: d}, nil
}

func (set Settings) driver(ctx context.Context) *driver {
	return &driver{ctx: ctx, set: set}
}

// Close lets an implementation go that is not asked anything.
func (im *Implementation) Close() { im.first.close() }

// A Result is what asking an implementation came to.
type Result struct {
	*Implementation
	Files []*check.File // with the copies that were judged
	Tally
	Skips  []Count     // why it was not judged, most first
	ByRule []RuleCount // in the order of Figure 2: those that decided something
	Diagnosis
}

// A Tally counts questions. In each mode a question is a request that is delivered
// to a node; live, also what else a step has happen to one.
type Tally struct {
	Asked   int // Agree + Differ + Known + Skipped + Failed
	Agree   int
	Differ  int
	Known   int // they differ, or fail, and that is known
	Skipped int // not judged
	Failed  int // no reply, or one that makes no sense
}

// Judged is how many questions were answered in a way that can be judged.
func (t *Tally) Judged() int { return t.Agree + t.Differ + t.Known }

// A Count is how often something was said.
type Count struct {
	What string
	N    int
}

// A RuleCount is how many of the questions that a rule decided agree in what it decides.
type RuleCount struct {
	Rule           raft.Rule
	Decided, Agree int
}

// Judge asks an implementation what the traces of files ask, and judges what it
// answers by the rules by which they were replayed. What is known to differ is
// excused. Progress, where it is not nil, is told how many questions are done.
func (im *Implementation) Judge(ctx context.Context, files []*check.File, known []trace.Known, progress func(done, of int)) (*Result, error) {
	var plans []*plan
	for _, f := range files {
		for _, r := range f.Reports {
			plans = append(plans, nil)
			at := len(plans) - 1
			plans[at] = newPlan(r.Run, im.Live)
			plans[at].decided()
		}
	}
	im.drive(ctx, plans, progress)
	out := &Result{Implementation: im}
	tells := im.first.keeps
	judged := make(map[*check.Report]*plan)
	next := 0
	for _, f := range files {
		copied := &check.File{Name: f.Name, Source: f.Source, Errors: f.Errors}
		for _, was := range f.Reports {
			r, err := plans[next].judge(tells)
			if err != nil {
				return nil, err
			}
			r.Mode = was.Mode
			judged[r] = plans[next]
			copied.Reports = append(copied.Reports, r)
			next++
		}
		out.Files = append(out.Files, copied)
	}
	check.Excuse(out.Files, known, func(r *check.Report, step int, id raft.NodeID) bool { return judged[r].judgedAt(step, id) })
	for r, p := range judged {
		p.settle(r)
	}
	out.count(plans)
	out.Diagnosis = explain(plans, tells)
	return out, nil
}

// judgedAt reports whether a node, or any, has answered in a step.
func (p *plan) judgedAt(step int, id raft.NodeID) bool {
	return slices.ContainsFunc(p.questions, func(q question) bool {
		return q.step == step && (id == raft.NoNode || q.node == id) && q.outcome != skipped
	})
}

// short is as much of what an implementation says as fits a line.
func short(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// drive puts the plans to the processes, each to one of them.
func (im *Implementation) drive(ctx context.Context, plans []*plan, progress func(done, of int)) {
	total := 0
	for _, p := range plans {
		total += len(p.questions)
	}
	var counting sync.Mutex
	n := 0
	done := func() {
		counting.Lock()
		defer counting.Unlock()
		if n++; progress != nil {
			progress(n, total)
		}
	}
	next := make(chan *plan)
	var workers sync.WaitGroup
	for i := range max(1, min(im.Jobs, len(plans))) {
		d := im.first
		if i > 0 {
			d = im.driver(ctx)
			d.hello = im.first.hello
		}
		workers.Go(func() {
			defer d.close()
			for p := range next {
				d.play(p, done)
			}
		})
	}
	for _, p := range plans {
		next <- p
	}
	close(next)
	workers.Wait()
}

// count counts the questions.
func (r *Result) count(plans []*plan) {
	skips, rules := make(map[string]int), make(map[raft.Rule]*RuleCount)
	for _, p := range plans {
		for i := range p.questions {
			q := &p.questions[i]
			r.Asked++
			switch q.outcome {
			case agreed:
				r.Agree++
			case differed:
				r.Differ++
			case excused:
				r.Known++
			case failed:
				r.Failed++
			default:
				r.Skipped++
				skips[q.why]++
			}
			if q.outcome == agreed || q.outcome == differed {
				q.countRules(rules)
			}
		}
	}
	for why, n := range skips {
		r.Skips = append(r.Skips, Count{why, n})
	}
	slices.SortFunc(r.Skips, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.What, b.What)) })
	for _, c := range rules {
		r.ByRule = append(r.ByRule, *c)
	}
	slices.SortFunc(r.ByRule, func(a, b RuleCount) int { return cmp.Compare(a.Rule, b.Rule) })
}

// countRules counts the rules that decide the question. Where it differs they agree all
// the same, but for those that decide what differs.
func (q *question) countRules(rules map[raft.Rule]*RuleCount) {
	for _, rule := range q.broken {
		q.decidedBy(rule)
	}
	for _, rule := range q.rules {
		c := rules[rule]
		if c == nil {
			c = &RuleCount{Rule: rule}
			rules[rule] = c
		}
		c.Decided++
		if q.outcome == agreed || len(q.broken) > 0 && !slices.Contains(q.broken, rule) {
			c.Agree++
		}
	}
}

// decided notes the rules that decide each question: the one that settles the
// answer, and those by which the node acts.
func (p *plan) decided() {
	type place struct {
		step int
		node raft.NodeID
	}
	at := make(map[place]*question, len(p.questions))
	for i := range p.questions {
		q := &p.questions[i]
		at[place{q.step, q.node}] = q
		if q.delivery != nil {
			q.decidedBy(q.delivery.Decision.Rule)
		}
	}
	p.run.EachDecision(func(step int, o replay.Outcome) {
		if q := at[place{step, o.Node}]; q != nil && (o.Outcome == raft.Acted || o.Outcome == raft.Refused) {
			q.decidedBy(o.Rule)
		}
	})
}

func (q *question) decidedBy(rule raft.Rule) {
	if rule != raft.NoRule && !slices.Contains(q.rules, rule) {
		q.rules = append(q.rules, rule)
	}
}

// String names an implementation.
func (im *Implementation) String() string {
	if im.Version == "" {
		return im.Name
	}
	return fmt.Sprintf("%s %s", im.Name, im.Version)
}
