package grade

import (
	"fmt"
	"reflect"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// match finds the sheet's step for each of the key's, by its id, and remarks on
// what the sheet has otherwise. Nodes are matched by their names.
func (s *Sheet) match(t *trace.Trace) []*trace.Step {
	k := s.Key.Trace
	if !slices.Equal(t.Names, k.Names) {
		s.remark(t.Pos, "its nodes are %s, and the key's %s", list(t.Names), list(k.Names))
		t = renamed(t, k)
	}
	byID := make(map[string]*trace.Step, len(t.Steps))
	for i := range t.Steps {
		byID[t.Steps[i].ID] = &t.Steps[i]
	}
	steps := make([]*trace.Step, len(k.Steps))
	asked, missing, others := 0, 0, 0
	for i := range k.Steps {
		own := &k.Steps[i]
		theirs := byID[own.ID]
		delete(byID, own.ID)
		if theirs != nil {
			if other := otherwise(k, own, theirs); other != "" {
				s.remark(theirs.Pos, "step %s is not the key's: %s; it is marked against the key's", own.ID, other)
			}
		}
		steps[i] = theirs
		if s.Key.Steps[i].Asks() {
			asked++
			if theirs != nil && theirs.EventName() != own.EventName() {
				others++
			}
			if theirs == nil {
				missing++
				s.remark(trace.Pos{}, "step %s is missing; all that it asks is left blank", own.ID)
			}
		}
	}
	if 2*(missing+others) > asked {
		s.remark(trace.Pos{}, "of the %d steps that are asked about %d are missing and %d are other events: are the ids those of the key? A human should look at this sheet", asked, missing, others)
	}
	for i := range t.Steps {
		if st := &t.Steps[i]; byID[st.ID] == st {
			s.remark(st.Pos, "the key has no step %s; it is not marked", st.ID)
		}
	}
	return steps
}

// mostRemarks is how many remarks are made on a sheet; the last of them says that
// there are more.
const mostRemarks = 50

func (s *Sheet) remark(at trace.Pos, format string, args ...any) {
	switch n := len(s.Remarks); {
	case n < mostRemarks:
		s.Remarks = append(s.Remarks, Remark{at, fmt.Sprintf(format, args...)})
	case n == mostRemarks:
		s.Remarks = append(s.Remarks, Remark{Text: "there is more of this kind, which is not listed"})
	}
}

// list is a list of names, cut where it is long.
func list(names []string) string {
	const most = 8
	text := ""
	for i, n := range names {
		if i == most {
			return text + ", ..."
		}
		if i > 0 {
			text += ", "
		}
		text += n
	}
	return text
}

// renamed gives the sheet with the key's numbers for its nodes, by name. What is
// said of a node that the key does not have is left out.
func renamed(t, k *trace.Trace) *trace.Trace {
	to := make([]raft.NodeID, len(t.Names)+1) // by NodeID; NoNode stays
	for i, name := range t.Names {
		to[i+1], _ = k.Node(name)
	}
	known := func(id raft.NodeID) bool { return id != raft.NoNode && to[id] != raft.NoNode }
	out := *t
	out.Steps = slices.Clone(t.Steps)
	for i := range out.Steps {
		st := &out.Steps[i]
		if st.Response != nil {
			row := *st.Response
			row.Cells = nil
			for _, c := range st.Response.Cells {
				if known(c.Node) {
					c.Node = to[c.Node]
					row.Cells = append(row.Cells, c)
				}
			}
			st.Response = &row
		}
		st.State = renamedTables(st.State, to, known)
	}
	return &out
}

func renamedTables(tables []trace.NodeState, to []raft.NodeID, known func(raft.NodeID) bool) []trace.NodeState {
	var out []trace.NodeState
	for _, st := range tables {
		if !known(st.Node) {
			continue
		}
		st.Node = to[st.Node]
		st.VotedFor = renamedVote(st.VotedFor, to, known)
		st.Leader = renamedVote(st.Leader, to, known)
		for _, lines := range []*trace.Opt[[]trace.NodeIndex]{&st.NextIndex, &st.MatchIndex} {
			var kept []trace.NodeIndex
			for _, x := range lines.Value {
				if known(x.Node) {
					x.Node = to[x.Node]
					kept = append(kept, x)
				}
			}
			lines.Value = kept
		}
		st.Terms.Value = slices.Clone(st.Terms.Value)
		for i := range st.Terms.Value {
			v := &st.Terms.Value[i].VotedFor
			*v = renamedVote(*v, to, known)
		}
		out = append(out, st)
	}
	return out
}

// otherwise says what a step of the sheet has otherwise than the key's; it is
// empty where the sheet says nothing else.
func otherwise(k *trace.Trace, own, theirs *trace.Step) string {
	if theirs.Unread {
		return "" // a remark of its own says so
	}
	if own.EventName() != theirs.EventName() {
		return fmt.Sprintf("it says %s, the key %s", eventName(theirs), eventName(own))
	}
	d := &difference{k: k}
	switch a := own.Event.(type) {
	case *trace.RequestVote:
		b := theirs.Event.(*trace.RequestVote)
		d.node("candidateId", a.CandidateID, b.CandidateID)
		field(d, "term", a.Term, b.Term)
		field(d, "lastLogIndex", a.LastLogIndex, b.LastLogIndex)
		field(d, "lastLogTerm", a.LastLogTerm, b.LastLogTerm)
	case *trace.AppendEntries:
		b := theirs.Event.(*trace.AppendEntries)
		d.node("leaderId", a.LeaderID, b.LeaderID)
		field(d, "term", a.Term, b.Term)
		field(d, "index", a.Index, b.Index)
		field(d, "value", a.Value, b.Value)
		field(d, "prevLogIndex", a.PrevLogIndex, b.PrevLogIndex)
		field(d, "prevLogTerm", a.PrevLogTerm, b.PrevLogTerm)
		field(d, "leaderCommit", a.LeaderCommit, b.LeaderCommit)
		field(d, "entries' count", a.Count, b.Count)
		if a.Entries.Given() && b.Entries.Given() {
			d.text("entries", trace.FlowLog(trace.Entries(a.Entries.Value)), trace.FlowLog(trace.Entries(b.Entries.Value)))
		}
	case *trace.InstallSnapshot:
		b := theirs.Event.(*trace.InstallSnapshot)
		d.node("leaderId", a.LeaderID, b.LeaderID)
		field(d, "term", a.Term, b.Term)
		field(d, "lastIncludedIndex", a.LastIncludedIndex, b.LastIncludedIndex)
		field(d, "lastIncludedTerm", a.LastIncludedTerm, b.LastIncludedTerm)
	default:
		if !sameEvent(a, theirs.Event) {
			d.first = "its " + own.EventName() + " is another than the key's"
		}
	}
	if theirs.To.Given() {
		d.set("to", own.Recipients(k.Size()), theirs.Recipients(k.Size()))
	}
	d.set("lost", own.Lost, theirs.Lost)
	d.set("responseLost", own.ResponseLost, theirs.ResponseLost)
	return d.first
}

// sameEvent compares two events of one kind that are no request, wherever their
// values are written.
func sameEvent(a, b trace.Event) bool {
	switch a := a.(type) {
	case *trace.AppendResponse:
		b := *b.(*trace.AppendResponse)
		if !a.MatchIndex.Given() || !b.MatchIndex.Given() || a.MatchIndex.Value == b.MatchIndex.Value {
			b.MatchIndex = a.MatchIndex
		}
		return *a == b
	case *trace.Voters:
		b := b.(*trace.Voters)
		return a.At.Value == b.At.Value && slices.Equal(a.Are, b.Are)
	case *trace.Restart:
		b := b.(*trace.Restart)
		return slices.Equal(a.Nodes, b.Nodes) && slices.EqualFunc(a.Nodes, b.Nodes, func(id, _ raft.NodeID) bool {
			return disk(a, id) == disk(b, id)
		})
	}
	return reflect.DeepEqual(a, b)
}

// disk is what a restart says that the disk of a node gave back, in words.
func disk(e *trace.Restart, id raft.NodeID) string {
	for i := range e.Disks {
		if st := &e.Disks[i]; st.Node == id {
			return fmt.Sprint(st.Term.Given(), st.Term.Value, st.VotedFor.Given(), st.VotedFor.Value, st.Log.Given(), trace.Entries(st.Log.Value))
		}
	}
	return fmt.Sprint(false, 0, false, 0, false, []raft.Entry{})
}

func eventName(s *trace.Step) string {
	if s.Event == nil {
		return "no event"
	}
	return s.EventName()
}

// A difference is the first field in which two events differ.
type difference struct {
	k     *trace.Trace
	first string
}

func (d *difference) text(field, key, sheet string) {
	if d.first == "" && key != sheet {
		d.first = fmt.Sprintf("its %s is %s, the key's %s", field, sheet, key)
	}
}

func (d *difference) node(field string, key, sheet raft.NodeID) {
	if key != sheet {
		d.text(field, d.k.Name(key), d.name(sheet))
	}
}

// name gives a node's name; one that the key does not have has none.
func (d *difference) name(id raft.NodeID) string {
	if int(id) > d.k.Size() || id == raft.NoNode {
		return "another node"
	}
	return d.k.Name(id)
}

func (d *difference) set(field string, key, sheet raft.NodeSet) {
	if key == sheet || sheet == 0 {
		return
	}
	names := func(set raft.NodeSet) string {
		var out []string
		for id := range set.All() {
			out = append(out, d.name(id))
		}
		return "[" + list(out) + "]"
	}
	d.text(field, names(key), names(sheet))
}

// field compares a field that both have written.
func field[T comparable](d *difference, name string, key, sheet trace.Opt[T]) {
	if key.Given() && sheet.Given() && key.Value != sheet.Value {
		d.text(name, fmt.Sprint(key.Value), fmt.Sprint(sheet.Value))
	}
}

// renamedVote is a vote with the key's number for its node. One for a node that
// the key does not have is no answer.
func renamedVote(v trace.Opt[raft.NodeID], to []raft.NodeID, known func(raft.NodeID) bool) trace.Opt[raft.NodeID] {
	if v.Value != raft.NoNode && !known(v.Value) {
		return trace.Opt[raft.NodeID]{Pos: v.Pos, Presence: trace.Blank}
	}
	v.Value = to[v.Value]
	return v
}
