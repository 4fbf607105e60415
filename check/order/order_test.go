package order_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/order"
	"raftsheet/raft"
	"raftsheet/raft/goal"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// mustGather gives the game of sheets that fit together.
func mustGather(t *testing.T, sheets []*trace.Trace) *order.Game {
	t.Helper()
	game, errs := order.Gather(sheets, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	return game
}

// The sheets of any game have an order that explains them all, and check finds nothing
// in it once it has been written and read. It fails where the search takes a game's
// own order for impossible, or a merged trace says something else than its sheets.
func TestGamesAreFound(t *testing.T) {
	for seed := range wide.Of(30, 500) {
		nodes := 3 + seed%6
		game := mustGather(t, cut(playGame(uint64(seed), nodes, 18)))
		r := game.Search(order.DefaultStates, 1)
		if !r.Whole || r.Cost > 0 || len(r.Wrong) > 0 || r.Count == 0 {
			t.Fatalf("game %d of %d nodes: all found %t, cost %d, wrong %v, %d orders", seed, nodes, r.Whole, r.Cost, r.Wrong, r.Count)
		}
		var text strings.Builder
		if err := trace.Write(&text, r.Orders[0].Trace); err != nil {
			t.Fatal(err)
		}
		f := check.CheckFile("merged.yaml", strings.NewReader(text.String()), check.Settings{Limits: trace.DefaultLimits()})
		if len(f.Errors) > 0 || f.Reports[0].Count(finding.Error) > 0 {
			t.Fatalf("game %d: check finds %v %v in\n%s", seed, f.Errors, f.Reports[0].Findings, text.String())
		}
		if got := f.Reports[0].Tally.Steps; got != 18+nodes {
			t.Fatalf("game %d: the merged trace has %d steps; the sheets have %d", seed, got, 18+nodes)
		}
	}
}

// blames gives the cells that are wrong in every cheapest order, as falsehoods; ok is
// false where something else is among them.
func blames(r *order.Result, made map[falsehood]bool) (exactly bool) {
	n := 0
	for _, i := range r.Wrong {
		c := &r.Cells[i]
		if c.IsMessage() || !c.Item.IsAnswer() || !made[falsehood{c.Sheet, c.Step.Number, c.Item.Node}] {
			return false
		}
		n++
	}
	return n == len(made)
}

// Answers that were made false are blamed, and no others; or there is an order that is
// as cheap, or cheaper, and then the search says so: it never says that there is none
// and blames something else.
func TestFalseAnswersAreBlamed(t *testing.T) {
	games := wide.Of(12, 100)
	exactly := 0
	for seed := range games {
		sheets := cut(playGame(uint64(seed), 8, 18))
		made := falsify(rand.New(rand.NewPCG(uint64(seed), 2)), sheets, 1+seed%wide.Of(3, 8))
		r := mustGather(t, sheets).Search(order.DefaultStates, 1)
		if !r.Whole {
			t.Errorf("game %d with %d false answers: no order is found", seed, len(made))
			continue
		}
		switch {
		case r.Cost > len(made):
			t.Errorf("game %d: an order costs %d; the game's own costs %d", seed, r.Cost, len(made))
		case blames(r, made):
			exactly++
		case r.Cost == len(made) && len(r.Depends) == 0:
			t.Errorf("game %d: %d false answers cost as much as others, which alone are blamed: %v", seed, len(made), r.Wrong)
		}
	}
	t.Logf("%d of %d games: exactly the false answers are blamed", exactly, games)
	if least := games * 9 / 10; exactly < least {
		t.Errorf("in %d of %d games exactly the false answers are blamed; want %d", exactly, games, least)
	}
}

// The same with cells of all kinds: answers, fields of tables and fields of messages. Of a
// game that was searched to its end no true cell is blamed that the game's own order has
// right, and a dearer order than that is never said to be the cheapest.
func TestFalseCellsAreBlamed(t *testing.T) {
	games, nodes, messages := wide.Of(5, 20), wide.Of(4, 8), wide.Of(6, 18)
	exactly := 0
	for seed := range games {
		sheets := cut(playGame(uint64(seed), nodes, messages))
		made := falsifyAny(rand.New(rand.NewPCG(uint64(seed), 2)), sheets, 1+seed%wide.Of(2, 8))
		r := mustGather(t, sheets).Search(wide.Of(2000, order.DefaultStates), 1)
		switch {
		case r.Whole && blamesAny(r, made):
			exactly++
		case r.Whole && r.Proven && r.Cost > len(made):
			t.Errorf("game %d: the cheapest order is said to cost %d; the game's own costs %d: %v", seed, r.Cost, len(made), made)
		case r.Whole && r.Proven && r.Cost == len(made):
			for _, i := range r.Wrong {
				if name := cellName(&r.Cells[i]); !made[name] {
					t.Errorf("game %d: %s is true, and called wrong in every order; false are %v", seed, name, made)
				}
			}
		}
	}
	t.Logf("%d of %d games: exactly the false cells are blamed", exactly, games)
	if least := games * 8 / 10; exactly < least {
		t.Errorf("in %d of %d games exactly the false cells are blamed; want %d", exactly, games, least)
	}
}

// A merge of a known game never blames a true cell in all orders, if it costs as much
// as the game's own order: that order is then one of the cheapest, and the cell is
// right in it.
func TestTrueCellsAreNotBlamed(t *testing.T) {
	for seed := range wide.Of(10, 200) {
		sheets := cut(playGame(uint64(1000+seed), 4+seed%3, 10))
		made := falsify(rand.New(rand.NewPCG(uint64(seed), 3)), sheets, 1+seed%4)
		r := mustGather(t, sheets).Search(order.DefaultStates, 1)
		if !r.Proven || r.Cost < len(made) {
			continue // another story is cheaper
		}
		for _, i := range r.Wrong {
			c := &r.Cells[i]
			if c.IsMessage() || !made[falsehood{c.Sheet, c.Step.Number, c.Item.Node}] {
				t.Errorf("game %d: %s of step %d on the sheet of node %d is true, and called wrong in every order", seed, c.Item.Name, c.Step.Number, c.Sheet+1)
			}
		}
	}
}

// How long a search takes of the processor at the median: 18 messages 50 ms and 40
// messages 2 s, and some more where answers are false.
func TestDuration(t *testing.T) {
	wide.Only(t)
	for _, c := range []struct {
		messages, wrong, games int
		most                   time.Duration
	}{{18, 0, 51, 50 * time.Millisecond}, {18, 8, 11, time.Second}, {40, 0, 11, 2 * time.Second}, {40, 4, 3, 10 * time.Second}} {
		var all []time.Duration
		for seed := range c.games {
			sheets := cut(playGame(uint64(seed), 8, c.messages))
			falsify(rand.New(rand.NewPCG(uint64(seed), 2)), sheets, c.wrong)
			game := mustGather(t, sheets)
			start := goal.Processor()
			r := game.Search(order.DefaultStates, 1)
			all = append(all, goal.Processor()-start)
			if !r.Whole && r.Proven {
				t.Errorf("game %d of %d messages: it is said to have no order", seed, c.messages)
			}
		}
		slices.Sort(all)
		median := all[len(all)/2]
		t.Logf("%d messages, %d false answers: %s at the median, %s at most", c.messages, c.wrong, median.Round(time.Millisecond), all[len(all)-1].Round(time.Millisecond))
		if median > c.most {
			t.Errorf("%d messages with %d false answers took %s at the median; want %s", c.messages, c.wrong, median, c.most)
		}
	}
}

// A game too long for the bound on states ends there, and says so. It fails where a
// search that was cut off is taken for proof.
func TestBoundIsTold(t *testing.T) {
	r := mustGather(t, cut(playGame(1, 8, 100))).Search(200, 1)
	if r.Proven || r.States > 400 {
		t.Errorf("100 messages: proven %t after %d states; want an end at the bound, and no proof", r.Proven, r.States)
	}
}

// Without the sheet of a node that only answered, its answers are taken as given, and
// everything else is explained.
func TestMissingSheet(t *testing.T) {
	for seed := range wide.Of(6, 60) {
		sheets := cut(playGame(uint64(seed), 6, 12))
		gone := slices.IndexFunc(sheets, func(s *trace.Trace) bool { return len(s.Steps) == 1 })
		if gone < 0 {
			continue
		}
		r := mustGather(t, slices.Delete(sheets, gone, gone+1)).Search(order.DefaultStates, 1)
		if !r.Whole || r.Cost > 0 {
			t.Errorf("game %d without node %d: all found %t, cost %d", seed, gone+1, r.Whole, r.Cost)
		}
		if got, want := r.Orders[0].Trace.Unknown, raft.SetOf(raft.NodeID(gone+1)); got != want {
			t.Errorf("game %d: unknown is %b; want %b", seed, got, want)
		}
	}
}

// Whichever sheet is missing, nothing is called wrong for sure that it may explain. It
// fails where those who handed in are accused of what the missing node did.
func TestMissingSheetMayExplain(t *testing.T) {
	games, nodes := wide.Of(2, 4), 5
	explained := 0
	for seed := range games {
		for gone := range nodes {
			sheets := cut(playGame(uint64(seed), nodes, 8))
			r := mustGather(t, slices.Delete(sheets, gone, gone+1)).Search(wide.Of(300, 3000), 1)
			if r.Whole && r.Cost == 0 {
				explained++
			} else if want := fmt.Sprintf("the sheet of node %d is missing", gone+1); !strings.Contains(r.Unsure(), want) {
				t.Errorf("game %d without node %d: all found %t, cost %d, unsure because %q", seed, gone+1, r.Whole, r.Cost, r.Unsure())
			}
		}
	}
	t.Logf("%d of %d games with a sheet missing are explained by the others", explained, games*nodes)
}

// Several orders differ, and each comes true.
func TestSeveralOrders(t *testing.T) {
	const want = 5
	for seed := range 10 {
		r := mustGather(t, cut(playGame(uint64(seed), 7, 14))).Search(order.DefaultStates, want)
		seen := make(map[string]bool)
		for _, o := range r.Orders {
			var row []string
			for _, s := range o.Trace.Steps {
				row = append(row, s.Comment)
			}
			seen[fmt.Sprint(row)] = true
			if rep := check.Compare(o.Run); rep.Count(finding.Error) > 0 {
				t.Errorf("game %d: %v", seed, rep.Findings)
			}
		}
		if len(seen) != len(r.Orders) || uint64(len(seen)) != min(want, r.Count) {
			t.Errorf("game %d has %d orders: %d are given, of which %d differ", seed, r.Count, len(r.Orders), len(seen))
		}
	}
}

// However few states it may look at, a search ends, and does not say that it has seen
// all of them. It fails where a search without a state left has nowhere to report from.
func TestFewStates(t *testing.T) {
	for states := 1; states < 40; states++ {
		sheets := cut(playGame(7, 8, 18))
		falsify(rand.New(rand.NewPCG(7, 2)), sheets, 2)
		r := mustGather(t, sheets).Search(states, 1)
		if !r.Whole && (r.Proven || len(r.Orders) != 1) { // the sheets may wait for nothing but more states
			t.Errorf("%d states: proven %t, %d orders", states, r.Proven, len(r.Orders))
		}
		if r.States > states {
			t.Errorf("%d states were looked at; at most %d may be", r.States, states)
		}
	}
}

// In a wide cluster with much that is wrong, what became of the requests of one step is
// more than can be tried. It fails where a search never comes back from one step.
func TestWideCluster(t *testing.T) {
	const nodes, wrong = 64, 100
	sheets := cut(playGame(1, nodes, 3))
	falsify(rand.New(rand.NewPCG(1, 2)), sheets, wrong)
	if r := mustGather(t, sheets).Search(200, 1); r.Proven {
		t.Errorf("all ways have been tried, it is said: all found %t, cost %d", r.Whole, r.Cost)
	}
}

// A sheet in which nothing is left to chance takes a state for each step, and a bound that
// has so many is enough for it.
func TestLongSheet(t *testing.T) {
	const entries = 60
	all := trace.Cell{OK: trace.OptOf(true)}
	sheet := &trace.Trace{File: "node1.yaml", Document: 1, Names: []string{"1", "2", "3"}, RaftID: 1}
	add := func(e trace.Event) {
		sheet.Steps = append(sheet.Steps, trace.Step{Event: e, Response: &trace.Row{Others: &all}})
	}
	add(&trace.RequestVote{CandidateID: 1, Term: trace.OptOf(raft.Term(1)), LastLogIndex: trace.OptOf(raft.Index(0)), LastLogTerm: trace.OptOf(raft.Term(0))})
	for i := range raft.Index(entries) {
		add(&trace.AppendEntries{LeaderID: 1, Term: trace.OptOf(raft.Term(1)), Index: trace.OptOf(i + 1), Value: trace.OptOf("x"), LeaderCommit: trace.OptOf(i)})
	}
	number(sheet)
	if r := mustGather(t, []*trace.Trace{sheet}).Search(entries+2, 1); !r.Whole || r.Cost > 0 {
		t.Errorf("in %d states no order of %d messages is found, cost %d", entries+2, entries+1, r.Cost)
	}
}
