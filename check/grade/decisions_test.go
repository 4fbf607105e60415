package grade

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"raftsheet/trace/review"
)

// reviewKey asks for a table before what follows from it, so that a sheet may be
// all no after a mistake.
var reviewKey = asked("hb: appendEntries: {leaderId: P, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0} | response: {F: }, state: {F: {term: , log: }}",
	two, three, four, five)

// schemes are ways of scoring it.
var schemes = []string{
	"",
	"grading: {allOrNothing: true, late: 10%}\n",
	"grading: {followThrough: 0.5, state: 0.25, late: 1}\n",
	"grading: {followThrough: none, answer: 3}\n",
}

// reviewed are sheets on which something waits, by why.
var reviewed = []string{
	"hb | response: {F: perhaps}, state: {F: {term: 3, log: [1]}}\ntwo | response: {F: maybe}\nthree | response: {F: ok}",
	"hb | response: {F: perhaps}, state: {F: {term: three, log: ???}}\ntwo | response: {F: ok}\nthree | response: {F: ok}",
	"hb | response: {F: ok}, state: {F: {term: 99}}\ntwo | response: {F: no}\nthree | response: {F: no}\nfour | response: {F: no}\nfive | response: {F: no}",
	"hb | response: {F: ok}, state: {F: {term: 99}}\ntwo | response: {F: no}\nthree | response: {F: no}\nfour | response: {F: perhaps}\nfive | response: {F: no}",
	"hb | response: {F: [ok, no]}\ntwo | response: {F: ok}, state: ?????\nthree | response: {G: ok}",
}

func inputOf(name, text string) Input {
	return Input{Name: name, Student: Student{Name: strings.TrimSuffix(name, ".yaml")}, Late: strings.HasPrefix(name, "late"),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// reviewClass are the sheets above, each in time and late, one with another message
// and two that cannot be marked.
func reviewClass(k *Key) []Input {
	inputs := []Input{
		inputOf("zoe.yaml", "nodes: [P, Q, F]\nsteps: {{{\n"),
		{Name: "photo.jpg", Refused: "it is not a YAML file", Student: Student{Name: "photo"}},
		inputOf("other.yaml", strings.Replace(on(k, "hb | response: {F: ok}", "two | response: {F: ok}", "three | response: {F: no}"), "{leaderId: P}, response: {F: no}", "{leaderId: P, term: 7}, response: {F: no}", 1)),
	}
	for i, s := range reviewed {
		text := on(k, strings.Split(s, "\n")...)
		inputs = append(inputs, inputOf(fmt.Sprintf("s%d.yaml", i), text), inputOf(fmt.Sprintf("late%d.yaml", i), text))
	}
	return inputs
}

// filled gives a class's list, filled in and read back from the bytes that are
// written.
func filled(t *testing.T, c *Class, fill func(*review.Decision)) *review.List {
	t.Helper()
	l := c.Review()
	for i := range l.Decisions {
		fill(&l.Decisions[i])
	}
	data := review.Write(l)
	back, errs := review.Read("review.yaml", data)
	if errs != nil {
		t.Fatalf("%v\n%s", errs, data)
	}
	return back
}

func decide(t *testing.T, k *Key, lists ...*review.List) *Decisions {
	t.Helper()
	ds, errs := NewDecisions(OneKey(k), lists)
	if errs != nil {
		t.Fatal(errs)
	}
	return ds
}

func digested(t *testing.T, text string) *Key {
	k := newKey(t, text)
	k.Digest = DigestOf([]byte(text))
	return k
}

// give fills in a whole class: a word for cells, and points for whole sheets.
func give(word string, points func(*review.Decision) string) func(*review.Decision) {
	return func(d *review.Decision) {
		if d.Give.Text = word; len(d.Cells) == 0 || word == "" {
			d.Give.Text = points(d)
		}
	}
}

func all(d *review.Decision) string   { return d.Worth }
func nothing(*review.Decision) string { return "0" }

// Law: given all that waits, a class counts the upper ends of its ranges; given
// nothing, the lower ends; and nothing waits any more.
func TestReviewRoundTrip(t *testing.T) {
	for _, scheme := range schemes {
		k := digested(t, strings.TrimPrefix(scheme+reviewKey, "\n"))
		before := MarkAll(k, reviewClass(k), Settings{})
		if n := len(before.Review().Decisions); n < 8 {
			t.Fatalf("%q: only %d decisions wait:\n%s", scheme, n, review.Write(before.Review()))
		}
		for _, end := range []struct {
			fill func(*review.Decision)
			of   func(Range) Points
			rest Points
		}{
			{give("right", all), func(r Range) Points { return r.Most }, k.Max},
			{give("wrong", nothing), func(r Range) Points { return r.Least }, Points{}},
			{give("", all), func(r Range) Points { return r.Most }, k.Max},
			{give("", nothing), func(r Range) Points { return r.Least }, Points{}},
		} {
			after := MarkAll(k, reviewClass(k), Settings{Decided: decide(t, k, filled(t, before, end.fill))})
			if len(after.Unused) > 0 || len(after.Review().Decisions) > 0 {
				t.Errorf("%q: unused %q, and still waiting:\n%s", scheme, after.Unused, review.Write(after.Review()))
			}
			for i := range after.Submissions {
				got, ok := after.Submissions[i].Counts()
				want := end.rest
				if r, marked := before.Submissions[i].Counts(); marked {
					want = end.of(r)
				}
				if !ok || !got.Exact() || got.Least.Cmp(want) != 0 {
					t.Errorf("%q: %s counts %v after review, want %v; %s", scheme, after.Submissions[i].Name, got, want, verdicts(after.Submissions[i].Sheet))
				}
			}
		}
	}
}

// Points that are given lie between the ends, and are those that count: half of all
// that waits makes half of the range, where steps do not score as a whole.
func TestReviewInPart(t *testing.T) {
	k := digested(t, reviewKey)
	before := MarkAll(k, reviewClass(k), Settings{})
	half := func(d *review.Decision) string {
		p, err := ParsePoints(d.Worth)
		if err != nil {
			t.Fatal(err)
		}
		return p.Percent(Whole(50)).String()
	}
	after := MarkAll(k, reviewClass(k), Settings{Decided: decide(t, k, filled(t, before, give("", half)))})
	for i := range after.Submissions {
		r, marked := before.Submissions[i].Counts()
		if !marked {
			r.Most = k.Max
		}
		got, _ := after.Submissions[i].Counts()
		if want := r.Least.Plus(r.Most).Percent(Whole(50)); got.Least.Cmp(want) != 0 || !got.Exact() {
			t.Errorf("%s: half of %v is %v, want %v", after.Submissions[i].Name, r, got, want)
		}
	}
}

// What an instructor reads in a cell is marked as if the student had typed it, with
// what follows from it.
func TestReviewRead(t *testing.T) {
	for _, scheme := range schemes {
		k := digested(t, strings.TrimPrefix(scheme+reviewKey, "\n"))
		for _, meant := range []string{"ok", "no"} {
			lines := []string{"hb | response: {F: perhaps}, state: {F: {term: 3, log: [1 , or 2]}}", "two | response: {F: perhaps}", "three | response: {F: no}", "four | response: {F: no}", "five | response: {F: ok}"}
			typed := on(k, lines...)
			want := MarkAll(k, []Input{inputOf("a.yaml", strings.NewReplacer("perhaps", meant, "[1 , or 2]", "[1]").Replace(typed))}, Settings{Diagnose: true}).Submissions[0].Sheet
			before := MarkAll(k, []Input{inputOf("a.yaml", typed)}, Settings{})
			l := filled(t, before, func(d *review.Decision) {
				if d.Read.Text = meant; d.Cells[0].Field == "log" {
					d.Read.Text = "[1]"
				}
			})
			after := MarkAll(k, []Input{inputOf("a.yaml", typed)}, Settings{Decided: decide(t, k, l), Diagnose: true})
			got := after.Submissions[0].Sheet
			if len(after.Unused) > 0 || verdicts(got) != verdicts(want) || got.Counts() != want.Counts() && got.Counts().String() != want.Counts().String() {
				t.Errorf("%q, read as %s: %s, %v; typed: %s, %v; %q", scheme, meant, verdicts(got), got.Counts(), verdicts(want), want.Counts(), after.Unused)
			}
			if fmt.Sprint(got.Diagnosis) != fmt.Sprint(want.Diagnosis) {
				t.Errorf("%q, read as %s: the diagnosis is %+v; of what is typed %+v", scheme, meant, got.Diagnosis, want.Diagnosis)
			}
			hands := 0
			for i := range got.Marks {
				if h := got.Marks[i].Hand; h != nil && h.Read != "" && strings.HasPrefix(h.By, "review.yaml:") {
					hands++
				}
			}
			if hands != len(l.Decisions) {
				t.Errorf("%d marks are said to be read by hand, want %d", hands, len(l.Decisions))
			}
		}
	}
}

// A sheet that was read with a slip set right is read again with it.
func TestReviewReadMended(t *testing.T) {
	k := digested(t, reviewKey)
	text := strings.Replace(on(k, "hb | response: {F: perhaps}, state: {F: {term: 3, log: [1]}}", "two | response: {F: ok}", "three | response: {F: ok}"), "nodes: ", "nodes:", 1)
	before := MarkAll(k, []Input{inputOf("a.yaml", text)}, Settings{})
	if len(before.Submissions[0].Changes) == 0 {
		t.Fatal("no slip was set right")
	}
	l := filled(t, before, func(d *review.Decision) { d.Read.Text = "ok" })
	after := MarkAll(k, []Input{inputOf("a.yaml", text)}, Settings{Decided: decide(t, k, l)})
	if s := after.Submissions[0]; len(after.Unused) > 0 || s.Sheet.Counts().String() != "5" || len(s.Changes) == 0 {
		t.Errorf("it counts %v, with %v set right; %q", s.Sheet.Counts(), s.Changes, after.Unused)
	}
}

// What is decided of a sheet holds for its very bytes, and for a cell that waits;
// all else is told, and what waits still does.
func TestReviewUnused(t *testing.T) {
	k := digested(t, reviewKey)
	sheet := func(says string) string {
		return on(k, "hb | response: {F: "+says+"}, state: {F: {term: 3, log: [1]}}", "two | response: {F: ok}", "three | response: {F: ok}")
	}
	before := MarkAll(k, []Input{inputOf("a.yaml", sheet("perhaps"))}, Settings{})
	right := filled(t, before, give("right", all))
	other := digested(t, strings.Replace(reviewKey, "entries: [3]", "entries: [3, 3]", 1)) // and other answers later
	worth := digested(t, "grading: {answer: 2}\n"+strings.TrimPrefix(reviewKey, "\n"))
	title := digested(t, "title: set right\n"+strings.TrimPrefix(reviewKey, "\n"))
	given := filled(t, before, give("", func(*review.Decision) string { return "0.5" }))
	read := filled(t, before, func(d *review.Decision) { d.Read.Text = "maybe" })
	for _, c := range []struct {
		why    string
		key    *Key
		list   *review.List
		name   string
		says   string
		counts string
		told   []string
	}{
		{"as it was", k, right, "a.yaml", "perhaps", "5", nil},
		{"under another name", k, right, "b.yaml", "perhaps", "5", nil},
		{"another answer since", k, right, "a.yaml", "maybe", "4 to 5", []string{"has changed"}},
		{"set right by the student", k, right, "a.yaml", "ok", "5", []string{"has changed"}},
		{"not handed in", k, right, "b.yaml", "maybe", "4 to 5", []string{"not among the files"}},
		{"the key has another title", title, right, "a.yaml", "perhaps", "5", []string{"the key has changed"}},
		{"another step of the key has another answer", other, right, "a.yaml", "perhaps", "", []string{"the key has changed"}},
		{"worth more now", worth, right, "a.yaml", "perhaps", "8", []string{"the key has changed"}},
		{"points of a cell that is worth more now", worth, given, "a.yaml", "perhaps", "6 to 8", []string{"the key has changed", "is worth 2 now"}},
		{"read as what cannot be read either", k, read, "a.yaml", "perhaps", "4 to 5", []string{"cannot be read"}},
	} {
		after := MarkAll(c.key, []Input{inputOf(c.name, sheet(c.says))}, Settings{Decided: decide(t, c.key, c.list)})
		if got := after.Submissions[0].Sheet.Counts().String(); c.counts != "" && got != c.counts {
			t.Errorf("%s: it counts %s, want %s; %q", c.why, got, c.counts, after.Unused)
		}
		if !slices.EqualFunc(after.Unused, c.told, strings.Contains) {
			t.Errorf("%s: told %q, want %q", c.why, after.Unused, c.told)
		}
	}
	answer := filled(t, before, give("right", all))
	answer.Decisions[0].Cells[0].Right = "no"
	after := MarkAll(k, []Input{inputOf("a.yaml", sheet("perhaps"))}, Settings{Decided: decide(t, k, answer)})
	if len(after.Unused) != 1 || !strings.Contains(after.Unused[0], "the key's answer is \"ok\" now") || after.Submissions[0].Sheet.Counts().Exact() {
		t.Errorf("decided by another answer of the key's: %q, counts %v", after.Unused, after.Submissions[0].Sheet.Counts())
	}
}

// Where the key was wrong and is set right, the answers to the message that the sheet
// had all along do not wait any more: what was given for them is told, and is not
// added to what they are worth.
func TestReviewSettled(t *testing.T) {
	k := digested(t, reviewKey)
	text := strings.Replace(on(k, "hb | response: {F: ok}", "two | response: {F: ok}", "three | response: {F: ok}"),
		"{id: three, appendEntries: {leaderId: P}", "{id: three, appendEntries: {leaderId: P, leaderCommit: 0}", 1)
	before := MarkAll(k, []Input{inputOf("a.yaml", text)}, Settings{})
	l := filled(t, before, give("wrong", all))
	if len(l.Decisions) != 1 || l.Decisions[0].Cells[0].Step != "three" {
		t.Fatalf("what waits is %+v", l.Decisions)
	}
	at := strings.Index(reviewKey, "id: three")
	right := digested(t, reviewKey[:at]+strings.Replace(reviewKey[at:], "leaderCommit: 1", "leaderCommit: 0", 1))
	after := MarkAll(right, []Input{inputOf("a.yaml", text)}, Settings{Decided: decide(t, right, l)})
	if s := after.Submissions[0].Sheet; s.Counts().String() != "3" || s.Decided() != 0 {
		t.Errorf("it counts %v, and %d are by hand: %s", s.Counts(), s.Decided(), verdicts(s))
	}
	if len(after.Unused) != 2 || !strings.Contains(after.Unused[1], "step three, node F, success of a.yaml does not wait any more: it is right") {
		t.Errorf("told %q", after.Unused)
	}
}

// What a sheet was given as a whole was given of what the key was worth.
func TestReviewWholeOfAnotherKey(t *testing.T) {
	k := digested(t, reviewKey)
	zoe := []Input{inputOf("zoe.yaml", "steps: {{{")}
	l := filled(t, MarkAll(k, zoe, Settings{}), give("", func(*review.Decision) string { return "2" }))
	twice := digested(t, "grading: {points: 2}\n"+strings.TrimPrefix(reviewKey, "\n"))
	after := MarkAll(twice, zoe, Settings{Decided: decide(t, twice, l)})
	if s := after.Submissions[0]; s.Outcome != Malformed || len(after.Unused) != 2 || !strings.Contains(after.Unused[1], "the key is worth 14 now, and was worth 7 when 2 was given") {
		t.Errorf("it is %s; %q", s.Outcome, after.Unused)
	}
	title := digested(t, "title: again\n"+strings.TrimPrefix(reviewKey, "\n"))
	after = MarkAll(title, zoe, Settings{Decided: decide(t, title, l)})
	if r, ok := after.Submissions[0].Counts(); !ok || r.String() != "2" || len(after.Unused) != 1 {
		t.Errorf("by a key that is worth the same it counts %v; %q", r, after.Unused)
	}
}

// What cannot be given is an error at its place, and so is one thing decided twice.
func TestReviewErrors(t *testing.T) {
	k := digested(t, reviewKey)
	const head = "decisions:\n- {step: hb, node: F, field: success, right: ok, worth: 1, sheets: [{file: a.yaml, digest: d}], "
	for _, c := range []struct{ list, says string }{
		{head + "give: 2}", "review.yaml:2:GIVE: give: 2 is not between 0 and 1"},
		{head + "give: -1}", "review.yaml:2:GIVE: give: -1 is not between"},
		{head + "give: rihgt}", `review.yaml:2:GIVE: give: "rihgt" is not a mark; write right, wrong`},
		{"decisions:\n- {worth: 9, sheets: [{file: a.yaml}], give: right}", "review.yaml:2:GIVE: give: \"right\" is not a number of points; a whole sheet"},
		{strings.Replace(head, "worth: 1, ", "", 1) + "give: 0.5}", "review.yaml:2:GIVE: give: to give points, say after worth"},
		{"decisions:\n- {sheets: [{file: a.yaml}], give: 99}", "review.yaml:2:GIVE: give: 99 is not between 0 and 7"},
		{head + "give: right}\n" + strings.TrimPrefix(head, "decisions:\n") + "give: wrong}", "review.yaml:3:3: for a.yaml this is decided otherwise at review.yaml:2:3"},
	} {
		line := strings.Split(c.list, "\n")[1]
		says := strings.Replace(c.says, "GIVE", strconv.Itoa(strings.Index(line, "give: ")+len("give: ")+1), 1)
		l, errs := review.Read("review.yaml", []byte(c.list))
		if errs != nil {
			t.Fatalf("%v in\n%s", errs, c.list)
		}
		if _, errs = NewDecisions(OneKey(k), []*review.List{l}); len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), says) {
			t.Errorf("%s\ngives %v\nwant  %s", c.list, errs, says)
		}
	}
}

// Names and texts that mean something to YAML come back as they were.
func TestReviewHostile(t *testing.T) {
	k := digested(t, reviewKey)
	for _, s := range []string{"a: b", "- x", "\"q\" 'q'", "#c", "&a *a", "new\nline", "give: right", "}{][", "ü €\u2028\u202e\ufeff", "null", "~", "no", "", "\x00\x1b[31m", "bad\xff\xfe", "...", "---", "%x", "\ttab\\"} {
		name := s + ".yaml"
		in := inputOf(name, on(k, "hb | response: {F: "+fmt.Sprintf("%q", "x"+strings.ToValidUTF8(s, ""))+"}", "two | response: {F: ok}", "three | response: {F: ok}"))
		in.Student = Student{Name: s, ID: s}
		before := MarkAll(k, []Input{in}, Settings{})
		if before.Submissions[0].Outcome != Marked || len(before.Review().Decisions) != 1 {
			continue // it cannot even be written on a sheet
		}
		l := filled(t, before, func(d *review.Decision) { d.Give.Text, d.Note.Text = "right", s })
		after := MarkAll(k, []Input{in}, Settings{Decided: decide(t, k, l)})
		if after.Submissions[0].Sheet.Counts().String() != "3" || len(after.Unused) > 0 {
			t.Errorf("%q: counts %v; %q", s, after.Submissions[0].Sheet.Counts(), after.Unused)
		}
		if got := l.Decisions[0].Sheets[0].Student; got != strings.ToValidUTF8(s, "\ufffd") {
			t.Errorf("the student %q comes back as %q", s, got)
		}
	}
}
