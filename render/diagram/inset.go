package diagram

import (
	"fmt"
	"strings"
)

// An Inset is a picture of one trace as a part of a page. The page has its styles,
// see [Style], and says itself what a reader of the picture would be told where the
// mouse points: the picture has no titles.
type Inset struct {
	SVG   string
	Steps []int // where each step begins, in pixels from the top, and where the last one ends
}

// Style is the style sheet of a picture.
func Style() string { return style }

// InsetOf draws the life lines of a trace for a page.
func InsetOf(l *Lifelines) Inset {
	c := &canvas{inset: true, strokes: make(map[string]*strings.Builder)}
	y := l.drawOn(c)
	legend(c, margin, c.tallest-c.offset+4, max(c.right-2*margin, 360), samples(marksOf([]*Lifelines{l})))
	c.drawStrokes()
	var out Inset
	for _, b := range y.bands {
		out.Steps = append(out.Steps, int(b.top))
	}
	out.Steps = append(out.Steps, int(y.end))
	w, h := num(c.right), num(c.tallest)
	out.SVG = fmt.Sprintf(`<svg width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s" aria-hidden="true">`, w, h) + "\n" + c.b.String() + "</svg>\n"
	return out
}
