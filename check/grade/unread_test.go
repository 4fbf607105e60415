package grade

import (
	"io"
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
	if right, blank := s.Sheet.Count(Right), s.Sheet.Count(Blank); right != 2 || blank != 2 {
		t.Errorf("%d cells are right and %d blank; node 3's answer and node 2's vote are right, the others cannot be read", right, blank)
	}
	told := 0
	for i := range s.Sheet.Marks {
		if s.Sheet.Marks[i].Remark != "" {
			told++
		}
	}
	if told != 2 || len(s.Sheet.Remarks) != 3 {
		t.Errorf("%d marks say that something cannot be read, and the sheet's remarks are %v", told, s.Sheet.Remarks)
	}
}
