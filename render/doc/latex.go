//go:build !js

package doc

import (
	"bufio"
	_ "embed"
	"fmt"
	"strings"
	"unicode"
)

// LaTeX breaks paragraphs and pages itself. What a PDF of the program's own measures
// is used where TeX has to be told: the widths of columns, the lines of cells, and
// whether a group fits a page and can be held together.

//go:embed page.tex
var pageTeX string

// writeLaTeX writes a document as a file of LaTeX, for pdflatex and xelatex.
func writeLaTeX(w *bufio.Writer, d *Document, opt Options) error {
	size, err := opt.paper()
	if err != nil {
		return err
	}
	l := &latexWriter{w, &setter{fonts: newFontCase(), sheet: d.Sheet != nil, title: d.Title, full: size.contentHeight(d.Sheet)}, false, false}
	fmt.Fprint(w, l.preamble(d, size))
	wide := size.contentWidth()
	if d.Sheet == nil && !d.headed() {
		l.heading(Heading{Level: 1, Text: Text(d.Title)}, wide)
	}
	l.blocks(d.Blocks, wide)
	fmt.Fprint(w, "\\end{document}\n")
	if foreign := l.foreign(); len(foreign) > 0 && opt.Tell != nil {
		opt.Tell(countRunes(foreign) + " shown by xelatex; pdflatex shows code points instead")
	}
	return nil
}

// A latexWriter writes blocks. Its setter measures.
type latexWriter struct {
	w     *bufio.Writer
	set   *setter
	whole bool // in a group that no page break tears
	top   bool // at the top of a column
}

// foreign are the characters that pdflatex does not have.
func (l *latexWriter) foreign() []rune {
	var out []rune
	for _, r := range l.set.fonts.unshown() {
		if !unicode.In(r, unicode.Latin) && latexSigns[r] == "" {
			out = append(out, r)
		}
	}
	return out
}

// preamble is what comes before the blocks: sizes, and the head and the foot of
// each page.
func (l *latexWriter) preamble(d *Document, size paperSize) string {
	head := headTitle
	foot := 0.0
	title := latexRuns(firstLine(l.set.fonts, Text(d.Title), style{regular, 8.5, black, nil}, size.contentWidth()-titleRest))
	top := `\fontsize{8.5}{10}\selectfont\ifnum\value{page}>1 \textcolor{rsGrey}{\rsTitle}\fi\hfill\rsOf`
	legend := ""
	if d.Sheet != nil {
		title = latexRuns(firstLine(l.set.fonts, Text(d.Title), titleStyle, size.contentWidth()-titleRest-10))
		top = `{\fontsize{11.5}{13}\selectfont\rsTitle}\hfill\rsOf`
		if len(d.Sheet.Lines) > 0 {
			head += headLines
			top += `\\[3mm]` + l.lines(d.Sheet.Lines, size.contentWidth())
		}
		if d.Sheet.Legend != nil {
			foot, legend = footLegend, latexRuns(l.runs(d.Sheet.Legend, style{regular, 8, black, nil}))
		}
	}
	geometry := []string{size.latex}
	for _, g := range []struct {
		name string
		mm   float64
	}{{"left", pageSide}, {"right", pageSide}, {"top", pageTop + head + headGap}, {"headheight", head}, {"headsep", headGap},
		{"bottom", pageBottom + foot + footGap}, {"footskip", foot + footGap}} {
		geometry = append(geometry, g.name+"="+latexLength(g.mm))
	}
	return strings.NewReplacer("@geometry@", strings.Join(geometry, ","), "@title@", title, "@head@", top, "@foot@", legend,
		"@note@", `\ifdefined\XeTeXrevision no font here has them\else xelatex shows them\fi`).Replace(pageTeX)
}

// lines are the lines to write on at the head of a page.
func (l *latexWriter) lines(fs []Field, wide float64) string {
	out, left := "", wide
	for i, f := range fs {
		w := left / float64(len(fs)-i)
		if i == 0 && len(fs) > 1 {
			w = wide / 2
		}
		left -= w
		out += `\makebox[` + latexLength(w) + `][l]{` + latexText(Clean(f.Name)) + `:\hspace{1.5mm}\textcolor{rsRule}{\rule[-.8mm]{1mm}{.25mm}}`
		if f.Value != nil {
			out += latexRuns(firstLine(l.set.fonts, f.Value, bodyStyle, w/2))
		}
		gap := 4.0
		if i == len(fs)-1 {
			gap = 0
		}
		out += `\textcolor{rsRule}{\leaders\hrule height-.55mm depth.8mm\hfill}\hspace{` + latexLength(gap) + `}}`
	}
	return out
}

// runs are the runs of text that TeX breaks itself.
func (l *latexWriter) runs(in Inline, st style) []run {
	const endless = 1e9
	return l.set.fonts.fold(in, st, endless)[0]
}

// inline is text as LaTeX.
func (l *latexWriter) inline(in Inline) string { return latexRuns(l.runs(in, bodyStyle)) }

func (l *latexWriter) gap(mm float64) { fmt.Fprintf(l.w, "\\par\\addvspace{%s}\n", latexLength(mm)) }

func (l *latexWriter) blocks(bs []Block, wide float64) {
	for i := 0; i < len(bs); i++ {
		b := bs[i]
		if groups := besides(bs[i:]); len(groups) > 0 {
			l.beside(groups, wide)
			i += len(groups) - 1
			continue
		}
		l.block(b, wide)
		if i > 0 && introduces(bs[i-1], b) {
			fmt.Fprintln(l.w, `\nopagebreak`)
		}
	}
}

func (l *latexWriter) block(b Block, wide float64) {
	switch b := b.(type) {
	case Heading:
		l.heading(b, wide)
	case Paragraph:
		l.paragraph(b)
	case Fields:
		l.fields(b, wide)
	case List:
		for _, item := range b {
			l.gap(.8)
			fmt.Fprintf(l.w, "{\\leftskip=5mm\\makebox[0pt][r]{\\textbullet\\hspace{2mm}}%s\\par}\n", l.inline(item))
		}
	case Table:
		l.table(b, wide)
	case Code:
		l.gap(blockGap)
		for _, line := range splitLines(b.Text) {
			for _, part := range l.set.fonts.fold(Text(line), codeStyle, wide-4) {
				fmt.Fprintf(l.w, "\\rsLine{%s}\n", latexRuns(part))
			}
		}
	case Excerpt:
		l.gap(.8)
		fmt.Fprintf(l.w, "\\rsLine{%s}\n", latexRuns(l.set.excerptRuns(b, wide-4)))
		if b.Say != nil {
			l.gap(.8)
			fmt.Fprintln(l.w, l.inline(b.Say)+`\par`)
		}
	case Places:
		for _, p := range b {
			l.group(p.group(), wide)
		}
	case Group:
		l.group(b, wide)
	case Detail:
		l.paragraph(P(b.Summary))
	case Bars:
		l.bars(b, wide)
	}
}

func (l *latexWriter) heading(h Heading, wide float64) {
	if l.set.repeats(h, wide) {
		return
	}
	level := min(h.Level, 4)
	fmt.Fprintf(l.w, "\\rsHead{%g}{%g}{%s}\n", headingAbove[level], headingSize[level], l.inline(h.Text))
}

func (l *latexWriter) paragraph(p Paragraph) {
	above := blockGap
	if p.Tight {
		above = .6
	}
	l.gap(above)
	var lines []string
	for _, line := range p.Lines {
		lines = append(lines, l.inline(line))
	}
	if text := strings.Join(lines, "\\newline\n"); p.Notice {
		fmt.Fprintf(l.w, "\\rsNotice{%s}\n", text)
	} else {
		fmt.Fprintf(l.w, "%s\\par\n", text)
	}
}

// group writes what stays together, if it fits a page.
func (l *latexWriter) group(g Group, wide float64) {
	if g.Apart && !l.whole {
		fmt.Fprintln(l.w, `\clearpage`)
	}
	const most = .92 // of a page: TeX's own lines measure a little otherwise
	outer, given := l.whole, l.set.given
	fits := l.set.heightOf(g, wide) < most*l.set.full
	l.whole = l.whole || fits
	l.set.given = given || g.Given
	defer func() { l.whole, l.set.given = outer, given }()
	switch {
	case l.top:
		l.top = false
	case l.set.sheet:
		l.gap(betweenForms)
	case g.Head != nil:
		l.gap(3.2)
	default:
		l.gap(blockGap)
	}
	env, arg := "rsWhole", ""
	if g.Head != nil {
		env, arg, wide = "rsEdge", "{rsHair}", wide-4
		if name := latexNames[bodyStyle.of(g.Tone).ink]; name != "" {
			arg = "{" + name + "}"
		}
	}
	if l.whole {
		fmt.Fprintf(l.w, "\\begin{%s}%s\n", env, arg)
		defer fmt.Fprintf(l.w, "\\end{%s}\n", env)
	}
	if g.Head != nil {
		fmt.Fprintln(l.w, l.inline(g.Head.under(Strong))+`\par\nopagebreak`)
	}
	l.blocks(g.labelled(), wide)
}

// beside writes groups in two columns, or below each other where one of them fits on no
// page.
func (l *latexWriter) beside(groups []Group, wide float64) {
	w := besideWidth(wide)
	heights, fit := l.set.heights(groups, w)
	if !fit {
		for _, g := range groups {
			l.group(g, wide)
		}
		return
	}
	for _, both := range columns(groups, heights, l.set.full) {
		l.gap(betweenForms)
		for _, column := range both {
			fmt.Fprintf(l.w, "\\begin{rsColumn}{%s}{%s}\n", latexLength(w), latexLength(besideGap))
			for i, g := range column {
				l.top = i == 0
				l.group(g, w)
			}
			fmt.Fprintln(l.w, `\end{rsColumn}`)
		}
		fmt.Fprintln(l.w, `\par`)
	}
}

// bars draws counts as bars beside each other.
func (l *latexWriter) bars(b Bars, wide float64) {
	const high = 32.0
	l.paragraph(P(Marked(Strong, b.Caption)))
	each := min(18, wide/float64(max(1, len(b.Rows))))
	most := 1
	for _, r := range b.Rows {
		most = max(most, r.Count)
	}
	above, below := "", ""
	for _, r := range b.Rows {
		cell := `\makebox[` + latexLength(each) + `][c]{\fontsize{8}{10}\selectfont`
		above += cell + fmt.Sprintf(`\shortstack{%d\\{\color{rsBar}\rule{%s}{%s}}}}`, r.Count, latexLength(each*.8), latexLength(high*float64(r.Count)/float64(most)))
		below += cell + " " + latexRuns(cutRuns(l.set.fonts.runs(Clean(r.From), style{regular, 8, black, nil}), each)) + "}"
	}
	fmt.Fprintf(l.w, "\\nopagebreak\\mbox{%s}\\par\\nopagebreak\\textcolor{rsGrey}{\\rule{%s}{.25mm}}\\par\\nopagebreak\\mbox{%s}\\par\n", above, latexLength(each*float64(len(b.Rows))), below)
}
