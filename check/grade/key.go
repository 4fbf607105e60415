package grade

import (
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/trace"
)

// A Key is what sheets are marked against. It is used by one goroutine at a
// time, see [Key.Clone].
type Key struct {
	Trace *trace.Trace
	Run   *replay.Run   // the truth
	Own   *check.Report // the key's own answers beside it: it may be wrong itself
	Cells []Cell
	Steps []KeyStep // by the trace's, those that ask nothing too

	Max    Points // of all cells
	Follow Points // the part of a cell's points for what follows from a mistake
	Late   Points // what a late sheet loses
	InPart bool   // Late is percent of its mark

	why map[*Cell]reason // see Key.reason
}

// A Cell is a cell of the key, and what it is worth.
type Cell struct {
	item.Item
	Points Points
	Right  any // in the format's words
}

// A KeyStep is the cells of one step.
type KeyStep struct {
	Trace       *trace.Step
	First, Last int  // Cells[First:Last]
	Whole       bool // it scores as a whole or not at all
	Max         Points

	items []item.Item // those of Cells
}

// Asks reports whether the step asks for anything.
func (s *KeyStep) Asks() bool { return s.Last > s.First }

// NewKey makes a key of a trace. The error, of type [trace.Errors], is for a
// trace that cannot be replayed, or that asks for nothing.
func NewKey(t *trace.Trace) (*Key, error) {
	k, err := asKey(t)
	if err == nil && len(k.Cells) == 0 {
		return nil, trace.Errors{{File: t.File, Document: t.Document, Pos: t.Pos,
			Msg: "this key asks for nothing; write response: or state: in its steps, blank or with the answers"}}
	}
	return k, err
}

func asKey(t *trace.Trace) (*Key, error) {
	run, err := check.ReplayWith(t, nil)
	if err != nil {
		return nil, err
	}
	k := &Key{Trace: t, Run: run, Own: check.Compare(run)}
	if err := k.scheme(); err != nil {
		return nil, err
	}
	return k, nil
}

// Clone gives the same key for another goroutine.
func (k *Key) Clone() *Key {
	c, err := NewKey(k.Trace)
	if err != nil {
		panic(err) // the key has been made of this very trace
	}
	return c
}

// scheme works out what every cell is worth.
func (k *Key) scheme() error {
	g := &k.Trace.Grading
	worth, err := k.worth(g)
	if err != nil {
		return err
	}
	if err := k.late(g.Late.Or("0")); err != nil {
		return err
	}
	whole := make(map[string]bool)
	for _, id := range g.Whole {
		whole[id] = true
	}
	items := item.Of(k.Trace)
	for i := range k.Trace.Steps {
		t := &k.Trace.Steps[i]
		s := KeyStep{Trace: t, First: len(k.Cells), Whole: g.AllWhole || whole[t.ID]}
		for ; len(items) > 0 && items[0].Step == t.Number; items = items[1:] {
			c := Cell{Item: items[0], Right: item.Any(k.Trace, items[0].Node, item.Gives(k.Run, &items[0]))}
			if item.Doubts(k.Run, &c.Item) || c.isNoLine() || item.NothingToWrite(k.Run, &c.Item) {
				continue // off the page, or there is no such line
			}
			if c.Points, err = worth.of(&c, t); err != nil {
				return err
			}
			s.Max = s.Max.Plus(c.Points)
			k.Cells = append(k.Cells, c)
			s.items = append(s.items, c.Item)
		}
		s.Last = len(k.Cells)
		k.Max = k.Max.Plus(s.Max)
		k.Steps = append(k.Steps, s)
	}
	return nil
}

// A worth is what each kind of cell is worth, unless its step says otherwise.
type worth struct{ answer, term, state Points }

// worth reads what each kind of cell is worth, and what follows from a mistake.
func (k *Key) worth(g *trace.Grading) (w worth, err error) {
	each := g.Points.Or("1")
	for _, p := range []struct {
		to   *Points
		text string
	}{
		{&w.answer, g.Answer.Or(each)}, {&w.term, g.Term.Or(each)}, {&w.state, g.State.Or(each)},
		{&k.Follow, followed(g.Follow.Or("full"))},
	} {
		if *p.to, err = ParsePoints(p.text); err != nil {
			return w, fmt.Errorf("grading: %w", err)
		}
	}
	return w, nil
}

// of gives what a cell of that step is worth.
func (w worth) of(c *Cell, s *trace.Step) (Points, error) {
	switch {
	case s.Points.Given():
		p, err := ParsePoints(s.Points.Value)
		if err != nil {
			return p, fmt.Errorf("points: %w", err)
		}
		return p, nil
	case !c.IsAnswer():
		return w.state, nil
	case c.Field == item.AnswerTerm:
		return w.term, nil
	}
	return w.answer, nil
}

// isNoLine reports whether the cell is a nextIndex or matchIndex of a node that
// does not lead, and has none.
func (c *Cell) isNoLine() bool {
	return c.Right == "none" && (strings.HasPrefix(c.Name, "nextIndex") || strings.HasPrefix(c.Name, "matchIndex"))
}

// followed gives a policy of follow-through as a number.
func followed(policy string) string {
	switch policy {
	case "full":
		return "1"
	case "none":
		return "0"
	}
	return policy
}

func (k *Key) late(text string) (err error) {
	text, k.InPart = strings.CutSuffix(text, "%")
	text = strings.TrimSpace(text)
	if k.Late, err = ParsePoints(text); err != nil {
		return fmt.Errorf("late: %w", err)
	}
	return nil
}
