package trace

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"raftsheet/raft"
)

// sameTrace compares traces, places and comments aside.
var sameTrace = cmp.Options{
	cmp.Comparer(func(a, b Pos) bool { return true }),
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(Trace{}, "File", "Document", "Comment"),
	cmpopts.IgnoreFields(Step{}, "Comment"),
}

// rewritten writes traces and reads them again, errors or not.
func rewritten(t testing.TB, traces ...*Trace) (text string, again []*Trace, err error) {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, traces...); err != nil {
		t.Fatalf("a trace is not written: %v", err)
	}
	f, err := Parse("w.yaml", out.Bytes(), DefaultLimits())
	again = slices.Clone(f.Traces)
	for _, d := range f.Damaged {
		again = append(again, d.Trace)
	}
	slices.SortFunc(again, func(a, b *Trace) int { return a.Document - b.Document })
	return out.String(), again, err
}

// checkSame says how what was read again differs from what was written.
func checkSame(t testing.TB, text string, want, got []*Trace) {
	t.Helper()
	if diff := cmp.Diff(want, got, sameTrace); diff != "" {
		t.Fatalf("what is read is not what was written (-want +got):\n%s\nin:\n%s", diff, text)
	}
	for i := range want {
		for j := range want[i].Steps {
			if a, b := &want[i].Steps[j], &got[i].Steps[j]; a.StateBlank() != b.StateBlank() {
				t.Fatalf("step %d: a blank state is lost, or found, in:\n%s", j+1, text)
			}
		}
	}
}

// Every example, and every trace of the other tests, written out is the same
// trace, in lines that a page can show, and written again the same text.
func TestWriteExamples(t *testing.T) {
	var texts []string
	for _, path := range exampleFiles(t) {
		texts = append(texts, string(readFile(t, path)))
	}
	for _, tt := range validTraces {
		texts = append(texts, tt.in)
	}
	for _, m := range fenced.FindAllStringSubmatch(Format(), -1) {
		texts = append(texts, m[1])
	}
	for _, in := range append(texts, placeTexts...) {
		f := parse(t, in)
		text, again, err := rewritten(t, f.Traces...)
		if err != nil {
			t.Fatalf("what is written is refused: %v\n%s", err, text)
		}
		checkSame(t, text, f.Traces, again)
		if twice, _, _ := rewritten(t, again...); twice != text {
			t.Errorf("written again it is another text:\n%s\nafter:\n%s", twice, text)
		}
		for i, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > lineWidth || strings.TrimRight(line, " ") != line {
				t.Errorf("line %d is wider than %d columns, or ends in a space: %q", i+1, lineWidth, line)
			}
		}
	}
}

// The text is what a person would write.
func TestWriteText(t *testing.T) {
	const want = `# two lines of
# remarks
title: "A title: with a colon"
nodes: [A, B, "-c"]
rules: [vote-twice, commit-any-term]

initial:
  A: {term: 1, role: leader, log: [1:x, "1:a b"], nextIndex: {B: 3, "-c": }}
  B:

steps:
  - appendEntries: {leaderId: A, term: 1, prevLogIndex: 0, prevLogTerm: 0,
                    entries: [1, 1:x, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                              1], leaderCommit: 0}  # log.ndjson:12
    lost: [B]
    response: {B: none, "-c": {success: true, term: }}
    state:
      A: {log: }
  - id: 2b
    note: |-
      two lines
      of text
    heal: true
  - {}
  # above
  - state:
    points: 0.5
`
	log := []LogEntry{{Entry: raft.Entry{Term: 1}}, {Entry: raft.Entry{Term: 1, Value: "x"}}}
	for len(log) < 24 {
		log = append(log, LogEntry{Entry: raft.Entry{Term: 1}})
	}
	is := func(i raft.Index) Opt[raft.Index] { return Opt[raft.Index]{Value: i, Presence: Given} }
	term := func(i raft.Term) Opt[raft.Term] { return Opt[raft.Term]{Value: i, Presence: Given} }
	tr := &Trace{
		Comment: "two lines of\nremarks", Title: "A title: with a colon", Names: []string{"A", "B", "-c"}, Rules: []string{"vote-twice", "commit-any-term"},
		Initial: []NodeState{{
			Node: 1, Term: term(1), Role: Opt[raft.Role]{Value: raft.Leader, Presence: Given},
			Log:       Opt[[]LogEntry]{Value: []LogEntry{{Entry: raft.Entry{Term: 1, Value: "x"}}, {Entry: raft.Entry{Term: 1, Value: "a b"}}}, Presence: Given},
			NextIndex: Opt[[]NodeIndex]{Value: []NodeIndex{{Node: 2, Index: is(3)}, {Node: 3, Index: Opt[raft.Index]{Presence: Blank}}}, Presence: Given},
		}, {Node: 2, Blank: true}},
		Steps: []Step{{
			Number: 1, ID: "1", Comment: "log.ndjson:12",
			Event: &AppendEntries{LeaderID: 1, Term: term(1), PrevLogIndex: is(0), PrevLogTerm: term(0), LeaderCommit: is(0),
				Entries: Opt[[]LogEntry]{Value: log, Presence: Given}},
			Lost:     raft.NodeSet(0).With(2),
			Response: &Row{Cells: []Cell{{Node: 2, None: true}, {Node: 3, Whole: true, OK: Opt[bool]{Value: true, Presence: Given}, Term: Opt[raft.Term]{Presence: Blank}}}},
			State:    []NodeState{{Node: 1, Log: Opt[[]LogEntry]{Presence: Blank}}},
		}, {
			Number: 2, ID: "2b", Note: "two lines\nof text", Event: &Heal{},
		}, {
			Number: 3, ID: "3",
		}, {
			Number: 4, ID: "4", Comment: "above", StatePos: Pos{1, 1}, Points: Opt[string]{Value: "0.5", Presence: Given},
		}},
	}
	text, again, _ := rewritten(t, tr)
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("the text is another one (-want +got):\n%s", diff)
	}
	checkSame(t, text, []*Trace{tr}, again)
}

// A comment cannot break out of its line, whatever is in it.
func TestWriteComments(t *testing.T) {
	for _, said := range []string{"x", "a\nb", "a\rnodes: 9", "\x1b[2J", "\u2028x", "# y", "\n\n", "a\n", "日本"} {
		tr := &Trace{Names: []string{"1"}, Comment: said, Steps: []Step{
			{Number: 1, ID: "1", Comment: said, Event: &Timeout{Nodes: []raft.NodeID{1}}}, {Number: 2, ID: "2", Comment: said, Note: "x"}}}
		text, again, err := rewritten(t, tr)
		if err != nil {
			t.Errorf("the comment %q makes the text no trace: %v\n%s", said, err, text)
			continue
		}
		checkSame(t, text, []*Trace{tr}, again)
	}
}

// What has no name cannot be written, and is not.
func TestWriteRefuses(t *testing.T) {
	names := []string{"1", "2"}
	for why, tr := range map[string]*Trace{
		"no nodes":             {},
		"an event of nobody":   {Names: names, Steps: []Step{{Event: &RequestVote{}}}},
		"an event of a third":  {Names: names, Steps: []Step{{Event: &Crash{Nodes: []raft.NodeID{3}}}}},
		"an answer of a third": {Names: names, Steps: []Step{{Event: &RequestVote{CandidateID: 1}, Response: &Row{Cells: []Cell{{Node: 3}}}}}},
		"a state of a third":   {Names: names, Initial: []NodeState{{Node: 3}}},
		"lost of a third":      {Names: names, Steps: []Step{{Event: &RequestVote{CandidateID: 1}, Lost: raft.NodeSet(0).With(3)}}},
		"a vote for a third":   {Names: names, Steps: []Step{{State: []NodeState{{Node: 1, VotedFor: Opt[raft.NodeID]{Value: 3, Presence: Given}}}}}},
	} {
		var out bytes.Buffer
		if err := Write(&out, tr); err == nil {
			t.Errorf("%s: it is written as\n%s", why, out.String())
		}
	}
}

// Any trace at all reads back as it was written.
func TestWriteAnything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		traces := rapid.SliceOfN(rapid.Custom(drawTrace), 1, 2).Draw(rt, "traces")
		text, again, err := rewritten(t, traces...)
		if len(again) != len(traces) {
			rt.Fatalf("%d traces are read of %d: %v\n%s", len(again), len(traces), err, text)
		}
		checkSame(t, text, traces, again)
		if twice, _, _ := rewritten(t, again...); twice != text {
			rt.Fatalf("written again it is another text:\n%s\nafter:\n%s", twice, text)
		}
	})
}

// FuzzWrite writes whatever is a trace, and reads the same again.
func FuzzWrite(f *testing.F) {
	for _, seed := range parseSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := DefaultLimits()
		lim.Nodes = 20_000 // aliases are written out, and take as long as they are many
		file, err := Parse("f", data, lim)
		if err != nil {
			t.Skip()
		}
		text, again, err := rewritten(t, file.Traces...)
		if err != nil {
			t.Fatalf("what is written is refused: %v\n%s", err, text)
		}
		checkSame(t, text, file.Traces, again)
	})
}

// A drawer draws the parts of a trace.
type drawer struct {
	*rapid.T
	size int
}

func drawTrace(rt *rapid.T) *Trace {
	d := &drawer{T: rt, size: rapid.IntRange(1, 5).Draw(rt, "size")}
	tr := &Trace{Title: d.text("title"), Student: d.text("student")}
	named := d.coin("named")
	for i := range d.size {
		name := fmt.Sprint(i + 1)
		if named {
			name = rapid.StringMatching(`[A-Za-z0-9_.-]{1,30}`).Draw(rt, "name")
			if !validName(name) || slices.Contains(tr.Names, name) {
				name = fmt.Sprintf("n%d.", i)
			}
		}
		tr.Names = append(tr.Names, name)
	}
	if d.coin("sheet") {
		tr.RaftID = d.node()
		tr.Unknown = raft.AllNodes(d.size).Without(tr.RaftID)
	} else if d.coin("unknown") {
		tr.Unknown = d.set()
	}
	tr.Rules = rapid.SliceOfN(rapid.SampledFrom(raft.RulesNames()), 0, 2).Draw(rt, "rules")
	tr.Initial = d.states(true)
	tr.Grading = d.grading()
	for i := range rapid.IntRange(0, 4).Draw(rt, "steps") {
		tr.Steps = append(tr.Steps, d.step(i+1))
	}
	if len(tr.Steps) > 0 && d.coin("whole") {
		tr.Grading.Whole = []string{tr.Steps[0].ID}
	}
	return tr
}

func (d *drawer) coin(what string) bool { return rapid.Bool().Draw(d.T, what) }

// text is anything, or what means something to YAML.
func (d *drawer) text(what string) string {
	words := rapid.SampledFrom([]string{"", "null", "~", "true", "yes", "No", "x", "x: y", "x #y", "- x", "? x", "{x}", "[x]", "a, b", "*a", "&a", "!t", "%x",
		"@x", "`x", "|", ">", "'x'", `"x"`, "x:", "1", "010", "1e3", "0x1", "2001-01-01", "<<", "---", "...", "# x", " x", "x ", "a\nb", "a\n\nb\n", "\n", "a\n b", " a\nb",
		"\tx", "a\tb", "日本語", "é ✓", "\x1b[2J", "\u009b31m", "a\rb", "\u202eabc", "\ufeff", "\u2028", "\U0001F46A", "=cmd", "x=1", "\\", "a\\b", "-", "?", ":",
		"none", "auto", "others", "a word and another one, so many of them that they do not fit on one line of a page which is a hundred columns wide"})
	return rapid.OneOf(words, rapid.String(), rapid.StringN(1, 200, 300)).Draw(d.T, what)
}

func (d *drawer) node() raft.NodeID {
	return raft.NodeID(rapid.IntRange(1, d.size).Draw(d.T, "node"))
}

func (d *drawer) ids() []raft.NodeID {
	var ids []raft.NodeID
	for range rapid.IntRange(1, d.size).Draw(d.T, "nodes") {
		if id := d.node(); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (d *drawer) set() (set raft.NodeSet) {
	for _, id := range d.ids() {
		set = set.With(id)
	}
	return set
}

// maybe draws a value that may be left out, or blank.
func maybe[T any](d *drawer, draw func() T) Opt[T] {
	o := Opt[T]{Presence: Presence(rapid.IntRange(0, 2).Draw(d.T, "presence"))}
	if o.Given() {
		o.Value = draw()
	}
	return o
}

func (d *drawer) term() raft.Term {
	return raft.Term(rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64Range(0, 1<<63-1)).Draw(d.T, "term"))
}

func (d *drawer) index() raft.Index {
	return raft.Index(rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64Range(0, 1<<63-1)).Draw(d.T, "index"))
}

func (d *drawer) command() string {
	s := d.text("command")
	return strings.ToValidUTF8(s[:min(len(s), 300)], "")
}

func (d *drawer) log() []LogEntry {
	log := []LogEntry{}
	for range rapid.IntRange(0, 30).Draw(d.T, "entries") {
		e := LogEntry{Entry: raft.Entry{Term: d.term()}}
		if d.coin("valued") {
			e.Value = d.command()
		}
		log = append(log, e)
	}
	return log
}

func (d *drawer) grading() (g Grading) {
	points := func() string { return rapid.SampledFrom([]string{"0", "1", "0.5", "12.25"}).Draw(d.T, "points") }
	if d.coin("grading") {
		return g
	}
	g.Points, g.Answer, g.Term, g.State = maybe(d, points), maybe(d, points), maybe(d, points), maybe(d, points)
	g.Follow = maybe(d, func() string { return rapid.SampledFrom([]string{"full", "none", "0.5"}).Draw(d.T, "follow") })
	g.Late = maybe(d, func() string { return rapid.SampledFrom([]string{"2", "10%", "5 %"}).Draw(d.T, "late") })
	return g
}

func (d *drawer) states(initial bool) []NodeState {
	var all []NodeState
	for _, id := range d.ids() {
		st := NodeState{Node: id}
		if st.Blank = d.coin("blank"); st.Blank {
			all = append(all, st)
			continue
		}
		indexes := func() []NodeIndex {
			var xs []NodeIndex
			for _, other := range d.ids() {
				if other != id {
					xs = append(xs, NodeIndex{Node: other, Index: maybe(d, d.index)})
					xs[len(xs)-1].Index.Presence = max(Blank, xs[len(xs)-1].Index.Presence)
				}
			}
			return xs
		}
		st.Term, st.CommitIndex, st.LastApplied = maybe(d, d.term), maybe(d, d.index), maybe(d, d.index)
		st.VotedFor = maybe(d, func() raft.NodeID { return raft.NodeID(rapid.IntRange(0, d.size).Draw(d.T, "vote")) })
		st.Role = maybe(d, func() raft.Role {
			return rapid.SampledFrom([]raft.Role{raft.Follower, raft.Candidate, raft.Leader}).Draw(d.T, "role")
		})
		st.Log, st.NextIndex, st.MatchIndex = maybe(d, d.log), maybe(d, indexes), maybe(d, indexes)
		if !initial {
			st.Terms = maybe(d, func() []TermVote {
				return []TermVote{{Term: 1, VotedFor: Opt[raft.NodeID]{Value: d.node(), Presence: Given}}, {Term: 2, VotedFor: Opt[raft.NodeID]{Presence: Blank}}}
			})
		}
		all = append(all, st)
	}
	return all
}

func (d *drawer) step(number int) Step {
	s := Step{Number: number, ID: fmt.Sprint(number), Note: d.text("note"), Event: d.event()}
	if id := d.text("id"); id != "" && d.coin("own id") {
		s.ID = id
	}
	switch rapid.IntRange(0, 2).Draw(d.T, "state") {
	case 0:
		s.State = d.states(false)
	case 1:
		s.StatePos = Pos{1, 1}
	}
	s.Points = maybe(d, func() string { return rapid.SampledFrom([]string{"1", "0.5"}).Draw(d.T, "points") })
	if _, ok := s.Sender(); !ok {
		return s
	}
	if d.coin("to") {
		s.To = Opt[raft.NodeSet]{Value: d.set(), Presence: Given}
	}
	if d.coin("lost") {
		s.Lost, s.ResponseLost = d.set(), d.set()
	}
	if d.coin("response") {
		s.Response = d.row()
	}
	return s
}

func (d *drawer) row() *Row {
	if d.coin("blank row") {
		return &Row{Blank: true}
	}
	row := &Row{}
	for _, id := range d.ids() {
		row.Cells = append(row.Cells, d.cell(id))
	}
	if d.coin("others") {
		c := d.cell(raft.NoNode)
		row.Others = &c
	}
	return row
}

func (d *drawer) cell(id raft.NodeID) Cell {
	c := Cell{Node: id}
	outcome := func() bool { return d.coin("outcome") }
	switch rapid.IntRange(0, 2).Draw(d.T, "cell") {
	case 0:
		c.None = true
	case 1:
		c.OK = maybe(d, outcome)
		c.OK.Presence = max(Blank, c.OK.Presence)
	default:
		c.Whole, c.OK, c.Term = true, maybe(d, outcome), maybe(d, d.term)
	}
	return c
}

func (d *drawer) event() Event {
	switch rapid.IntRange(0, 11).Draw(d.T, "event") {
	case 0, 1:
		return &RequestVote{CandidateID: d.node(), Term: maybe(d, d.term), LastLogIndex: maybe(d, d.index), LastLogTerm: maybe(d, d.term)}
	case 2, 3:
		e := &AppendEntries{LeaderID: d.node(), Term: maybe(d, d.term), LeaderCommit: maybe(d, d.index), PrevLogIndex: maybe(d, d.index),
			PrevLogTerm: maybe(d, d.term), Entries: maybe(d, d.log), Index: maybe(d, d.index), Value: maybe(d, d.command)}
		if e.Entries.Presence == Blank {
			e.Auto = d.coin("auto")
		}
		return e
	case 4:
		return &VoteResponse{From: d.node(), To: d.node(), Term: d.term(), Granted: d.coin("granted")}
	case 5:
		return &AppendResponse{From: d.node(), To: d.node(), Term: d.term(), Success: d.coin("success"), MatchIndex: maybe(d, d.index)}
	case 6:
		return &ClientRequest{Node: d.node(), Value: d.command()}
	case 7:
		return &Timeout{Nodes: d.ids()}
	case 8:
		return &Crash{Nodes: d.ids()}
	case 9:
		return &Restart{Nodes: d.ids()}
	case 10:
		return &Partition{Groups: []raft.NodeSet{d.set(), 0}}
	}
	if d.coin("heal") {
		return &Heal{}
	}
	return nil
}
