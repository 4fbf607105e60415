package render

import (
	"slices"

	"raftsheet/check"
	"raftsheet/render/doc"
)

// Show shows the filled worksheet of a replay.
func Show(run *check.Run, opt ShowOptions) *doc.Document { return newSheet(run, opt).document() }

// document lays a sheet out as the paper form has it.
func (s sheet) document() *doc.Document {
	d := &doc.Document{Title: s.title}
	if s.title == "" {
		d.Title = "Worksheet"
	} else {
		d.Add(doc.Heading{Level: 1, Text: doc.Marked(doc.Foreign, s.title)})
	}
	var forms, nodes []doc.Block
	for _, f := range s.forms {
		forms = append(forms, f.group())
	}
	for _, n := range s.nodes {
		nodes = append(nodes, n.group())
	}
	if s.stateFirst {
		forms, nodes = nodes, forms
	}
	d.Add(forms...)
	d.Add(nodes...)
	return d
}

// group is a message form, or the line of another event.
func (f form) group() doc.Group {
	head := doc.Text(f.name)
	if f.name == "" {
		head = doc.Marked(doc.Foreign, f.line)
	}
	if f.id != "" {
		head = head.Add(doc.Faint, ", step "+f.id)
	}
	g := doc.Group{Blocks: []doc.Block{doc.Heading{Level: 2, Text: head}}}
	if f.note != "" {
		g.Blocks = append(g.Blocks, doc.P(doc.Marked(doc.Faint, f.note)))
	}
	if f.fields != nil {
		g.Blocks = append(g.Blocks, doc.Fields{Rows: fieldRows(f.fields), Form: true})
	}
	if f.ids != nil {
		g.Blocks = append(g.Blocks, f.response())
	}
	return g
}

// response is the response row of a form. The sender answers nothing.
func (f form) response() doc.Table {
	t := doc.Table{Caption: "Response", Columns: doc.Columns(append([]string{"id"}, f.ids...)...), Ruled: f.blank}
	row := func(name string, texts []string) {
		cells := doc.Cells(append([]string{name}, texts...)...)
		if f.sender > 0 {
			cells[f.sender].Shaded = true
		}
		t.Rows = append(t.Rows, cells)
	}
	row("ok", f.ok)
	if f.terms != nil {
		row("term", f.terms)
	}
	return t
}

func fieldRows(fields []field) []doc.Field {
	var out []doc.Field
	for _, f := range fields {
		out = append(out, doc.Field{Name: f.name, Value: doc.Text(f.value)})
	}
	return out
}

// group is the page of a node.
func (n nodeSheet) group() doc.Group {
	head := "Raft State"
	if n.when != "" {
		head += " " + n.when
	}
	g := doc.Group{Blocks: []doc.Block{doc.Heading{Level: 2, Text: doc.Text(head)},
		doc.Fields{Rows: fieldRows(slices.Concat([]field{{"raft_id", n.name}}, n.state)), Form: true}}}
	if n.unknown {
		g.Blocks = append(g.Blocks, doc.P(doc.Text("not on this page")))
		return g
	}
	g.Blocks = append(g.Blocks, n.table("Terms", n.terms, "term", "role", "votedFor"),
		n.table("Raft Log", n.log, "index", "term", "value", "committed"))
	return g
}

// table is a table of a node, with empty rows to write on where it has to be
// filled in.
func (n nodeSheet) table(caption string, rows [][]string, columns ...string) doc.Table {
	const toWriteOn = 8
	t := doc.Table{Caption: caption, Columns: doc.Columns(columns...), Ruled: n.empty}
	for _, r := range rows {
		t.Rows = append(t.Rows, doc.Cells(r...))
	}
	for len(t.Rows) == 0 || n.empty && len(t.Rows) < toWriteOn {
		t.Rows = append(t.Rows, make([]doc.Cell, len(columns)))
	}
	return t
}
