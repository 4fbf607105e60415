//go:build !js

package doc

import (
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// This file has the fonts of a PDF: which there are, how wide their characters
// are, and which characters they have.

// A face is one of the fonts.
type face uint8

const (
	regular face = iota
	bold
	italic
	mono
	monobold
	faces
)

// data is the font's file, of which a PDF embeds what it uses.
func (f face) data() []byte {
	return [faces][]byte{goregular.TTF, gobold.TTF, goitalic.TTF, gomono.TTF, gomonobold.TTF}[f]
}

func (f face) name() string {
	return [faces]string{"Go", "GoBold", "GoItalic", "GoMono", "GoMonoBold"}[f]
}

// A fontCase measures characters. Fonts are read when they are needed: most runs
// of the program make no PDF.
type fontCase struct {
	fonts  [faces]*sfnt.Font
	widths [faces]map[rune]float64
	buffer sfnt.Buffer
	lacks  map[rune]bool // characters that were asked for, and that no font has
}

func newFontCase() *fontCase { return &fontCase{lacks: make(map[rune]bool)} }

// advance is the width of a character in ems; false if the font does not have it.
func (fc *fontCase) advance(f face, r rune) (ems float64, has bool) {
	if fc.widths[f] == nil {
		parsed, err := sfnt.Parse(f.data())
		if err != nil {
			panic(err) // it is part of the program
		}
		fc.fonts[f], fc.widths[f] = parsed, make(map[rune]float64)
	}
	if w, known := fc.widths[f][r]; known {
		return w, w > 0
	}
	w := 0.0
	if glyph, err := fc.fonts[f].GlyphIndex(&fc.buffer, r); err == nil && glyph != 0 {
		const em = 1000 // as fine as a PDF has it
		if a, err := fc.fonts[f].GlyphAdvance(&fc.buffer, glyph, fixed.I(em), font.HintingNone); err == nil {
			w = float64(a) / 64 / em
		}
	}
	fc.widths[f][r] = w
	return w, w > 0
}

// signs are characters that the fonts do not have and the views use. They are
// drawn: lines through points of a square, from its upper left corner.
var signs = map[rune][][2]float64{
	'✓': {{.1, .55}, {.35, .85}, {.85, .15}},
	'✗': {{.15, .15}, {.85, .85}, {.5, .5}, {.85, .15}, {.15, .85}},
	'↳': {{.2, .1}, {.2, .65}, {.85, .65}, {.65, .45}, {.85, .65}, {.65, .85}},
}

// unshown are the characters that no font has, in order.
func (fc *fontCase) unshown() []rune {
	out := make([]rune, 0, len(fc.lacks))
	for r := range fc.lacks {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}
