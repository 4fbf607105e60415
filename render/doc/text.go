//go:build !js

package doc

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/fatih/color"
)

const (
	screen    = 80 // columns, where none are given
	narrowest = 20 // columns: below, text is not folded any further
)

// newText begins a document for a terminal.
func newText(w *bufio.Writer, _ *Document, opt Options) writer {
	t := &textWriter{w: w, colors: newColors(opt.Color), width: max(opt.Width, narrowest)}
	if opt.Width == 0 {
		t.width = screen
	}
	return t
}

func (t *textWriter) end() error { return nil }

// A textWriter writes blocks below each other.
type textWriter struct {
	w      *bufio.Writer
	colors [Foreign + 1]*color.Color
	width  int
	last   Block  // the one before, nil for none
	groups int    // that are open
	ruler  *ruler // nil until the first table with rules
}

// newColors gives the colour of each mark: values of this stream, switched on or
// off by what was decided for it.
func newColors(on bool) (out [Foreign + 1]*color.Color) {
	of := map[Mark][]color.Attribute{Strong: {color.Bold}, Faint: {color.Faint}, Right: {color.FgGreen},
		Wrong: {color.FgRed, color.Bold}, Noted: {color.FgCyan}}
	for m := range out {
		out[m] = color.New(of[Mark(m)]...)
		if on && of[Mark(m)] != nil {
			out[m].EnableColor()
		} else {
			out[m].DisableColor()
		}
	}
	return out
}

// gap leaves a line empty before a block, unless it goes with the one before.
func (t *textWriter) gap(b Block) {
	last := t.last
	t.last = b
	if last == nil || t.groups > 0 || goesWith(last, b) {
		return
	}
	fmt.Fprintln(t.w)
}

// goesWith reports whether a block follows another without a gap.
func goesWith(last, b Block) bool {
	switch before := last.(type) {
	case Heading:
		switch b.(type) {
		case Heading:
			return false
		case Group:
			return before.Level > 1
		}
		return true
	case Paragraph:
		switch b := b.(type) {
		case Fields, List, Excerpt:
			return true
		case Table:
			return !b.Open
		case Paragraph:
			return before.Tight && b.Tight
		}
	}
	return false
}

func (t *textWriter) blocks(bs []Block) error {
	for _, b := range bs {
		if err := t.block(b); err != nil {
			return err
		}
	}
	return nil
}

func (t *textWriter) block(b Block) error {
	if h, is := b.(Heading); is && h.Page {
		return nil
	}
	if g, is := b.(Group); is {
		return t.group(g)
	}
	if p, is := b.(Places); is && len(p) == 0 {
		return nil
	}
	t.gap(b)
	switch b := b.(type) {
	case Heading:
		t.fold("", "", b.Text.under(Strong))
	case Paragraph:
		for _, l := range b.Lines {
			if b.Tight {
				t.line(t.styled(l))
			} else {
				t.fold("", "", l)
			}
		}
	case Fields:
		t.fields(b)
	case List:
		for _, item := range b {
			t.fold("  - ", "    ", item)
		}
	case Table:
		return t.table(b)
	case Code:
		for line := range strings.Lines(b.Text) {
			t.line("    " + Clean(strings.TrimRight(line, "\n")))
		}
	case Excerpt:
		t.excerpt(b)
	case Places:
		t.places(b)
	case Detail:
		t.fold("", "", b.Summary)
	case Bars:
		t.bars(b)
	}
	return nil
}

// group writes blocks without gaps between them.
func (t *textWriter) group(g Group) error {
	t.gap(g)
	t.groups++
	defer func() { t.groups--; t.last = g }()
	if g.Head != nil {
		t.fold("", "  ", g.Head)
	}
	return t.blocks(g.Blocks)
}

// fields writes values below each other, after their names.
func (t *textWriter) fields(fs Fields) {
	const most = 24 // columns of names
	names, indent, colon, space := 0, "  ", "", "  "
	if fs.Form {
		names, indent, colon, space = 13, "", ":", " "
	}
	for _, f := range fs.Rows {
		names = max(names, min(most, width(Clean(f.Name)+colon)))
	}
	for _, f := range fs.Rows {
		head := indent + pad(Clean(f.Name)+colon, names) + space
		t.fold(head, strings.Repeat(" ", min(width(head), t.width/2)), f.Value)
	}
}

// bars draws counts as lines of signs.
func (t *textWriter) bars(b Bars) {
	const longest = 40
	names, most := 0, 1
	for _, r := range b.Rows {
		names, most = max(names, width(Clean(r.Name))), max(most, r.Count)
	}
	for _, r := range b.Rows {
		bar := strings.Repeat("#", (longest*r.Count+most-1)/most)
		t.line(fmt.Sprintf("  %s%s  %4d  %s", strings.Repeat(" ", names-width(Clean(r.Name))), Clean(r.Name), r.Count, bar))
	}
}

// places writes of each place a line that tools read, the line of the file, and
// what there is to say.
func (t *textWriter) places(ps Places) {
	for i, p := range ps {
		if i > 0 {
			fmt.Fprintln(t.w)
		}
		at := p.File
		if p.At != "" {
			at += ":" + p.At
		}
		head := Marked(Strong, at+":").Add(Plain, " ")
		tone := Wrong
		if p.Note {
			head, tone = head.Add(Noted, "note:").Add(Plain, " "), Noted
		}
		t.line(t.styled(head.Add(Plain, p.What)))
		if p.Excerpt == nil {
			if p.Why != "" {
				t.fold("  = ", "    ", Text(p.Why))
			}
			continue
		}
		e := *p.Excerpt
		e.Tone, e.Say = tone, Text(p.Why)
		t.excerpt(e)
	}
}

// excerpt shows a line of a file, a caret under the place, and what there is to
// say.
func (t *textWriter) excerpt(e Excerpt) {
	number := fmt.Sprint(e.Line)
	gutter := strings.Repeat(" ", len(number)+2)
	faint := func(s string) string { return t.colors[Faint].Sprint(s) }
	before, word, after := window(e, t.width-len(gutter)-2)
	t.line(faint(gutter + "|"))
	t.line(faint(" "+number+" | ") + before + t.colors[e.Tone].Sprint(word) + after)
	t.line(faint(gutter+"| ") + strings.Repeat(" ", width(before)) + t.colors[e.Tone].Sprint(carets(word)))
	if e.Say != nil {
		t.fold(faint(gutter+"=")+" ", gutter+"  ", e.Say)
	}
}

func carets(word string) string { return strings.Repeat("^", max(1, width(word))) }
