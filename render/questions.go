package render

import (
	"slices"
	"strings"
	"unicode/utf8"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file has the questions of a key: what is handed out.

// Questions shows what a key asks and none of its answers: each message as the key
// writes it, with room for the answers and tables that it asks for.
func Questions(k *grade.Key) *doc.Document { return (&questionSheet{k: k, q: k.Questions()}).page() }

// Answers shows the same with the reference's answers in it, cell for cell, so that on
// paper one lies over the other. After it comes each node's state at the end, its terms
// and log with so many rows.
func Answers(k *grade.Key, rows int) *doc.Document {
	h := &questionSheet{k: k, q: k.Questions(), right: make(map[asked]any)}
	for i := range k.Cells {
		c := &k.Cells[i]
		h.right[askedBy(&c.Item)] = c.Right
	}
	d := h.page()
	addStates(d, k.Run, ShowOptions{Rows: rows}, len(k.Run.Steps))
	return d
}

// A questionSheet makes the page of a key's questions.
type questionSheet struct {
	k     *grade.Key
	q     *trace.Trace  // the key without its answers
	right map[asked]any // what belongs in a cell; nil to leave all of them empty
}

// asked is which item of a key it is.
type asked struct {
	step  int
	node  raft.NodeID
	field item.Field
	line  uint64
}

func askedBy(it *item.Item) asked { return asked{it.Step, it.Node, it.Field, it.Line} }

// word is what is in a cell: nothing, or the answer.
func (h *questionSheet) word(it *item.Item) string {
	right, there := h.right[askedBy(it)]
	switch {
	case !there:
		return ""
	case it.IsAnswer() && (right == nil || right == "none"):
		return "-"
	case right == nil:
		return ""
	}
	return CellWord(right)
}

func (h *questionSheet) page() *doc.Document {
	k, q := h.k, h.q
	d := &doc.Document{Title: "Worksheet", Sheet: paperSheet(q.Variant)}
	if q.Title != "" {
		d.Title = q.Title
		d.Add(doc.Heading{Level: 1, Text: doc.Marked(doc.Foreign, q.Title)})
	}
	who := []doc.Field{{Name: "name", AtHead: true}, {Name: "id", AtHead: true}}
	if q.Variant != "" {
		who = append(who, doc.Field{Name: "variant", Value: doc.Marked(doc.Foreign, q.Variant), AtHead: true})
	}
	d.Add(doc.Fields{Form: true, Rows: append(who, PlayedBy(q)...)})
	items := item.Of(q)
	how := HowToAnswer(q, InWords)
	if how != nil {
		how = append(how, "A cell with "+notAsked+" in it is not asked.")
	}
	if all := Worth(k, k.Max, items); all != "" {
		how = append(how, all+" in all.")
	}
	if how != nil {
		d.Add(doc.P(doc.Text(strings.Join(how, " "))))
	}
	for i := range q.Names {
		if id := raft.NodeID(i + 1); HasInitial(q, id) {
			d.Add(StateBefore(k.Run, id))
		}
	}
	room, narrow := logRoom(q), fitsColumn(q)
	for i := range q.Steps {
		s := &q.Steps[i]
		items := item.OfStep(q, s)
		form := h.askedForm(s, items, Worth(k, k.Steps[i].Max, items))
		if _, sends := s.Sender(); sends || s.Response != nil {
			d.Add(form)
		} else {
			d.Add(form.Blocks...) // a heading, which stays with what is under it
		}
		for _, g := range h.tableForms(s, items, room) {
			g.Beside = g.Beside && narrow
			d.Add(g)
		}
	}
	return d
}

// tableForms are the tables that a step asks for, a node's each.
func (h *questionSheet) tableForms(s *trace.Step, items []item.Item, room int) []doc.Group {
	var forms []doc.Group
	tables := slices.DeleteFunc(items, func(it item.Item) bool { return it.IsAnswer() })
	for len(tables) > 0 {
		n := 1
		for n < len(tables) && tables[n].Node == tables[0].Node {
			n++
		}
		forms = append(forms, h.tableForm(s, tables[:n], room))
		tables = tables[n:]
	}
	return forms
}

// QuestionsForm gives what a key asks as a trace to type into.
// [trace.WriteForm] writes it.
func QuestionsForm(k *grade.Key) *trace.Trace {
	q := k.Questions()
	items := item.Of(q)
	lines := append([]string{"Write your name behind student, and change nothing but blanks."}, HowToAnswer(q, InWords)...)
	if slices.ContainsFunc(items, func(it item.Item) bool { return it.Field == item.Log }) {
		lines = append(lines, "A log has the term and the value of each entry, such as "+likeLog(q)+".")
	}
	q.Comment = strings.Join(append(lines, "raftsheet check --syntax FILE says whether the file can be read."), "\n")
	return q
}

// likeLog is a log with values like those of the messages: x=1 in full, where they
// are commands.
func likeLog(q *trace.Trace) string {
	for i := range q.Steps {
		value := ""
		switch e := q.Steps[i].Event.(type) {
		case *trace.AppendEntries:
			if value = e.Value.Value; len(e.Entries.Value) > 0 {
				value = e.Entries.Value[0].Value
			}
		case *trace.ClientRequest:
			value = e.Value
		}
		if strings.Contains(value, "=") {
			return "[1:a=1, 2:b=2]"
		}
	}
	return "[1:x, 2:y]"
}

// Worth is a number of points in words, where the key says what it gives. It is
// empty where the number would tell an answer: an item counts for nothing if there
// is nothing to write, such as the nextIndex of a node that does not lead.
func Worth(k *grade.Key, p grade.Points, items []item.Item) string {
	scored := k.Trace.Grading.Pos.IsValid() ||
		slices.ContainsFunc(k.Trace.Steps, func(s trace.Step) bool { return s.Points.Given() })
	tells := slices.ContainsFunc(items, func(it item.Item) bool { return isOfLeaders(it) || it.Field == item.AnswerMatch })
	if !scored || tells || p.Sign() == 0 {
		return ""
	}
	return Points(p)
}

// StateBefore is the page of a node's state before the first step.
func StateBefore(run *replay.Run, id raft.NodeID) doc.Group {
	return nodeState(run, id, 0, stateBefore, 0)
}

// playedBy says whose sheet it is, and by which rules and with which voters the
// cluster plays, where the key says it.
func playedBy(q *trace.Trace) []field {
	var fields []field
	if q.RaftID != raft.NoNode {
		fields = append(fields, field{"raft_id", q.Name(q.RaftID)})
	}
	if len(q.Rules) > 0 {
		fields = append(fields, field{"rules", strings.Join(q.Rules, ", ")})
	}
	if len(q.Voters) > 0 {
		fields = append(fields, field{"voters", groups(q, q.Voters)})
	}
	return fields
}

// PlayedBy are those fields.
func PlayedBy(q *trace.Trace) []doc.Field { return formFields(playedBy(q)).Rows }

// askedForm is the form of a step with its response row, without the tables.
func (h *questionSheet) askedForm(s *trace.Step, items []item.Item, worth string) doc.Group {
	q := h.q
	head := stepHead(q, s)
	if worth != "" {
		head = head.Add(doc.Faint, ", "+worth)
	}
	g := messageForm(head, s, writtenFields(q, s))
	for i, b := range g.Blocks {
		if fields, is := b.(doc.Fields); is {
			fields.Given = true
			g.Blocks[i] = fields
		}
	}
	if s.Response != nil {
		g.Blocks = append(g.Blocks, responseRows(q.Names, h.answerRows(s.Response, items), true))
	}
	return g
}

// writtenFields are the fields of a step's message as the trace writes them, and what
// it says of the message's way; nil where the step has no message.
func writtenFields(q *trace.Trace, s *trace.Step) []field {
	if _, sends := s.Sender(); !sends {
		return nil
	}
	var fields []field
	for _, f := range q.Fields(s) {
		fields = append(fields, field{f.Name, f.Value})
	}
	return append(fields, wayFields(q, s)...)
}

// WrittenFields are those fields of a step.
func WrittenFields(q *trace.Trace, s *trace.Step) []doc.Field {
	return formFields(writtenFields(q, s)).Rows
}

// answerRows has a row for each field that a response is asked for. What is not
// asked is shaded; what an unknown node answers is given.
func (h *questionSheet) answerRows(row *trace.Row, items []item.Item) [][]doc.Cell {
	var rows [][]doc.Cell
	for _, r := range []struct {
		name  string
		field item.Field
		of    func(c *trace.Cell) (text string, there bool)
	}{
		{"ok", item.Outcome, func(c *trace.Cell) (string, bool) { return outcomeWord(c), c.None || c.OK.Presence != trace.Absent }},
		{"term", item.AnswerTerm, func(c *trace.Cell) (string, bool) { return numberWord(c.Term) }},
		{"matchIndex", item.AnswerMatch, func(c *trace.Cell) (string, bool) { return numberWord(c.MatchIndex) }},
	} {
		cells, any := shaded(h.q, r.name), false
		for i := range row.Cells {
			c := &row.Cells[i]
			if text, there := r.of(c); there {
				cells[c.Node], any = doc.Cell{Text: doc.Text(text)}, true
			}
		}
		for i := range items {
			if it := &items[i]; any && it.Field == r.field && h.word(it) != "" {
				cells[it.Node].Text = doc.Text(h.word(it))
			}
		}
		if any {
			rows = append(rows, cells)
		}
	}
	return rows
}

// notAsked stands in a cell in which nothing belongs.
const notAsked = "×"

// shaded is a row with a column for each node, none of which is asked.
func shaded(q *trace.Trace, name string) []doc.Cell {
	cells := append(doc.Cells(name), make([]doc.Cell, q.Size())...)
	for i := range q.Names {
		cells[i+1] = doc.Cell{Text: doc.Text(notAsked), Shaded: true}
	}
	return cells
}

// outcomeWord is the outcome of an answer that is given, empty for a blank.
func outcomeWord(c *trace.Cell) string {
	switch {
	case c.None:
		return "-"
	case !c.OK.Given():
		return ""
	}
	return answerWord("", c.OK.Value)
}

func numberWord[N raft.Term | raft.Index](o trace.Opt[N]) (text string, there bool) {
	if o.Given() {
		text = valueWord(o.Value)
	}
	return text, o.Presence != trace.Absent
}

// tableForm is the page of one node after a step, with room for what is asked of
// its state.
func (h *questionSheet) tableForm(s *trace.Step, asked []item.Item, room int) doc.Group {
	q, id := h.q, asked[0].Node
	var fields []field
	var tables []doc.Block
	var terms, indexes [][]doc.Cell
	for i := range asked {
		switch it := &asked[i]; it.Field {
		case item.Log:
			tables = append(tables, h.logForm(s, id, room))
		case item.Terms:
			tables = append(tables, tableOf("Terms", h.terms(id, s), DefaultRows, DefaultRows, true, "term", "votedFor"))
		case item.TermsLine:
			terms = append(terms, doc.Cells(valueWord(it.Line), h.word(it)))
		case item.NextIndex, item.MatchIndex:
			row := shaded(q, it.Name)
			for other := range raft.AllNodes(q.Size()).Without(id).All() {
				row[other] = h.index(it, other)
			}
			indexes = append(indexes, row)
		case item.NextIndexLine, item.MatchIndexLine:
			name, _, _ := strings.Cut(it.Name, "[")
			if n := len(indexes); n == 0 || indexes[n-1][0].Text.String() != name {
				indexes = append(indexes, shaded(q, name))
			}
			indexes[len(indexes)-1][it.Line] = doc.Cell{Text: doc.Text(h.word(it))}
		default:
			fields = append(fields, field{strings.TrimPrefix(it.Name, "snapshot."), h.word(it)})
		}
	}
	g := doc.Group{Beside: indexes == nil, Blocks: []doc.Block{
		doc.Heading{Level: 2, Text: doc.Text("Raft State").Add(doc.Faint, ", node "+q.Name(id)+" after step "+s.ID)},
	}}
	if len(fields) > 0 {
		g.Blocks = append(g.Blocks, formFields(fields))
	}
	if indexes != nil {
		g.Blocks = append(g.Blocks, doc.Table{Caption: "Leader", Columns: doc.Columns(append([]string{"id"}, q.Names...)...), Rows: indexes, Ruled: true, Named: true, Room: 1})
	}
	if terms != nil {
		g.Blocks = append(g.Blocks, tableOf("Terms", terms, 0, len(terms), true, "term", "votedFor"))
	}
	g.Blocks = append(g.Blocks, tables...)
	return g
}

// logForm is a log to write in, from the index on that is asked for.
func (h *questionSheet) logForm(s *trace.Step, id raft.NodeID, room int) doc.Table {
	caption, from := "Raft Log", raft.Index(1)
	for i := range s.State {
		if st := &s.State[i]; st.Node == id && st.LogFrom > 0 {
			caption, from = caption+" from index "+valueWord(st.LogFrom), st.LogFrom
		}
	}
	return tableOf(caption, h.log(id, s, from), room, room, true, "index", "term", "value")
}

// log has a row for each entry of a node's log after a step, from an index on.
func (h *questionSheet) log(id raft.NodeID, s *trace.Step, from raft.Index) [][]doc.Cell {
	if h.right == nil {
		return nil
	}
	state := h.k.Run.State(id, s.Number)
	rows := logRows(state)
	if covered := state.Log.Snapshot().Index; from > covered {
		rows = rows[len(rows)-int(max(state.Log.LastIndex()+1, from)-from):]
	}
	for i := range rows {
		rows[i] = rows[i][:3] // whether it is committed is not asked
	}
	return rows
}

// terms has a row for each term that a node was in up to a step.
func (h *questionSheet) terms(id raft.NodeID, s *trace.Step) [][]doc.Cell {
	var rows [][]doc.Cell
	if h.right == nil {
		return nil
	}
	for _, row := range termRows(h.k.Run, id, s.Number) {
		rows = append(rows, []doc.Cell{row[0], row[2]})
	}
	return rows
}

// index is a leader's nextIndex or matchIndex of another node.
func (h *questionSheet) index(it *item.Item, other raft.NodeID) doc.Cell {
	state := h.k.Run.State(it.Node, it.Step)
	all := state.NextIndex
	if it.Field == item.MatchIndex {
		all = state.MatchIndex
	}
	if h.right == nil || len(all) < int(other) {
		return doc.Cell{}
	}
	return doc.Cell{Text: doc.Text(valueWord(all[other-1]))}
}

// fitsColumn reports whether what may be written into a table has room in half the width
// of a page. It goes by what is handed out: a filled table must not be laid out otherwise
// than the empty one.
func fitsColumn(q *trace.Trace) bool {
	const most = 10 // characters
	long := func(s string) bool { return utf8.RuneCountInString(s) > most }
	longLog := func(log []trace.LogEntry) bool {
		return slices.ContainsFunc(log, func(e trace.LogEntry) bool { return long(e.Value) })
	}
	for i := range q.Steps {
		switch e := q.Steps[i].Event.(type) {
		case *trace.AppendEntries:
			if long(e.Value.Value) || longLog(e.Entries.Value) {
				return false
			}
		case *trace.ClientRequest:
			if long(e.Value) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(q.Names, long) &&
		!slices.ContainsFunc(q.Initial, func(st trace.NodeState) bool { return longLog(st.Log.Value) })
}

// logRoom is how many entries a log has at the most, by the initial states and the
// messages alone: how long a log is must not tell the answer. A page has no more.
func logRoom(q *trace.Trace) int {
	const least, page = 4, 32
	initial, most := 0, least
	for i := range q.Initial {
		initial = max(initial, len(q.Initial[i].Log.Value))
	}
	for i := range q.Steps {
		switch e := q.Steps[i].Event.(type) {
		case *trace.ClientRequest:
			initial++
		case *trace.AppendEntries:
			end := e.PrevLogIndex.Value + raft.Index(len(e.Entries.Value))
			most = int(max(raft.Index(most), min(page, end), min(page, e.Index.Value)))
			if e.Auto || e.Count.Given() {
				most = max(most, DefaultRows) // it does not say
			}
		case *trace.RequestVote:
			most = int(max(raft.Index(most), min(page, e.LastLogIndex.Value)))
		}
	}
	return min(page, max(most, initial))
}
