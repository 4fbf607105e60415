package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"raftsheet/trace"
	"raftsheet/trace/review"
)

// What a marked sheet says is read again as it was read the first time: with its slips
// set right, from the trace of its file that was marked, under the key's names, and with
// what an instructor has read in it. Otherwise the report on copies would be about other
// answers than the marks.
func TestRecall(t *testing.T) {
	const key = "nodes: 3\nsteps:\n- id: a\n  requestVote: {candidateId: 1, term: 1}\n  response: {2: , 3: }\n  state: {2: {votedFor: , log: }}\n"
	const blank = "nodes: 3\nsteps:\n- id: a\n  requestVote: {candidateId: 1, term: 1}\n  response: {2: , 3: }\n"
	const event = "steps:\n- id: a\n  requestVote: {candidateId: 1, term: 1}\n"
	small, messy := newKey(t, key), keyOf(t, "grading/key.yaml")
	recalled(t, small, "a slip", []byte("nodes: 3\n"+event+"  response: {2:ok, 3: no}\n  state: {2: {votedFor: 1}\n"))
	recalled(t, small, "the second trace", []byte(blank+"---\nnodes: 3\n"+event+"  response: {2: ok, 3: no}\n"))
	recalled(t, small, "other names", []byte("nodes: [3, 2, 1]\n"+event+"  response: {2: ok, 3: no}\n  state: {2: {votedFor: 1, log: []}}\n"))
	if !recalled(t, small, "an instructor", []byte("nodes: 3\n"+event+"  response: {2: perhaps, 3: no}\n")) {
		t.Error("a sheet with a word that nobody can read was not read otherwise")
	}
	files, err := filepath.Glob(examples + "grading/messy/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d messy sheets: %v", len(files), err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		recalled(t, messy, name, data)
	}
}

// recalled tests the recall of a sheet, and again with ok in the first place where
// something waits to be read; it reports whether there was one.
func recalled(t *testing.T, k *Key, name string, data []byte) bool {
	t.Helper()
	r, errs := read(name, data, k.limits())
	if r == nil {
		t.Fatalf("%s: %v", name, errs)
	}
	r, s := k.decide(r, false, nil)
	same := func(r *reading, s *Sheet) {
		want := s.steps
		s.letGo(r)
		if s.steps != nil {
			t.Errorf("%s: its steps are still held", name)
		}
		done := s.recall()
		if !reflect.DeepEqual(s.steps, want) {
			t.Errorf("%s: it is read otherwise the second time:\n%v\n%v", name, s.steps, want)
		}
		if done(); s.steps != nil {
			t.Errorf("%s: its steps were not let go again", name)
		}
	}
	same(r, s)
	for i := range s.Marks {
		if m := &s.Marks[i]; m.Verdict == ToReview && m.Text != "" {
			again := k.with(r, m.Pos, "ok")
			if again == nil {
				return false
			}
			same(again, k.mark(again, false, settled{read: map[int]*Hand{i: {}}}))
			return true
		}
	}
	return false
}

// The text of a submission is kept for its excerpts, and nothing that reading has
// worked out of it: it would be most of what a class takes.
func TestTextAlone(t *testing.T) {
	k := newKey(t, "nodes: 2\nsteps:\n- requestVote: {candidateId: 1, term: 1}\n  response: {2: }\n")
	text := "nodes: 2\nsteps:\n- requestVote: {candidateId: 1, term: 1}\n  response: {2: ok}\n"
	s := MarkAll(k, []Input{handedIn("ada", text)}, Settings{}).Submissions[0]
	if want := trace.Text("ada.yaml", []byte(text)); s.Outcome != Marked || !reflect.DeepEqual(s.File, want) {
		t.Errorf("%s, with the file %+v; want %+v", s.Outcome, s.File, want)
	}
	if s.Sheet.steps != nil {
		t.Error("the answers of a marked sheet are still held")
	}
}

// What an instructor decides of one sheet changes no other, though they share what they
// have in common.
func TestSharedJudgements(t *testing.T) {
	k := digested(t, reviewKey)
	shown := func(s *Sheet) (out []string) {
		for i := range s.Marks {
			out = append(out, fmt.Sprintf("%+v", *s.Marks[i].Judgement))
		}
		return out
	}
	mark := func(text string) *Sheet {
		r, errs := read("t.yaml", []byte(on(k, strings.Split(text, "\n")...)), k.limits())
		if r == nil {
			t.Fatal(errs)
		}
		_, s := k.decide(r, false, nil)
		return s
	}
	right := &ruling{Decision: &review.Decision{}, give: giveRight}
	shared := 0
	for _, text := range reviewed {
		s, other := mark(text), mark(text)
		first := shown(other)
		for i := range s.Marks {
			if s.Marks[i].Judgement == other.Marks[i].Judgement {
				shared++
			}
			right.settle(&s.Marks[i])
		}
		if now := shown(other); !slices.Equal(now, first) {
			t.Errorf("a decision on a sheet has changed one with the same answers:\n%s\n%s", now, first)
		}
	}
	if shared == 0 {
		t.Error("no two sheets share what they have in common")
	}
}
