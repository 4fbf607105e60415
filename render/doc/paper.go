//go:build !js

package doc

import (
	"fmt"
	"slices"
)

// This file has what a form on paper measures, in millimetres, for both formats
// of paper. A cell is 8 to 10 high, for handwriting; three of the original
// worksheet's forms fit on a page of either size.

// A paperSize is a size of paper.
type paperSize struct {
	name          string // as the option has it
	latex         string // as LaTeX's geometry has it
	width, height float64
}

var paperSizes = []paperSize{{"a4", "a4paper", 210, 297}, {"letter", "letterpaper", 215.9, 279.4}}

// Papers gives the names of the sizes of paper, the default first.
func Papers() []string {
	names := make([]string, len(paperSizes))
	for i, p := range paperSizes {
		names[i] = p.name
	}
	return names
}

// paper gives the size of the options' paper.
func (opt Options) paper() (paperSize, error) {
	for _, p := range paperSizes {
		if p.name == opt.Paper || opt.Paper == "" {
			return p, nil
		}
	}
	return paperSize{}, fmt.Errorf("there is no paper %q; the sizes are %v", opt.Paper, Papers())
}

// What is on a page.
const (
	pageSide   = 18.0 // the margins
	pageTop    = 9.0
	pageBottom = 9.0
	headTitle  = 6.0  // the line of the title and the page's number
	titleRest  = 30.0 // of that line, for the number
	headLines  = 9.5  // the lines to write on
	headGap    = 4.0  // from the head to the text
	footLegend = 5.0
	footGap    = 2.0
)

// What a form has.
const (
	acrossMost   = 8    // columns of a form's table after the first; more are in bands below
	fieldHeight  = 8.5  // of a box to write a field in
	cellHeight   = 9.0  // of a cell to write in
	nameHeight   = 6.0  // of a cell with the name of a column
	fieldName    = 38.0 // the width of a field's name
	firstColumn  = 14.0 // the width of a column with the names of rows, at least
	captionRoom  = 5.5
	betweenForms = 7.0
	givenHeight  = 6.5 // of a box with a field to read
	besideGap    = 6.0 // between two columns
	columnMost   = .35 // of a page, for more than one group
)

// contentHeight is the height of a page between its head and its foot.
func (p paperSize) contentHeight(s *Sheet) float64 {
	h := p.height - pageTop - headTitle - headGap - pageBottom - footGap
	if s != nil && len(s.Lines) > 0 {
		h -= headLines
	}
	if s != nil && s.Legend != nil {
		h -= footLegend
	}
	return h
}

func (p paperSize) contentWidth() float64 { return p.width - 2*pageSide }

// onPaper gives the rows of a form's table on paper: with those to write on.
func (tab Table) onPaper() Table {
	rows := tab.Rows[:len(tab.Rows):len(tab.Rows)]
	for len(rows) < tab.Room {
		rows = append(rows, make([]Cell, len(tab.Columns)))
	}
	tab.Rows = rows
	return tab
}

// onPaper leaves out the fields that each page has at its head.
func (fs Fields) onPaper(sheet bool) Fields {
	fs.Rows = slices.DeleteFunc(slices.Clone(fs.Rows), func(f Field) bool { return f.AtHead && sheet })
	return fs
}

// besides gives the first blocks as far as they are groups that stand in two columns.
func besides(bs []Block) []Group {
	var out []Group
	for _, b := range bs {
		g, is := b.(Group)
		if !is || !g.Beside {
			break
		}
		out = append(out, g)
	}
	return out
}

// columns puts groups of these heights into two columns, each below those of the shorter
// one. It begins anew where they would get higher than two of them beside each other, and
// than a share of the page, since no page tears them.
func columns(groups []Group, heights []float64, full float64) [][2][]Group {
	var out [][2][]Group
	var now [2]float64
	for i, g := range groups {
		side := 0
		if now[1] < now[0] {
			side = 1
		}
		if out == nil || len(out[len(out)-1][side]) > 0 && now[side]+heights[i] > max(now[0], now[1], columnMost*full) {
			out, now, side = append(out, [2][]Group{}), [2]float64{}, 0
		}
		last := &out[len(out)-1]
		last[side] = append(last[side], g)
		now[side] += heights[i]
	}
	return out
}

// besideWidth is the width of one of two columns.
func besideWidth(wide float64) float64 { return (wide - besideGap) / 2 }

// A boxed is a field of a form, with the width of its box.
type boxed struct {
	Field
	room float64
}

// lines gives the fields of a form line by line.
func (fs Fields) lines(fonts *fontCase, wide float64) [][]boxed {
	const short = 78.0 // for a few words; otherwise it is the whole line
	room := min(short, wide-fieldName)
	long := func(f Field, room float64) bool { return fonts.measure(f.Value, formStyle) > room-2*cellPad }
	var out [][]boxed
	if !fs.Given {
		if slices.ContainsFunc(fs.Rows, func(f Field) bool { return long(f, room) }) {
			room = wide - fieldName
		}
		for _, f := range fs.Rows {
			out = append(out, []boxed{{f, room}})
		}
		return out
	}
	room = wide/2 - fieldName
	for _, f := range fs.Rows {
		last := len(out) - 1
		switch {
		case long(f, room):
			out = append(out, []boxed{{f, wide - fieldName}})
		case last >= 0 && len(out[last]) == 1 && out[last][0].room == room:
			out[last] = append(out[last], boxed{f, room})
		default:
			out = append(out, []boxed{{f, room}})
		}
	}
	return out
}

// boxHeight is the height of a field's box, at least.
func (fs Fields) boxHeight() float64 {
	if fs.Given {
		return givenHeight
	}
	return fieldHeight
}

// acrossBands parts a form's table into bands of at most acrossMost columns, each
// with the first column.
func (tab Table) acrossBands() []Table {
	if len(tab.Columns) <= acrossMost+1 {
		return []Table{tab}
	}
	var out []Table
	for lo := 1; lo < len(tab.Columns); lo += acrossMost {
		out = append(out, tab.band(lo, min(lo+acrossMost, len(tab.Columns))))
	}
	return out
}

// formWidths are the widths of the columns of a form's table, or of a band of it. One
// whose first column names its rows has as much room for them as they need, and its
// other columns as wide as if there were acrossMost.
func (tab Table) formWidths(fonts *fontCase, wide float64) []float64 {
	out := make([]float64, len(tab.Columns))
	for i := range out {
		out[i] = wide / float64(len(out))
	}
	if !tab.Named {
		return out
	}
	out[0] = firstColumn
	for _, row := range tab.Rows {
		out[0] = min(wide/4, max(out[0], fonts.measure(row[0].Text, formStyle)+2*cellPad))
	}
	for i := range out[1:] {
		out[i+1] = (wide - out[0]) / acrossMost
	}
	return out
}

// fill is what is behind a cell of a form's table; nil for nothing.
func (tab Table) fill(column int, c Cell) *tint {
	switch {
	case c.Shaded:
		return &shade
	case column == 0 && tab.Named:
		return &pale
	}
	return nil
}

// fillHead is what is behind the names of its columns.
func fillHead(int, Cell) *tint { return &pale }

// labelled are the group's blocks, with its label before their heading.
func (g Group) labelled() []Block {
	if len(g.Blocks) == 0 || g.Label == "" {
		return g.Blocks
	}
	h, is := g.Blocks[0].(Heading)
	if !is {
		return g.Blocks
	}
	h.Text = Marked(Faint, g.Label+"  ").Join(h.Text)
	return append([]Block{h}, g.Blocks[1:]...)
}

// group is a place as paper shows it.
func (p Place) group() Group {
	head, tone := p.File, Wrong
	if p.At != "" {
		head += ":" + p.At
	}
	kind := p.Kind
	if p.Note {
		kind, tone = "note: "+kind, Noted
	}
	g := Group{Head: Marked(Strong, head+"  ").Add(tone, kind), Tone: tone, Blocks: []Block{P(Text(p.What))}}
	if p.Excerpt != nil {
		e := *p.Excerpt
		e.Tone, e.Say = tone, nil
		g.Blocks = append(g.Blocks, e)
	}
	if p.Why != "" {
		g.Blocks = append(g.Blocks, P(Text(p.Why)))
	}
	return g
}
