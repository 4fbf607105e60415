package order

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Sheet is what one node wrote.
type Sheet struct {
	*trace.Trace
	Node raft.NodeID
	End  bool // it has tables alone: they hold at the end of the game
}

// A Game is the sheets of one game.
type Game struct {
	Sheets   []Sheet
	Cells    []Cell             // what can be wrong on them, see Cell
	Progress func(done, of int) // told how many states of how many are looked at; nil for nobody
	Unread   bool               // a message of a sheet cannot be read, and is in no order

	base  trace.Trace // what the sheets have in common: nodes, rules, initial states
	rules *raft.Rules
	steps [][]step // by sheet: what its node did, in its order
	end   []step   // tables that hold when everything has happened

	fields map[fieldAt]int // of Cells, made as they are come upon
	items  map[itemAt]int  // of Cells
}

// A step is a step of a sheet.
type step struct {
	*trace.Step
	sheet int
	items []item.Item // what is written in its answers and tables
	cells []int       // the cell of each item; those of one answer share one
}

// Gather makes a game of its sheets, one at least, each of which says by raftId, or by
// the messages on it, whose it is. Nodes without a sheet are unknown. The rules of
// these names, where they are not nil, are used in place of the sheets' own.
//
// The errors, each with its place, are for sheets that are not of one game.
func Gather(sheets []*trace.Trace, names []string) (*Game, trace.Errors) {
	g := &Game{fields: make(map[fieldAt]int), items: make(map[itemAt]int)}
	var errs trace.Errors
	like := mostLike(sheets)
	for _, t := range sheets {
		node, err := NodeOf(t)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s := Sheet{Trace: t, Node: node, End: !slices.ContainsFunc(t.Steps, happens)}
		if err := g.fits(&s, like); err != nil {
			errs = append(errs, err)
			continue
		}
		g.Sheets = append(g.Sheets, s)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	first := g.Sheets[0]
	g.base = trace.Trace{File: first.File, Names: first.Names, Rules: first.Rules, Voters: first.Voters}
	if names != nil {
		g.base.Rules = names
	}
	rules, err := check.RulesNamed(g.base.Rules)
	if err != nil {
		return nil, trace.Errors{errorAt(first.Trace, first.RulesPos, "%s", err)}
	}
	g.rules = rules
	if errs := g.begin(); len(errs) > 0 {
		return nil, errs
	}
	g.base.Unknown = raft.AllNodes(len(first.Names))
	for _, s := range g.Sheets {
		g.base.Unknown = g.base.Unknown.Without(s.Node)
	}
	if errs := g.received(); len(errs) > 0 {
		return nil, errs
	}
	for i := range g.Sheets {
		g.add(i)
	}
	return g, nil
}

// happens reports whether a step is more than tables, and more than a box of a form
// that was not used.
func happens(s trace.Step) bool { return s.Event != nil || s.Unread && !s.EventBlank }

func errorAt(t *trace.Trace, at trace.Pos, format string, args ...any) *trace.Error {
	return &trace.Error{File: t.File, Document: t.Document, Pos: at, Msg: fmt.Sprintf(format, args...)}
}

// NodeOf is whose sheet a trace is: its raftId, or the one node of which everything
// on it is.
func NodeOf(t *trace.Trace) (raft.NodeID, *trace.Error) {
	if t.RaftID != raft.NoNode {
		return t.RaftID, nil
	}
	var did, tables raft.NodeSet
	for i := range t.Steps {
		s := &t.Steps[i]
		did |= actors(s)
		for j := range s.State {
			tables = tables.With(s.State[j].Node)
		}
	}
	if did == 0 {
		did = tables
	}
	switch did.Len() {
	case 0:
		return 0, errorAt(t, t.Pos, "nothing on this sheet says which node it is; write raftId: at its top")
	case 1:
		for id := range did.All() {
			return id, nil
		}
	}
	return 0, errorAt(t, t.Pos, "nodes %s send on this sheet, and a sheet is one node's; write raftId: at its top, and leave out what others sent", List(t, did))
}

// actors are the nodes that do what happens in a step.
func actors(s *trace.Step) raft.NodeSet {
	if id, sends := s.Sender(); sends {
		return raft.SetOf(id)
	}
	switch e := s.Event.(type) {
	case *trace.VoteResponse:
		return raft.SetOf(e.To)
	case *trace.AppendResponse:
		return raft.SetOf(e.To)
	case *trace.Timeout:
		return raft.SetOf(e.Nodes...)
	case *trace.ClientRequest:
		return raft.SetOf(e.Node)
	case *trace.Crash:
		return raft.SetOf(e.Nodes...)
	case *trace.Restart:
		return raft.SetOf(e.Nodes...)
	case *trace.StepDown:
		return raft.SetOf(e.Nodes...)
	}
	return 0
}

// List names nodes: 1, 2 and 5.
func List(t *trace.Trace, ids raft.NodeSet) string {
	var names []string
	for id := range ids.All() {
		names = append(names, t.Name(id))
	}
	return reason.And(names)
}

// mostLike is the first of those sheets that have the commonest nodes, rules and voters:
// one that has others is not of their game, wherever it is in the list.
func mostLike(sheets []*trace.Trace) *trace.Trace {
	count := make(map[string]int)
	kind := func(t *trace.Trace) string { return fmt.Sprintf("%q %q %d", t.Names, t.Rules, t.Voters) }
	for _, t := range sheets {
		count[kind(t)]++
	}
	like := sheets[0]
	for _, t := range sheets {
		if count[kind(t)] > count[kind(like)] {
			like = t
		}
	}
	return like
}

// fits is an error unless a sheet can be of one game with those before it, and with one
// that is like most.
func (g *Game) fits(s *Sheet, like *trace.Trace) *trace.Error {
	switch {
	case !slices.Equal(s.Names, like.Names):
		return errorAt(s.Trace, s.Pos, "the nodes are %s here, and %s in %s; the sheets of one game have the same", strings.Join(s.Names, ", "), strings.Join(like.Names, ", "), like.File)
	case !slices.Equal(s.Rules, like.Rules):
		return errorAt(s.Trace, s.Pos, "the rules are %s here, and %s in %s; the sheets of one game have the same", rulesName(s.Rules), rulesName(like.Rules), like.File)
	case !slices.Equal(s.Voters, like.Voters):
		return errorAt(s.Trace, s.Pos, "the voters are other nodes here than in %s; the sheets of one game have the same", like.File)
	case s.End:
		return nil
	}
	for i := range g.Sheets {
		if o := &g.Sheets[i]; o.Node == s.Node && !o.End {
			return errorAt(s.Trace, s.Pos, "this is a sheet of node %s, and so is %s, from line %d; a node has one sheet with messages", s.Name(s.Node), o.File, o.Pos.Line)
		}
	}
	return nil
}

func rulesName(names []string) string {
	if len(names) == 0 {
		return raft.Figure2().Name
	}
	return strings.Join(names, ",")
}

// begin puts the initial states together that the sheets give.
func (g *Game) begin() trace.Errors {
	var errs trace.Errors
	from := make(map[raft.NodeID]*Sheet)
	for i := range g.Sheets {
		s := &g.Sheets[i]
		for _, st := range s.Initial {
			j := slices.IndexFunc(g.base.Initial, func(o trace.NodeState) bool { return o.Node == st.Node })
			switch {
			case j < 0:
				g.base.Initial = append(g.base.Initial, st)
				from[st.Node] = s
			case !sameStart(&g.base.Initial[j], &st):
				errs = append(errs, errorAt(s.Trace, st.Pos, "node %s begins otherwise here than in %s, line %d; the sheets of one game have the same initial states",
					s.Name(st.Node), from[st.Node].File, g.base.Initial[j].Pos.Line))
			}
		}
	}
	slices.SortFunc(g.base.Initial, func(a, b trace.NodeState) int { return int(a.Node) - int(b.Node) })
	return errs
}

// sameStart reports whether two sheets give a node the same initial state: as it is
// written, wherever that is.
func sameStart(a, b *trace.NodeState) bool {
	same := func(x, y trace.Opt[raft.Index]) bool { return x.Presence == y.Presence && x.Value == y.Value }
	return a.StartTerm() == b.StartTerm() && a.StartVote() == b.StartVote() &&
		a.Role.Or(raft.Follower) == b.Role.Or(raft.Follower) && a.Leader.Value == b.Leader.Value &&
		same(a.CommitIndex, b.CommitIndex) && same(a.LastApplied, b.LastApplied) &&
		a.Snapshot.Value.LastIncludedIndex.Value == b.Snapshot.Value.LastIncludedIndex.Value &&
		slices.Equal(trace.Entries(a.Log.Value), trace.Entries(b.Log.Value)) &&
		slices.EqualFunc(a.NextIndex.Value, b.NextIndex.Value, sameLine) && slices.EqualFunc(a.MatchIndex.Value, b.MatchIndex.Value, sameLine)
}

func sameLine(a, b trace.NodeIndex) bool { return a.Node == b.Node && a.Index.Value == b.Index.Value }

// another is an error where the messages of a sheet, or its tables, are all of one other
// node than its raftId says.
func (s *Sheet) another() *trace.Error {
	var did, tables raft.NodeSet
	var first *trace.Step
	var table trace.Pos
	for i := range s.Steps {
		step := &s.Steps[i]
		if did |= actors(step); first == nil && did != 0 {
			first = step
		}
		for j := range step.State {
			if tables = tables.With(step.State[j].Node); !table.IsValid() {
				table = step.State[j].Pos
			}
		}
	}
	switch {
	case did.Len() == 1 && !did.Has(s.Node):
		return errorAt(s.Trace, first.EventPos, "the messages on this sheet are node %s's, and its raftId says %s", List(s.Trace, did), s.Name(s.Node))
	case tables.Len() == 1 && !tables.Has(s.Node):
		return errorAt(s.Trace, table, "this table is node %s's, and the sheet is node %s's", List(s.Trace, tables), s.Name(s.Node))
	}
	return nil
}

// received finds messages on a sheet that another node sent, whose own sheet has
// them: they would happen twice.
func (g *Game) received() trace.Errors {
	var errs trace.Errors
	for _, sheet := range g.Sheets {
		if err := sheet.another(); err != nil {
			errs = append(errs, err)
			continue
		}
		for i := range sheet.Steps {
			s := &sheet.Steps[i]
			others := actors(s).Without(sheet.Node) &^ g.base.Unknown
			if others != 0 {
				errs = append(errs, errorAt(sheet.Trace, s.Pos, "step %s is about what node %s did, and this is a sheet of node %s; it belongs on the sheet of node %s",
					s.ID, List(sheet.Trace, others), sheet.Name(sheet.Node), List(sheet.Trace, others)))
			}
		}
	}
	return errs
}

// add adds the steps of a sheet. Tables at its end, after all that its node did, hold
// at the end of the game.
func (g *Game) add(sheet int) {
	s := &g.Sheets[sheet]
	last := 0 // one past the last step in which something happens
	for i := range s.Steps {
		if happens(s.Steps[i]) {
			last = i + 1
		}
	}
	g.steps = append(g.steps, nil)
	for i := range s.Steps {
		st := g.asStep(sheet, &s.Steps[i])
		switch {
		case st.Unread && !st.EventBlank:
			g.Unread = true // what cannot be read has been told
		case st.Unread || st.Event == nil && len(st.items) == 0 && !st.StateBlank() && len(st.State) == 0:
			// A box that was not used is nothing.
		case i >= last:
			g.end = append(g.end, st)
		default:
			g.steps[sheet] = append(g.steps[sheet], st)
		}
		g.base.Steps = append(g.base.Steps, s.Steps[i])
	}
}
