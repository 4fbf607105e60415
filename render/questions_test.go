package render

import (
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check/checktest"
	"raftsheet/check/grade"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
	"raftsheet/trace"
)

// manyForms asks in every form, of a cluster that has begun, with some answers given
// by nodes that are off the page.
const manyForms = `title: Every form
nodes: 4
unknown: [4]
rules: vote-twice
voters: [1, 2, 3]
grading: {answer: 2, state: 0.5}
initial:
  1: {term: 2, role: leader, log: [1:a, 2:b], commitIndex: 1}
  2: {term: 2, log: [1:a, 2:b]}
steps:
  - id: a
    note: Node 4 has been away.
    appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 1}
    to: [2, 4]
    response: {2: ok, 4: {success: no, term: 2}}
    points: 1
  - id: b
    appendEntries: {leaderId: 1, entries: auto}
    lost: [3]
    response: {2: {success: ok, term: 2}, 4: none}
    state:
      1: {nextIndex: {2: 3}, matchIndex: {2: 2}}
      2: {term: 2, log: {from: 2, entries: [2:b]}, terms: {1: none, 2: none}}
  - id: c
    requestVote: {candidateId: 4, term: 6, lastLogIndex: 9, lastLogTerm: 5}
    response: {3: {voteGranted: ok, term: 6}}
    state: {3: , 1: {terms: , snapshot: none}}
`

// The questions of a key, for a person: if a golden changes, read what is handed out.
func TestQuestionsPage(t *testing.T) {
	k := rendertest.Key(t, manyForms)
	for name, format := range map[string]string{"questions.txt": "text", "questions.md": "markdown"} {
		rendertest.Golden(t, name, handout(t, k, format))
	}
}

// The answers that a key has written, be they right or wrong, change no byte of what
// is handed out, in any format. If this fails, a handout tells an answer.
func TestQuestionsTellNoAnswer(t *testing.T) {
	law := func(t fataler, tr *trace.Trace) {
		k, err := grade.NewKey(tr)
		if err != nil {
			return // it asks for nothing
		}
		other, err := grade.NewKey(otherAnswers(tr))
		if err != nil {
			t.Fatalf("with other answers: %v", err)
		}
		for _, format := range wide.Of([]string{"text", "html", "yaml"}, append(doc.Formats(), "yaml")) {
			if a, b := handout(t, k, format), handout(t, other, format); a != b {
				t.Fatalf("the handout as %s depends on the answers:\n%s\n%s", format, a, b)
			}
		}
	}
	law(t, rendertest.Traces(t, manyForms)[0])
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, _ string) { law(t, run.Trace) })
}

// How many points a step gives is told, but not where the sum would tell who leads:
// only a leader's nextIndex counts.
func TestQuestionsPoints(t *testing.T) {
	const head = "nodes: 3\ngrading: {points: 2}\nsteps:\n- requestVote: {candidateId: 1}\n  response:\n"
	for _, tt := range []struct{ more, says, saysNot string }{
		{"", "RequestVoteRPC, step 1, 4 points", "blank where"},
		{"  state: {2: {term: }}\n", "RequestVoteRPC, step 1, 6 points", "blank where"},
		{"- heal: true\n  state: {2: }\n", "Leave nextIndex and matchIndex blank where", "the partition heals, step 2, "},
		{"- heal: true\n  state: {1: {nextIndex: }}\n", "Leave nextIndex and matchIndex blank where", "in all"},
	} {
		page := handout(t, rendertest.Key(t, head+tt.more), "markdown")
		if !strings.Contains(page, tt.says) || strings.Contains(page, tt.saysNot) {
			t.Errorf("with %q the page should say %q and not %q:\n%s", tt.more, tt.says, tt.saysNot, page)
		}
	}
	if page := handout(t, rendertest.Key(t, strings.Replace(head, "grading: {points: 2}\n", "", 1)), "markdown"); strings.Contains(page, "point") {
		t.Errorf("a trace that gives no points has some:\n%s", page)
	}
}

// A log has the room that the messages ask for, however long the key's own is.
func TestQuestionsRoom(t *testing.T) {
	const ask = "  state: {2: {log: [1]}}\n"
	for _, tt := range []struct {
		key  string
		rows int
	}{
		{"nodes: 3\nsteps:\n- heal: true\n" + ask, 4},
		{"nodes: 3\ninitial: {1: {log: [" + strings.Repeat("1, ", 11) + "1]}}\nsteps:\n- clientRequest: {node: 1, value: x}\n" + ask, 13},
		{"nodes: 3\nsteps:\n- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 9, prevLogTerm: 1, entries: [1, 1]}\n" + ask, 11},
		{"nodes: 3\nsteps:\n- appendEntries: {leaderId: 1, term: 1, index: 4000000, value: x}\n" + ask, 32},
	} {
		page := handout(t, rendertest.Key(t, tt.key), "markdown")
		_, log, _ := strings.Cut(page, "**Raft Log**")
		if rows := strings.Count(log, "|  |  |  |"); rows != tt.rows {
			t.Errorf("a log has %d rows, and should have %d:\n%s", rows, tt.rows, tt.key)
		}
	}
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// handout is what a key asks, in a document's format or as YAML.
func handout(t fataler, k *grade.Key, format string) string {
	t.Helper()
	var b strings.Builder
	write := func(out io.Writer) error { return doc.Write(out, format, Questions(k), doc.Options{Width: 100}) }
	if format == "yaml" {
		write = func(out io.Writer) error { return trace.WriteForm(out, QuestionsForm(k)) }
	}
	if err := write(&b); err != nil {
		t.Fatalf("%v", err)
	}
	return b.String()
}

// otherAnswers gives a trace with another value in each answer and each field of a
// table that is written, in the same form, and with another student and scheme of
// notes to oneself. What unknown nodes answer is no answer of the trace, and stays.
func otherAnswers(t *trace.Trace) *trace.Trace {
	out := *t
	out.Student, out.Comment = "somebody else", "nothing is lost in step 1"
	out.Steps = slices.Clone(t.Steps)
	for i := range out.Steps {
		s := &out.Steps[i]
		s.Comment = "all of them refuse"
		if s.Response != nil {
			row := *s.Response
			row.Cells = slices.Clone(row.Cells)
			for j := range row.Cells {
				if c := &row.Cells[j]; !t.Unknown.Has(c.Node) {
					otherAnswer(c)
				}
			}
			if row.Others != nil && t.Unknown == 0 {
				row.Others = new(*row.Others)
				otherAnswer(row.Others)
			}
			s.Response = &row
		}
		s.State = slices.Clone(s.State)
		for j := range s.State {
			otherTable(&s.State[j], t.Size())
		}
	}
	return &out
}

func otherAnswer(c *trace.Cell) {
	c.OK.Value = !c.OK.Value
	c.Term.Value += 3
	c.MatchIndex.Value += 7
}

func otherTable(st *trace.NodeState, size int) {
	other := func(id raft.NodeID) raft.NodeID { return id%raft.NodeID(size) + 1 }
	st.Term.Value++
	st.VotedFor.Value, st.Leader.Value = other(st.VotedFor.Value), other(st.Leader.Value)
	st.Role.Value = (st.Role.Value + 1) % 3
	st.Log.Value = append(slices.Clone(st.Log.Value), trace.LogEntry{Entry: raft.Entry{Term: 9, Value: "z"}})
	st.CommitIndex.Value += 2
	st.LastApplied.Value += 2
	st.LastLogIndex.Value += 5
	st.LastLogTerm.Value += 5
	for _, lines := range []*trace.Opt[[]trace.NodeIndex]{&st.NextIndex, &st.MatchIndex} {
		lines.Value = slices.Clone(lines.Value)
		for i := range lines.Value {
			lines.Value[i].Index.Value += 4
		}
	}
	st.Terms.Value = slices.Clone(st.Terms.Value)
	for i := range st.Terms.Value {
		st.Terms.Value[i].VotedFor.Value = other(st.Terms.Value[i].VotedFor.Value)
	}
	if s := &st.Snapshot.Value; s.LastIncludedTerm.Presence != trace.Absent {
		s.LastIncludedIndex.Value += 3
		s.LastIncludedTerm.Value++
	}
}
