package grade

import (
	"fmt"
	"slices"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file makes keys of sheets that are marked by their own messages.

// A Scheme marks sheets that no key fits, each against a key of its own messages.
type Scheme struct {
	*trace.Scheme
	Digest   string // of the file that it was read from, as DigestOf gives it; empty if nobody says
	Criteria []Criterion
	Max      Points // what a sheet can come to
	Cells    Points // what all of its cells are worth together
	Costs    Points // what each message takes off that nobody could have sent

	most *Points // what all of them take off together; nil for no limit
	key  *Key    // what a class has in common: it asks for nothing
}

// A Criterion is something that a scheme asks a sheet to contain.
type Criterion struct {
	trace.Criterion
	Label string // 2 elections won
	Max   Points
}

// NewScheme makes a scheme of one that was read.
func NewScheme(s *trace.Scheme) (*Scheme, error) {
	sc := &Scheme{Scheme: s, Criteria: make([]Criterion, len(s.Must))}
	read := func(to *Points, o trace.Opt[string]) error {
		p, err := ParsePoints(o.Or("0"))
		*to = p
		return err
	}
	if err := read(&sc.Cells, s.Cells.Points); err != nil {
		return nil, fmt.Errorf("cells: %w", err)
	}
	if err := read(&sc.Costs, s.Cost.Costs); err != nil {
		return nil, fmt.Errorf("impossible: %w", err)
	}
	if s.Cost.Most.Given() {
		sc.most = new(Points)
		if err := read(sc.most, s.Cost.Most); err != nil {
			return nil, fmt.Errorf("impossible: %w", err)
		}
	}
	sc.Max = sc.Cells
	for i, c := range s.Must {
		sc.Criteria[i] = Criterion{Criterion: c, Label: label(&c)}
		if err := read(&sc.Criteria[i].Max, c.Points); err != nil {
			return nil, fmt.Errorf("must: %w", err)
		}
		sc.Max = sc.Max.Plus(sc.Criteria[i].Max)
	}
	sc.key = &Key{Trace: &trace.Trace{File: s.File, Document: 1, Pos: s.Pos, Title: s.Title, Grading: sc.grading()}, Scheme: sc}
	err := sc.key.scheme()
	sc.key.Max = sc.Max
	return sc, err
}

// label is what a criterion is called: its own words, or those of its feature.
func label(c *trace.Criterion) string {
	info := c.Of.Info()
	switch {
	case c.Says != "":
		return c.Says
	case c.Of == trace.RuleDecides && c.Times == 1:
		return fmt.Sprintf("%s %s", c.Rule, c.Outcome)
	case c.Of == trace.RuleDecides:
		return fmt.Sprintf("%s %s %d times", c.Rule, c.Outcome, c.Times)
	case c.Times == 1:
		return "1 " + info.One
	}
	return fmt.Sprintf("%d %s", c.Times, info.Many)
}

// Name is the criterion's name in reports for programs: elections, AE2 refused.
func (c *Criterion) Name() string {
	if c.Of == trace.RuleDecides {
		return fmt.Sprintf("%s %s", c.Rule, c.Outcome)
	}
	return c.Of.Info().Name
}

// grading is what the cells of a sheet weigh, as a key has it.
func (sc *Scheme) grading() trace.Grading {
	c := &sc.Scheme.Cells
	return trace.Grading{Answer: c.Answer, Term: c.Term, State: c.State, Follow: sc.Follow, Late: sc.Late}
}

// keyOf makes a key of a sheet: its messages, and the cells that it fills in, be
// they blank or not. The sheet says neither what they are worth nor by which rules
// they are right. The errors are for a sheet that cannot be replayed.
func (sc *Scheme) keyOf(sheet *trace.Trace) (*Key, error) {
	t := *sheet
	t.Title, t.Grading = sc.Title, sc.grading()
	t.Steps = slices.Clone(sheet.Steps)
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.Points = (trace.Opt[string]{}); item.Unused(sheet, s) {
			*s = trace.Step{Pos: s.Pos, Number: s.Number, ID: s.ID}
		}
	}
	t.Errors = item.Errors(sheet)
	run, errs := check.ReplayRest(&t, []string{raft.Figure2().Name})
	if run == nil {
		return nil, errs
	}
	k := &Key{Trace: run.Trace, Run: run, Own: check.Compare(run), Scheme: sc}
	k.ask(item.OfSheet(k.Trace))
	if err := k.scheme(); err != nil {
		return nil, err
	}
	k.share()
	return k, nil
}

// share shares the scheme's points out among the cells, by what each weighs. Where
// there are fewer than the scheme asks for, the rest has its share too: nobody gets
// it but, if an instructor says so, for what is written and cannot be told.
func (k *Key) share() {
	sc, whole := k.Scheme, k.Max
	answer, err := ParsePoints(sc.Scheme.Cells.Answer.Or("1"))
	if err != nil {
		panic(err) // scheme has read it
	}
	offSheet, unsaid := k.writtenUntold()
	if short := sc.Scheme.Cells.Least - len(k.Cells) - unsaid; short > 0 {
		whole = whole.Plus(answer.Times(Whole(short)))
		if whole.Sign() > 0 {
			k.Untold = sc.Cells.Part(whole).Times(answer).Times(Whole(min(short, offSheet)))
		}
	} else if len(k.Cells) == 0 && offSheet > 0 {
		k.Untold = sc.Cells
	}
	if whole.Sign() > 0 {
		each := sc.Cells.Part(whole)
		for i := range k.Cells {
			k.Cells[i].Points = k.Cells[i].Points.Times(each)
		}
		for i := range k.Steps {
			k.Steps[i].Max = k.Steps[i].Max.Times(each)
		}
	}
	k.Max = sc.Max
}

// writtenUntold counts what is written on a sheet and neither right nor wrong, because
// what decides it is not on the sheet, or because Figure 2 does not say what it is.
func (k *Key) writtenUntold() (offSheet, unsaid int) {
	for i := range k.Trace.Steps {
		items := item.OfStep(k.Trace, &k.Trace.Steps[i])
		for j := range items {
			switch it := &items[j]; {
			case it.Blank():
			case k.unsaid(it):
				unsaid++
			case k.Trace.Unknown.Has(it.Node) || k.untold(it):
				offSheet++
			}
		}
	}
	return offSheet, unsaid
}

// unlike says why a sheet is not one that the scheme can mark, empty for nothing.
func (sc *Scheme) unlike(t *trace.Trace) string {
	if sc.Names != nil && !slices.Equal(slices.Sorted(slices.Values(sc.Names)), slices.Sorted(slices.Values(t.Names))) {
		return fmt.Sprintf("its nodes are %s, and the scheme's %s", list(t.Names), list(sc.Names))
	}
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Event != nil || s.Unread && !s.EventBlank || item.Filled(t, s) {
			return ""
		}
	}
	return "nothing is written on it: no message, no answer and no table"
}
