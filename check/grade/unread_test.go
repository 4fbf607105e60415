package grade

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// A sheet of which something cannot be read is marked by the rest, and says so.
func TestMarkUnread(t *testing.T) {
	const key = "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: {2: , 3: }\n    state: {2: {term: , votedFor: }}\n"
	const sheet = "student: Kim\nnodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, trem: 1}\n    response: {2: perhaps, 3: ok}\n    state: {2: {term: x, votedFor: 1}}\n"
	k, err := NewKey(parse(t, key))
	if err != nil {
		t.Fatal(err)
	}
	class := MarkAll(k, []Input{{Name: "kim.yaml", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(sheet)), nil }}}, Settings{})
	s := class.Submissions[0]
	if s.Outcome != Marked {
		t.Fatalf("the sheet is %s: %s", s.Outcome, s.Why)
	}
	if right, open, blank := s.Sheet.Count(Right), s.Sheet.Count(ToReview), s.Sheet.Count(Blank); right != 2 || open != 2 || blank != 0 {
		t.Errorf("%d cells are right, %d to review and %d blank; node 3's answer and node 2's vote are right, the others cannot be read", right, open, blank)
	}
	if r, ok := s.Counts(); !ok || r.String() != "2 to 4" {
		t.Errorf("it counts %v; what cannot be read is never a mark", r)
	}
	var why []string
	for _, r := range s.Sheet.Reviews {
		why = append(why, r.Why)
	}
	if want := []string{`in step a node 2's answer "perhaps" cannot be read`, `in step a node 2's term "x" cannot be read`}; !slices.Equal(why, want) {
		t.Errorf("to review: %q\nwant       %q", why, want)
	}
	if len(s.Sheet.Remarks) != 3 {
		t.Errorf("the remarks are %v; each error is one", s.Sheet.Remarks)
	}
}

// A sheet with more errors than are told is read to its end all the same: what
// comes after them is no blank, and no other value.
func TestMarkPastTheErrorsThatAreTold(t *testing.T) {
	var key, sheet strings.Builder
	key.WriteString("nodes: 3\nsteps:\n")
	sheet.WriteString("nodes: 3\nsteps:\n")
	for i := range 150 {
		message := fmt.Sprintf("  - id: s%d\n    appendEntries: {leaderId: 1, term: 1, index: %d, value: x}\n", i, i+1)
		key.WriteString(message + "    response: {2: , 3: }\n    state: {2: {log: {from: 1, entries: }}}\n")
		sheet.WriteString(message + fmt.Sprintf("    response: {2: perhaps, 3: surely}\n    state: {2: {log: {from: %d, entries: [1:x]}}}\n", i+1))
	}
	k := newKey(t, key.String())
	s := MarkAll(k, []Input{handedIn("Kim", sheet.String())}, Settings{}).Submissions[0]
	if s.Outcome != Marked {
		t.Fatalf("%s: %s", s.Outcome, s.Why)
	}
	for i := range s.Sheet.Marks {
		m := &s.Sheet.Marks[i]
		if m.Verdict == Wrong || m.Verdict == Blank {
			t.Fatalf("step %d, %s: %s, written %v", m.Cell.Step, m.Cell.Name, m.Verdict, m.Written)
		}
	}
}

// A cell that cannot be read costs that cell: what is blank beside it is blank, and
// what is right beside it is right. A key that cannot be read costs what it may have
// been.
func TestUnreadCostsItsCell(t *testing.T) {
	const key = "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: {2: , 3: }\n    state: {2: {term: , votedFor: , log: }}\n"
	k := newKey(t, key)
	for _, c := range []struct{ answers, want string }{
		{"response: {2: perhaps, 3: }\n    state: {2: {term: , votedFor: 1, log: }}", "[forHuman blank blank right blank]"},
		{"response: {2: , 3: ok}\n    state: {2: {term: 1, votedFor: , log: [1:x, y z]}}", "[blank right right blank forHuman]"},
		{"response: {2: , 3: ok}\n    state: {2: {term: 1, votedFor: nobody, log: }}", "[blank right right forHuman blank]"},
		{"respones: {2: ok, 3: ok}\n    state: {2: {term: 1, votedFor: 1, log: []}}", "[forHuman forHuman right right right]"},
	} {
		s := MarkAll(k, []Input{handedIn("Kim", "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    "+c.answers+"\n")}, Settings{}).Submissions[0]
		if s.Outcome != Marked {
			t.Errorf("%s: %s: %s", c.answers, s.Outcome, s.Why)
			continue
		}
		var got []Verdict
		for i := range s.Sheet.Marks {
			got = append(got, s.Sheet.Marks[i].Verdict)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s:\n%v, want\n%s", c.answers, got, c.want)
		}
	}
}
