package order_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"raftsheet/check/order"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// messageFields are the fields of messages on the paper form, and whether a step has it.
var messageFields = []string{"vote term", "lastLogIndex", "lastLogTerm", "entry term", "index", "entries", "leaderCommit"}

// falsifyField makes a field of this kind wrong by one, in some message that has it, and
// gives the name of its cell; it is empty where no message has it.
func falsifyField(rng *rand.Rand, sheets []*trace.Trace, kind string) string {
	byOne := func(n uint64) uint64 {
		if n > 1 && rng.IntN(2) == 0 {
			return n - 1
		}
		return n + 1
	}
	falsehoods := make(map[string]func())
	var names []string
	for i, sheet := range sheets {
		for j := range sheet.Steps {
			s := &sheet.Steps[j]
			add := func(field string, change func()) {
				name := fmt.Sprintf("sheet %d, step %d: %s", i+1, s.Number, field)
				names, falsehoods[name] = append(names, name), change
			}
			switch e := s.Event.(type) {
			case *trace.RequestVote:
				own := *e
				changes := map[string]func(){
					"vote term":    func() { own.Term.Value = raft.Term(byOne(uint64(e.Term.Value))) },
					"lastLogIndex": func() { own.LastLogIndex.Value = raft.Index(byOne(uint64(e.LastLogIndex.Value))) },
					"lastLogTerm":  func() { own.LastLogTerm.Value = raft.Term(byOne(uint64(e.LastLogTerm.Value))) },
				}
				if change := changes[kind]; change != nil {
					add(fieldOf(kind), func() { change(); s.Event = &own })
				}
			case *trace.AppendEntries:
				own := *e
				changes := map[string]func(){
					"entry term":   func() { own.Term.Value = raft.Term(byOne(uint64(e.Term.Value))) },
					"index":        func() { own.Index.Value = raft.Index(byOne(uint64(e.Index.Value))) },
					"entries":      func() { own.Value.Value = "false" },
					"leaderCommit": func() { own.LeaderCommit.Value = raft.Index(byOne(uint64(e.LeaderCommit.Value))) },
				}
				if change := changes[kind]; change != nil {
					add(fieldOf(kind), func() { change(); s.Event = &own })
				}
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	name := names[rng.IntN(len(names))]
	falsehoods[name]()
	return name
}

func fieldOf(kind string) string {
	if kind == "vote term" || kind == "entry term" {
		return "term"
	}
	return kind
}

// A message's field that is wrong, whichever it is, costs 1 and is blamed alone; or the
// sheets have another story that costs as much, and then it is said to depend on the
// order. It fails where one wrong digit is blamed on what others answered.
func TestFalseFieldsAreBlamed(t *testing.T) {
	games := wide.Of(2, 20)
	for _, kind := range messageFields {
		exactly, depends, free, all := 0, 0, 0, 0
		var longest time.Duration
		for seed := range games {
			sheets := cut(playGame(uint64(seed), 8, 18))
			name := falsifyField(rand.New(rand.NewPCG(uint64(seed), 7)), sheets, kind)
			if name == "" {
				continue
			}
			start := time.Now()
			r := mustGather(t, sheets).Search(order.DefaultStates, 1)
			longest = max(longest, time.Since(start))
			is := func(cell int) bool { return cellName(&r.Cells[cell]) == name }
			all++
			switch {
			case !r.Whole || r.Cost > 1:
				t.Logf("game %d, %s: all found %t, proven %t, cost %d; one field is wrong", seed, name, r.Whole, r.Proven, r.Cost)
			case r.Cost == 0:
				free++ // the sheets have a story in which it is right
			case len(r.Wrong) == 1 && is(r.Wrong[0]):
				exactly++
			case len(r.Wrong) == 0 && slices.ContainsFunc(r.Depends, is):
				depends++
			case r.Proven:
				t.Errorf("game %d, %s: %d cells are blamed, %d depend on the order, and that is not among them", seed, name, len(r.Wrong), len(r.Depends))
			}
		}
		t.Logf("%s: of %d games it is blamed alone in %d, depends on the order in %d, and is explained in %d; %s at most", kind, all, exactly, depends, free, longest.Round(time.Millisecond))
		if found := exactly + depends + free; found < all*9/10 {
			t.Errorf("%s: in %d of %d games it is blamed alone, or has an explanation as cheap", kind, found, all)
		}
	}
}

// A wrong term beside false answers is found as well: in nearly all games exactly these
// three cells are blamed. It fails where a wrong term hides what else is wrong.
func TestFalseTermBesideAnswers(t *testing.T) {
	wide.Only(t)
	const games = 8
	for _, kind := range []string{"vote term", "entry term"} {
		exactly := 0
		for seed := range games {
			sheets := cut(playGame(uint64(seed), 8, 18))
			name := falsifyField(rand.New(rand.NewPCG(uint64(seed), 7)), sheets, kind)
			made := falsify(rand.New(rand.NewPCG(uint64(seed), 2)), sheets, 2)
			r := mustGather(t, sheets).Search(order.DefaultStates, 1)
			right := !slices.ContainsFunc(r.Wrong, func(cell int) bool {
				c := &r.Cells[cell]
				return cellName(c) != name && !made[falsehood{c.Sheet, c.Step.Number, c.Item.Node}]
			})
			if right && len(r.Wrong) == 1+len(made) {
				exactly++
			}
		}
		t.Logf("%s and two answers: exactly these are blamed in %d of %d games", kind, exactly, games)
		if least := games * 9 / 10; exactly < least {
			t.Errorf("%s and two answers: exactly these are blamed in %d of %d games; want %d", kind, exactly, games, least)
		}
	}
}

// A term of any size that somebody typed costs no more than a wrong digit. It fails where
// the search looks at every term up to it, and takes all memory.
func TestHugeTerm(t *testing.T) {
	for _, huge := range []raft.Term{1 << 40, 1<<63 - 1} {
		sheets := cut(playGame(1, 5, 10))
		for _, sheet := range sheets {
			i := slices.IndexFunc(sheet.Steps, func(s trace.Step) bool { _, is := s.Event.(*trace.RequestVote); return is })
			if i < 0 {
				continue
			}
			e := *sheet.Steps[i].Event.(*trace.RequestVote)
			e.Term = trace.OptOf(huge)
			sheet.Steps[i].Event = &e
			break
		}
		if r := mustGather(t, sheets).Search(2000, 1); !r.Whole || len(r.Wrong) != 1 || r.Cells[r.Wrong[0]].Field != "term" {
			t.Errorf("term %d: all found %t, cost %d, %d cells blamed; want that term alone", huge, r.Whole, r.Cost, len(r.Wrong))
		}
	}
}
