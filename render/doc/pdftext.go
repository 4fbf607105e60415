//go:build !js

package doc

import (
	"fmt"
	"unicode/utf8"
)

// This file breaks text into the lines of a PDF.

// A tint is a colour.
type tint struct{ r, g, b int }

var (
	black  = tint{0, 0, 0}
	grey   = tint{95, 95, 95}
	green  = tint{0, 100, 40}
	red    = tint{175, 20, 20}
	blue   = tint{20, 70, 150}
	rule   = tint{120, 120, 120} // of a box to write in
	hair   = tint{200, 200, 200} // between rows to read
	shade  = tint{215, 215, 215} // where nothing belongs
	pale   = tint{243, 243, 243} // behind names, and code
	glow   = tint{253, 226, 226} // behind the place in a line of a file
	notice = tint{255, 244, 214}
	bar    = tint{70, 110, 160}
)

// A style is how text is set.
type style struct {
	face face
	size float64 // in points
	ink  tint
	back *tint // behind it; nil for nothing
}

// of gives the style of text with a mark in text of this style. What a colour says
// is bold too, for a printer that has none.
func (st style) of(m Mark) style {
	heavy := bold
	if st.face == mono {
		heavy = monobold
	}
	switch m {
	case Strong:
		st.face = heavy
	case Faint:
		st.ink = grey
	case Right:
		st.face, st.ink = heavy, green
	case Wrong:
		st.face, st.ink = heavy, red
	case Noted:
		st.face, st.ink = heavy, blue
	case Literal:
		st.face, st.size = mono, st.size*.95
		if heavy == bold && st.ink == black {
			st.ink = tint{40, 40, 40}
		}
	}
	return st
}

// titleStyle is how a form's title is set at the head of each page.
var titleStyle = style{bold, 11.5, black, nil}

const pointMM = 25.4 / 72 // a point in millimetres

// height of a line of the style, in millimetres.
func (st style) height() float64 { return st.size * 1.28 * pointMM }

// A run is a piece of a line in one style.
type run struct {
	style
	text  string
	width float64
	char  rune // it is this character, which the fonts do not have; 0 for text
	code  bool // the text is the character's code point
}

const codeSize = .62 // of a code point in its frame, relative to the text around it

// runs takes clean text apart where its characters are not of the font.
func (fc *fontCase) runs(s string, st style) []run {
	var out []run
	begin, width := 0, 0.0
	flush := func(end int) {
		if end > begin {
			out = append(out, run{style: st, text: s[begin:end], width: width})
		}
		width = 0
	}
	for i, r := range s {
		if ems, has := fc.advance(st.face, r); has {
			width += ems * st.size * pointMM
			continue
		}
		flush(i)
		begin = i + utf8.RuneLen(r)
		if signs[r] != nil {
			out = append(out, run{style: st, char: r, width: st.size * pointMM})
			continue
		}
		fc.lacks[r] = true
		out = append(out, fc.codePoint(r, st))
	}
	flush(len(s))
	return out
}

// codePoint is what stands for a character that the fonts do not have.
func (fc *fontCase) codePoint(r rune, st style) run {
	out := run{style: st, text: fmt.Sprintf("U+%04X", r), char: r, code: true}
	out.face, out.back = mono, nil
	out.size *= codeSize
	for _, c := range out.text {
		ems, _ := fc.advance(mono, c)
		out.width += ems * out.size * pointMM
	}
	out.width += 2 * codePad
	return out
}

const codePad = .5 // on each side of a code point, for its frame

// measure is the width of text in one line.
func (fc *fontCase) measure(in Inline, st style) float64 {
	w := 0.0
	for _, s := range in {
		for _, r := range fc.runs(Clean(s.Text), st.of(s.Mark)) {
			w += r.width
		}
	}
	return w
}

// A folder collects lines of a width.
type folder struct {
	fonts *fontCase
	room  float64
	lines [][]run
	line  []run
	used  float64
}

// fold breaks text at its words into lines of a width; a word that is longer, at
// its characters. There is one line at least.
func (fc *fontCase) fold(in Inline, st style, room float64) [][]run {
	f := &folder{fonts: fc, room: room}
	for i, w := range in.words() {
		var runs []run
		width := 0.0
		for _, s := range w.spans {
			for _, r := range fc.runs(s.Text, st.of(s.Mark)) {
				runs, width = append(runs, r), width+r.width
			}
		}
		lead := st
		if of := st.of(w.spans[0].Mark); len(f.line) == 0 || f.line[len(f.line)-1].style == of {
			lead = of // what a mark changes begins and ends with a word
		}
		space := fc.runs(w.lead, lead)
		switch {
		case len(f.line) > 0 && f.used+runsWidth(space)+width > room:
			f.flush()
		case len(f.line) > 0 || i == 0 || w.lead != " ":
			f.add(space...)
		}
		if f.used+width > room {
			f.addBroken(runs)
		} else {
			f.add(runs...)
		}
	}
	f.flush()
	return f.lines
}

func runsWidth(runs []run) float64 {
	w := 0.0
	for _, r := range runs {
		w += r.width
	}
	return w
}

func (f *folder) flush() {
	f.lines = append(f.lines, f.line)
	f.line, f.used = nil, 0
}

func (f *folder) add(runs ...run) {
	f.used += runsWidth(runs)
	for _, r := range runs {
		if last := len(f.line) - 1; last >= 0 && f.line[last].style == r.style && f.line[last].char == 0 && r.char == 0 {
			f.line[last].text, f.line[last].width = f.line[last].text+r.text, f.line[last].width+r.width
			continue
		}
		f.line = append(f.line, r)
	}
}

// addBroken adds runs that are longer than a line.
func (f *folder) addBroken(runs []run) {
	for _, r := range runs {
		if r.char != 0 {
			f.addPiece(r)
			continue
		}
		begin, width := 0, 0.0
		for i, c := range r.text {
			ems, _ := f.fonts.advance(r.face, c)
			step := ems * r.size * pointMM
			if f.used+width+step > f.room && (i > begin || len(f.line) > 0) {
				if i > begin {
					piece := r
					piece.text, piece.width = r.text[begin:i], width
					f.add(piece)
				}
				f.flush()
				begin, width = i, 0
			}
			width += step
		}
		r.text, r.width = r.text[begin:], width
		f.addPiece(r)
	}
}

// addPiece adds a run that fits a line, on the next one if not on this one.
func (f *folder) addPiece(r run) {
	if len(f.line) > 0 && f.used+r.width > f.room {
		f.flush()
	}
	f.add(r)
}

// firstLine is as much of a text as fits a line.
func firstLine(fonts *fontCase, in Inline, st style, room float64) []run {
	lines := fonts.fold(in, st, room-5)
	if len(lines) > 1 {
		return append(lines[0], fonts.runs("…", st)...)
	}
	return lines[0]
}
