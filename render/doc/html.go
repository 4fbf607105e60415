package doc

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"sync"
)

// A page stands alone: it loads nothing, and no script runs in it. Text put into
// it is clean, and html/template escapes it.

//go:embed page.css
var pageStyle string

//go:embed page.gohtml
var pageText string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"policy": func() string {
			sum := sha256.Sum256([]byte(pageStyle))
			return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
		},
		"style": func() template.CSS { return template.CSS(pageStyle) },
		"clean": Clean, "lines": cleanLines,
		"kind":  func(b Block) string { return strings.TrimPrefix(fmt.Sprintf("%T", b), "doc.") },
		"class": cellClass, "tone": Mark.tone, "picture": Bars.picture, "is": func(m Mark, name string) bool { return m.tone() == name },
	}).Parse(pageText))
})

// writeHTML writes a document as a page.
func writeHTML(w *bufio.Writer, d *Document, _ Options) error {
	captioned := *d
	captioned.Blocks, _ = withCaptions(d.Blocks, d.Title)
	return page().Execute(w, struct {
		Document
		Headed bool
	}{captioned, d.headed()})
}

// A headedTable is a table whose caption says what the heading over it does: for
// a reader who does not see the page.
type headedTable struct{ Table }

// withCaptions gives every table a caption: its own, or the last heading's.
func withCaptions(bs []Block, heading string) ([]Block, string) {
	out := make([]Block, len(bs))
	for i, b := range bs {
		switch b := b.(type) {
		case Heading:
			heading = b.Text.String()
		case Group:
			b.Blocks, heading = withCaptions(b.Blocks, heading)
			out[i] = b
			continue
		case Detail:
			b.Blocks, _ = withCaptions(b.Blocks, heading)
			out[i] = b
			continue
		case Table:
			if b.Caption == "" {
				b.Caption = heading
				out[i] = headedTable{b}
				continue
			}
		}
		out[i] = b
	}
	return out, heading
}

// headed reports whether a heading of level 1 is among the blocks.
func (d *Document) headed() bool {
	for _, b := range d.Blocks {
		if h, is := b.(Heading); is && h.Level == 1 {
			return true
		}
	}
	return false
}

// cleanLines is text of several lines, each of them clean.
func cleanLines(s string) string {
	lines := splitLines(s)
	for i, l := range lines {
		lines[i] = Line(l)
	}
	return strings.Join(lines, "\n")
}

// splitLines gives the lines of a text.
func splitLines(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") }

// tone is a mark's class of style.
func (m Mark) tone() string {
	return [...]string{Plain: "plain", Strong: "strong", Faint: "soft", Right: "good", Wrong: "bad", Noted: "note", Literal: "code", Foreign: "foreign"}[m]
}

// cellClass is a cell's class of style, empty for none.
func cellClass(col Column, c Cell) string {
	switch {
	case c.Shaded:
		return "shaded"
	case col.Right:
		return "n"
	}
	return ""
}

// A histogram is bars laid out in the units of their picture.
type histogram struct {
	Caption              string
	Width, Height, Floor int
	Bars                 []placedBar
}

type placedBar struct {
	Bar
	X, Y, Width, Height  int
	Middle, Above, Below int // where its figures stand
}

// picture lays bars out; nil where there is nothing to draw.
func (b Bars) picture() *histogram {
	const wide, high, head, foot, gap = 60, 160, 20, 20, 8
	most := 0
	for _, r := range b.Rows {
		most = max(most, r.Count)
	}
	if most == 0 {
		return nil
	}
	h := &histogram{Caption: b.Caption, Width: wide * len(b.Rows), Height: head + high + foot, Floor: head + high}
	for i, r := range b.Rows {
		height := high * r.Count / most
		h.Bars = append(h.Bars, placedBar{Bar: r, X: wide*i + gap/2, Y: h.Floor - height, Width: wide - gap, Height: height,
			Middle: wide*i + wide/2, Above: h.Floor - height - 5, Below: h.Floor + 15})
	}
	return h
}
