//go:build !js

package doc

import (
	"bufio"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
)

// A PDF is made in three steps: blocks become slabs, slabs are placed on pages,
// and pages are drawn. So a page can say of how many it is one, and a group is
// known to fit before it is placed. The fonts are embedded, and nothing in the
// file says when it was made: the same document gives the same bytes.
//
// Text is drawn character by character of the fonts, and is clean; none of it is
// ever a part of the file's syntax.

// writePDF writes a document as a PDF.
func writePDF(w *bufio.Writer, d *Document, opt Options) error {
	size, err := opt.paper()
	if err != nil {
		return err
	}
	s := &setter{fonts: newFontCase(), sheet: d.Sheet != nil, title: d.Title, full: size.contentHeight(d.Sheet)}
	at := measure{0, size.contentWidth()}
	if d.Sheet == nil && !d.headed() {
		s.heading(Heading{Level: 1, Text: Text(d.Title)}, at)
	}
	s.blocks(d.Blocks, at)
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: size.width, Ht: size.height}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCompression(true)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(time.Unix(0, 0).UTC())
	pdf.SetModificationDate(time.Unix(0, 0).UTC())
	pdf.SetProducer("raftsheet", false)
	pdf.SetTitle(utf16Title(Clean(d.Title)), false)
	pdf.SetLang("en")
	p := &pagePen{pen{pdf: pdf}, s.fonts, d, size}
	pages := paginate(s.slabs, s.full)
	for i, page := range pages {
		p.page(i, len(pages), page)
	}
	if missing := s.fonts.unshown(); len(missing) > 0 && opt.Tell != nil {
		opt.Tell(countRunes(missing) + " not in the fonts of the PDF, and shown as code points; to show them, use --format latex and xelatex")
	}
	return pdf.Output(w)
}

// countRunes names a few characters, and counts the others.
func countRunes(rs []rune) string {
	const most = 5
	var names []string
	for _, r := range rs[:min(most, len(rs))] {
		names = append(names, string(r))
	}
	text := strings.Join(names, " ")
	if n := len(rs) - most; n > 0 {
		return fmt.Sprintf("%s and %d more characters are", text, n)
	}
	if len(rs) == 1 {
		return text + " is"
	}
	return text + " are"
}

// utf16Title is text as a PDF has it outside of its pages.
func utf16Title(s string) string {
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return string(out)
}

// A placed slab has its place on a page, from the head's end on.
type placed struct {
	*slab
	y float64
}

// paginate places slabs on pages of a height. Those that hold together go to the
// next page if they fit there; if they fit on no page, they are torn.
func paginate(slabs []slab, full float64) [][]placed {
	p := &paginator{pages: [][]placed{nil}}
	for len(slabs) > 0 {
		together := held(slabs)
		need := heightOf(together)
		fits := need-together[0].above <= full
		// What fits nowhere may begin low on a page, but not at its foot.
		if p.y > 0 && (together[0].apart || p.y+need > full && (fits || p.y > full/2)) {
			p.turn()
		}
		for i := range together {
			next := heightOf(led(together[i:]))
			alone := together[i].above + together[i].height
			if p.y > 0 && (p.y+alone > full || p.y+next > full && next-together[i].above <= full) {
				p.turn()
			}
			p.place(&together[i])
		}
		slabs = slabs[len(together):]
	}
	return p.pages
}

// A paginator has the pages so far, and where on the last one it is.
type paginator struct {
	pages [][]placed
	y     float64
}

func (p *paginator) turn() { p.pages, p.y = append(p.pages, nil), 0 }

// place puts a slab below the last one, or after the head of its table at the top.
func (p *paginator) place(s *slab) {
	page := &p.pages[len(p.pages)-1]
	if p.y > 0 {
		p.y += s.above
	} else if s.again != nil {
		*page = append(*page, placed{s.again, 0})
		p.y = s.again.height
	}
	*page = append(*page, placed{s, p.y})
	p.y += s.height
}

// held are the first slabs that hold together.
func held(slabs []slab) []slab {
	n := 1
	for n < len(slabs) && slabs[n-1].hold {
		n++
	}
	return slabs[:n]
}

// led are the first slab, and what it is over.
func led(slabs []slab) []slab {
	n := 1
	for n < len(slabs) && slabs[n-1].lead {
		n++
	}
	return slabs[:n]
}

// heightOf is the height of slabs, with the gap before them.
func heightOf(slabs []slab) float64 {
	h := 0.0
	for i := range slabs {
		h += slabs[i].above + slabs[i].height
	}
	return h
}

// A pagePen draws pages.
type pagePen struct {
	pen
	fonts *fontCase
	doc   *Document
	size  paperSize
}

// page draws a page, the nth from 0 on.
func (p *pagePen) page(n, of int, slabs []placed) {
	p.pdf.AddPage()
	y := p.head(n, of)
	for _, s := range slabs {
		if s.title != "" {
			p.font(regular, bodyStyle.size) // the entry is in UTF-16 if the font is
			p.pdf.Bookmark(basic(s.title), s.level, y+s.y)
		}
		p.draw(s.shapes, pageSide, y+s.y)
	}
	if sheet := p.doc.Sheet; sheet != nil && sheet.Legend != nil {
		small := style{regular, 8, grey, nil}
		lines := p.fonts.fold(sheet.Legend, small, p.size.contentWidth())
		p.draw(textShapes(lines[0], 0, 0), pageSide, p.size.height-pageBottom)
	}
}

// basic leaves out of a text what fpdf's UTF-16 cannot hold.
func basic(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return '?'
		}
		return r
	}, s)
}

// head draws a page's head, and gives where its text begins.
func (p *pagePen) head(n, of int) float64 {
	y, wide := pageTop, p.size.contentWidth()
	st := style{regular, 8.5, grey, nil}
	sheet := p.doc.Sheet
	if sheet != nil {
		st = titleStyle
	}
	count := p.fonts.runs(fmt.Sprintf("%d of %d", n+1, of), style{regular, 9, grey, nil})
	if sheet != nil || of > 1 {
		p.draw(textShapes(count, wide-runsWidth(count), headTitle*.7), pageSide, y)
	}
	if sheet != nil || n > 0 {
		p.draw(textShapes(firstLine(p.fonts, Text(p.doc.Title), st, wide-titleRest), 0, headTitle*.7), pageSide, y)
	}
	y += headTitle
	if sheet != nil && len(sheet.Lines) > 0 {
		p.lines(sheet.Lines, y, wide)
		y += headLines
	}
	return y + headGap
}

// lines draws lines to write on, the first of which takes half of the page.
func (p *pagePen) lines(fs []Field, y, wide float64) {
	const gap = 4
	x := 0.0
	for i, f := range fs {
		w := wide / 2
		if i > 0 || len(fs) == 1 {
			w = (wide - x) / float64(len(fs)-i)
		}
		name := p.fonts.runs(Clean(f.Name)+":", nameStyle)
		shapes := textShapes(name, x, headLines-1.2)
		from := x + runsWidth(name) + 1.5
		if end := x + w; i < len(fs)-1 {
			shapes = append(shapes, ruleAcross(from, headLines-.4, end-gap-from, rule, .25))
		} else {
			shapes = append(shapes, ruleAcross(from, headLines-.4, end-from, rule, .25))
		}
		if f.Value != nil {
			shapes = append(shapes, textShapes(firstLine(p.fonts, f.Value, formStyle, w-gap-(from-x)), from+1, headLines-1.2)...)
		}
		p.draw(shapes, pageSide, y)
		x += w
	}
}
