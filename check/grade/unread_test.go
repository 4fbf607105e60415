package grade

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"raftsheet/trace/review"
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

// verdictsOf gives the verdicts of a sheet's cells, by the key's.
func verdictsOf(s Submission) []Verdict {
	var out []Verdict
	for i := range s.Sheet.Marks {
		out = append(out, s.Sheet.Marks[i].Verdict)
	}
	return out
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
		{"answers: {2: ok, 3: ok}\n    state: {2: {term: 1, votedFor: 1, log: []}}", "[forHuman forHuman right right right]"},
		{"state: {2: {term: 1, votedFor: 1, log: []}, response: {2: ok, 3: ok}}", "[forHuman forHuman right right right]"},
		{"response: {2: ok, 3: ok}\n    state: {2: {role: 1, votedFor: 1, log: }}", "[right right forHuman right forHuman]"},
		{"response: {2: ok, 3: ok}\n    state: {2: {votedFor: 1, term: 1, log: 1:x, 1:y}}", "[right right right right forHuman]"},
		{"response: {2: ok, 3: ok}\n    state: {2: {votedFor: 1, term: 1, log: [1:x - 1:y]}}", "[right right right right forHuman]"},
		{"respones: {2: ok, 3: ok}\n    state: {2: {term: 1, votedfor: 1, lgo: []}}", "[right right right right right]"},
		{"response: {2: ok, 3: ok}\n    sate: {2: {currentTerm: 1, voted_for: 1, log: []}}", "[right right right right right]"},
		{"respones: {2: ok, 3: ok}\n    responce: {2: ok, 3: ok}\n    state: {2: {term: 1, votedFor: 1, log: []}}", "[forHuman forHuman right right right]"},
	} {
		s := MarkAll(k, []Input{handedIn("Kim", "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    "+c.answers+"\n")}, Settings{}).Submissions[0]
		if s.Outcome != Marked {
			t.Errorf("%s: %s: %s", c.answers, s.Outcome, s.Why)
			continue
		}
		if got := verdictsOf(s); fmt.Sprint(got) != c.want {
			t.Errorf("%s:\n%v, want\n%s", c.answers, got, c.want)
		}
	}
}

// What cannot be read is to review with its line, its key and what is written there: an
// instructor decides without a look into thirty files. What was set right is told.
func TestUnreadSaysWhere(t *testing.T) {
	const key = "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: {2: , 3: }\n    state: {2: {term: , votedFor: , log: }}\n"
	k := newKey(t, key)
	for _, c := range []struct{ slip, as, review, remark string }{
		{"response:", "answers:", `in step a line 5 cannot be read, "answers: {2: ok, 3: ok}": unknown key "answers"`, `this cannot be read: unknown key "answers"`},
		{"votedFor: 1", "for: 1", `in step a line 6 cannot be read, "for: 1, log: []}}": unknown key "for"`, ""},
		{"response:", "respones:", "", `line 5: read "respones:" as "response:"`},
		{"votedFor: 1", "VotedFor: 1", "", `line 6: read "VotedFor:" as "votedFor:"`},
	} {
		sheet := strings.NewReplacer("2: , 3: ", "2: ok, 3: ok", "term: , votedFor: , log: ", "term: 1, votedFor: 1, log: []").Replace(key)
		s := MarkAll(k, []Input{handedIn("Kim", strings.Replace(sheet, c.slip, c.as, 1))}, Settings{}).Submissions[0]
		var why, remarks []string
		for _, r := range s.Sheet.Reviews {
			why = append(why, r.Why)
		}
		for _, r := range s.Sheet.Remarks {
			remarks = append(remarks, r.Text)
		}
		if got := strings.Join(why, "\n"); got != c.review {
			t.Errorf("%s: to review is %q, want %q", c.as, got, c.review)
		}
		if got := strings.Join(remarks, "\n"); !strings.Contains(got, c.remark) {
			t.Errorf("%s: the remarks are %q, want %q", c.as, got, c.remark)
		}
	}
}

// What lies behind an event is not the event's: an instructor looks at tables that go
// by another name, whatever the event.
func TestUnreadBehindAnEvent(t *testing.T) {
	k := newKey(t, "nodes: 3\nsteps:\n  - id: a\n    timeout: 1\n    state: {1: {term: , role: }}\n")
	for _, c := range []struct{ step, want string }{
		{"timeout: 1\n    tables: {1: {term: 1, role: candidate}}", "[forHuman forHuman]"},
		{"timeout: 1\n    state: {n1: {term: 1, role: candidate}}", "[forHuman forHuman]"},
		{"timeout: one\n    state: {1: {term: 1, role: }}", "[right blank]"},
	} {
		s := MarkAll(k, []Input{handedIn("Kim", "nodes: 3\nsteps:\n  - id: a\n    "+c.step+"\n")}, Settings{}).Submissions[0]
		if s.Outcome != Marked {
			t.Errorf("%s: %s: %s", c.step, s.Outcome, s.Why)
			continue
		}
		if got := verdictsOf(s); fmt.Sprint(got) != c.want {
			t.Errorf("%s:\n%v, want\n%s", c.step, got, c.want)
		}
	}
}

// null is Figure 2's word for no vote, and YAML's for a blank: a vote that is null is
// not marked as left blank, and counts as none if an instructor reads it so.
func TestVoteThatIsNull(t *testing.T) {
	k := newKey(t, "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: {2: , 3: }\n    state: {3: {votedFor: }}\n  - id: b\n    appendEntries: {leaderId: 2, term: 2}\n    response: {3: }\n    state: {3: {votedFor: }}\n")
	sheet := handedIn("Kim", "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: {2: ok, 3: ok}\n    state: {3: {votedFor: }}\n"+
		"  - id: b\n    appendEntries: {leaderId: 2, term: 2}\n    response: {3: ok}\n    state: {3: {votedFor: null}}\n")
	class := MarkAll(k, []Input{sheet}, Settings{})
	if r, ok := class.Submissions[0].Counts(); !ok || r.String() != "3 to 4" {
		t.Fatalf("it counts %v, want 3 to 4: the vote that is empty is blank, null is to review", r)
	}
	list := class.Review()
	if len(list.Decisions) != 1 || len(list.Decisions[0].Cells) != 1 || list.Decisions[0].Cells[0].Written != "null" {
		t.Fatalf("to review: %+v, want the vote null alone", list.Decisions)
	}
	ds := decide(t, k, filled(t, class, func(d *review.Decision) { d.Read.Text = "none" }))
	if r, _ := MarkAll(k, []Input{sheet}, Settings{Decided: ds}).Submissions[0].Counts(); r.String() != "4" {
		t.Errorf("read as none it counts %v, want 4", r)
	}
}

// Of a file with the handout as it was given out and then the sheet, the sheet is
// marked; of two sheets, the first.
func TestMarkFirstThatAnswers(t *testing.T) {
	k := newKey(t, "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: {2: , 3: }\n")
	sheet := func(answers string) string {
		return "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: " + answers + "\n"
	}
	for _, c := range []struct{ why, text, want string }{
		{"the handout, then the sheet", sheet("{2: , 3: }") + "---\n" + sheet("{2: ok, 3: ok}"), "2"},
		{"something else, then the sheet", "nodes: 5\nsteps: []\n---\n" + sheet("{2: ok, 3: ok}"), "2"},
		{"two sheets", sheet("{2: ok, 3: no}") + "---\n" + sheet("{2: ok, 3: ok}"), "1"},
		{"the handout twice", sheet("{2: , 3: }") + "---\n" + sheet("{2: , 3: }"), "0"},
	} {
		s := MarkAll(k, []Input{handedIn("Kim", c.text)}, Settings{}).Submissions[0]
		if r, ok := s.Counts(); !ok || r.String() != c.want {
			t.Errorf("%s: it counts %v (%s), want %s", c.why, r, s.Why, c.want)
		}
	}
}

// Of a cell that is asked for as a whole, or with a term beside it, what cannot be
// read is not taken for left out.
func TestUnreadInPart(t *testing.T) {
	k := newKey(t, "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    response: {2: {voteGranted: , term: }, 3: }\n    state: {1: {nextIndex: }}\n")
	for _, c := range []struct{ answers, want string }{
		{"response: {2: ok (term 1), 3: ok}\n    state: {1: {nextIndex: {2: 1, 3: 1}}}", "[forHuman forHuman right right]"},
		{"response: {2: {voteGranted: perhaps, term: }, 3: ok}\n    state: {1: {nextIndex: {2: 1, 3: 1}}}", "[forHuman blank right right]"},
		{"response: {2: {voteGranted: ok, term: 1}, 3: ok}\n    state: {1: {nextIndex: {n2: 1, n3: 1}}}", "[right right right forHuman]"},
		{"response: {2: {voteGranted: ok, term: 1}, 3: ok}\n    state: {1: {nextIndex: {2: 1, 3: one}}}", "[right right right forHuman]"},
		{"response: {2: {voteGranted: ok, term: 1}, 3: ok}\n    state: {1: {nextIndex: {1: 1, 2: 1, 3: 1}}}", "[right right right right]"},
		{"response: {2: {voteGranted: ok, term: 1}, 3: ok}\n    state: {1: {nextIndex: {2: 1}}}", "[right right right wrong]"},
	} {
		s := MarkAll(k, []Input{handedIn("Kim", "nodes: 3\nsteps:\n  - id: a\n    requestVote: {candidateId: 1, term: 1}\n    "+c.answers+"\n")}, Settings{}).Submissions[0]
		if s.Outcome != Marked {
			t.Errorf("%s: %s: %s", c.answers, s.Outcome, s.Why)
			continue
		}
		if got := verdictsOf(s); fmt.Sprint(got) != c.want {
			t.Errorf("%s:\n%v, want\n%s", c.answers, got, c.want)
		}
	}
}

// What a person would take for right is not wrong by a letter: it is to review.
func TestSpelledOtherwise(t *testing.T) {
	const key = "nodes: 3\nsteps:\n  - {id: v, requestVote: {candidateId: 1, term: 1}}\n  - id: a\n    appendEntries: {leaderId: 1, term: 1, index: 1, value: x=1}\n    to: [2]\n    response: {2: }\n    state: {2: {log: }}\n"
	k := newKey(t, key)
	for answers, want := range map[string]string{
		"response: {2: ok}\n    state: {2: {log: [1:x=1]}}":      "[right right]",
		"response: {2: ok}\n    state: {2: {log: [1:x = 1]}}":    "[right forHuman]",
		"response: {2: ok}\n    state: {2: {log: ['1:X=1']}}":    "[right forHuman]",
		"response: {2: ok}\n    state: {2: {log: [1:x=2]}}":      "[right wrong]",
		"response: {2: ok}\n    state: {2: {log: [2:x = 1]}}":    "[right wrong]",
		"response: {3: ok}\n    state: {2: {log: [1:x=1]}}":      "[forHuman right]",
		"response: {2: , 3: ok}\n    state: {2: {log: [1:x=1]}}": "[blank right]",
	} {
		s := MarkAll(k, []Input{handedIn("Kim", "nodes: 3\nsteps:\n  - {id: v, requestVote: {candidateId: 1, term: 1}}\n  - id: a\n    appendEntries: {leaderId: 1, term: 1, index: 1, value: x=1}\n    to: [2]\n    "+answers+"\n")}, Settings{}).Submissions[0]
		if s.Outcome != Marked {
			t.Errorf("%s: %s: %s", answers, s.Outcome, s.Why)
			continue
		}
		var got []Verdict
		for i := range s.Sheet.Marks {
			got = append(got, s.Sheet.Marks[i].Verdict)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s:\n%v, want %s", answers, got, want)
		}
	}
}
