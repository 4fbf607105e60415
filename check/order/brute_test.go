package order_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"raftsheet/check/item"
	"raftsheet/check/order"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// A brute force search goes through all orders of a small game, and all that can have
// become of each request, without memory or bound but that of the cost.
type brute struct {
	sheets []*trace.Trace
	base   *trace.Trace
	most   int // no order that costs more is followed
	best   int
	all    map[string]bool // what is wrong in every cheapest order
}

func bruteForce(sheets []*trace.Trace, most int) *brute {
	b := &brute{sheets: sheets, base: &trace.Trace{Names: sheets[0].Names}, most: most, best: most + 1}
	c := replay.New(b.base, raft.Figure2())
	c.Run().Each = true
	b.from(c, make([]int, len(sheets)), nil)
	return b
}

// from goes on from a cluster, with sheets read so far and so much wrong.
func (b *brute) from(c *replay.Cluster, at []int, wrong []string) {
	if len(wrong) > b.most {
		return
	}
	on := false
	for i, sheet := range b.sheets {
		s := &sheet.Steps[at[i]]
		if s.Event == nil { // the table at the end
			continue
		}
		on = true
		next := slices.Clone(at)
		next[i]++
		b.step(c, s, i, next, wrong, nil)
	}
	if !on {
		b.end(c, wrong)
	}
}

// step takes a step with every fate of every request: it is lost, or it arrives and
// its sender hears the answer, or it hears what is written.
func (b *brute) step(c *replay.Cluster, s *trace.Step, sheet int, at []int, wrong []string, fates []string) {
	cells := s.Response.Cells
	if len(fates) < len(cells) {
		for _, fate := range []string{"lost", "arrives", "heard"} {
			b.step(c, s, sheet, at, wrong, append(slices.Clone(fates), fate))
		}
		return
	}
	one := trace.Step{Event: s.Event, Response: &trace.Row{}}
	for i, fate := range fates {
		switch {
		case fate == "lost":
			one.Lost = one.Lost.With(cells[i].Node)
		case fate == "heard" && cells[i].None:
			return
		case fate == "heard":
			one.Response.Cells = append(one.Response.Cells, cells[i])
		}
	}
	c = c.Clone()
	step, halt := c.Apply(&one)
	if halt != nil || step.Possible == replay.Impossible {
		return
	}
	wrong = slices.Clone(wrong)
	for i, fate := range fates {
		d := step.Delivery(cells[i].Node)
		differs := cells[i].None != !d.Answered() || !cells[i].None && cells[i].OK.Value != d.OK
		if fate == "heard" && !differs {
			return // it is the same as arrives
		}
		if differs {
			wrong = append(wrong, fmt.Sprint(sheet, s.Number, cells[i].Node))
		}
	}
	b.from(c, at, wrong)
}

// end holds the tables against what has come of the game.
func (b *brute) end(c *replay.Cluster, wrong []string) {
	c.Apply(&trace.Step{})
	wrong = slices.Clone(wrong)
	for i, sheet := range b.sheets {
		s := &sheet.Steps[len(sheet.Steps)-1]
		for _, it := range item.OfStep(b.base, s) {
			it.Step = len(c.Run().Steps)
			if item.Differs(c.Run(), &it) {
				wrong = append(wrong, fmt.Sprint(i, s.Number, it.Node, it.Name))
			}
		}
	}
	if len(wrong) > b.best || len(wrong) > b.most {
		return
	}
	own := make(map[string]bool)
	for _, w := range wrong {
		own[w] = true
	}
	if len(wrong) < b.best {
		b.best, b.all = len(wrong), own
		return
	}
	for w := range b.all {
		if !own[w] {
			delete(b.all, w)
		}
	}
}

// All orders of small games, tried one by one, say the same as the search: what the
// cheapest costs, and what is wrong in all of those. It fails where the memory of the
// search takes two states for one, or its bound cuts off a cheapest order.
func TestBruteForce(t *testing.T) {
	for seed := range wide.Of(25, 400) {
		sheets := cut(playGame(uint64(500+seed), 3, 5))
		made := falsify(rand.New(rand.NewPCG(uint64(seed), 4)), sheets, seed%3)
		game := mustGather(t, sheets)
		r := game.Search(order.DefaultStates, 1)
		b := bruteForce(sheets, len(made))
		got := make(map[string]bool)
		for _, i := range r.Wrong {
			c := &game.Cells[i]
			id := fmt.Sprint(c.Sheet, c.Step.Number, c.Item.Node)
			if !c.Item.IsAnswer() {
				id = fmt.Sprint(c.Sheet, c.Step.Number, c.Item.Node, c.Item.Name)
			}
			got[id] = true
		}
		if !r.Proven || r.Cost != b.best || fmt.Sprint(got) != fmt.Sprint(b.all) {
			t.Errorf("game %d with %d false answers: cost %d, wrong in all %v; one by one it is %d, %v", seed, len(made), r.Cost, got, b.best, b.all)
		}
	}
}
