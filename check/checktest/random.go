package checktest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// This file makes traces of random events, possible and impossible, for the
// laws to hold on. Most fields of most messages are left out, so that much of
// what happens is possible; the others are small numbers, right or wrong.

// Three dozen laws are held on random traces, each on so many of every kind.
func init() { wide.Checks(25, 200) }

// A dice makes one random trace.
type dice struct {
	t     *rapid.T
	nodes int
}

func newDice(t *rapid.T) dice {
	return dice{t, rapid.SampledFrom([]int{1, 2, 3, 3, 4, 5, 5}).Draw(t, "nodes")}
}

// RandomTrace gives the text of a trace that can be replayed, and its replay.
// Each step stands on a line of its own.
func RandomTrace(t *rapid.T, start string) (string, *replay.Run) {
	d := newDice(t)
	head := []string{fmt.Sprintf("nodes: %d", d.nodes)}
	if d.one(4) {
		head = append(head, "voters: "+d.voters())
	}
	switch start {
	case "anywhere":
		head = append(head, d.initial()...)
	case "unknown":
		head = append(head, "unknown: "+d.set(0, d.nodes))
	}
	var steps []string
	for range rapid.IntRange(8, 40).Draw(t, "steps") {
		steps = append(steps, "- {"+d.step()+"}")
	}
	return playable(append(head, "steps:"), steps)
}

// playable leaves out the steps from which nothing can go on: a field that
// cannot be filled in, a matchIndex past the leader's log. An initial state that
// no cluster can be in goes too.
func playable(head, steps []string) (string, *replay.Run) {
	for {
		text := strings.Join(append(head[:len(head):len(head)], steps...), "\n") + "\n"
		f := check.CheckFile("t.yaml", strings.NewReader(text), Settings)
		if len(f.Errors) == 0 {
			return text, f.Reports[0].Run
		}
		i := int(f.Errors[0].Pos.Line) - 1 - len(head)
		switch {
		case i >= 0 && len(steps) > 1:
			steps = append(steps[:i:i], steps[i+1:]...)
		case i >= 0:
			steps = []string{"- {heal: true}"}
		default:
			head = []string{head[0], head[len(head)-1]}
		}
	}
}

// number gives each of the numbers lo to hi about as often as the others, where
// rapid's own ranges prefer the ends.
func (d dice) number(lo, hi int) int {
	n := 0
	for i := 1; i <= 4*(hi-lo); i *= 2 {
		n *= 2
		if fair.Draw(d.t, "") {
			n++
		}
	}
	return lo + n%(hi-lo+1)
}

var fair = rapid.Bool()

func (d dice) one(in int) bool { return d.number(1, in) == in }
func (d dice) node() int       { return d.number(1, d.nodes) }

// set gives a list of nodes from lo to most.
func (d dice) set(lo, most int) string {
	var ids []string
	for id := 1; id <= d.nodes && len(ids) < most; id++ {
		if d.one(3) || d.nodes-id < lo-len(ids) {
			ids = append(ids, fmt.Sprint(id))
		}
	}
	return "[" + strings.Join(ids, ", ") + "]"
}

// initial gives initial states; two logs that share an entry may yet differ in
// one before it, which the reader then refuses.
func (d dice) initial() []string {
	lines := []string{"initial:"}
	for id := 1; id <= d.nodes; id++ {
		log, term := d.log()
		fields := []string{"log: " + log}
		if d.one(2) {
			fields = append(fields, fmt.Sprintf("term: %d", term+d.number(0, 1)))
		}
		switch {
		case log == "[]":
		case d.one(4):
			fields[0] = d.covered(log)
		case d.one(3):
			fields = append(fields, "commitIndex: 1")
		}
		if d.one(3) && term > 0 {
			fields = append(fields, "role: "+[]string{"leader", "candidate"}[d.number(0, 1)])
		}
		lines = append(lines, fmt.Sprintf("  %d: {%s}", id, strings.Join(fields, ", ")))
	}
	return lines
}

// covered gives a log with a snapshot in place of its first entries.
func (d dice) covered(log string) string {
	entries := strings.Split(strings.Trim(log, "[]"), ", ")
	last := d.number(1, len(entries))
	term, _, _ := strings.Cut(entries[last-1], ":")
	return fmt.Sprintf("snapshot: {lastIncludedIndex: %d, lastIncludedTerm: %s}, log: [%s]", last, term, strings.Join(entries[last:], ", "))
}

// log gives a log whose terms do not fall, and its last term. A value follows
// from its place.
func (d dice) log() (text string, last int) {
	var entries []string
	last = 0
	for i := range d.number(0, 3) {
		if last == 0 || d.one(3) {
			last++
		}
		entries = append(entries, fmt.Sprintf("%d:v%d_%d", last, i+1, last))
	}
	return "[" + strings.Join(entries, ", ") + "]", last
}

// step gives the keys of one step.
func (d dice) step() string {
	switch what := d.number(0, 28); {
	case what < 7:
		return d.appendEntries()
	case what < 12:
		return d.requestVote()
	case what < 15:
		return fmt.Sprintf("clientRequest: {node: %d, value: c%d}", d.actor(), d.number(0, 99)) + d.tables()
	case what < 17:
		return d.lateResponse()
	case what < 18:
		return "heal: true" + d.tables()
	case what < 20:
		return fmt.Sprintf("timeout: %d", d.node()) + d.tables()
	case what < 22:
		return "restart: " + d.set(1, 2) + d.tables()
	case what < 23:
		return "partition: [" + d.set(0, d.nodes) + "]"
	case what < 24:
		return "crash: " + d.set(1, 2)
	case what < 25:
		return "stepDown: " + d.set(1, 2) + d.tables()
	case what < 26:
		return "voters: {are: " + d.voters() + "}" + d.tables()
	case what < 27:
		return fmt.Sprintf("restart: {%d: {%s}}", d.node(), d.disk()) + d.tables()
	}
	l := d.actor()
	return fmt.Sprintf("installSnapshot: {leaderId: %d%s%s%s}", l, d.some("term", 0, 6),
		d.often("lastIncludedIndex", 1, 3), d.some("lastIncludedTerm", 1, 3)) + d.sent(l, wholeAppends)
}

// voters gives one list of nodes that count, or two.
func (d dice) voters() string {
	if d.one(3) {
		return "[" + d.set(1, d.nodes) + ", " + d.set(1, d.nodes) + "]"
	}
	return d.set(1, d.nodes)
}

// disk is what a disk gives back: most of the time less than was there.
func (d dice) disk() string {
	return []string{"votedFor: none", "log: []", "term: 0", fmt.Sprintf("term: %d", d.number(1, 2)), "votedFor: none, log: []"}[d.number(0, 4)]
}

// actor is a node that sends: the first more often than not, so that it gets
// somewhere.
func (d dice) actor() int {
	if !d.one(2) {
		return 1
	}
	return d.node()
}

// tables is a state that is blank as a whole, or in some fields of a node, or none.
func (d dice) tables() string {
	switch {
	case d.one(4):
		return ", state: "
	case d.one(6):
		return fmt.Sprintf(", state: {%d: {%s}}", d.node(), d.named())
	}
	return ""
}

// named is fields for which no blank table asks, left blank.
func (d dice) named() string {
	return strings.Join([]string{
		"leader: ", "lastLogIndex: ", "lastLogTerm: ",
		[]string{"snapshot: ", "snapshot: {lastIncludedIndex: , lastIncludedTerm: }"}[d.number(0, 1)],
		[]string{"log: ", fmt.Sprintf("log: {from: %d, entries: }", d.number(1, 3))}[d.number(0, 1)],
	}, ", ")
}

// some gives the field with one of a few values, or leaves it out.
func (d dice) some(field string, lo, hi int) string {
	if !d.one(6) {
		return ""
	}
	return fmt.Sprintf(", %s: %d", field, d.number(lo, hi))
}

// often is some, given more often than not.
func (d dice) often(field string, lo, hi int) string {
	if d.one(3) {
		return ""
	}
	return fmt.Sprintf(", %s: %d", field, d.number(lo, hi))
}

func (d dice) requestVote() string {
	c := d.actor()
	return fmt.Sprintf("requestVote: {candidateId: %d%s%s%s}", c,
		d.some("term", 0, 6), d.some("lastLogIndex", 0, 3), d.some("lastLogTerm", 0, 3)) + d.sent(c, wholeVotes)
}

func (d dice) appendEntries() string {
	l := d.actor()
	what := ""
	switch d.number(0, 5) {
	case 0:
		what = fmt.Sprintf(", index: %d, value: v%d", d.number(1, 4), d.number(0, 9))
	case 1:
		what = ", entries: auto"
	case 2:
		log, _ := d.log()
		what = ", entries: " + log + d.some("prevLogIndex", 0, 3) + d.some("prevLogTerm", 0, 3)
	case 3:
		what = d.some("prevLogIndex", 0, 3) + d.some("prevLogTerm", 0, 3)
	case 4:
		what = fmt.Sprintf(", entries: {count: %d}", d.number(1, 2)) + d.often("prevLogIndex", 0, 2)
	}
	return fmt.Sprintf("appendEntries: {leaderId: %d%s%s%s}", l, d.some("term", 0, 6), d.some("leaderCommit", 0, 4), what) + d.sent(l, wholeAppends)
}

// sent gives whom a request of a node reaches, and what is asked of it.
func (d dice) sent(from int, whole []string) string {
	var lost, responseLost []string
	for id := 1; id <= d.nodes; id++ {
		switch {
		case id == from:
		case d.one(6):
			lost = append(lost, fmt.Sprint(id))
		case d.one(6):
			responseLost = append(responseLost, fmt.Sprint(id))
		}
	}
	text := ""
	if lost != nil {
		text += ", lost: [" + strings.Join(lost, ", ") + "]"
	}
	if responseLost != nil {
		text += ", responseLost: [" + strings.Join(responseLost, ", ") + "]"
	}
	if d.one(3) {
		text += ", response: " + d.row(from, whole)
	}
	return text + d.tables()
}

// Answers that are written whole, or a field of them.
var (
	wholeVotes   = []string{"{term: 2}", "{term: }"}
	wholeAppends = []string{"{term: 2}", "{term: }", "{success: , term: , matchIndex: }", "{matchIndex: }",
		"{success: true, matchIndex: 1}", "{success: no, matchIndex: 1}"}
)

// row is a response: blank, or cells of every kind, most of them wrong.
func (d dice) row(from int, whole []string) string {
	var cells []string
	for id := 1; id <= d.nodes; id++ {
		if id == from || d.one(3) {
			continue
		}
		cell := []string{"ok", "no", "none", "", whole[d.number(0, len(whole)-1)], whole[0]}[d.number(0, 5)]
		cells = append(cells, fmt.Sprintf("%d: %s", id, cell))
	}
	if cells == nil {
		return ""
	}
	return "{" + strings.Join(cells, ", ") + "}"
}

func (d dice) lateResponse() string {
	from, to := d.node(), d.node()
	if from == to {
		return "heal: true"
	}
	if d.one(2) {
		return fmt.Sprintf("requestVoteResponse: {from: %d, to: %d, term: %d, voteGranted: %t}", from, to, d.number(0, 4), d.one(2))
	}
	if d.one(2) {
		return fmt.Sprintf("appendEntriesResponse: {from: %d, to: %d, term: %d, success: false}", from, to, d.number(0, 4))
	}
	return fmt.Sprintf("appendEntriesResponse: {from: %d, to: %d, term: %d, success: true, matchIndex: %d}", from, to, d.number(0, 4), d.number(0, 3))
}

// MustParse gives the one trace of a text, and its file.
func MustParse(t *rapid.T, text string) (*trace.File, *trace.Trace) {
	f, err := trace.Parse("t.yaml", []byte(text), trace.DefaultLimits())
	var errs trace.Errors
	if errors.As(err, &errs) {
		t.Fatalf("malformed: %v\n%s", errs, text)
	}
	return f, f.Traces[0]
}

// MustReplay gives the replay of the one trace of a text.
func MustReplay(t *rapid.T, text string) *replay.Run {
	_, tr := MustParse(t, text)
	run, err := check.ReplayWith(tr, nil)
	if err != nil {
		t.Fatalf("cannot be replayed: %v\n%s", err, text)
	}
	return run
}

// Starts are the states from which random traces set out.
var Starts = []string{"fresh", "anywhere", "unknown"}

// OnTraces holds a law on random traces from every kind of start.
func OnTraces(t *testing.T, law func(t *rapid.T, run *replay.Run, text string)) {
	for _, start := range Starts {
		t.Run(start, rapid.MakeCheck(func(t *rapid.T) {
			text, run := RandomTrace(t, start)
			law(t, run, text)
		}))
	}
}

// States gives every node's state after a step, a line each.
func States(run *replay.Run, step int) []string {
	var out []string
	for id := range Known(run) {
		out = append(out, fmt.Sprintf("%s: %s votes %b", run.Trace.Name(id), item.FlowState(run, id, step), run.State(id, step).Votes))
	}
	return out
}

// Known yields the nodes that have a state.
func Known(run *replay.Run) func(func(raft.NodeID) bool) {
	return (raft.AllNodes(run.Trace.Size()) &^ run.Trace.Unknown).All()
}

// Deviating gives Figure 2, or it with one deviation or two.
func Deviating(t *rapid.T) *raft.Rules {
	rules, all := raft.Figure2(), raft.Deviations()
	for range rapid.IntRange(0, 2).Draw(t, "deviations") {
		rules = rules.With(rapid.SampledFrom(all).Draw(t, "deviation"))
	}
	return rules
}
