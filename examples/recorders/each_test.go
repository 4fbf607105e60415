package recorders

import (
	"math/rand/v2"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs"
)

// departures are what a server does once that departs from the rules, each of
// which shows in its answer or in a field that it tells.
var departures = []string{"vote-twice", "vote-log-unchecked", "stale-vote-granted", "vote-for-rival", "always-truncate",
	"append-blindly", "prev-unchecked", "commit-to-log-end", "commit-unclamped", "commit-falls", "conflict-kept", "empty-append-fails"}

// In a recorded run one server departs from the rules once. Judged event by event,
// answers and tables differ in that step and in no other. If this fails, --each
// blames what only follows from a departure.
func TestOneDepartureIsFoundOnce(t *testing.T) {
	t.Parallel()
	tried, whole := 0, 0
	for i, tr := range recorded(t, 300) {
		rng := rand.New(rand.NewPCG(uint64(i), 11))
		rules, err := raft.RulesNamed(tr.Rules...)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range departures {
			d, ok := raft.DeviationNamed(name)
			if !ok {
				t.Fatalf("there is no deviation %s", name)
			}
			departed, at := departOnce(t, rng, tr, rules, rules.With(d))
			run, halt := replay.PlayEach(departed, rules)
			if halt != nil {
				t.Fatalf("%s, %s in step %d: the replay stops: %+v", tr.Title, name, at, halt.Fact)
			}
			steps := wrongSteps(run)
			if len(steps) > 1 || len(steps) == 1 && steps[0] != at {
				t.Errorf("%s, %s in step %d: answers and tables differ in steps %v", tr.Title, name, at, steps)
			}
			if len(steps) > 0 {
				tried++
				run, _ = replay.Play(departed, rules)
				whole += len(wrongSteps(run))
			}
		}
	}
	t.Logf("%d departures; judged as a whole, %d steps differ", tried, whole)
	if tried < 20 || whole < 2*tried {
		t.Errorf("%d departures show, in %d steps of a replay of the whole; the test says little", tried, whole)
	}
}

// wrongSteps gives the steps in which an answer or a table differs, in order.
func wrongSteps(run *replay.Run) []int {
	var steps []int
	r := check.Compare(run)
	for step := 1; step <= len(run.Steps); step++ {
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Step == step && (f.Kind == finding.Response || f.Kind == finding.State) {
				steps = append(steps, step)
				break
			}
		}
	}
	return steps
}

// departOnce gives a recorded trace as it would be if a server had played one step
// by other rules: that in which these first make a difference, from a random place
// on.
func departOnce(t *testing.T, rng *rand.Rand, tr *trace.Trace, rules, other *raft.Rules) (departed *trace.Trace, at int) {
	t.Helper()
	out := *tr
	out.Steps = make([]trace.Step, len(tr.Steps))
	c, from := replay.New(tr, rules), rng.IntN(len(tr.Steps)/2)
	for i := range tr.Steps {
		s := &tr.Steps[i]
		out.Steps[i] = *s
		if at == 0 && i >= from && s.Response != nil {
			if to := s.Response.Cells[0].Node; differsUnder(c, s, to, other) {
				at = i + 1
				c.Node(to).Rules = other
				defer func() { c.Node(to).Rules = rules }()
				play(t, c, &out.Steps[i], s)
				c.Node(to).Rules = rules
				continue
			}
		}
		play(t, c, &out.Steps[i], s)
	}
	return &out, at
}

// differsUnder reports whether a step goes otherwise where a node plays by other
// rules.
func differsUnder(c *replay.Cluster, s *trace.Step, id raft.NodeID, other *raft.Rules) bool {
	as := func(rules *raft.Rules) string {
		d := c.Clone()
		if rules != nil {
			d.Node(id).Rules = rules
		}
		var out trace.Step
		if _, halt := d.Apply(s); halt != nil {
			return "halt"
		}
		told(d, &out, s)
		t := *d.Run().Trace
		t.Steps = []trace.Step{out}
		var b strings.Builder
		must(trace.Write(&b, &t))
		return b.String()
	}
	return as(nil) != as(other)
}

// play plays a step, and writes down what comes of it.
func play(t *testing.T, c *replay.Cluster, out, s *trace.Step) {
	t.Helper()
	if _, halt := c.Apply(s); halt != nil {
		t.Fatalf("the replay stops: %+v", halt.Fact)
	}
	told(c, out, s)
}

// told writes down the answer of a step that was played, and every node's state.
func told(c *replay.Cluster, out, s *trace.Step) {
	run := c.Run()
	played := &run.Steps[len(run.Steps)-1]
	*out = *s
	out.State = nil
	for id := range raft.AllNodes(run.Trace.Size()).All() {
		const known = raft.FieldTerm | raft.FieldVotedFor | raft.FieldRole | raft.FieldLog | raft.FieldCommitIndex | raft.FieldLastApplied | raft.FieldMatchIndex
		out.State = append(out.State, logs.Table(id, &c.Node(id).State, known))
	}
	if s.Response == nil {
		return
	}
	d := &played.Deliveries[0]
	cell := trace.Cell{Node: d.To, None: !d.Answered(), Whole: true}
	if d.Answered() {
		cell.OK = trace.Opt[bool]{Value: d.OK, Presence: trace.Given}
		cell.Term = trace.Opt[raft.Term]{Value: d.Term, Presence: trace.Given}
	}
	out.Response = &trace.Row{Cells: []trace.Cell{cell}}
}
