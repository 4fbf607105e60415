package diagram

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// This file draws the lines of messages. In an inset all lines of a class are one
// path: there are many, and they are most of a picture's bytes.

// stroke draws a line of a message.
func (c *canvas) stroke(x1, y1, x2, y2 float64, class string) {
	if !c.inset {
		c.line(x1, y1, x2, y2, class)
		return
	}
	c.path(class, "M%s %sL%s %s", x1, y1+c.offset, x2, y2+c.offset)
}

// path draws a path; in an inset, later, as a part of the one path of its class.
func (c *canvas) path(class, format string, at ...float64) {
	args := make([]any, len(at))
	for i, f := range at {
		args[i] = num(f)
	}
	d := fmt.Sprintf(format, args...)
	switch {
	case !c.inset:
		c.element(`<path d="%s" class="%s"/>`, d, class)
	case c.strokes[class] == nil:
		c.strokes[class] = &strings.Builder{}
		fallthrough
	default:
		c.strokes[class].WriteString(d)
	}
}

// over draws what lies over the paths.
func (c *canvas) over(draw func()) {
	if !c.inset {
		draw()
		return
	}
	c.overs = append(c.overs, draw)
}

// drawStrokes draws the paths that were put off, one for each class, and what lies
// over them.
func (c *canvas) drawStrokes() {
	for _, class := range slices.Sorted(maps.Keys(c.strokes)) {
		c.element(`<path d="%s" class="%s"/>`, c.strokes[class].String(), class)
	}
	clear(c.strokes)
	for _, draw := range c.overs {
		draw()
	}
	c.overs = nil
}
