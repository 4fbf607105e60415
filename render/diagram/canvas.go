package diagram

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"raftsheet/render/doc"
)

// This file writes the elements of an SVG picture. All text comes through safe,
// and nothing else of a trace does: a picture stands alone, without scripts,
// references or identifiers.

//go:embed svg.css
var style string

// A canvas takes in elements, in pixels from the top left.
type canvas struct {
	b       bytes.Buffer
	offset  float64 // that is added to every y
	right   float64 // how far to the right it goes
	tallest float64 // how far down

	inset   bool // see [Inset]
	strokes map[string]*strings.Builder
	overs   []func()
}

// safe is text that shows as itself in SVG.
func safe(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(doc.Clean(s))); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return b.String()
}

func num(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

func (c *canvas) element(format string, args ...any) {
	for i, a := range args {
		if f, is := a.(float64); is {
			args[i] = num(f)
		}
	}
	fmt.Fprintf(&c.b, format+"\n", args...)
}

// text writes a line of text. Its class is made of words of the style sheet.
func (c *canvas) text(x, y float64, class, s string) {
	if s != "" {
		c.element(`<text x="%s" y="%s" class="%s">%s</text>`, x, y+c.offset, class, safe(s))
	}
}

func (c *canvas) rect(x, y, w, h, round float64, class string) {
	c.element(`<rect x="%s" y="%s" width="%s" height="%s" rx="%s" class="%s"/>`, x, y+c.offset, w, h, round, class)
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	c.element(`<line x1="%s" y1="%s" x2="%s" y2="%s" class="%s"/>`, x1, y1+c.offset, x2, y2+c.offset, class)
}

// cross marks where a message is lost.
func (c *canvas) cross(x, y float64) {
	const r = 4.5
	y += c.offset
	c.path("cross", `M%s %sL%s %sM%s %sL%s %s`, x-r, y-r, x+r, y+r, x-r, y+r, x+r, y-r)
}

// reach makes the picture at least so large.
func (c *canvas) reach(x, y float64) {
	c.right, c.tallest = max(c.right, x), max(c.tallest, y+c.offset)
}

// write writes the picture, with a title and a description for who does not see it.
func (c *canvas) write(w io.Writer, title, description string) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s" role="img">`+"\n", num(c.right), num(c.tallest))
	fmt.Fprintf(&out, "<title>%s</title>\n<desc>%s</desc>\n<style>\n%s</style>\n", safe(title), safe(description), style)
	fmt.Fprintf(&out, `<rect width="%s" height="%s" class="paper"/>`+"\n", num(c.right), num(c.tallest))
	out.Write(c.b.Bytes())
	out.WriteString("</svg>\n")
	_, err := w.Write(out.Bytes())
	return err
}

// wide is about how many pixels a text takes, with characters of so many on
// average.
func wide(s string, each float64) float64 { return float64(ansi.StringWidth(doc.Clean(s))) * each }

// clip shortens text to so many cells of a terminal.
func clip(s string, cells int) string {
	return ansi.Truncate(doc.Clean(s), max(cells, 1), "…")
}

// wrapped breaks text into lines of so many cells.
func wrapped(s string, cells int) []string {
	if s == "" {
		return nil
	}
	return strings.Split(ansi.Wrap(doc.Clean(s), max(cells, 8), ""), "\n")
}

// termClass is the colour of a term, with that letter before it. Eight colours go
// round; the term's number always stands beside them.
func termClass[T ~uint64](letter string, term T) string {
	if term == 0 {
		return letter + "0"
	}
	return letter + strconv.Itoa(int((term-1)%8)+1)
}
