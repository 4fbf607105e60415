package quiz

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/render/internal/rendertest"
	"raftsheet/trace"
)

func quizOf(t *testing.T, text string) (*grade.Key, *Quiz) {
	t.Helper()
	k := rendertest.Key(t, text)
	z, err := New(k)
	if err != nil {
		t.Fatal(err)
	}
	return k, z
}

// twoNodes asks for what each kind of cell has. Node 3 refuses node 1's request: its log
// ends in term 2.
const twoNodes = `title: Two
variant: B
nodes: 3
initial: {3: {term: 2, log: [1:a, 2:b]}}
grading: {answer: 2, term: 0.5}
steps:
  - id: V1
    note: the first
    requestVote: {candidateId: 1, term: 3, lastLogIndex: 0, lastLogTerm: 0}
    lost: 2
    response: {2: , 3: {voteGranted: , term: }}
    state: {3: {term: , votedFor: , role: , log: , terms: }}
  - timeout: 2
  - id: V2
    requestVote: {candidateId: 2, term: 1}
    response: {1: }
    state: {2: {nextIndex: }}
`

// What is asked is the key's, in the order of the form; what is right is Figure 2's. If
// this fails, an LMS asks something else than the worksheet, or takes it for right.
func TestCells(t *testing.T) {
	_, z := quizOf(t, twoNodes)
	type cell struct{ label, choices, right, points string }
	var got []cell
	for _, s := range z.Steps {
		for _, c := range s.Cells {
			got = append(got, cell{c.Label, strings.Join(c.Choices, "|"), strings.Join(c.Right, "|"), c.Points.String()})
			if c.Why == "" {
				t.Errorf("nothing says why %s is %s", c.Label, c.Right)
			}
		}
	}
	list := "[1:a, 2:b]|1:a, 2:b|1:a,2:b|[1:a,2:b]|1:a 2:b|[1:a 2:b]"
	want := []cell{
		{"node 2", "ok|no|none", "none", "2"},
		{"node 3", "ok|no|none", "no", "2"},
		{"term of node 3's answer", "", "3", "0.5"},
		{"term of node 3 after step V1", "", "3", "1"},
		{"votedFor of node 3 after step V1", "none|1|2|3", "none", "1"},
		{"role of node 3 after step V1", "follower|candidate|leader", "follower", "1"},
		{"log of node 3 after step V1", "", list, "1"},
		{"terms of node 3 after step V1", "", "{2: none, 3: none}|2: none, 3: none|2:none, 3:none|{2:none, 3:none}|2: none,3: none|{2: none,3: none}|2:none,3:none|{2:none,3:none}|2: none 3: none|{2: none 3: none}|2:none 3:none|{2:none 3:none}", "1"},
		{"node 1", "ok|no|none", "no", "2"},
		{"node 3", "ok|no|none", "no", "2"},                      // without a cell in the row
		{"nextIndex of node 2 after step V2", "", "-|none", "1"}, // it does not lead, and that is not told
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got) || i >= len(want):
			t.Fatalf("%d cells; want %d: %v", len(got), len(want), got)
		case !sameWays(got[i].right, want[i].right) || got[i].label != want[i].label || got[i].choices != want[i].choices || got[i].points != want[i].points:
			t.Errorf("got  %v\nwant %v", got[i], want[i])
		}
	}
}

// sameWays reports whether two lists have the same ways to write a value, and the same
// first.
func sameWays(a, b string) bool {
	x, y := strings.Split(a, "|"), strings.Split(b, "|")
	if x[0] != y[0] {
		return false
	}
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// Each question says by itself what it rests on, and tells no answer. If this fails, a
// question that is drawn alone cannot be answered, or need not be.
func TestText(t *testing.T) {
	_, z := quizOf(t, twoNodes)
	text := lines(z.Steps[1].Text, nil)
	for _, says := range []string{"3 nodes: 1, 2, 3", "node 3\n{term: 2,", "log: [1:a, 2:b]", "Each node that is not listed", "V1\nRequestVoteRPC: term 3; candidateId 1; ", "lost 2; the first", "timeout of 2", "Step V2: RequestVoteRPC", "candidateId\n2"} {
		if !strings.Contains(text, says) {
			t.Errorf("the second question does not say %q:\n%s", says, text)
		}
	}
	for _, tells := range []string{"voteGranted", "answers", "none: node"} {
		if strings.Contains(text, tells) {
			t.Errorf("the second question says %q:\n%s", tells, text)
		}
	}
	_, one := quizOf(t, fmt.Sprintf(twoAnswers, "ok", "no", "[1:x]"))
	_, other := quizOf(t, fmt.Sprintf(twoAnswers, "none", "ok", ""))
	for _, format := range Formats() {
		if a, b := written(t, format, one), written(t, format, other); !bytes.Equal(a, b) {
			t.Errorf("%s: keys that ask the same have other questions", format)
		}
	}
}

const twoAnswers = "nodes: 3\nsteps:\n- {requestVote: {candidateId: 1}, response: {2: %s, 3: %s}, state: {2: {log: %s}}}\n"

func written(t *testing.T, format string, all ...*Quiz) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, all, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What nodes off the page answer is given, in the question itself and in those after it.
// If this fails, a leader's table is asked of whoever cannot know it.
func TestGiven(t *testing.T) {
	_, z := quizOf(t, `nodes: 3
raftId: 1
steps:
  - timeout: 1
  - {id: V, requestVote: {candidateId: 1, term: 1}, response: {2: ok, 3: {voteGranted: no, term: 2}}, state: {1: {role: }}}
  - {id: T, state: {1: {term: }}}
`)
	if text := lines(z.Steps[0].Form, func(int) string { return "?" }); text != "Response\nid\n1\n2\n3\nok\n\nok\nno in term 2\nRaft State of node 1 after step V\nrole\n?\n" {
		t.Errorf("the form is\n%s", text)
	}
	if text := lines(z.Steps[1].Text, nil); !strings.Contains(text, "node 2 answers ok; node 3 answers no in term 2") {
		t.Errorf("the second question says\n%s", text)
	}
}

// Whatever an LMS takes for a right log, a sheet with it has full marks. If this fails,
// the LMS and the key differ on what is right.
func TestSpellingsAreRight(t *testing.T) {
	k, z := quizOf(t, twoNodes)
	for _, right := range z.Steps[0].Cells[6].Right {
		sheet := rendertest.Traces(t, fmt.Sprintf("nodes: 3\nsteps:\n- {id: V1, state: {3: {log: %q}}}\n- {id: V2, state: {3: {term: 3}}}\n", right))[0]
		if verdict := verdictOn(k, sheet, item.Log); verdict != grade.Right {
			t.Errorf("%s: the key takes it for %v", right, verdict)
		}
	}
}

func verdictOn(k *grade.Key, sheet *trace.Trace, field item.Field) grade.Verdict {
	for _, m := range k.Mark(sheet, false).Marks {
		if m.Cell.Field == field {
			return m.Verdict
		}
	}
	return grade.Blank
}

// Where points are not whole, Cloze has them multiplied, and it is said. If this fails,
// half a point counts as none or one.
func TestUnits(t *testing.T) {
	_, z := quizOf(t, twoNodes)
	said := ""
	units := z.inUnits(func(s string) { said += s })
	if got := strings.Join(units, " "); got != "4 4 1 2 2 2 2 2 4 4 2" || !strings.Contains(said, "maximum grade to 14.5") {
		t.Errorf("the cells count %s, and this is said: %s", got, said)
	}
	_, whole := quizOf(t, fmt.Sprintf(twoAnswers, "", "", ""))
	whole.inUnits(func(s string) { t.Errorf("whole points need no word: %s", s) })
}

// What is written is the same whenever it is. If this fails, what was imported twice is
// there twice.
func TestSameBytes(t *testing.T) {
	_, z := quizOf(t, twoNodes)
	for _, format := range Formats() {
		if !bytes.Equal(written(t, format, z, z), written(t, format, z, z)) {
			t.Errorf("%s: two runs differ", format)
		}
	}
}

// Questions that repeat more than anybody imports are refused. If this fails, a long
// recorded run fills a disk.
func TestTooLong(t *testing.T) {
	var b strings.Builder
	b.WriteString("nodes: 2\nsteps:\n")
	for range 700 {
		b.WriteString("- {requestVote: {candidateId: 1}, response: {2: }}\n")
	}
	if _, err := New(rendertest.Key(t, b.String())); err == nil || !strings.Contains(err.Error(), "each question repeats the messages before it") {
		t.Errorf("700 questions: %v", err)
	}
}
