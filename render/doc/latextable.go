//go:build !js

package doc

import (
	"fmt"
	"strings"
)

// This file writes tables and fields as LaTeX.

// A latexTable is a table as LaTeX has it.
type latexTable struct {
	columns string // its preamble
	head    string // a row, with the rules around it
	rows    []string
}

// tabular writes a table: one that pages can tear, with its head on each, unless it
// is in a group that none tears.
func (l *latexWriter) tabular(t latexTable) {
	if l.whole {
		fmt.Fprintf(l.w, "\\begin{tabular}{%s}%s%s\\end{tabular}\\par\n", t.columns, t.head, strings.Join(t.rows, "\n"))
		return
	}
	head := ""
	if t.head != "" {
		head = t.head + "\\endhead\n"
	}
	fmt.Fprintf(l.w, "\\begin{longtable}[l]{%s}%s%s\\end{longtable}\n", t.columns, head, strings.Join(t.rows, "\n"))
}

func (l *latexWriter) table(tab Table, wide float64) {
	if len(tab.Columns) == 0 {
		return
	}
	if tab.Room > 0 && !l.set.given {
		l.formTable(tab, wide)
		return
	}
	if tab.Caption != "" {
		l.gap(blockGap)
		fmt.Fprintln(l.w, l.inline(Marked(Strong, tab.Caption))+`\par\nopagebreak`)
		l.gap(.8)
	} else {
		l.gap(blockGap)
	}
	st := bodyStyle
	st.size = tableSize
	fmt.Fprintln(l.w, `{\fontsize{9}{11.5}\selectfont\renewcommand\arraystretch{1.15}`)
	natural, least := l.set.columnWidths(tab, st)
	for i, b := range parts(natural, least, wide) {
		if i > 0 {
			l.gap(blockGap)
		}
		l.band(tab.band(b.lo, b.hi), b.widths, st)
	}
	fmt.Fprintln(l.w, "}")
}

// band writes a table whose columns have these widths.
func (l *latexWriter) band(tab Table, widths []float64, st style) {
	const slack = .6 // some characters are wider in LaTeX's font than in the one that measures
	t := latexTable{}
	for i, c := range tab.Columns {
		set := `\raggedright`
		if c.Right {
			set = `\raggedleft`
		}
		t.columns += fmt.Sprintf(`>{%s\arraybackslash}p{%s}`, set, latexLength(widths[i]-2*cellPad+slack))
		if i == 0 {
			t.columns = `@{\hspace{` + latexLength(cellPad) + `}}` + t.columns
		}
		gap := 2*cellPad - slack
		if i == len(tab.Columns)-1 {
			gap = cellPad - slack
		}
		t.columns += `@{\hspace{` + latexLength(gap) + `}}`
	}
	row := func(cells []Cell) string {
		out := make([]string, len(cells))
		for i, c := range cells {
			if c.Shaded {
				out[i] = `\cellcolor{rsShade}`
			}
			if c.Share > 0 {
				part := shareWide * float64(min(c.Share, 100)) / 100
				out[i] += fmt.Sprintf(`{\color{rsBar}\rule{%s}{2mm}}{\color{rsPale}\rule{%s}{2mm}}\ `, latexLength(part), latexLength(shareWide-part))
			}
			out[i] += latexLines(l.set.fonts.fold(c.Text, st, widths[i]-2*cellPad-c.shareRoom()+.01))
		}
		return strings.Join(out, " & ")
	}
	heads := tab.heads()
	for i := range heads {
		heads[i].Text = heads[i].Text.under(Strong)
	}
	t.head = row(heads) + `\\\arrayrulecolor{rsGrey}\hline `
	for _, cells := range tab.Rows {
		t.rows = append(t.rows, row(cells)+`\\\arrayrulecolor{rsHair}\hline`)
	}
	l.tabular(t)
}

// formTable writes the cells of a form.
func (l *latexWriter) formTable(tab Table, wide float64) {
	tab = tab.onPaper()
	if tab.Caption != "" {
		l.gap(1.5)
		fmt.Fprintln(l.w, l.inline(Marked(Strong, tab.Caption))+`\par\nopagebreak\vspace{1mm}`)
	}
	for i, band := range tab.acrossBands() {
		if i > 0 {
			l.gap(1.5)
		}
		widths := band.formWidths(l.set.fonts, wide)
		l.formRow(band.heads(), widths, nameStyle, nameHeight, fillHead)
		fmt.Fprintln(l.w, `\nopagebreak`)
		for _, cells := range band.Rows {
			l.formRow(cells, widths, formStyle, cellHeight, band.fill)
		}
	}
}

// formRow writes one row of cells of a form.
func (l *latexWriter) formRow(cells []Cell, widths []float64, st style, least float64, fill func(int, Cell) *tint) {
	lines := make([][][]run, len(cells))
	height := least
	for i, c := range cells {
		lines[i] = l.set.fonts.fold(c.Text, st, widths[i]-1.6)
		height = max(height, roomFor(lines[i], st, least))
	}
	row := ""
	for i, c := range cells {
		color := "white"
		if behind := fill(i, c); behind != nil {
			color = latexNames[*behind]
		}
		row += latexCell(color, widths[i], height, st, `\centering`, lines[i])
	}
	fmt.Fprintf(l.w, "\\rsRow{%s}\n", row)
}

// latexCell is a cell of a form, with its frame.
func latexCell(fill string, width, height float64, st style, set string, lines [][]run) string {
	text := `\mbox{}` // a paragraph, as wide as the box
	if len(lines) > 1 || len(lines[0]) > 0 {
		text = fmt.Sprintf(`\fontsize{%g}{%.1f}\selectfont%s\strut %s`, st.size, st.size*1.2, set, latexLines(lines))
	}
	return fmt.Sprintf(`\rsCell{%s}{%s}{%s}{%s}`, fill, latexLength(width), latexLength(height), text)
}

func (l *latexWriter) fields(fs Fields, wide float64) {
	if fs = fs.onPaper(l.set.sheet); len(fs.Rows) == 0 {
		return
	}
	if fs.Form && !l.set.given {
		l.form(fs, wide)
		return
	}
	l.gap(1.2)
	names := l.set.nameWidth(fs, wide)
	t := latexTable{columns: fmt.Sprintf(`>{\raggedright\arraybackslash}p{%s}>{\raggedright\arraybackslash}p{%s}`, latexLength(names), latexLength(wide-names))}
	for _, f := range fs.Rows {
		t.rows = append(t.rows, latexLines(l.set.fonts.fold(Marked(Faint, f.Name), bodyStyle, names-2))+" & "+latexLines(l.set.fonts.fold(f.Value, bodyStyle, wide-names))+`\\`+"[.6mm]")
	}
	l.tabular(t)
}

// form writes boxes to write in, or with what is written, after their names.
func (l *latexWriter) form(fs Fields, wide float64) {
	l.gap(.8)
	set := `\raggedright\leftskip=` + latexLength(cellPad) + " "
	for _, line := range fs.lines(l.set.fonts, wide) {
		row := ""
		height := roomFor(l.set.fonts.fold(line[0].Value, formStyle, line[0].room-2*cellPad), formStyle, fs.boxHeight())
		for _, f := range line {
			row += latexCell("rsPale", fieldName, height, nameStyle, set, l.set.fonts.fold(Text(f.Name+":"), nameStyle, fieldName-2*cellPad))
			row += latexCell("white", f.room, height, formStyle, set, l.set.fonts.fold(f.Value, formStyle, f.room-2*cellPad))
		}
		fmt.Fprintf(l.w, "\\rsRow{%s}\\nopagebreak\n", row)
	}
}
