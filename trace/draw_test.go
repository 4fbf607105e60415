package trace

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"raftsheet/raft"
)

// A drawer draws the parts of a trace.
type drawer struct {
	*rapid.T
	size int
}

func drawTrace(rt *rapid.T) *Trace {
	d := &drawer{T: rt, size: rapid.IntRange(1, 5).Draw(rt, "size")}
	tr := &Trace{Title: d.text("title"), Student: d.text("student"), Variant: d.text("variant")}
	named := d.coin("named")
	for i := range d.size {
		name := fmt.Sprint(i + 1)
		if named {
			name = rapid.StringMatching(`[A-Za-z0-9_.-]{1,30}`).Draw(rt, "name")
			if !ValidName(name) || slices.Contains(tr.Names, name) {
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
	if d.coin("voters") {
		tr.Voters = []raft.NodeSet{d.set()}
	}
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
		st.Leader = maybe(d, func() raft.NodeID { return raft.NodeID(rapid.IntRange(0, d.size).Draw(d.T, "leader")) })
		st.Snapshot = maybe(d, func() Snapshot {
			return Snapshot{LastIncludedIndex: maybe(d, d.index), LastIncludedTerm: maybe(d, d.term)}
		})
		st.Log, st.NextIndex, st.MatchIndex = maybe(d, d.log), maybe(d, indexes), maybe(d, indexes)
		if !initial {
			st.LastLogIndex, st.LastLogTerm = maybe(d, d.index), maybe(d, d.term)
			if st.Log.Presence != Absent && d.coin("from") {
				st.LogFrom = max(1, d.index())
			}
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
		if s.ID = id; number > 1 {
			s.ID += fmt.Sprint("-", number)
		}
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
	switch rapid.IntRange(0, 15).Draw(d.T, "event") {
	case 12:
		return &StepDown{Nodes: d.ids()}
	case 13:
		return &InstallSnapshot{LeaderID: d.node(), Term: maybe(d, d.term), LastIncludedIndex: maybe(d, d.index), LastIncludedTerm: maybe(d, d.term)}
	case 14:
		e := &Voters{Are: []raft.NodeSet{d.set()}}
		if d.coin("at") {
			e.At = Opt[raft.NodeSet]{Value: d.set(), Presence: Given}
		}
		if d.coin("joint") {
			e.Are = append(e.Are, d.set())
		}
		return e
	case 15:
		e := &Restart{}
		for _, id := range d.ids() {
			e.Nodes = append(e.Nodes, id)
			e.Disks = append(e.Disks, NodeState{Node: id, Term: maybe(d, d.term), Log: maybe(d, d.log)})
		}
		return e
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
