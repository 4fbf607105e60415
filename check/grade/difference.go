package grade

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"raftsheet/raft"
	"raftsheet/trace"
)

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

// quoted is a text in quotes, cut to what a sentence can repeat.
func quoted(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "..."
	}
	return strconv.Quote(text)
}

// otherwise says what a step of the sheet has otherwise than the key's; it is
// empty where the sheet says nothing else.
func otherwise(k *trace.Trace, own, theirs *trace.Step) string {
	if theirs.Unread {
		return "" // a remark of its own says so
	}
	if theirs.Event == nil {
		return "" // the answers alone
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
