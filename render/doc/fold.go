//go:build !js

package doc

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// width is how many columns of a terminal a text takes; colours take none.
func width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ansi.StringWidth(s)
		}
	}
	return len(s) // most text, and much faster
}

// pad brings a text to a width.
func pad(s string, to int) string { return s + strings.Repeat(" ", max(0, to-width(s))) }

// A word is what must not be parted, with the spaces before it.
type word struct {
	lead  string
	spans Inline
	width int
}

// words takes text apart at its spaces. It is cleaned here.
func (in Inline) words() []word {
	var out []word
	lead, begun := "", false // the spaces since the last word; whether that may go on
	for _, s := range in {
		for text := Clean(s.Text); text != ""; {
			rest := strings.TrimLeft(text, " ")
			if spaces := text[:len(text)-len(rest)]; spaces != "" {
				lead, begun = lead+spaces, false
			}
			piece, _, _ := strings.Cut(rest, " ")
			if text = rest[len(piece):]; piece == "" {
				break
			}
			if !begun {
				out = append(out, word{lead: lead})
				lead, begun = "", true
			}
			w := &out[len(out)-1]
			w.spans = w.spans.Add(s.Mark, piece)
			w.width += width(piece)
		}
	}
	return out
}

// fold writes text after a head, in lines that fit the width as far as its words
// allow; the lines after the first begin with the indent. Each line is coloured
// for itself, so that no colour runs on past its end.
func (t *textWriter) fold(head, indent string, in Inline) {
	var line Inline
	wide, start := width(head), head
	flush := func() {
		t.line(start + t.colored(line))
		line, wide, start = nil, width(indent), indent
	}
	for _, w := range in.words() {
		over := wide+len(w.lead)+w.width > t.width
		switch {
		case line != nil && over, line == nil && start == head && wide > len(indent) && over:
			flush()
		case line != nil:
			mark := w.spans[0].Mark
			if line[len(line)-1].Mark != mark {
				mark = Plain // colours begin and end with a word
			}
			line, wide = line.extend(mark, w.lead), wide+len(w.lead)
		}
		for _, s := range w.spans {
			line = line.extend(s.Mark, s.Text)
		}
		wide += w.width
	}
	if line != nil || start == head {
		flush()
	}
}

// extend adds text to a line: to its last span, if that has the same mark.
func (in Inline) extend(m Mark, s string) Inline {
	if last := len(in) - 1; last >= 0 && in[last].Mark == m {
		in[last].Text += s
		return in
	}
	return append(in, Span{s, m})
}

// colored gives clean text its colours.
func (t *textWriter) colored(in Inline) string {
	var b strings.Builder
	for _, s := range in {
		b.WriteString(t.colors[s.Mark].Sprint(s.Text))
	}
	return b.String()
}

// styled is text in its colours, in one line. It is cleaned here.
func (t *textWriter) styled(in Inline) string {
	out := make(Inline, len(in))
	for i, s := range in {
		out[i] = Span{Clean(s.Text), s.Mark}
	}
	return t.colored(out)
}

// line writes a line of clean text, which may be coloured: nothing at its end,
// and no command of a log at its start.
func (t *textWriter) line(s string) {
	fmt.Fprintln(t.w, breakLine(strings.TrimRight(s, " ")))
}

// folded gives text in lines of a width, words that are longer in pieces.
func (t *textWriter) folded(in Inline, wide int) []string {
	lines, line, used := []string{}, "", 0
	flush := func() { lines, line, used = append(lines, line), "", 0 }
	for _, w := range in.words() {
		if used > 0 && used+len(w.lead)+w.width > wide {
			flush()
		} else if used > 0 || w.lead != " " {
			line, used = line+w.lead, used+len(w.lead)
		}
		for _, s := range w.spans {
			for text := s.Text; text != ""; {
				if used >= wide {
					flush()
				}
				piece := fitting(text, wide-used)
				if piece == "" {
					if used > 0 {
						flush()
						continue
					}
					piece = text // one character, wider than the column
				}
				line, used = line+t.colors[s.Mark].Sprint(piece), used+width(piece)
				text = text[len(piece):]
			}
		}
	}
	return append(lines, line)
}

// fitting gives as much of a text as fits so many columns. Of plain text it looks
// at no more than that, so that a long word costs as much as it is long.
func fitting(s string, columns int) string {
	if len(s) > columns {
		for i := 0; i <= columns && s[i] >= ' ' && s[i] <= '~'; i++ {
			if i == columns {
				return s[:columns]
			}
		}
	}
	return ansi.Truncate(s, columns, "")
}

const dots = "..."

// window cuts a line around its place to so many columns. It is cleaned here.
func window(e Excerpt, columns int) (before, word, after string) {
	before, word, after = Clean(e.Before), Clean(e.Word), Clean(e.After)
	if most := max(columns-2*len(dots), narrowest); width(word) > most {
		word = ansi.Truncate(word, most, dots)
	}
	room := columns - width(word)
	if most := max(room-width(after), room/2); width(before) > most {
		cut := width(before) - most + len(dots)
		left := ansi.TruncateLeft(before, cut, dots)
		if width(left) > most { // the cut went through a wide character
			left = ansi.TruncateLeft(before, cut+1, dots)
		}
		before = left
	}
	if most := max(0, room-width(before)); width(after) > most {
		after = ansi.Truncate(after, max(most, len(dots)), dots)
	}
	return before, word, after
}
