package explore

import (
	"testing"

	"raftsheet/raft"
)

// runOf packs entries.
func runOf(entries ...raft.Entry) (r run) {
	for _, e := range entries {
		r = r.with(packEntry(e))
	}
	return r
}

// A change of one server breaks the property that the paper says, with the
// figures that show it, or none. If this fails, a breach goes unseen, or the
// sentence on it is about something else.
func TestChange(t *testing.T) {
	t.Parallel()
	const leader = uint8(raft.Leader)
	a1, b1, c2 := raft.Entry{Term: 1, Value: "a"}, raft.Entry{Term: 1, Value: "b"}, raft.Entry{Term: 2, Value: "c"}
	for _, tt := range []struct {
		what      string
		was, is   server // server 1, before and after
		other     server // server 2
		committed run    // in term 1
		want      Breach
	}{
		{what: "elected where another led an earlier term", was: server{term: 2}, is: server{term: 2, role: leader}, other: server{led: 1 << 1}},
		{what: "elected where another led the term (§5.2)", was: server{term: 2}, is: server{term: 2, role: leader}, other: server{led: 1 << 2},
			want: Breach{Property: ElectionSafety, Node: 1, Other: 2, Term: 2}},
		{what: "a follower deletes an entry", was: server{term: 1, log: runOf(a1)}, is: server{term: 1}},
		{what: "a leader deletes an entry (§5.3)", was: server{term: 1, role: leader, log: runOf(a1)}, is: server{term: 1, role: leader},
			want: Breach{Property: LeaderAppendOnly, Node: 1, Term: 1, Index: 1, Theirs: a1}},
		{what: "a follower replaces an entry by one of a later term", was: server{term: 2, log: runOf(a1)}, is: server{term: 2, log: runOf(c2)}},
		{what: "a follower replaces an entry by one of the same term (§5.3)", was: server{term: 2, log: runOf(a1)}, is: server{term: 2, log: runOf(b1)},
			want: Breach{Property: LogMatching, Node: 1, Other: 1, Term: 1, Index: 1, First: 1, Mine: b1, Theirs: a1}},
		{what: "entries differ below one of the same term (§5.3)", was: server{term: 2, log: runOf(a1)}, is: server{term: 2, log: runOf(a1, c2)},
			other: server{log: runOf(c2, c2)},
			want:  Breach{Property: LogMatching, Node: 1, Other: 2, Term: 2, Index: 2, First: 1, Mine: a1, Theirs: c2}},
		{what: "elected without what was committed in an earlier term (§5.4)", was: server{term: 2}, is: server{term: 2, role: leader}, committed: runOf(a1),
			want: Breach{Property: LeaderCompleteness, Node: 1, Term: 2, Index: 1, Theirs: a1, Since: 1}},
		{what: "a leader of the same term need not have it", was: server{term: 1}, is: server{term: 1, role: leader}, committed: runOf(a1)},
		{what: "commits what was committed", was: server{log: runOf(a1)}, is: server{log: runOf(a1), commit: 1}, committed: runOf(a1)},
		{what: "commits something else (§5.4.3)", was: server{term: 2, log: runOf(c2)}, is: server{term: 2, log: runOf(c2), commit: 1}, committed: runOf(a1),
			want: Breach{Property: StateMachineSafety, Node: 1, Term: 2, Index: 1, Mine: c2, Theirs: a1}},
		{what: "takes back what it had committed (§5.4.3)", was: server{term: 2, log: runOf(a1), commit: 1}, is: server{term: 2, log: runOf(c2), commit: 1},
			committed: runOf(a1), want: Breach{Property: StateMachineSafety, Node: 1, Other: 1, Term: 2, Index: 1, Mine: c2, Theirs: a1}},
	} {
		c := cluster{committed: tt.committed, since: [maxEntries]uint8{1}}
		c.servers[0], c.servers[1] = tt.is, tt.other
		var got Breach
		if c.check(&Scope{Nodes: 2}, 1, &tt.was, &got); got != tt.want {
			t.Errorf("%s: %+v\nwant %+v", tt.what, got, tt.want)
		}
	}
}
