package item

import (
	"strconv"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// An Item is one thing that a trace asks of whoever fills it in: an answer of a
// response row, or a field of a table, written or left blank.
//
// A step that has no response asks for no answer. A table that is left blank as a
// whole asks for each of its fields.
type Item struct {
	Step    int         // from 1
	Node    raft.NodeID // whose answer or table it is
	Field   Field
	Line    uint64       // of a line: the term of terms[3], the node of nextIndex[2]
	Name    string       // success, voteGranted, term; log, terms[3], nextIndex[2], ...
	Pos     trace.Pos    // of what is written, or of the place where it belongs
	Written replay.Value // nil: left blank
	Key     trace.Pos    // of a line: where its key stands
	Whole   Whole        // of which it is a part
	Unread  bool         // on another sheet: something is written that cannot be read
}

// A Whole is what is left blank, or left out, as a whole.
type Whole uint8

const (
	Itself    Whole = iota // it stands by itself
	OfTable                // a node's table is left blank
	OfTables               // all tables of the step are left blank
	NotThere               // the row has no cell for the node
	BlankCell              // the cell has nothing in it
)

// Of gives the items of a trace that the page can tell: the steps in order, in
// each the answers and then the tables as they are written. Answers and tables of
// unknown nodes are not among them.
func Of(t *trace.Trace) []Item {
	w := walker{t: t}
	for i := range t.Steps {
		w.walk(&t.Steps[i])
	}
	return w.items
}

// OfSheet gives the items of a trace as a form that it has been: those of Of, and
// as blank those of which something is written that cannot be read.
func OfSheet(t *trace.Trace) []Item {
	w := walker{t: t, unread: true}
	for i := range t.Steps {
		w.walk(&t.Steps[i])
	}
	return w.items
}

// OfStep gives the items of one step, and those of unknown nodes too: what is
// written of them cannot be told.
func OfStep(t *trace.Trace, s *trace.Step) []Item { return AppendStep(nil, t, s) }

// AppendStep adds to items what OfStep gives.
func AppendStep(items []Item, t *trace.Trace, s *trace.Step) []Item {
	w := walker{t: t, unknown: true, items: items}
	w.walk(s)
	return w.items
}

// StateOf gives an item for each field of a node's state after a step of which a
// blank table asks, for each line of nextIndex and matchIndex, and for its
// snapshot, whatever the trace asks.
func StateOf(t *trace.Trace, id raft.NodeID, step int) []Item {
	w := walker{t: t}
	var lined []*row
	for i := range rows {
		switch r := &rows[i]; {
		case r.leads:
			lined = append(lined, r)
		case r.asked, r.field == Snapshot:
			w.items = append(w.items, Item{Step: step, Node: id, Field: r.field, Name: r.name})
		}
	}
	for other := range raft.AllNodes(t.Size()).Without(id).All() {
		for _, r := range lined {
			w.items = append(w.items, Item{Step: step, Node: id, Field: r.line, Line: uint64(other), Name: w.lineName(r, uint64(other))})
		}
	}
	return w.items
}

// IsAnswer reports whether the item is one of a response row, and not of a table.
func (it *Item) IsAnswer() bool { return it.Field.IsAnswer() }

// Blank reports whether nothing is written.
func (it *Item) Blank() bool { return it.Written == nil }

// A walker goes through the steps of a trace.
type walker struct {
	t       *trace.Trace
	unknown bool // wanted too
	unread  bool // wanted too
	step    *trace.Step
	items   []Item
	lines   []lineOf // of the field that is walked
}

func (w *walker) walk(s *trace.Step) {
	w.step = s
	w.answers()
	w.tables()
}

// wants reports whether items of the node are wanted.
func (w *walker) wants(id raft.NodeID) bool { return w.unknown || !w.t.Unknown.Has(id) }

// answers adds the items of the step's response row: of the cells as they are
// written, but for the sender's own, and then of the recipients that have none.
func (w *walker) answers() {
	row := w.step.Response
	if row == nil {
		return
	}
	sender, _ := w.step.Sender()
	var done raft.NodeSet
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Node != sender {
			w.answer(cell.Node, cell)
		}
		done = done.With(cell.Node)
	}
	for id := range (w.step.Recipients(w.t.Size()) &^ done).All() {
		if row.Others != nil || !row.Unread || w.unread {
			w.answer(id, row.Others)
		}
	}
}

// answer adds the items of one node's answer; nil where the row has none for it.
func (w *walker) answer(id raft.NodeID, cell *trace.Cell) {
	if !w.wants(id) {
		return
	}
	it := Item{Step: w.step.Number, Node: id, Field: Outcome, Name: OutcomeName(w.step)}
	switch {
	case cell == nil:
		it.Pos, it.Whole = w.step.Response.Pos, NotThere
	case cell.None:
		it.Pos, it.Written = cell.Pos, replay.None{}
	case cell.IsBlank() && !cell.Whole, cell.OK.Presence == trace.Absent && cell.Term.Presence == trace.Absent && cell.MatchIndex.Presence == trace.Absent:
		if it.Pos, it.Whole = cell.Pos, BlankCell; cell.OK.Pos.IsValid() {
			it.Pos = cell.OK.Pos
		}
	default:
		v, p, at := valueOf(&cell.OK, func(ok bool) replay.Value { return replay.Bool(ok) })
		w.ask(&it, v, p, at)
		it.Field, it.Name = AnswerTerm, "term"
		v, p, at = valueOf(&cell.Term, func(t raft.Term) replay.Value { return replay.Number(t) })
		w.ask(&it, v, p, at)
		if !assertsNothing(cell) {
			it.Field, it.Name = AnswerMatch, "matchIndex"
			v, p, at = valueOf(&cell.MatchIndex, func(i raft.Index) replay.Value { return replay.Number(i) })
			w.ask(&it, v, p, at)
		}
		return
	}
	w.items = append(w.items, it)
}

// assertsNothing reports whether a cell is a refusal with the matchIndex that says
// nothing.
func assertsNothing(c *trace.Cell) bool {
	return c.OK.Given() && !c.OK.Value && c.MatchIndex.Given() && c.MatchIndex.Value == 0
}

// ask adds an item if it is written or blank; if it cannot be read, where that is
// wanted.
func (w *walker) ask(it *Item, v replay.Value, p trace.Presence, at trace.Pos) {
	if p != trace.Absent && (p != trace.Unread || w.unread) {
		it.Written, it.Pos = v, at
		w.items = append(w.items, *it)
	}
}

// tables adds the items of the step's state.
func (w *walker) tables() {
	if w.step.StateBlank() {
		for id := range (raft.AllNodes(w.t.Size()) &^ w.t.Unknown).All() {
			w.blankTable(id, w.step.StatePos, OfTables)
		}
	}
	for i := range w.step.State {
		switch st := &w.step.State[i]; {
		case !w.wants(st.Node):
		case st.Blank:
			w.blankTable(st.Node, st.Pos, OfTable)
		default:
			w.table(st)
		}
	}
}

func (w *walker) blankTable(id raft.NodeID, at trace.Pos, whole Whole) {
	for i := range rows {
		if r := &rows[i]; r.asked {
			w.items = append(w.items, Item{Step: w.step.Number, Node: id, Field: r.field, Name: r.name, Pos: at, Whole: whole})
		}
	}
}

// table adds what is written of one node. A field with lines has an item for
// each, or one where all of it is blank.
func (w *walker) table(st *trace.NodeState) {
	for i := range rows {
		r := &rows[i]
		v, p, at := r.written(st)
		if p == trace.Absent {
			continue
		}
		it := Item{Step: w.step.Number, Node: st.Node, Field: r.field, Name: r.name}
		if r.lines == nil || p == trace.Blank || p == trace.Unread {
			w.ask(&it, v, p, at)
			continue
		}
		w.lines = r.lines(w.lines[:0], st)
		for _, l := range w.lines {
			it.Field, it.Line, it.Key, it.Name = r.line, l.of, l.key, w.lineName(r, l.of)
			w.ask(&it, l.value, l.presence, l.at)
		}
	}
}

// lineName is the name of one line: nextIndex[S2], terms[3],
// snapshot.lastIncludedIndex.
func (w *walker) lineName(r *row, of uint64) string {
	switch r.field {
	case Terms:
		return r.name + "[" + strconv.FormatUint(of, 10) + "]"
	case Snapshot:
		return r.name + "." + snapshotParts[of]
	}
	return r.name + "[" + w.t.Name(raft.NodeID(of)) + "]"
}

// UnreadAt gives the places of a step's answers and table fields that have something
// written in them that cannot be read.
func UnreadAt(s *trace.Step) []trace.Pos {
	var out []trace.Pos
	add := func(p trace.Presence, at trace.Pos) {
		if p == trace.Unread {
			out = append(out, at)
		}
	}
	if s.Response != nil {
		cells := s.Response.Cells
		if s.Response.Others != nil {
			cells = append(cells[:len(cells):len(cells)], *s.Response.Others)
		}
		for i := range cells {
			c := &cells[i]
			add(c.OK.Presence, c.OK.Pos)
			add(c.Term.Presence, c.Term.Pos)
			add(c.MatchIndex.Presence, c.MatchIndex.Pos)
		}
	}
	for i := range s.State {
		for j := range rows {
			r := &rows[j]
			_, p, at := r.written(&s.State[i])
			add(p, at)
			if r.lines == nil || p == trace.Unread {
				continue
			}
			for _, l := range r.lines(nil, &s.State[i]) {
				add(l.presence, l.at)
			}
		}
	}
	return out
}
