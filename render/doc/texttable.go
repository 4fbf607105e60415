//go:build !js

package doc

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twcache"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// table writes a table for a terminal.
func (t *textWriter) table(tab Table) error {
	tab = tab.keep(func(c Column) bool { return !c.Page })
	if tab.Caption != "" {
		t.fold("", "", Marked(Strong, tab.Caption))
	}
	more := 0
	if tab.Most > 0 && len(tab.Rows) > tab.Most {
		more = len(tab.Rows) - tab.Most
		tab.Rows = tab.Rows[:tab.Most]
	}
	if tab.Open {
		t.columns(tab)
	} else if err := t.bands(tab); err != nil {
		return err
	}
	if more > 0 {
		t.line(fmt.Sprintf("and %d more; the other formats have them all", more))
	}
	return nil
}

// widths gives the columns that each column of the table needs.
func (tab Table) widths() []int {
	out := make([]int, len(tab.Columns))
	for i, c := range tab.Columns {
		out[i] = width(Clean(c.Name))
		for _, row := range tab.Rows {
			out[i] = max(out[i], width(Clean(row[i].Text.String())))
		}
	}
	return out
}

const frame = 3 // columns that the rules take beside each column, and 1 at the end

// total is how wide a table with rules is.
func total(widths []int) int {
	sum := 1
	for _, w := range widths {
		sum += w + frame
	}
	return sum
}

// bands writes a table with rules. One of many narrow columns is parted into
// bands that fit, each with the first column; of others, the widest cells are
// folded.
func (t *textWriter) bands(tab Table) error {
	const many, narrow = 7, 12
	widths := tab.widths()
	if len(widths) < many || total(widths) <= t.width {
		return t.ruled(tab, fit(widths, t.width, narrow))
	}
	for i := range widths {
		widths[i] = min(widths[i], narrow)
	}
	for lo := 1; lo < len(widths); {
		hi, sum := lo, total(widths[:1])
		for hi < len(widths) && (hi == lo || sum+widths[hi]+frame <= t.width) {
			sum += widths[hi] + frame
			hi++
		}
		band := tab.band(lo, hi)
		band.Ruled = false // the widths have no room to write
		if err := t.ruled(band, slices.Concat(widths[:1], widths[lo:hi])); err != nil {
			return err
		}
		lo = hi
	}
	return nil
}

// fit narrows the widest columns until the table fits, none to less than least.
func fit(widths []int, columns, least int) []int {
	for total(widths) > columns {
		widest := slices.Index(widths, slices.Max(widths))
		if widths[widest] <= least {
			break
		}
		widths[widest]--
	}
	return widths
}

// ruled writes a table with rules, its cells folded to these widths.
func (t *textWriter) ruled(tab Table, widths []int) error {
	head := make([]Cell, len(tab.Columns))
	align := make(tw.Alignment, len(tab.Columns))
	for i, c := range tab.Columns {
		head[i].Text, align[i] = Text(c.Name), tw.AlignLeft
		if c.Right {
			align[i] = tw.AlignRight
		}
	}
	rows := [][]string{t.foldedRow(head, widths)}
	for _, row := range tab.Rows {
		cells := t.foldedRow(row, widths)
		if tab.Ruled {
			for i := range cells {
				cells[i] = pad(cells[i], 2) // room to write
			}
		}
		rows = append(rows, cells)
	}
	drawn, err := t.draw(align, rows)
	if err == nil {
		_, err = t.w.WriteString(drawn)
	}
	return err
}

func (t *textWriter) foldedRow(row []Cell, widths []int) []string {
	cells := make([]string, len(row))
	for i, c := range row {
		cells[i] = strings.Join(t.folded(c.Text, widths[i]), "\n")
	}
	return cells
}

// A ruler draws tables with rules, and remembers what it has drawn: to draw one takes
// far longer than all else about it, and the answers to a thousand heartbeats are
// mostly the same.
type ruler struct {
	*tablewriter.Table // always the same: a new one makes room for 10,240 types of cells
	out                strings.Builder
	drawn              map[string]string // by align and cells
}

func newRuler() *ruler {
	r := &ruler{drawn: make(map[string]string)}
	r.Table = tablewriter.NewTable(&r.out,
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithStringerCacheCustom(twcache.NewLRU[reflect.Type, reflect.Value](1)), // all cells are strings
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Symbols:  tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{Separators: tw.Separators{BetweenRows: tw.Off}},
		})),
	)
	return r
}

// draw draws a table, of which the first row is the names of the columns.
func (t *textWriter) draw(align tw.Alignment, rows [][]string) (string, error) {
	const most, small = 512, 8 // tables that are remembered; rows of one
	if t.ruler == nil {
		t.ruler = newRuler()
	}
	r, key := t.ruler, ""
	if len(rows) <= small {
		key = fmt.Sprintf("%q%q", align, rows)
		if drawn, known := r.drawn[key]; known {
			return drawn, nil
		}
	}
	r.Reset()
	r.out.Reset()
	r.Options(tablewriter.WithRowAlignmentConfig(tw.CellAlignment{Global: tw.AlignLeft, PerColumn: align}))
	r.Header(rows[0])
	for _, cells := range rows[1:] {
		if err := r.Append(cells); err != nil {
			return "", err
		}
	}
	err := r.Render()
	if key != "" && err == nil {
		if len(r.drawn) == most {
			clear(r.drawn)
		}
		r.drawn[key] = r.out.String()
	}
	return r.out.String(), err
}

// columns writes a table without rules, its last column as running text.
func (t *textWriter) columns(tab Table) {
	if tab.Bare {
		tab.Columns = slices.Clone(tab.Columns)
		for i := range tab.Columns {
			tab.Columns[i].Name = ""
		}
	}
	widths := tab.widths()
	last := len(widths) - 1
	if last >= 0 && tab.Columns[last].Right {
		last++
	}
	for i := range widths[:min(last, len(widths))] {
		widths[i] = min(widths[i], t.width/3)
	}
	if !tab.Bare {
		head := make([]Cell, len(tab.Columns))
		for i, c := range tab.Columns {
			head[i].Text = Marked(Strong, c.Name)
		}
		t.columnsRow(tab.Columns, widths, head, last)
	}
	for _, row := range tab.Rows {
		t.columnsRow(tab.Columns, widths, row, last)
	}
}

// columnsRow writes one row: cells up to the last, and that folded under itself.
// A cell that is too wide for its column pushes the others on.
func (t *textWriter) columnsRow(columns []Column, widths []int, row []Cell, last int) {
	head := " "
	for i, c := range row {
		if i == last {
			break
		}
		cell := t.styled(c.Text)
		room := strings.Repeat(" ", max(0, widths[i]-width(cell)))
		if columns[i].Right {
			head += " " + room + cell + " "
		} else {
			head += " " + cell + room + " "
		}
	}
	if last >= len(row) {
		t.line(head)
		return
	}
	t.fold(head+" ", strings.Repeat(" ", min(width(head)+1, t.width*2/3)), row[last].Text)
}
