package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/order"
	"raftsheet/check/reason"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// MergeOptions say what is shown of a merge.
type MergeOptions struct {
	Files map[string]*trace.File // the sheets', by name
	Order bool                   // the order itself too, a line a step
	Quiet bool                   // what is wrong alone, without a word on how the search went
}

// Merge shows what came of looking for an order of a game's sheets: what is wrong in
// every cheapest order, what depends on the order, and, where no order has all steps,
// what each sheet waits for.
func Merge(r *order.Result, opt MergeOptions) *doc.Document {
	d := &doc.Document{Title: "The order of the sheets"}
	v := mergeView{r, opt.Files}
	if opt.Order {
		d.Add(v.order())
	}
	if !r.Whole {
		d.Add(v.waits(), doc.P(v.verdict()))
		if why := v.missing(); why != "" {
			d.Add(doc.P(doc.Text(capital(why) + ".")))
		}
		if !r.Proven {
			d.Add(v.bound("an order that has all of them may exist"))
		}
		return d
	}
	d.Add(v.wrong())
	if why := r.Unsure(); why != "" && len(r.Wrong) > 0 && v.missing() == "" {
		d.Add(doc.P(doc.Text("None of this is certain: " + why + ".")))
	}
	if len(r.Depends) > 0 {
		d.Add(doc.P(doc.Text(fmt.Sprintf("%s on the order: wrong in some of the cheapest orders, right in others. None of them is marked.",
			Count(len(r.Depends), "place depends", "places depend")))), v.depends())
	}
	if opt.Quiet {
		return d
	}
	d.Add(doc.P(v.verdict()))
	if r.Unread {
		d.Add(doc.P(doc.Text("What cannot be read is in no order.")))
	}
	if !r.Proven {
		what := "a cheaper order may exist, and more that are as cheap"
		if r.Cost == 0 {
			what = "there may be more"
		}
		d.Add(v.bound(what))
	}
	return d
}

// A mergeView shows one result.
type mergeView struct {
	*order.Result
	files map[string]*trace.File
}

// size says how much there was to bring into an order: its steps are the messages, or
// what else happened, and the tables that stand alone.
func (v *mergeView) size() string {
	one, many, happened, tables := "message", "messages", 0, 0
	for i := range v.Sheets {
		for j := range v.Sheets[i].Steps {
			s := &v.Sheets[i].Steps[j]
			switch _, sends := s.Sender(); {
			case s.Event == nil && len(s.State) > 0:
				tables++
			case s.Event != nil && !sends:
				one, many = "event", "events"
				fallthrough
			case s.Event != nil:
				happened++
			}
		}
	}
	size := Count(len(v.Sheets), "sheet", "sheets") + ", " + Count(happened, one, many)
	if tables > 0 {
		size += " and " + Count(tables, "table", "tables")
	}
	return size
}

// missing says in a clause that a sheet is missing which may explain what differs; it is
// empty where none is.
func (v *mergeView) missing() string {
	if v.Orders[0].Trace.Unknown == 0 {
		return ""
	}
	return v.Unsure()
}

// order lists the steps of the first order, each with the sheet that it came from.
func (v *mergeView) order() doc.Table {
	o := v.Orders[0]
	tab := doc.Table{Caption: "Order", Columns: doc.Columns("step", "sheet", "what happened"), Open: true}
	for i := range o.Trace.Steps {
		s := &o.Trace.Steps[i]
		tab.Rows = append(tab.Rows, doc.Cells(s.ID, s.Comment, OrderLine(o, i)))
	}
	return tab
}

// OrderLine says in a line what happened in a step of an order.
func OrderLine(o *order.Order, step int) string {
	s := &o.Run.Steps[step]
	if s.Trace.Event == nil {
		var nodes []string
		for i := range s.Trace.State {
			nodes = append(nodes, o.Trace.Name(s.Trace.State[i].Node))
		}
		return "table of node " + reason.And(nodes)
	}
	head, fields := StepForm(o.Run, s)
	var words []string
	for _, f := range fields {
		words = append(words, f.Name+" "+f.Value.String())
	}
	return strings.TrimSpace(head + " " + strings.Join(words, ", "))
}

func (v *mergeView) bound(so string) doc.Block {
	states := Grouped(uint64(v.States)) + " states"
	if v.States == 1 {
		states = "1 state"
	}
	return doc.P(doc.Text(fmt.Sprintf("The search stopped after %s: %s. --states looks at more.", states, so)))
}

// MergeLine says in a line what came of looking for an order.
func MergeLine(r *order.Result) string { return (&mergeView{Result: r}).verdict().String() }

// verdict says in one line what came of it.
func (v *mergeView) verdict() doc.Inline {
	orders := Grouped(v.Count)
	if v.Count == math.MaxUint64 {
		orders = "more than " + orders
	}
	switch {
	case !v.Whole:
		return doc.Marked(doc.Wrong, fmt.Sprintf("%s: no order has all of them; the furthest has %d", v.size(), len(v.Orders[0].Steps)))
	case v.Cost == 0 && v.Count == 1 && v.Proven:
		return doc.Marked(doc.Right, v.size()+": one order explains everything")
	case v.Cost == 0:
		return doc.Marked(doc.Right, fmt.Sprintf("%s: an order explains everything, one of %s", v.size(), orders))
	}
	if why := v.missing(); why != "" {
		return doc.Marked(doc.Wrong, fmt.Sprintf("%s: %s from the cheapest order; %s", v.size(), Count(v.Cost, "place differs", "places differ"), why))
	}
	wrong := "; " + Count(v.Cost, "place is", "places are") + " wrong in "
	switch {
	case v.Count == 1:
		wrong += "the cheapest order"
	case len(v.Depends) == 0:
		wrong += fmt.Sprintf("each of the %s cheapest orders, the same in all", orders)
	default:
		wrong += fmt.Sprintf("each of the %s cheapest orders, %s the same in all", orders, Count(len(v.Result.Wrong), "of them", "of them"))
	}
	return doc.Marked(doc.Wrong, v.size()+": no order explains everything"+wrong)
}

// Grouped writes a number with its thousands apart: 1,234,567.
func Grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// wrong shows what is wrong in every cheapest order, as the first one has it.
func (v *mergeView) wrong() doc.Places {
	var places doc.Places
	for _, d := range v.Differences(v.Orders[0]) {
		if slices.Contains(v.Result.Wrong, d.Cell) {
			p := v.place(&d, v.Orders[0])
			if v.MayBeSlip(d.Cell) {
				t, c := v.Orders[0].Trace, &v.Cells[d.Cell]
				p.Why += fmt.Sprintf("; node %s's own table says so too, so that this may be a slip of the pen on the sheet of node %s", t.Name(c.Owner), t.Name(d.Sheet.Node))
			}
			if why := v.missing(); why != "" {
				p.Note, p.Why = true, p.Why+"; but "+why
			}
			places = append(places, p)
		}
	}
	return places
}

// depends shows what is wrong in some cheapest orders, each as in one of those.
func (v *mergeView) depends() doc.Places {
	var places doc.Places
	for _, cell := range v.Depends {
		o, right := v.Others[cell], "in the order that is shown it is right"
		if o == nil {
			o, right = v.Orders[0], "in other orders it is right"
		}
		for _, d := range v.Differences(o) {
			if d.Cell == cell {
				p := v.place(&d, o)
				p.Note, p.Why = true, p.Why+"; "+right
				places = append(places, p)
			}
		}
	}
	return places
}

// place is a difference with its line.
func (v *mergeView) place(d *order.Difference, o *order.Order) doc.Place {
	what := Headline(&d.Finding, o.Run.Rules)
	if d.Kind == finding.Message && d.Actual != nil {
		what = fmt.Sprintf("step %s: node %s's %s has %s %v; it should have %v", d.ID, d.Node, d.Event, d.Field, d.Expected, d.Actual)
	}
	return doc.Place{File: d.Sheet.File, At: d.Pos.String(), Kind: d.Kind.String(), What: what, Why: Reason(&d.Finding),
		Excerpt: excerpt(v.files[d.Sheet.File], d.Pos)}
}

// waits shows what each sheet waits for where the furthest order ends.
func (v *mergeView) waits() doc.Places {
	var places doc.Places
	for i := range v.Waits {
		w := &v.Waits[i]
		at := w.Why.Pos
		if !at.IsValid() {
			at = w.Step.EventPos
		}
		why := v.why(w)
		if missing := v.missing(); missing != "" {
			why += "; but " + missing
		}
		places = append(places, doc.Place{File: w.Sheet.File, At: at.String(), Kind: "waits", What: v.waiting(w), Why: why,
			Excerpt: excerpt(v.files[w.Sheet.File], at)})
	}
	return places
}

func (v *mergeView) waiting(w *order.Wait) string {
	s := w.Sheet
	return fmt.Sprintf("node %s's sheet comes no further: step %s cannot come next", s.Name(s.Node), w.Step.ID)
}

func (v *mergeView) why(w *order.Wait) string {
	return reason.WithPlace(reason.Fact(w.Run, &w.Why), reason.Authority(w.Why.Rule))
}
