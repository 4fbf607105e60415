//go:build !js

package doc

import (
	"fmt"
	"math"
)

// This file makes slabs of blocks, but for tables.

// A setter makes slabs of blocks.
type setter struct {
	fonts *fontCase
	sheet bool    // whether the document is a form
	given bool    // in a group without room to write
	title string  // the document's, which a form has at the head of each page
	full  float64 // the height of a page's text
	slabs []slab
}

// A measure is where blocks are set: from x on, so wide.
type measure struct{ x, w float64 }

func (m measure) indented(by float64) measure { return measure{m.x + by, m.w - by} }

var (
	bodyStyle = style{regular, 10, black, nil}
	codeStyle = style{mono, 8.5, black, nil}
	formStyle = style{regular, 11, black, nil} // what is written on a form
	nameStyle = style{regular, 9.5, black, nil}
)

const (
	blockGap  = 2.4
	cellPad   = 1.5
	footShare = .76 // of a line's height, from its top to the baseline
)

func (s *setter) blocks(bs []Block, at measure) {
	for i := 0; i < len(bs); i++ {
		if groups := besides(bs[i:]); len(groups) > 0 {
			s.beside(groups, at)
			i += len(groups) - 1
			continue
		}
		b, first := bs[i], len(s.slabs)
		s.block(b, at)
		if i > 0 && i < len(bs)-1 && introduces(bs[i-1], b) && len(s.slabs)-first <= 4 {
			for j := range s.slabs[first:] {
				s.slabs[first+j].hold = true
			}
		}
	}
}

// introduces reports whether a block leads from a heading to what is under it.
func introduces(before, b Block) bool {
	_, heading := before.(Heading)
	_, paragraph := b.(Paragraph)
	return heading && paragraph
}

func (s *setter) block(b Block, at measure) {
	switch b := b.(type) {
	case Heading:
		s.heading(b, at)
	case Paragraph:
		s.paragraph(b, at)
	case Fields:
		if b = b.onPaper(s.sheet); b.Form && !s.given {
			s.form(b, at)
		} else {
			s.fields(b, at)
		}
	case List:
		for _, item := range b {
			first := len(s.slabs)
			s.text(item, at.indented(5), bodyStyle, .8)
			s.slabs[first].add(textShapes(s.fonts.runs("•", bodyStyle), at.x+1.5, bodyStyle.height()*footShare)...)
		}
	case Table:
		if b.Room > 0 && !s.given {
			s.formTable(b, at)
		} else {
			s.table(b, at)
		}
	case Code:
		s.code(b, at)
	case Excerpt:
		s.excerpt(b, at)
	case Places:
		for _, p := range b {
			s.group(p.group(), at)
		}
	case Group:
		s.group(b, at)
	case Detail:
		s.text(b.Summary, at, bodyStyle, blockGap)
	case Bars:
		s.bars(b, at)
	}
}

// put adds slabs as they come.
func (s *setter) put(slabs ...slab) { s.slabs = append(s.slabs, slabs...) }

// text sets text in lines, none of which is alone on a page.
func (s *setter) text(in Inline, at measure, st style, above float64) {
	lines := s.fonts.fold(in, st, at.w)
	for i, line := range lines {
		sl := slab{height: st.height(), hold: len(lines) > 1 && (i == 0 || i == len(lines)-2)}
		if i == 0 {
			sl.above = above
		}
		sl.add(textShapes(line, at.x, st.height()*footShare)...)
		s.put(sl)
	}
}

// By level: a heading's size in points, and the gap above it.
var (
	headingSize  = [...]float64{0, 17, 13, 11.5, 10.5}
	headingAbove = [...]float64{0, 0, 5, 3.5, 3}
)

// repeats reports whether a heading says what each page of a form has at its head,
// if it fits there.
func (s *setter) repeats(h Heading, wide float64) bool {
	return s.sheet && h.Level == 1 && h.Text.String() == s.title && s.fonts.measure(h.Text, titleStyle) <= wide-titleRest
}

func (s *setter) heading(h Heading, at measure) {
	if s.repeats(h, at.w) {
		return
	}
	level := min(h.Level, 4)
	first := len(s.slabs)
	s.text(h.Text, at, style{bold, headingSize[level], black, nil}, headingAbove[level])
	for i := range s.slabs[first:] {
		s.slabs[first+i].hold, s.slabs[first+i].lead = true, true
	}
	if h.Level <= 2 {
		s.slabs[first].title, s.slabs[first].level = Clean(h.Text.String()), h.Level-1
	}
}

func (s *setter) paragraph(p Paragraph, at measure) {
	above := blockGap
	if p.Tight {
		above = .6
	}
	for _, l := range p.Lines {
		if !p.Notice {
			s.text(l, at, bodyStyle, above)
			above = 0
			continue
		}
		first := len(s.slabs)
		s.text(l, measure{at.x + 4, at.w - 6}, bodyStyle, above)
		s.behind(first, at, &notice)
		above = 0
	}
}

// behind fills what is behind the slabs from one on, without gaps.
func (s *setter) behind(first int, at measure, fill *tint) {
	for i := range s.slabs[first:] {
		sl := &s.slabs[first+i]
		sl.shapes = append([]shape{box(at.x, 0, at.w, sl.height+.05, fill, nil)}, sl.shapes...)
	}
}

// nameWidth is the width of the names of fields.
func (s *setter) nameWidth(fs Fields, wide float64) float64 {
	const most = 45
	names := 0.0
	for _, f := range fs.Rows {
		names = max(names, s.fonts.measure(Text(f.Name), bodyStyle)+3)
	}
	return min(names, most, wide/3)
}

// fields sets values after their names, the names below each other.
func (s *setter) fields(fs Fields, at measure) {
	names, st := s.nameWidth(fs, at.w), bodyStyle
	for i, f := range fs.Rows {
		above := .6
		if i == 0 {
			above = 1.2
		}
		name := s.fonts.fold(Marked(Faint, f.Name), st, names-2)
		value := s.fonts.fold(f.Value, st, at.w-names)
		for n := range max(len(name), len(value)) {
			sl := slab{height: st.height(), above: above, hold: n == 0 && len(value) > 1}
			above = 0
			if n < len(name) {
				sl.add(textShapes(name[n], at.x, st.height()*footShare)...)
			}
			if n < len(value) {
				sl.add(textShapes(value[n], at.x+names, st.height()*footShare)...)
			}
			s.put(sl)
		}
	}
}

// form sets boxes to write in, or with what is written, after their names. One whose
// lines take more than a page has several; it is alone in its line.
func (s *setter) form(fs Fields, at measure) {
	for _, line := range fs.lines(s.fonts, at.w) {
		text := s.fonts.fold(line[0].Value, formStyle, line[0].room-2*cellPad)
		for n := 0; n < len(text); n += rowMost {
			sl := slab{height: roomFor(text[n:min(n+rowMost, len(text))], formStyle, fs.boxHeight()), hold: true}
			x := at.x
			for i, f := range line {
				if i > 0 {
					text = s.fonts.fold(f.Value, formStyle, f.room-2*cellPad)
				}
				sl.add(box(x, 0, fieldName, sl.height, &pale, &rule), box(x+fieldName, 0, f.room, sl.height, nil, &rule))
				if n == 0 {
					sl.add(middle(s.fonts.fold(Text(f.Name+":"), nameStyle, fieldName-2*cellPad), nameStyle, measure{x + cellPad, 0}, sl.height, false)...)
				}
				sl.add(middle(text[n:min(n+rowMost, len(text))], formStyle, measure{x + fieldName + cellPad, 0}, sl.height, false)...)
				x += fieldName + f.room
			}
			s.put(sl)
		}
	}
	if n := len(s.slabs); n > 0 {
		s.slabs[n-1].hold = false
	}
}

const rowMost = 30 // lines of a row that stay together

// roomFor is the height of a cell that has lines, at least so much.
func roomFor(lines [][]run, st style, least float64) float64 {
	return max(least, float64(len(lines))*st.height()+1)
}

// middle are the shapes of lines in the middle of a cell's height, and of its
// width if that is asked for.
func middle(lines [][]run, st style, at measure, height float64, centred bool) []shape {
	var out []shape
	y := (height-float64(len(lines))*st.height())/2 + st.height()*footShare
	for _, l := range lines {
		x := at.x
		if centred {
			x += max(0, (at.w-runsWidth(l))/2)
		}
		out = append(out, textShapes(l, x, y)...)
		y += st.height()
	}
	return out
}

// code sets the lines of a file.
func (s *setter) code(c Code, at measure) {
	s.gapAbove(blockGap, func() {
		for _, line := range splitLines(c.Text) {
			first := len(s.slabs)
			s.text(Text(line), measure{at.x + 2, at.w - 4}, codeStyle, 0)
			s.behind(first, at, &pale)
		}
	})
}

// gapAbove leaves a gap before what is set.
func (s *setter) gapAbove(above float64, set func()) {
	first := len(s.slabs)
	if set(); first < len(s.slabs) {
		s.slabs[first].above = above
	}
}

// excerpt sets a line of a file, with the place in it marked.
func (s *setter) excerpt(e Excerpt, at measure) {
	sl := slab{height: codeStyle.height() + .6, above: .8, hold: e.Say != nil}
	sl.add(box(at.x, 0, at.w, sl.height, &pale, nil))
	sl.add(textShapes(s.excerptRuns(e, at.w-4), at.x+2, codeStyle.height()*footShare+.3)...)
	s.put(sl)
	if e.Say != nil {
		s.text(e.Say, at, bodyStyle, .8)
	}
}

// excerptRuns are an excerpt in one line.
func (s *setter) excerptRuns(e Excerpt, room float64) []run {
	head := fmt.Sprintf("%d | ", e.Line)
	em, _ := s.fonts.advance(mono, 'm')
	columns := int(room/(em*codeStyle.size*pointMM)) - len(head)
	before, word, after := window(e, max(columns, narrowest))
	marked := codeStyle.of(e.Tone)
	marked.back = &glow
	runs := s.fonts.runs(head, codeStyle.of(Faint))
	runs = append(runs, s.fonts.runs(before, codeStyle)...)
	runs = append(runs, s.fonts.runs(orSpace(word), marked)...)
	runs = append(runs, s.fonts.runs(after, codeStyle)...)
	return cutRuns(runs, room)
}

// orSpace gives a place without a character something to be seen by.
func orSpace(word string) string {
	if word == "" {
		return " "
	}
	return word
}

// cutRuns leaves off the runs beyond a width.
func cutRuns(runs []run, room float64) []run {
	for i, r := range runs {
		if room -= r.width; room < 0 {
			return runs[:i]
		}
	}
	return runs
}

// group sets what stays together. With a tone it has an edge on its left.
func (s *setter) group(g Group, at measure) {
	const edge = .9
	outer := s.given
	s.given = outer || g.Given
	defer func() { s.given = outer }()
	inner, first := at, len(s.slabs)
	if g.Head != nil {
		inner = at.indented(4)
		s.text(g.Head.under(Strong), inner, bodyStyle, 3.2)
	}
	s.blocks(g.labelled(), inner)
	made := s.slabs[first:]
	if len(made) == 0 {
		return
	}
	for i := range made[:len(made)-1] {
		made[i].hold = true
	}
	made[len(made)-1].hold = false
	made[0].apart = g.Apart
	if s.sheet {
		made[0].above = betweenForms
	}
	if g.Head == nil {
		return
	}
	ink := bodyStyle.of(g.Tone).ink
	if g.Tone == Plain {
		ink = hair
	}
	for i := range made {
		if i > 0 {
			made[i].drop(made[i].above)
		}
		made[i].add(box(at.x, 0, edge, made[i].height+.05, &ink, nil))
	}
}

// drop moves what the slab shows down, so that its gap becomes part of it.
func (s *slab) drop(by float64) {
	for i := range s.shapes {
		s.shapes[i].y += by
	}
	s.height, s.above = s.height+by, 0
}

// bars draws counts as bars beside each other.
func (s *setter) bars(b Bars, at measure) {
	const high, head, foot = 32.0, 6.0, 6.0
	s.text(Marked(Strong, b.Caption), at, bodyStyle, blockGap)
	s.slabs[len(s.slabs)-1].hold = true
	wide := min(18, at.w/float64(max(1, len(b.Rows))))
	most := 1
	for _, r := range b.Rows {
		most = max(most, r.Count)
	}
	small := style{regular, 8, black, nil}
	sl := slab{height: head + high + foot, above: 1}
	for i, r := range b.Rows {
		x := at.x + wide*float64(i)
		h := math.Round(high*float64(r.Count)/float64(most)*100) / 100
		if r.Count > 0 {
			sl.add(box(x+wide*.1, head+high-h, wide*.8, h, &bar, nil))
		}
		sl.add(middle([][]run{s.fonts.runs(fmt.Sprint(r.Count), small)}, small, measure{x, wide}, 2*(head+high-h)-5, true)...)
		sl.add(middle([][]run{cutRuns(s.fonts.runs(Clean(r.From), small), wide)}, small, measure{x, wide}, 2*(head+high)+6, true)...)
	}
	sl.add(ruleAcross(at.x, head+high, wide*float64(len(b.Rows)), grey, .25))
	s.put(sl)
}
