package render

import (
	"cmp"
	"fmt"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// ShowOptions say what of a replay is shown.
type ShowOptions struct {
	Node  raft.NodeID // the sheet of this node alone, or NoNode for all
	Step  int         // stop after this step; 0 for the last
	Blank bool        // leave the answers and tables out
	Rows  int         // of each node's terms and log, on paper or blank; 0 for [DefaultRows]

	States bool // in JSON: whole states too, not what changed alone
}

// Show shows the worksheet of a replay as the paper form has it: the forms of the
// messages, and each node's terms and log.
func Show(run *replay.Run, opt ShowOptions) *doc.Document {
	t := run.Trace
	d := &doc.Document{Title: "Worksheet", Sheet: paperSheet(t.Variant)}
	if t.Title != "" {
		d.Title = t.Title
		d.Add(doc.Heading{Level: 1, Text: doc.Marked(doc.Foreign, t.Title)})
	}
	last := len(run.Steps)
	if opt.Step > 0 {
		last = opt.Step
	}
	for i := range run.Steps[:last] {
		step := &run.Steps[i]
		if sender, ok := step.Trace.Sender(); opt.Node == raft.NoNode || ok && sender == opt.Node {
			d.Add(stepForm(run, step, opt.Blank))
		}
	}
	addStates(d, run, opt, last)
	return d
}

// addStates adds the page of each node that is shown, as it is after a step.
func addStates(d *doc.Document, run *replay.Run, opt ShowOptions, last int) {
	t := run.Trace
	for i := range t.Names {
		id := raft.NodeID(i + 1)
		if opt.Node != id && (opt.Node != raft.NoNode || t.Unknown.Has(id)) {
			continue
		}
		if opt.Blank && HasInitial(t, id) {
			d.Add(nodeState(run, id, 0, stateBefore, opt.Rows))
		}
		if opt.Blank {
			d.Add(nodePage("Raft State", t.Name(id), nil, nil, nil, opt.Rows, true))
		} else {
			d.Add(nodeState(run, id, last, "Raft State", opt.Rows))
		}
	}
}

// stateBefore heads the page of a node as it is before the first step.
const stateBefore = "Raft State before the first step"

// HasInitial reports whether a node's initial state is written: it is part of
// the question, and not of the answers.
func HasInitial(t *trace.Trace, id raft.NodeID) bool {
	return slices.ContainsFunc(t.Initial, func(st trace.NodeState) bool { return st.Node == id })
}

// nodeState is the page of a node after a step.
func nodeState(run *replay.Run, id raft.NodeID, step int, head string, rows int) doc.Group {
	t := run.Trace
	if run.Untold(id, step) {
		return doc.Group{Apart: true, Blocks: []doc.Block{doc.Heading{Level: 2, Text: doc.Text(head)},
			formFields([]field{{"raft_id", t.Name(id)}}), doc.P(doc.Text("not on this page"))}}
	}
	if step > 0 && run.Steps[step-1].Doubts(id) {
		page := nodePage(head, t.Name(id), nil, nil, nil, rows, false)
		page.Blocks = slices.Insert(page.Blocks, 2, doc.Block(doc.P(doc.Text("left blank: this node has received what is not on its sheet"))))
		return page
	}
	page := nodePage(head, t.Name(id), stateFields(run, id, step), termRows(run, id, step), logRows(run.State(id, step)), rows, false)
	if step == 0 {
		page.Given, page.Apart = true, false
	}
	return page
}

// A TermRow is a line of a node's history: a term, what the node was in it, and the
// name of the node that got its vote.
type TermRow struct {
	Term raft.Term
	Role string
	Vote string
}

// TermRows has a row for each term that a node was in up to a step.
func TermRows(run *replay.Run, id raft.NodeID, step int) []TermRow {
	var rows []TermRow
	for _, span := range run.Terms(id, step) {
		if span.Term == 0 {
			continue // no term yet
		}
		for term := range span.Each() {
			rows = append(rows, TermRow{term, span.Roles.Highest().String(), run.Trace.Name(span.VotedFor)})
		}
	}
	return rows
}

// termRows has the rows of a node's terms.
func termRows(run *replay.Run, id raft.NodeID, step int) [][]doc.Cell {
	var rows [][]doc.Cell
	for _, r := range TermRows(run, id, step) {
		rows = append(rows, doc.Cells(fmt.Sprint(r.Term), r.Role, r.Vote))
	}
	return rows
}

// logRows has a row for each entry of a log, after one for all that a snapshot
// covers.
func logRows(s *raft.State) [][]doc.Cell {
	var rows [][]doc.Cell
	covered := s.Log.Snapshot()
	if covered.Index > 0 {
		rows = append(rows, doc.Cells(fmt.Sprintf("to %d", covered.Index), fmt.Sprintf("to %d", covered.Term), "(snapshot)", "yes"))
	}
	for i, e := range s.Log.Entries() {
		index, committed := covered.Index+raft.Index(i+1), ""
		if index <= s.CommitIndex {
			committed = "yes"
		}
		rows = append(rows, doc.Cells(fmt.Sprint(index), fmt.Sprint(e.Term), e.Value, committed))
	}
	return rows
}

// nodePage is the page of a node: its state, terms and log, with so many rows to
// write on where it is blank, and on paper.
func nodePage(head, name string, state []field, terms, log [][]doc.Cell, room int, blank bool) doc.Group {
	least := 1
	room = cmp.Or(room, DefaultRows)
	if blank {
		least = room
	}
	table := func(caption string, rows [][]doc.Cell, columns ...string) doc.Table {
		return tableOf(caption, rows, least, room, blank, columns...)
	}
	return doc.Group{Apart: true, Blocks: []doc.Block{doc.Heading{Level: 2, Text: doc.Text(head)},
		formFields(slices.Concat([]field{{"raft_id", name}}, state)),
		table("Terms", terms, "term", "role", "votedFor"),
		table("Raft Log", log, "index", "term", "value", "committed")}}
}

// DefaultRows is how many rows a table of the paper form has.
const DefaultRows = 8

// tableOf is a table with empty rows up to a least number of them, and on paper so
// many as there is room for.
func tableOf(caption string, rows [][]doc.Cell, least, room int, ruled bool, columns ...string) doc.Table {
	for len(rows) < least {
		rows = append(rows, make([]doc.Cell, len(columns)))
	}
	return doc.Table{Caption: caption, Columns: doc.Columns(columns...), Rows: rows, Ruled: ruled, Room: max(1, room)}
}

// stateFields are the fields of a node's state after a step, but for its log. Its
// snapshot and its voters are among them where it has one, and where not everybody
// counts.
func stateFields(run *replay.Run, id raft.NodeID, step int) []field {
	t, s := run.Trace, run.State(id, step)
	fields := []field{
		{"currentTerm", fmt.Sprint(s.CurrentTerm)},
		{"votedFor", t.Name(s.VotedFor)},
		{"role", s.Role.String()},
		{"commitIndex", fmt.Sprint(s.CommitIndex)},
		{"lastApplied", fmt.Sprint(s.LastApplied)},
	}
	if s.Role == raft.Leader && len(s.NextIndex) > 1 {
		fields = append(fields, field{"nextIndex", t.FlowIndexes(id, s.NextIndex)}, field{"matchIndex", t.FlowIndexes(id, s.MatchIndex)})
	}
	if covered := s.Log.Snapshot(); covered.Index > 0 {
		fields = append(fields, field{"snapshot", fmt.Sprintf("{lastIncludedIndex: %d, lastIncludedTerm: %d}", covered.Index, covered.Term)})
	}
	if CountsVoters(t) {
		fields = append(fields, field{"voters", VotersOf(run, id, step)})
	}
	return fields
}

// VotersOf is whom a node counts after a step, in one list or two.
func VotersOf(run *replay.Run, id raft.NodeID, step int) string {
	c := run.Configuration(id, step)
	sets := []raft.NodeSet{c.Voters}
	if c.Joint != 0 {
		sets = append(sets, c.Joint)
	}
	return groups(run.Trace, sets)
}

// CountsVoters reports whether a trace says anywhere who counts for majorities.
func CountsVoters(t *trace.Trace) bool {
	return len(t.Voters) > 0 || slices.ContainsFunc(t.Steps, func(s trace.Step) bool {
		_, is := s.Event.(*trace.Voters)
		return is
	})
}
