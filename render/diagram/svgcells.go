package diagram

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// This file draws logs as rows of cells.

// Cells are as wide as their values, within bounds.
const (
	leastCell  = 24
	mostValue  = 9 // characters of a value
	valueEach  = 5.8
	besideCell = 19.0 // height of a cell without a value
	valuedCell = 31.0
	stateHigh  = 31.0 // of a row that says what its node is
	rowGap     = 5.0
	indexLine  = 13.0 // over the rows
	crumb      = 18.0 // width of an elision
)

// A grid says where the cells of some logs are.
type grid struct {
	logs   *Logs
	label  float64 // width of the labels
	cell   float64
	height float64 // of a cell
	row    float64 // of a row
	valued bool
}

func gridOf(l *Logs, label float64) grid {
	g := grid{logs: l, label: label, cell: leastCell, height: besideCell}
	for _, r := range l.Rows {
		for _, c := range r.Cells {
			if c.Value != "" {
				g.valued, g.height = true, valuedCell
				g.cell = max(g.cell, wide(clip(c.Value, mostValue), valueEach)+8)
			}
			g.cell = max(g.cell, wide(strconv.FormatUint(uint64(c.Term), 10), 7.5)+8)
			if c.Old > 0 {
				g.cell = max(g.cell, wide(fmt.Sprint(c.Old), 6)+wide(fmt.Sprint(c.Term), 7.5)+8)
			}
		}
		if g.row = max(g.row, g.height); r.State != "" {
			g.row = max(g.row, stateHigh)
		}
	}
	return g
}

func (g *grid) columnWidth(i int) float64 {
	if g.logs.Columns[i].Elided {
		return crumb
	}
	return g.cell
}

// size is how much room the rows take, with their labels and indexes.
func (g *grid) size() (w, h float64) {
	w = g.label
	for i := range g.logs.Columns {
		w += g.columnWidth(i)
	}
	for _, r := range g.logs.Rows {
		w = max(w, g.label+4+wide("empty", 6), g.label+4+wide(r.Untold, 6))
	}
	return w, indexLine + float64(len(g.logs.Rows))*(g.row+rowGap)
}

// draw draws the indexes and the rows.
func (g *grid) draw(c *canvas, x, y float64) {
	at := x + g.label
	for i, col := range g.logs.Columns {
		w := g.columnWidth(i)
		if !col.Elided {
			c.text(at+w/2, y+9, "small soft middle", fmt.Sprint(col.Index))
		}
		at += w
	}
	y += indexLine
	for i := range g.logs.Rows {
		g.line(c, x, y, &g.logs.Rows[i])
		y += g.row + rowGap
	}
}

// line draws a row.
func (g *grid) line(c *canvas, x, y float64, r *LogRow) {
	class := "name"
	if r.Written {
		class = "bad"
	}
	middle := y + g.row/2
	labelled := middle + 4
	if r.State != "" {
		labelled = middle - 2
		c.text(x+g.label-10, middle+13, "small soft end", r.State)
	}
	label := clip(r.Label, int(g.label-14)/7)
	if r.Leads {
		w := wide(label, 8) + 8
		c.rect(x+g.label-6-w, labelled-12, w, 15, 3, "leads")
	}
	c.text(x+g.label-10, labelled, class+" end", label)
	says := r.Untold
	if says == "" && !slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Kind != Nothing || c.Wrong }) {
		says = "empty"
	}
	c.text(x+g.label+4, middle+4, "soft", says)
	at := x + g.label
	for i := range r.Cells {
		w := g.columnWidth(i)
		g.one(c, at, middle-g.height/2, w, &r.Cells[i])
		at += w
	}
}

// one draws one cell.
func (g *grid) one(c *canvas, x, y, w float64, cell *Cell) {
	switch cell.Kind {
	case Nothing:
		if cell.Wrong {
			c.rect(x, y, w, g.height, 0, "gone wrong")
			c.text(x+w/2, y+g.height/2+4, "soft middle small", "–")
		}
		return
	case Elision:
		c.text(x+w/2, y+g.height/2+4, "soft middle", "…")
	case Covered:
		c.rect(x, y, w, g.height, 0, "covered")
		for d := 6.0; d < w; d += 6 {
			c.line(x+d, y, x+d-6, y+g.height, "rule")
		}
	default:
		g.entry(c, x, y, w, cell)
	}
	if cell.Committed {
		c.rect(x, y+g.height-3, w, 3, 0, "committed")
	}
	if cell.Kind == Covered && cell.Term > 0 {
		c.text(x+w/2, y+g.height/2+4, "term middle halo", fmt.Sprint(cell.Term))
	}
}

func (g *grid) entry(c *canvas, x, y, w float64, cell *Cell) {
	class := []string{"box", termClass("f", cell.Term)}
	switch {
	case cell.Kind == Gone:
		class = []string{"gone"}
	case cell.Wrong:
		class = append(class, "wrong")
	case cell.New:
		class = append(class, "new")
	}
	c.rect(x, y, w, g.height, 0, strings.Join(class, " "))
	soft := ""
	if cell.Kind == Gone {
		soft = " soft"
	}
	middle := x + w/2
	if cell.Old > 0 {
		old := fmt.Sprint(cell.Old)
		c.text(x+3, y+9, "old", old)
		middle = max(middle, x+w-3-wide(fmt.Sprint(cell.Term), 4))
	}
	c.text(middle, y+13.5, "term middle"+soft, fmt.Sprint(cell.Term))
	if g.valued {
		c.text(x+w/2, y+25.5, "small middle"+soft, clip(cell.Value, mostValue))
	}
	if cell.Kind == Gone {
		c.line(x+3, y+g.height-4, x+w-3, y+4, "strike")
	}
}

// labelWidth is how wide the labels of some rows are, with what the rows say of
// their nodes.
func labelWidth(l *Logs, most float64) float64 {
	w := 24.0
	for _, r := range l.Rows {
		w = max(w, wide(r.Label, 8)+18, wide(r.State, 5.6)+14)
	}
	return min(w, most)
}
