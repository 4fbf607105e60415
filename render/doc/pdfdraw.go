//go:build !js

package doc

import (
	"slices"

	"codeberg.org/go-pdf/fpdf"
)

// This file has what is drawn on a page: shapes at places, and slabs of them that
// pages are made of. A length is in millimetres.

// A shape is a thing drawn at a place. Of a text the place is where its baseline
// begins, of others their upper left corner.
type shape struct {
	x, y, w, h float64
	text       string
	style      // of the text
	fill, edge *tint
	line       float64      // the width of the edge
	path       [][2]float64 // a line through these, from the corner on
}

// A slab is a strip across a page that no page break tears.
type slab struct {
	height float64
	above  float64 // the gap before it, which it does not have at the top of a page
	hold   bool    // the next one is on the same page, if a page can hold both
	lead   bool    // it is over the next one, as a heading or the head of a table: never last on a page
	apart  bool    // it begins a page
	again  *slab   // comes before it where it is first on a page, as the head of its table; nil for nothing
	shapes []shape
	title  string // an entry of the table of contents; empty for none
	level  int    // of the entry, from 0
}

func (s *slab) add(shapes ...shape) { s.shapes = append(s.shapes, shapes...) }

// box is a rectangle, filled and with an edge, either of which may be nil.
func box(x, y, w, h float64, fill, edge *tint) shape {
	return shape{x: x, y: y, w: w, h: h, fill: fill, edge: edge, line: .2}
}

// ruleAcross is a line from left to right.
func ruleAcross(x, y, w float64, ink tint, thick float64) shape {
	return shape{x: x, y: y, path: [][2]float64{{0, 0}, {w, 0}}, edge: &ink, line: thick}
}

// textShapes are the shapes of a line of text, whose line of writing begins at a
// place: how far down a letter's foot is, is the baseline.
func textShapes(runs []run, x, baseline float64) []shape {
	var out []shape
	for _, r := range runs {
		if r.back != nil {
			out = append(out, box(x, baseline-r.size*.95*pointMM, r.width, r.size*1.2*pointMM, r.back, nil))
		}
		switch em := r.size * pointMM; {
		case r.code:
			frame := box(x+.2, baseline-em*1.1, r.width-.4, em*1.45, nil, &r.ink)
			frame.line = .1
			out = append(out, frame, shape{x: x + codePad, y: baseline, text: r.text, style: r.style})
		case r.char != 0:
			var path [][2]float64
			for _, p := range signs[r.char] {
				path = append(path, [2]float64{p[0] * em * .8, p[1] * em * .8})
			}
			out = append(out, shape{x: x, y: baseline - em*.75, path: path, edge: &r.ink, line: em * .1})
		case r.text != "":
			out = append(out, shape{x: x, y: baseline, text: r.text, style: r.style})
		}
		x += r.width
	}
	return out
}

// A pen draws shapes on the pages of a PDF.
type pen struct {
	pdf    *fpdf.Fpdf
	loaded [faces]bool
}

// draw draws the shapes of a slab whose corner is at a place.
func (p *pen) draw(shapes []shape, x, y float64) {
	for i := range shapes {
		s := &shapes[i]
		if s.text != "" {
			p.font(s.face, s.size)
			p.pdf.SetTextColor(s.ink.r, s.ink.g, s.ink.b)
			p.pdf.Text(x+s.x, y+s.y, s.text)
			continue
		}
		how := ""
		if s.fill != nil {
			p.pdf.SetFillColor(s.fill.r, s.fill.g, s.fill.b)
			how = "F"
		}
		if s.edge != nil {
			p.pdf.SetDrawColor(s.edge.r, s.edge.g, s.edge.b)
			p.pdf.SetLineWidth(s.line)
			how += "D"
		}
		if s.path == nil {
			p.pdf.Rect(x+s.x, y+s.y, s.w, s.h, how)
			continue
		}
		p.pdf.MoveTo(x+s.x+s.path[0][0], y+s.y+s.path[0][1])
		for _, to := range s.path[1:] {
			p.pdf.LineTo(x+s.x+to[0], y+s.y+to[1])
		}
		p.pdf.DrawPath("D")
	}
}

// font chooses a font, and reads it the first time.
func (p *pen) font(f face, size float64) {
	if !p.loaded[f] {
		p.pdf.AddUTF8FontFromBytes(f.name(), "", slices.Clone(f.data())) // fpdf writes into it
		p.loaded[f] = true
	}
	p.pdf.SetFont(f.name(), "", size)
}
