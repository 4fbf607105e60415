package grade

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/check/item"
	because "raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Key is what sheets are marked against. It is used by one goroutine at a
// time, see [Key.Clone]. Where a scheme marks, each sheet has a key of its own.
type Key struct {
	Trace  *trace.Trace
	Digest string        // of the file that it was read from, as DigestOf gives it; empty if nobody says
	Run    *replay.Run   // the truth
	Own    *check.Report // the key's own answers beside it: it may be wrong itself
	Cells  []Cell
	Steps  []KeyStep   // by the trace's, those that ask nothing too
	Scheme *Scheme     // that marks, nil for a key that marks by itself
	Player raft.NodeID // of a game: the node whose cells it asks; NoNode otherwise

	Max    Points // of all cells, and of what a scheme asks a sheet to contain
	Untold Points // of a sheet that is its own key: what an instructor may give for what cannot be told
	Follow Points // the part of a cell's points for what follows from a mistake
	Late   Points // what a late sheet loses
	InPart bool   // Late is percent of its mark

	why  map[*Cell]reason // see Key.reason
	most int              // steps of the longest of the keys of several variants, see Key.limits
}

// A Cell is a cell of the key, and what it is worth.
type Cell struct {
	item.Item
	Points Points
	Right  any // in the format's words; nil where it rests on what cannot be read

	known []*Judgement // that sheets share, see shared
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
	k.ask(item.Of(t))
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
	c.Digest, c.most = k.Digest, k.most
	return c
}

// ask makes cells of the items, which are in the order of the steps. What is off
// the page, or a line that there is not, is none; but on a sheet that is its own key
// such a line is wrong where it is written.
func (k *Key) ask(items []item.Item) {
	for i := range k.Trace.Steps {
		s := KeyStep{Trace: &k.Trace.Steps[i], First: len(k.Cells)}
		for ; len(items) > 0 && items[0].Step == i+1; items = items[1:] {
			it := items[0]
			if k.untold(&it) || isNoLine(k.Run, &it) && (k.Scheme == nil || it.Blank()) || item.NothingToWrite(k.Run, &it) {
				continue
			}
			k.Cells = append(k.Cells, Cell{Item: it})
			s.items = append(s.items, it)
		}
		s.Last = len(k.Cells)
		k.Steps = append(k.Steps, s)
	}
}

// untold reports whether nobody can tell an item. On a sheet that is its own key, one
// that rests on what cannot be read is to review; and Figure 2 does not say what a
// leader answers to another of its term, whose message costs points already.
func (k *Key) untold(it *item.Item) bool {
	if k.Scheme == nil {
		return item.Doubts(k.Run, it)
	}
	return k.unsaid(it) || item.Doubts(k.Run, it) && !k.Run.Untold(it.Node, it.Step)
}

// unsaid reports whether an item is what a leader answers to another of its term.
func (k *Key) unsaid(it *item.Item) bool {
	d := k.Run.Steps[it.Step-1].Delivery(it.Node)
	return it.IsAnswer() && d != nil && d.TwoLeaders()
}

// Questions gives the key as it is handed out: its cells, blank, and neither its
// answers nor its marking scheme, see [item.Questions]. A line that there is not is
// asked for with the others, since leaving it out would tell that.
func (k *Key) Questions() *trace.Trace {
	return item.Questions(k.Trace, func(it *item.Item) bool { return !item.Doubts(k.Run, it) })
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
	for i := range k.Steps {
		s := &k.Steps[i]
		s.Whole = g.AllWhole || whole[s.Trace.ID]
		for j := s.First; j < s.Last; j++ {
			c := &k.Cells[j]
			if !k.Run.Untold(c.Node, c.Step) {
				c.Right = item.Any(k.Trace, c.Node, item.Gives(k.Run, &c.Item))
			}
			if c.Points, err = worth.of(c, s.Trace); err != nil {
				return err
			}
			s.Max = s.Max.Plus(c.Points)
		}
		k.Max = k.Max.Plus(s.Max)
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
	case c.Field != item.Outcome:
		return w.term, nil
	}
	return w.answer, nil
}

// Worth is what an item that the key asks is worth as a cell, also one that is none
// because nothing belongs in it.
func (k *Key) Worth(it *item.Item) Points {
	w, err := k.worth(&k.Trace.Grading)
	if err != nil {
		panic(err) // they have been read when the key was made
	}
	p, err := w.of(&Cell{Item: *it}, &k.Trace.Steps[it.Step-1])
	if err != nil {
		panic(err)
	}
	return p
}

// isNoLine reports whether an item is a nextIndex or matchIndex of a node that
// does not lead, and has none.
func isNoLine(run *replay.Run, it *item.Item) bool {
	switch it.Field {
	case item.NextIndex, item.NextIndexLine, item.MatchIndex, item.MatchIndexLine:
		return item.Gives(run, it) == replay.None{}
	}
	return false
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

// A reason is the rule that decides a cell, with its figures.
type reason struct {
	rule raft.Rule
	why  string
}

// reason is why a cell is what it is. Where a sheet has something else, it is
// about the part in which that comes apart from it; otherwise it is the same for
// all sheets, and worked out once.
func (k *Key) reason(c *Cell, on *item.Item) (raft.Rule, string) {
	if !on.Blank() && item.Differs(k.Run, on) {
		return because.Item(k.Run, on)
	}
	if k.why == nil {
		k.why = make(map[*Cell]reason)
	}
	r, ok := k.why[c]
	if !ok {
		blank := c.Item
		blank.Written = nil
		r.rule, r.why = because.Item(k.Run, &blank)
		k.why[c] = r
	}
	return r.rule, r.why
}

// DigestOf stands for a file's bytes: equal ones have one digest, others another.
func DigestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// listDigest is a digest as a list has it: as much of it as nobody meets twice.
func listDigest(digest string) string {
	const most = 24 // of 64 hexadecimal digits
	digest = strings.TrimPrefix(digest, "sha256:")
	return digest[:min(most, len(digest))]
}

// limits bound what is read of a submission: what the key asks, several times
// over, and no more than fits beside a thousand others.
func (k *Key) limits() trace.Limits {
	lim := trace.DefaultLimits()
	lim.Nodes = 200_000
	lim.Steps = 1000 + 4*max(k.most, len(k.Trace.Steps)) // of a scheme's key, which has none, 1000
	return lim
}
