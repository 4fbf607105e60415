package generate_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/generate"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// deviation gives a deviation of the catalogue.
func deviation(t testing.TB, name string) raft.Deviation {
	t.Helper()
	d, ok := raft.DeviationNamed(name)
	if !ok {
		t.Fatalf("no deviation %s", name)
	}
	return d
}

func text(t testing.TB, s *generate.Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := trace.Write(&b, s.Trace); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// holds holds a worksheet to what every worksheet has to be. It goes through the bytes
// that a student gets: they are read, replayed and filled in.
func holds(t *testing.T, w generate.Wish, s *generate.Sheet) {
	t.Helper()
	data := text(t, s)
	f, err := trace.ReadToEdit("sheet.yaml", bytes.NewReader(data), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("cannot be read: %v\n%s", err, data)
	}
	run, err := check.Replay(f.Traces[0], raft.Figure2())
	if err != nil {
		t.Fatalf("cannot be replayed: %v\n%s", err, data)
	}
	for _, fact := range run.Facts() {
		switch {
		case fact.Kind == replay.ArrivesLate:
		case fact.Kind == replay.Implies && !w.Events && (fact.What == replay.TimedOut || fact.What == replay.TookCommands):
		default:
			t.Errorf("step %d: fact %d of kind %d has no place on a worksheet\n%s", fact.Step, fact.What, fact.Kind, data)
		}
	}
	votes, appends := 0, 0
	for i := range run.Steps {
		switch s := &run.Steps[i]; {
		case s.Sent.Vote != nil:
			votes++
		case s.Sent.Append != nil:
			appends++
		}
	}
	if votes != w.RequestVotes || appends != w.AppendEntries {
		t.Errorf("%d RequestVotes and %d AppendEntries; want %d and %d", votes, appends, w.RequestVotes, w.AppendEntries)
	}
	items := item.Of(f.Traces[0])
	for i := range items {
		it := &items[i]
		if item.Doubts(run, it) || (item.Gives(run, it) == replay.None{}) && !it.IsAnswer() || !it.Blank() {
			t.Errorf("step %d, node %d asks %s, which nobody can fill in\n%s", it.Step, it.Node, it.Name, data)
		}
	}
	complete(t, f, run)
}

// complete fills a worksheet in: no blank is left, and nothing is wrong.
func complete(t *testing.T, f *trace.File, run *replay.Run) {
	t.Helper()
	ed, err := edit.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{}); err != nil {
		t.Fatal(err)
	}
	data, err := ed.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, err = trace.Parse("key.yaml", data, trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	filled, err := check.Replay(f.Traces[0], raft.Figure2())
	if err != nil {
		t.Fatal(err)
	}
	items := item.Of(f.Traces[0])
	for i := range items {
		if it := &items[i]; it.Blank() || item.Differs(filled, it) {
			t.Errorf("step %d, node %d: %s is blank or wrong in the key\n%s", it.Step, it.Node, it.Name, data)
		}
	}
}

// wishes are of every kind; each seed takes another one.
func wishes(t testing.TB, seed int) generate.Wish {
	small := generate.Wish{Nodes: 5, AppendEntries: 6, RequestVotes: 3, Lost: 20}
	all := raft.Deviations()
	switch seed % 5 {
	case 1:
		small.Form, small.Nodes = generate.Paper, 4
		small.AtStake = []raft.Deviation{deviation(t, "vote-log-unchecked"), deviation(t, "always-truncate")}
	case 2:
		small.Events, small.Lost = true, 30
		small.AtStake = []raft.Deviation{deviation(t, "vote-twice")}
	case 3:
		small = generate.Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20, AtStake: []raft.Deviation{all[seed*7%len(all)]}}
	case 4:
		small.Nodes, small.Leaders, small.Lost = 3, 2, 10
		small.AtStake = []raft.Deviation{deviation(t, "equal-term-refused")}
	case 0:
		small.AtStake = []raft.Deviation{deviation(t, "prev-unchecked"), deviation(t, "no-step-down")}
	}
	return small
}

// Every worksheet is possible from the first message to the last; nothing is implied
// but elections and clients' requests, and not these where they are written out; every
// cell can be filled in; what is at stake is revealed. It fails for a move that nobody
// could make, or a cell that nobody can tell.
func TestSheets(t *testing.T) {
	for seed := range wide.Of(10, 1000) {
		w := wishes(t, seed)
		s, err := generate.New(w, uint64(seed))
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		holds(t, w, s)
		for _, d := range w.AtStake {
			if !s.Reveals(d) {
				t.Errorf("seed %d does not reveal %s\n%s", seed, d.Name, text(t, s))
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// Where nothing is at stake a worksheet reveals a good part of all misunderstandings:
// the worksheet of examples, written by hand, reveals 47 of 80.
func TestNothingAtStake(t *testing.T) {
	for seed := range wide.Of(uint64(1), 20) {
		w := generate.Wish{Nodes: 5, AppendEntries: 6, RequestVotes: 3, Lost: 20, Form: generate.Form(seed % 2)}
		least := 20
		if wide.On() {
			w.Nodes, w.AppendEntries, w.RequestVotes, least = 8, 12, 6, 35
		}
		s, err := generate.New(w, seed)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, w, s)
		if len(s.Revealed) < least {
			t.Errorf("seed %d reveals %d misunderstandings", seed, len(s.Revealed))
		}
	}
}

// Each misunderstanding alone can be had on a worksheet of the paper form's size, but
// those that take a heartbeat not on the paper form itself.
func TestEveryDeviation(t *testing.T) {
	wide.Only(t)
	for _, form := range []generate.Form{generate.Worksheet, generate.Paper} {
		for _, d := range raft.Deviations() {
			w := generate.Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20, Form: form, AtStake: []raft.Deviation{d}}
			for seed := range uint64(3) {
				s, err := generate.New(w, seed)
				var lack *generate.LackError
				switch {
				case form == generate.Paper && strings.Contains(d.Name, "heartbeat"):
					if !errors.As(err, &lack) || !strings.Contains(err.Error(), "--form worksheet") {
						t.Errorf("%s on paper: %v", d.Name, err)
					}
				case err != nil:
					t.Errorf("%s, seed %d: %v", d.Name, seed, err)
				default:
					holds(t, w, s)
				}
			}
		}
	}
}

// One seed gives the same bytes, however many cores there are.
func TestSameSeed(t *testing.T) {
	w := generate.Wish{Nodes: 5, AppendEntries: 6, RequestVotes: 3, Lost: 20, AtStake: []raft.Deviation{deviation(t, "commit-any-term")}}
	var first []byte
	for _, cores := range []int{1, 4} {
		before := runtime.GOMAXPROCS(cores)
		s, err := generate.New(w, 7)
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text(t, s)
		} else if now := text(t, s); !bytes.Equal(first, now) {
			t.Errorf("one seed gives two worksheets:\n%s\n%s", first, now)
		}
	}
	other, err := generate.New(w, 8)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, text(t, other)) {
		t.Error("two seeds give one worksheet")
	}
}

// The worksheets of a class are equally hard: as many cells in all and of each rule, and
// the same at stake. No message is that of another one at the same place.
func TestClass(t *testing.T) {
	sizes := []generate.Wish{{Nodes: 5, AppendEntries: 4, RequestVotes: 2, Lost: 20, AtStake: []raft.Deviation{deviation(t, "vote-log-unchecked")}}}
	if wide.On() {
		sizes = append(sizes, generate.Wish{Nodes: 5, AppendEntries: 6, RequestVotes: 3, Lost: 20}, generate.Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20, Form: generate.Paper},
			generate.Wish{Nodes: 5, AppendEntries: 8, RequestVotes: 4, Lost: 20, Events: true, AtStake: []raft.Deviation{deviation(t, "vote-twice")}})
	}
	for seed, w := range sizes {
		class, err := generate.NewClass(w, uint64(seed), wide.Of(4, 30))
		if err != nil {
			t.Fatal(err)
		}
		if len(class.AtStake) == 0 {
			t.Errorf("nothing is at stake for the class")
		}
		for i, s := range class.Sheets {
			holds(t, w, s)
			for _, d := range class.AtStake {
				if !s.Reveals(d) {
					t.Errorf("worksheet %d does not reveal %s", i, d.Name)
				}
			}
			if a, b := s.Profile.Cells(), class.Sheets[0].Profile.Cells(); 100*max(a-b, b-a) > 5*b {
				t.Errorf("worksheet %d asks %d cells, the first %d", i, a, b)
			}
			answers := (w.AppendEntries + w.RequestVotes) * (w.Nodes - 1) // at most
			if a, b := s.Refusals, class.Sheets[0].Refusals; 100*max(a-b, b-a) > 5*answers {
				t.Errorf("worksheet %d has %d refusals of %d answers, the first %d", i, a, answers, b)
			}
		}
		if uneven := class.Uneven(); len(uneven) > 0 {
			t.Errorf("the worksheets are not equally hard: %v", uneven)
		}
		if n := alike(class); n != class.Alike || n > 0 {
			t.Errorf("%d pairs of messages are alike; the class says %d", n, class.Alike)
		}
	}
}

// alike counts the messages that two worksheets have at the same place.
func alike(class *generate.Class) int {
	n := 0
	for i, a := range class.Sheets {
		for _, b := range class.Sheets[:i] {
			for k := range min(len(a.Trace.Steps), len(b.Trace.Steps)) {
				x, y := &a.Trace.Steps[k], &b.Trace.Steps[k]
				if _, sends := x.Sender(); sends && x.EventName() == y.EventName() && x.Lost == y.Lost && x.To == y.To &&
					slices.Equal(a.Trace.Fields(x), b.Trace.Fields(y)) {
					n++
				}
			}
		}
	}
	return n
}

// The shortest worksheet tells what is at stake apart, in as few messages as it takes:
// two for two votes in one term.
func TestMinimal(t *testing.T) {
	w := generate.Wish{Nodes: 5, AppendEntries: 4, RequestVotes: 3, Lost: 20}
	sets := [][]raft.Deviation{{deviation(t, "vote-twice")}, {deviation(t, "vote-for-rival")}}
	s, err := generate.Minimal(w, sets, 1)
	if err != nil {
		t.Fatal(err)
	}
	messages := 0
	for i := range s.Trace.Steps {
		if _, sends := s.Trace.Steps[i].Sender(); sends {
			messages++
		}
	}
	if messages != 2 {
		t.Errorf("it takes %d messages; want 2\n%s", messages, text(t, s))
	}
	cover, errs := variant.Cover([]*trace.Trace{s.Trace})
	if errs != nil {
		t.Fatal(errs)
	}
	for _, ds := range sets {
		if !s.Reveals(ds[0]) {
			t.Errorf("%s is not revealed\n%s", ds[0].Name, text(t, s))
		}
	}
	for _, group := range cover.Alike {
		if len(slices.DeleteFunc(slices.Clone(group), func(d raft.Deviation) bool { return d.Name != "vote-twice" && d.Name != "vote-for-rival" })) > 1 {
			t.Errorf("the two are not told apart\n%s", text(t, s))
		}
	}
}

// What cannot be had is an error that says why, and what can.
func TestLacking(t *testing.T) {
	w := generate.Wish{Nodes: 5, AppendEntries: 4, RequestVotes: 2, Lost: 20, Form: generate.Paper,
		AtStake: []raft.Deviation{deviation(t, "majority-is-half"), deviation(t, "vote-strictly-newer"), deviation(t, "heartbeat-unchecked")}}
	_, err := generate.New(w, 1)
	const want = "found no worksheet of this size that reveals majority-is-half (it takes an even number of nodes), " +
		"heartbeat-unchecked (it takes a heartbeat: --form worksheet); one reveals vote-strictly-newer; allow more messages, or leave some out"
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	for _, bad := range []generate.Wish{{Nodes: 1, RequestVotes: 1}, {Nodes: 3}, {Nodes: 3, RequestVotes: 1, Leaders: 2}, {Nodes: 3, RequestVotes: 1, Lost: 90}, {Nodes: 3, RequestVotes: 1, AppendEntries: -1}} {
		if _, err := generate.New(bad, 1); err == nil {
			t.Errorf("%+v is no wish, and makes a worksheet", bad)
		}
	}
}

// Any wish that can be checked makes a worksheet that holds, or is refused with a reason.
// It fails for a panic in a corner: two nodes, nothing lost, no AppendEntries.
func TestAnyWish(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 1))
	all := raft.Deviations()
	made := 0
	n := wide.Of(5, 150)
	for range n {
		w := generate.Wish{Nodes: 2 + rng.IntN(9), AppendEntries: rng.IntN(9), RequestVotes: 1 + rng.IntN(5),
			Lost: []int{0, 0, 10, 20, 40, 60}[rng.IntN(6)], Form: generate.Form(rng.IntN(2)), Events: rng.IntN(3) == 0}
		if rng.IntN(3) == 0 {
			w.Leaders = 1 + rng.IntN(w.RequestVotes)
		}
		w.AtStake = append(w.AtStake, all[rng.IntN(len(all))])
		if rng.IntN(4) > 0 { // one that can be had anywhere
			w.AtStake[0] = deviation(t, "vote-strictly-newer")
		}
		s, err := generate.New(w, rng.Uint64())
		if err != nil {
			continue
		}
		made++
		holds(t, w, s)
		if !s.Reveals(w.AtStake[0]) {
			t.Errorf("%+v: %s is not revealed\n%s", w, w.AtStake[0].Name, text(t, s))
		}
		if t.Failed() {
			t.Fatalf("%+v", w)
		}
	}
	if wide.On() && 2*made < n {
		t.Errorf("only %d of %d wishes are fulfilled", made, n)
	}
}
