//go:build !js

package doc

import "slices"

// This file makes slabs of tables.

// formTable sets the cells of a form: their height is for handwriting.
func (s *setter) formTable(tab Table, at measure) {
	tab = tab.onPaper()
	if tab.Caption != "" {
		sl := slab{height: captionRoom, above: 1.5, hold: true, lead: true}
		sl.add(textShapes(s.fonts.runs(Clean(tab.Caption), bodyStyle.of(Strong)), at.x, captionRoom*.7)...)
		s.put(sl)
	}
	for i, band := range tab.acrossBands() {
		widths := band.formWidths(s.fonts, at.w)
		head := s.formRow(band.heads(), widths, at.x, nameStyle, nameHeight, fillHead)
		if i > 0 {
			head[0].above = 1.5
		}
		head[0].hold, head[0].lead = true, true
		s.put(head...)
		for _, row := range band.Rows {
			slabs := s.formRow(row, widths, at.x, formStyle, cellHeight, band.fill)
			if !band.Named {
				slabs[0].again = &head[0]
			}
			s.put(slabs...)
		}
	}
}

// heads are the names of the columns as a row.
func (tab Table) heads() []Cell {
	row := make([]Cell, len(tab.Columns))
	for i, c := range tab.Columns {
		row[i].Text = Text(c.Name)
	}
	return row
}

// formRow sets one row of a form, in more than one slab only where a cell has more
// lines than a page.
func (s *setter) formRow(row []Cell, widths []float64, x float64, st style, least float64, fill func(int, Cell) *tint) []slab {
	lines := make([][][]run, len(row))
	most := 1
	for i, c := range row {
		lines[i] = s.fonts.fold(c.Text, st, widths[i]-1.6)
		most = max(most, len(lines[i]))
	}
	var out []slab
	for n := 0; n < most; n += rowMost {
		sl := slab{height: least}
		parts := make([][][]run, len(row))
		for i := range row {
			parts[i] = lines[i][min(n, len(lines[i])):min(n+rowMost, len(lines[i]))]
			sl.height = max(sl.height, roomFor(parts[i], st, least))
		}
		left := x
		for i, c := range row {
			sl.add(box(left, 0, widths[i], sl.height, fill(i, c), &rule))
			sl.add(middle(parts[i], st, measure{left + .8, widths[i] - 1.6}, sl.height, true)...)
			left += widths[i]
		}
		out = append(out, sl)
	}
	return out
}

const (
	tableSize = 9.0
	shareWide = 16.0 // of the bar of a share
	wordMost  = 45.0 // what a word of a cell can ask for
)

// table sets a table to read. One that is too wide for a page at its longest words
// is parted into bands, each with the first column.
func (s *setter) table(tab Table, at measure) {
	if len(tab.Columns) == 0 {
		return
	}
	st := bodyStyle
	st.size = tableSize
	above := blockGap
	if tab.Caption != "" {
		s.text(Marked(Strong, tab.Caption), at, bodyStyle, blockGap)
		s.slabs[len(s.slabs)-1].hold, s.slabs[len(s.slabs)-1].lead = true, true
		above = .8
	}
	natural, least := s.columnWidths(tab, st)
	for _, p := range parts(natural, least, at.w) {
		s.band(tab.band(p.lo, p.hi), p.widths, at.x, st, above)
		above = blockGap
	}
}

// A part of a table is its first column and those of [lo, hi), in these widths.
type part struct {
	lo, hi int
	widths []float64
}

// parts parts a table that is too wide for a page at its longest words.
func parts(natural, least []float64, room float64) []part {
	var out []part
	for lo := 1; lo < len(least) || out == nil; {
		hi, sum := lo, least[0]
		for hi < len(least) && (hi == lo || sum+least[hi] <= room) {
			sum += least[hi]
			hi++
		}
		pick := func(ws []float64) []float64 { return slices.Concat(ws[:1], ws[lo:hi]) }
		out = append(out, part{lo, hi, fitWidths(pick(natural), pick(least), room)})
		lo = hi
	}
	return out
}

// columnWidths gives what each column of a table takes, and at least needs.
func (s *setter) columnWidths(tab Table, st style) (natural, least []float64) {
	natural, least = make([]float64, len(tab.Columns)), make([]float64, len(tab.Columns))
	for i, c := range tab.Columns {
		see := func(text Inline, extra float64) {
			natural[i] = max(natural[i], s.fonts.measure(text, st)+extra)
			for _, w := range text.words() {
				least[i] = max(least[i], min(wordMost, s.fonts.measure(w.spans, st))+extra)
			}
		}
		see(Marked(Strong, c.Name), 2*cellPad)
		for _, row := range tab.Rows {
			see(row[i].Text, 2*cellPad+row[i].shareRoom())
		}
	}
	return natural, least
}

func (c Cell) shareRoom() float64 {
	if c.Share > 0 {
		return shareWide + 1
	}
	return 0
}

// fitWidths narrows the widest columns until the table fits, none to less than it
// needs if that can be.
func fitWidths(natural, least []float64, room float64) []float64 {
	capped := func(most float64) (out []float64, sum float64) {
		for i := range natural {
			w := max(least[i], min(natural[i], most))
			out, sum = append(out, w), sum+w
		}
		return out, sum
	}
	if out, sum := capped(slices.Max(natural)); sum <= room {
		return out
	}
	low, high := 0.0, room
	for range 40 {
		if _, sum := capped((low + high) / 2); sum > room {
			high = (low + high) / 2
		} else {
			low = (low + high) / 2
		}
	}
	out, sum := capped(low)
	if sum > room {
		for i := range out {
			out[i] *= room / sum
		}
	}
	return out
}

// band sets a table whose columns have these widths.
func (s *setter) band(tab Table, widths []float64, x float64, st style, above float64) {
	wide := 0.0
	for _, w := range widths {
		wide += w
	}
	heads := tab.heads()
	for i := range heads {
		heads[i].Text = heads[i].Text.under(Strong)
	}
	head := s.row(tab.Columns, heads, widths, x, st)
	for i := range head {
		head[i].hold, head[i].lead = true, true
	}
	head[len(head)-1].add(ruleAcross(x, head[len(head)-1].height, wide, grey, .3))
	head[0].above = above
	s.put(head...)
	for i, row := range tab.Rows {
		slabs := s.row(tab.Columns, row, widths, x, st)
		last := &slabs[len(slabs)-1]
		last.add(ruleAcross(x, last.height, wide, hair, .15))
		if len(head) == 1 {
			for j := range slabs {
				slabs[j].again = &head[0]
			}
		}
		slabs[0].hold = i == 0 && len(tab.Rows) > 1 // no head with one row alone
		s.put(slabs...)
	}
}

// row sets one row of a table to read.
func (s *setter) row(columns []Column, row []Cell, widths []float64, x float64, st style) []slab {
	const pad = .9
	lines := make([][][]run, len(row))
	most := 1
	for i, c := range row {
		lines[i] = s.fonts.fold(c.Text, st, widths[i]-2*cellPad-c.shareRoom()+.01)
		most = max(most, len(lines[i]))
	}
	var out []slab
	for n := 0; n < most; n += rowMost {
		count := min(rowMost, most-n)
		sl := slab{height: float64(count)*st.height() + 2*pad}
		left := x
		for i, c := range row {
			if c.Shaded {
				sl.add(box(left, 0, widths[i], sl.height, &shade, nil))
			}
			if n == 0 && c.Share > 0 {
				sl.add(box(left+cellPad, pad+.8, shareWide, st.height()-1.6, &pale, nil),
					box(left+cellPad, pad+.8, shareWide*float64(min(c.Share, 100))/100, st.height()-1.6, &bar, nil))
			}
			y := pad + st.height()*footShare
			for _, l := range lines[i][min(n, len(lines[i])):min(n+rowMost, len(lines[i]))] {
				from := left + cellPad + c.shareRoom()
				if columns[i].Right {
					from = left + widths[i] - cellPad - runsWidth(l)
				}
				sl.add(textShapes(l, from, y)...)
				y += st.height()
			}
			left += widths[i]
		}
		out = append(out, sl)
	}
	return out
}
