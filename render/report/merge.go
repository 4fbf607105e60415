package report

import (
	"io"

	"raftsheet/check/finding"
	"raftsheet/check/order"
	"raftsheet/check/reason"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// The JSON of merge. Its names are stable: programs read them.
type (
	jsonMerge struct {
		Version  int             `json:"version"`
		Whole    bool            `json:"whole"` // the order has all steps of all sheets
		Cost     int             `json:"cost"`
		Orders   uint64          `json:"orders"`           // 2^64-1 stands for more
		Proven   bool            `json:"proven"`           // all orders that cost no more were looked at
		Unsure   string          `json:"unsure,omitempty"` // why what is wrong in every order may be right all the same
		States   int             `json:"states"`
		Sheets   []jsonMergeIn   `json:"sheets"`
		Steps    []jsonMergeStep `json:"steps"` // in the order found
		Findings []jsonMerged    `json:"findings"`
		Waits    []jsonWait      `json:"waits"`
	}
	jsonMergeIn struct {
		File     string `json:"file"`
		Document int    `json:"document"`
		Node     string `json:"node"`
	}
	jsonMergeStep struct {
		ID   string   `json:"id"`
		File string   `json:"file"`
		Line int32    `json:"line"`
		Node string   `json:"node"`
		What string   `json:"what"` // happened, in a line
		Lost []string `json:"lost,omitempty"`
	}
	jsonMerged struct {
		jsonFinding
		File  string `json:"file"`
		Owner string `json:"owner"`          // the node whose mistake it is
		Slip  string `json:"slip,omitempty"` // the node on whose sheet it may as well be a slip of the pen
		Every bool   `json:"every"`          // in every cheapest order; otherwise it depends on the order
	}
	jsonWait struct {
		File    string `json:"file"`
		Line    int32  `json:"line"`
		Node    string `json:"node"`
		Step    string `json:"step"`
		Field   string `json:"field"`
		Message string `json:"message"`
	}
)

// Merge writes what came of looking for an order of a game's sheets.
func Merge(w io.Writer, r *order.Result) error {
	out := jsonMerge{Version: 1, Whole: r.Whole, Cost: r.Cost, Orders: r.Count, Proven: r.Proven, States: r.States,
		Sheets: []jsonMergeIn{}, Steps: []jsonMergeStep{}, Findings: []jsonMerged{}, Waits: []jsonWait{}}
	for _, s := range r.Sheets {
		out.Sheets = append(out.Sheets, jsonMergeIn{s.File, s.Document, s.Name(s.Node)})
	}
	if len(r.Wrong) > 0 {
		out.Unsure = r.Unsure()
	}
	first := r.Orders[0]
	for i, t := range first.Steps {
		sheet, s := &r.Sheets[t.Sheet], &first.Trace.Steps[i]
		j := jsonMergeStep{ID: s.ID, File: sheet.File, Line: t.Step.Pos.Line, Node: sheet.Name(sheet.Node), What: render.OrderLine(first, i)}
		for id := range s.Lost.All() {
			j.Lost = append(j.Lost, sheet.Name(id))
		}
		out.Steps = append(out.Steps, j)
	}
	if r.Whole {
		out.Findings = mergedJSON(r)
	}
	for i := range r.Waits {
		w := &r.Waits[i]
		out.Waits = append(out.Waits, jsonWait{w.Sheet.File, w.Step.Pos.Line, w.Sheet.Name(w.Sheet.Node), w.Step.ID, w.Why.Field, reason.Fact(w.Run, &w.Why)})
	}
	return doc.WriteJSON(w, out)
}

// mergedJSON has what is wrong in every cheapest order, and then what depends on it.
func mergedJSON(r *order.Result) []jsonMerged {
	out := []jsonMerged{}
	add := func(o *order.Order, cells []int, every bool) {
		for _, d := range r.Differences(o) {
			for _, c := range cells {
				if d.Cell != c {
					continue
				}
				one := jsonMerged{findingJSON(&d.Finding, finding.Mode{}), d.Sheet.File, d.Sheet.Name(r.Cells[c].Owner), "", every}
				if every && r.MayBeSlip(c) {
					one.Slip = d.Sheet.Name(d.Sheet.Node)
				}
				out = append(out, one)
			}
		}
	}
	add(r.Orders[0], r.Wrong, true)
	for _, c := range r.Depends {
		o := r.Others[c]
		if o == nil {
			o = r.Orders[0]
		}
		add(o, []int{c}, false)
	}
	return out
}
