package diagram

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

// This file tells what nodes do and become in a step.

// says gives what happens in a step, in lines: the event, then its fields.
func (b *builder) says(s *replay.Step) []string {
	ts := s.Trace
	switch {
	case ts.Unread:
		return []string{"cannot be read"}
	case ts.Event == nil:
		return nil
	case len(s.Deliveries) == 0:
		return []string{render.EventLine(b.run.Trace, ts.Event)}
	case s.Sent == (replay.Request{}):
		return []string{fmt.Sprintf("AppendEntries, term %d", s.Deliveries[0].Request.Term()), "to each from its nextIndex"}
	}
	switch q := s.Sent; {
	case q.Vote != nil:
		return []string{fmt.Sprintf("RequestVote, term %d", q.Vote.Term), fmt.Sprintf("last entry: index %d, term %d", q.Vote.LastLogIndex, q.Vote.LastLogTerm)}
	case q.Install != nil:
		return []string{fmt.Sprintf("InstallSnapshot, term %d", q.Install.Term),
			fmt.Sprintf("up to index %d, term %d", q.Install.LastIncludedIndex, q.Install.LastIncludedTerm)}
	default:
		return []string{fmt.Sprintf("AppendEntries, term %d", q.Append.Term), fmt.Sprintf("after index %d, term %d", q.Append.PrevLogIndex, q.Append.PrevLogTerm),
			fmt.Sprintf("%s, commit %d", entriesText(q.Append.Entries), q.Append.LeaderCommit)}
	}
}

// entriesText lists the entries of a message, the first of many.
func entriesText(es raft.Entries) string {
	const most, widest = 4, 30
	var parts []string
	for _, e := range es.First(most) {
		parts = append(parts, clip(e.String(), widest))
	}
	if es.Len() > most {
		parts = append(parts, fmt.Sprintf("… (%d)", es.Len()))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// requestText is a request in one line.
func requestText(q replay.Request) string {
	switch {
	case q.Vote != nil:
		return fmt.Sprintf("RequestVote term %d, last %d/%d", q.Vote.Term, q.Vote.LastLogIndex, q.Vote.LastLogTerm)
	case q.Install != nil:
		return fmt.Sprintf("InstallSnapshot term %d, last %d/%d", q.Install.Term, q.Install.LastIncludedIndex, q.Install.LastIncludedTerm)
	}
	m := q.Append
	return fmt.Sprintf("AppendEntries term %d, prev %d/%d, %s, commit %d", m.Term, m.PrevLogIndex, m.PrevLogTerm, entriesText(m.Entries), m.LeaderCommit)
}

// acts adds what nodes do of themselves, or have done to them.
func (b *builder) acts(st *Step, s *replay.Step) {
	add := func(id raft.NodeID, kind EventKind, text string, implied bool) {
		if b.nodes.Has(id) {
			st.Events = append(st.Events, Event{Node: id, Kind: kind, Text: text, Implied: implied})
		}
	}
	at := Moment{st.Number, Begins}
	if e, is := s.Trace.Event.(*trace.Crash); is {
		for id := range (raft.SetOf(e.Nodes...) &^ b.down).All() {
			add(id, Crashes, "crash", false)
			b.down = b.down.With(id)
			b.live(id, at, st.Number)
		}
	}
	for i := range s.Acts {
		switch a := &s.Acts[i]; a.Kind {
		case replay.TimesOut, replay.Stands:
			add(a.Node, TimesOut, "timeout", a.Kind == replay.Stands)
			b.stands(a.Node, at)
		case replay.Restarts:
			add(a.Node, Restarts, "restart", false)
			b.down = b.down.Without(a.Node)
			b.live(a.Node, at, st.Number)
		case replay.StepsDown:
			add(a.Node, Becomes, "steps down", false)
		case replay.Commands, replay.Took:
			add(a.Node, Asks, "client "+values(a.Entries), a.Kind == replay.Took)
		case replay.Elected:
			add(a.Node, Becomes, "elected", true)
		case replay.Deposed:
			add(a.Node, Becomes, "deposed", true)
		case replay.Configures:
			add(a.Node, Counts, "voters", false)
		}
	}
	if e, is := s.Trace.Event.(*trace.Restart); is { // an unknown node too
		for _, id := range e.Nodes {
			if b.down.Has(id) {
				add(id, Restarts, "restart", false)
				b.down = b.down.Without(id)
				b.live(id, at, st.Number)
			}
		}
	}
}

// values lists the commands of entries, the first of many.
func values(es []raft.Entry) string {
	const most, widest = 3, 40
	var parts []string
	for _, e := range es[:min(len(es), most)] {
		if e.Value != "" {
			parts = append(parts, clip(e.Value, widest))
		}
	}
	if len(es) > most {
		parts = append(parts, fmt.Sprintf("… (%d)", len(es)))
	}
	return strings.Join(parts, ", ")
}

// stands has a node be a candidate after its timeout; the term is that of the
// last step's, or one that it had to pass over.
func (b *builder) stands(id raft.NodeID, at Moment) {
	if !told(b.run, id, at.Step) {
		return
	}
	term := b.run.State(id, at.Step).CurrentTerm
	if b.run.State(id, at.Step-1).CurrentTerm < term && b.run.Trace.Size() > 1 {
		b.alive(id, Life{at, Candidate, term})
	}
}

// gets tells the nodes' requests apart where each gets another.
func (b *builder) gets(st *Step, s *replay.Step) {
	for i := range s.Deliveries {
		if d := &s.Deliveries[i]; s.Sent == (replay.Request{}) && d.Reached() && b.nodes.Has(d.To) {
			st.Events = append(st.Events, Event{Node: d.To, Phase: Arrives, Kind: Gets, Text: fmt.Sprintf("after %d", d.Append.PrevLogIndex)})
		}
	}
}

// becomes adds what the step has made of the nodes.
func (b *builder) becomes(st *Step, s *replay.Step) {
	for id := range (b.nodes & s.Changed).All() {
		if !told(b.run, id, st.Number) {
			b.live(id, Moment{st.Number, Ends}, st.Number)
			continue
		}
		was, now := b.run.State(id, st.Number-1), b.run.State(id, st.Number)
		phase := phaseOf(s, id, now)
		add := func(kind EventKind, text string) {
			st.Events = append(st.Events, Event{Node: id, Phase: phase, Kind: kind, Text: text})
		}
		switch {
		case now.Role != was.Role && now.Role == raft.Follower:
			add(Becomes, fmt.Sprintf("follower t%d", now.CurrentTerm))
		case now.Role != was.Role, now.CurrentTerm != was.CurrentTerm:
			add(Becomes, becomes(now))
		}
		if base := now.Log.Snapshot().Index; base != was.Log.Snapshot().Index {
			add(Snapshots, fmt.Sprintf("snapshot %d", base))
		}
		if now.CommitIndex != was.CommitIndex && !slices.ContainsFunc(s.Acts, func(a replay.Act) bool { return a.Kind == replay.Restarts && a.Node == id }) {
			add(Commits, fmt.Sprintf("commit %d", now.CommitIndex))
		}
		b.live(id, Moment{st.Number, phase}, st.Number)
	}
}

// becomes says what a node is, in a word or two: its role if it is not a follower,
// and its term.
func becomes(s *raft.State) string {
	if s.Role == raft.Follower {
		return fmt.Sprintf("term %d", s.CurrentTerm)
	}
	return fmt.Sprintf("%s t%d", s.Role, s.CurrentTerm)
}

// phaseOf is the phase of a step in which it changes a node.
func phaseOf(s *replay.Step, id raft.NodeID, now *raft.State) Phase {
	sender, sends := s.Trace.Sender()
	switch {
	case sends && sender == id && now.Role != raft.Candidate:
		return Returns
	case s.Delivery(id) != nil, s.Arrival != nil && s.Arrival.To == id:
		return Arrives
	}
	return Begins
}
