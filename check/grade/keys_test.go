package grade

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"raftsheet/check/grade/intake"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/review"
)

// variantKey is the key of a variant, whose message has a term of its own.
func variantKey(t *testing.T, name string, term int) *Key {
	t.Helper()
	text := fmt.Sprintf("nodes: 3\nsteps: [{id: V, requestVote: {candidateId: 1, term: %d, lastLogIndex: 0, lastLogTerm: 0}, response: {2: , 3: }}]\n", term)
	if name != "" {
		text = "variant: " + name + "\n" + text
	}
	return keyIn(t, text)
}

func keyIn(t *testing.T, text string) *Key {
	t.Helper()
	f, err := trace.Parse("keys/own.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	k, err := NewKey(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// What decides which key is a student's, and what is somebody else's worksheet. If this
// fails, a sheet is marked against a key that is not its own.
func TestPick(t *testing.T) {
	roster, err := intake.ReadRoster([]byte("login,name,variant\nann,Ann,A\nben,Ben,\ncem,Cem,Z\n"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := NewKeys("keys", []*Key{variantKey(t, "B", 2), variantKey(t, "A", 1), variantKey(t, "", 3)})
	if err != nil {
		t.Fatal(err)
	}
	row := func(n int) Student { return roster.Students[n] }
	for _, c := range []struct {
		name    string
		who     Student
		variant string
		term    int
		want    string // the variant; or a part of why not
	}{
		{"the roster says it", row(0), "", 1, "A"},
		{"the sheet says the same", row(0), " a ", 1, "A"},
		{"it is somebody else's", row(0), "B", 2, "the sheet is of variant B, and this student's worksheet is variant A"},
		{"it is nobody's", row(0), "Y", 2, "the sheet is of variant Y, and"},
		{"the roster says what is no key", row(2), "A", 1, "the roster says variant Z, of which there is no key; there are keys of A, B, own"},
		{"the roster says nothing, the sheet does", row(1), "B", 2, "B"},
		{"nobody says anything", row(1), "", 2, "B"},
		{"nor do the messages", row(1), "", 9, "its messages are those of no key"},
		{"the id is the variant", Student{ID: "b", Name: "x"}, "", 1, "B"},
		{"the id is another", Student{ID: "b", Name: "x"}, "A", 1, "and this student's worksheet is variant B"},
		{"a file's name is the variant, the messages are another's", Student{Name: "b"}, "", 1, "A"},
		{"a file's name is all there is", Student{Name: "b"}, "", 9, "B"},
		{"a key without a variant is called as its file", Student{Name: "x"}, "own", 3, "own"},
	} {
		sheet := variantKey(t, c.variant, c.term).Trace
		k, why := keys.pick(&Submission{By: c.who}, sheet, roster)
		switch {
		case why != "" && !strings.Contains(why, c.want):
			t.Errorf("%s: %s; want %s", c.name, why, c.want)
		case why == "" && (k == nil || k.Variant() != c.want):
			t.Errorf("%s: the key is %v; want %s", c.name, k, c.want)
		}
	}
}

// An instructor decides by whose key a sheet of another variant is marked, and what is
// not possible is said. If this fails, a student who was given the wrong sheet cannot be
// marked.
func TestVariantDecided(t *testing.T) {
	roster, err := intake.ReadRoster([]byte("id,name,variant\n1,Ann,A\n2,Ben,B\n"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := NewKeys("keys", []*Key{variantKey(t, "A", 1), variantKey(t, "B", 2)})
	if err != nil {
		t.Fatal(err)
	}
	mark := func(lists ...*review.List) *Class {
		t.Helper()
		decided, errs := NewDecisions(keys, lists)
		if errs != nil {
			t.Fatal(errs)
		}
		var inputs []Input
		for i, s := range roster.Students { // both have A's sheet
			inputs = append(inputs, handedIn(s.Name, "variant: A\nnodes: 3\nsteps: [{id: V, requestVote: {candidateId: 1, term: 1}, response: {2: ok, 3: ok}}]\n"))
			inputs[i].Student = s
		}
		return MarkEach(keys, inputs, Settings{Roster: roster, Decided: decided})
	}
	was := mark()
	l := filled(t, was, func(d *review.Decision) {
		if d.Astray {
			d.Variant.Text, d.Note.Text = "a", "you had it"
		}
	})
	if len(l.Decisions) != 1 || !strings.Contains(l.Decisions[0].Why, "this student's worksheet is variant B") {
		t.Fatalf("waiting are %+v", l.Decisions)
	}
	ben := &mark(l).Submissions[1]
	if ben.Outcome != Marked || ben.Sheet.Key.Variant() != "A" || ben.Sheet.Counted.Cmp(Whole(2)) != 0 ||
		len(ben.Sheet.Remarks) != 1 || ben.Sheet.Remarks[0].Text != "an instructor has had it marked as variant A; note: you had it" {
		t.Errorf("as decided it is %s: %s, %+v", ben.Outcome, ben.Why, ben.Sheet)
	}
	l.Decisions[0].Variant.Text = "Z"
	if _, errs := NewDecisions(keys, []*review.List{l}); len(errs) != 1 || !strings.Contains(errs[0].Error(), `there is no key of variant "Z"; there are keys of A, B`) {
		t.Errorf("a variant of which there is no key: %v", errs)
	}
}

// Two keys of one variant are an error, and so is none; one is everybody's. If this
// fails, half of a class has the wrong key.
func TestNewKeys(t *testing.T) {
	if _, err := NewKeys("keys", []*Key{variantKey(t, "A", 1), variantKey(t, "a", 2)}); err == nil || !strings.Contains(err.Error(), "this is the key of variant a, and so is keys/own.yaml") {
		t.Errorf("two keys of one variant: %v", err)
	}
	if _, err := NewKeys("keys", nil); err == nil {
		t.Error("no key is no error")
	}
	one, err := NewKeys("keys", []*Key{variantKey(t, "A", 1)})
	if err != nil {
		t.Fatal(err)
	}
	if c := MarkEach(one, nil, Settings{}); c.Variants != nil || c.Key != one.all[0] {
		t.Error("one key is taken for several")
	}
}

// Sheets of different worksheets are compared by rule. The figures are worked out by
// hand: parts of a rule's answers 1, 1/2 and 0, beside which 1, 1 and 1/2 of the others are
// right. If this fails, a class is taught again what it knows.
func TestRulesCompared(t *testing.T) {
	sheet := func(own, ofOwn, rest, ofRest int) map[raft.Rule]rulePart {
		return map[raft.Rule]rulePart{raft.AE2: {ofOwn, own}, raft.RV1: {ofRest, rest}}
	}
	it := &RuleItem{Rule: raft.AE2}
	it.compare([]map[raft.Rule]rulePart{sheet(2, 2, 4, 4), sheet(1, 2, 2, 2), sheet(0, 3, 1, 2), {raft.RV1: {1, 1}}})
	// Pearson of (1, .5, 0) and (1, 1, .5): .25 / sqrt(.5 * 1/6)
	if want := 0.25 / math.Sqrt(0.5/6); it.Sheets != 3 || it.Mean != 0.5 || !it.Discrimination.Defined || math.Abs(it.Discrimination.R-want) > 1e-9 {
		t.Errorf("%d sheets, mean %v, r %v; want 3, 0.5 and %v", it.Sheets, it.Mean, it.Discrimination, want)
	}
	alike := &RuleItem{Rule: raft.AE2}
	alike.compare([]map[raft.Rule]rulePart{sheet(1, 2, 1, 2), sheet(2, 4, 0, 2)})
	if alike.Discrimination.Defined {
		t.Errorf("of equal parts r is %v; want none", alike.Discrimination.R)
	}
}

// Of more worksheets than are kept at hand each sheet has full marks by its own key, in
// whatever order they come. If this fails, a large class is marked by keys of others.
func TestManyVariants(t *testing.T) {
	const n = mostAtHand + 4
	var keys []*Key
	var inputs []Input
	for i := range 2 * n {
		name, term := fmt.Sprintf("v%02d", i%n), 1+i%n
		if i < n {
			keys = append(keys, variantKey(t, name, term))
		}
		text := fmt.Sprintf("variant: %s\nnodes: 3\nsteps: [{id: V, requestVote: {candidateId: 1, term: %d, lastLogIndex: 0, lastLogTerm: 0}, response: {2: ok, 3: ok}}]\n", name, term)
		inputs = append(inputs, handedIn(fmt.Sprintf("s%02d", i), text))
	}
	all, err := NewKeys("keys", keys)
	if err != nil {
		t.Fatal(err)
	}
	c := MarkEach(all, inputs, Settings{Diagnose: true})
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if want := fmt.Sprintf("v%02d", i%n); s.Sheet == nil || s.Sheet.Strict.Cmp(Whole(2)) != 0 || c.VariantOf(s) != want || len(s.Sheet.Remarks) > 0 {
			t.Errorf("%s: %s %s, variant %q; want full marks by %s", s.Name, s.Outcome, s.Why, c.VariantOf(s), want)
		}
	}
	for _, v := range c.ByVariant() {
		if v.Sheets != 2 || v.Mean.Cmp(Whole(2)) != 0 {
			t.Errorf("of variant %s there are %d sheets with a mean of %v", v.Key.Variant(), v.Sheets, v.Mean)
		}
	}
}
