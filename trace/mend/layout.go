package mend

import (
	"bytes"
	"regexp"
	"strings"
)

// This file knows which lines of a text belong together: fields with what is
// indented below them, steps, entries of the top level.

// A layout is the lines of a window's text.
type layout []laid

// A laid line is one line of a layout.
type laid struct {
	text   string
	indent int
	kind   kind
	dash   bool   // an item of a list begins here
	entry  int    // the number of the line with which its step or top-level entry begins
	open   string // the brackets of its entry that are open before it, the outermost first
}

type kind int

const (
	inner kind = iota // within an entry
	blank             // nothing, or a comment
	top               // a key of the top level
	step              // a step
	fixed             // steps: itself, and what separates documents
)

func newLayout(all []byte) layout {
	walk := walker{column: -1}
	var out layout
	entry, open := 1, ""
	for text := range strings.Lines(string(all)) {
		begins := walk.begins([]byte(text))
		text = strings.TrimRight(text, "\r\n")
		rest := strings.TrimLeft(text, " ")
		l := laid{text: text, indent: len(text) - len(rest), open: open}
		l.dash = strings.HasPrefix(rest, "- ") || rest == "-"
		switch {
		case rest == "" || rest[0] == '#':
			l.kind = blank
		case begins:
			l.kind = step
		case l.indent == 0 && !l.dash && len(strings.Trim(rest, "]} ,")) > 0:
			l.kind = top
			if stepsLine.MatchString(rest) || strings.HasPrefix(rest, "---") {
				l.kind = fixed
			}
		}
		if l.kind > blank {
			entry, l.open, open = len(out)+1, "", ""
		}
		if l.entry = entry; l.kind != blank && len(text) < mostLine {
			open = scan(text).leavesOpen(open)
		}
		out = append(out, l)
	}
	return out
}

// written gives the line, or the last before it, that holds something; 0 for none.
func (l layout) written(n int) int {
	for n > 0 && l[n-1].kind == blank {
		n--
	}
	return n
}

// parent gives the line under which a line is, at most the first of its entry.
func (l layout) parent(n int) int {
	for at := n - 1; at > l[n-1].entry; at-- {
		if l[at-1].kind != blank && l[at-1].indent < l[n-1].indent {
			return at
		}
	}
	return l[n-1].entry
}

var closing = regexp.MustCompile(`^[\]} ,]+$`)

// end gives the last line of a block: of those that are indented deeper, and of the
// brackets that close it. It ends with its entry.
func (l layout) end(first, indent int) int {
	last := first
	for n := first + 1; n <= len(l) && l[n-1].entry == l[first-1].entry; n++ {
		if l[n-1].kind == blank {
			continue
		}
		if l[n-1].indent <= indent && !closing.MatchString(l[n-1].text) {
			break
		}
		last = n
	}
	return last
}

// opener gives the line on which the brackets that are open before a line were
// opened; the line itself where none are, or where it can go without what is
// around it: one cell of several, on a line of its own.
func (l layout) opener(n int) int {
	if l[n-1].open == "" || l.isCell(n) {
		return n
	}
	for n > l[n-1].entry && l[n-1].open != "" {
		n--
	}
	return n
}

var cellLine = regexp.MustCompile(`^ *["']?[\w.-]+["']? *: .*,$`)

// isCell reports whether a line is a whole cell of a mapping in braces.
func (l layout) isCell(n int) bool {
	before := l.written(n - 1)
	text := strings.TrimRight(l[n-1].text, " ")
	if before == 0 || l[n-1].open != "{" || len(text) >= mostLine || !cellLine.MatchString(text) {
		return false
	}
	in, above := scan(text), strings.TrimRight(l[before-1].text, " ")
	return len(in.open)+len(in.stray) == 0 && (strings.HasSuffix(above, "{") || strings.HasSuffix(above, ",") && cellLine.MatchString(above))
}

// near gives the indents of the lines around one, which say what its own can be.
func (l layout) near(n int) []int {
	var out []int
	if entry := l[l[n-1].entry-1]; entry.kind == step {
		out = append(out, entry.indent, len(entry.text)-len(strings.TrimLeft(entry.text, "- ")))
	}
	for at := max(1, n-4); at <= min(len(l), n+1); at++ {
		if at == n || l[at-1].kind == blank {
			continue
		}
		out = append(out, l[at-1].indent)
		if text := l[at-1].text; l[at-1].dash {
			out = append(out, len(text)-len(strings.TrimLeft(text, "- ")))
		}
	}
	return out
}

// stepStart knows the first line of a step, whatever has happened to its dash.
var stepStart = regexp.MustCompile(`^\W*-\W*(?:id|note|requestVote|appendEntries|installSnapshot|timeout|clientRequest|crash|restart|stepDown|partition|heal|voters|requestVoteResponse|appendEntriesResponse)\b`)

// column is that of the steps' dashes, -1 where none is known.
func (l layout) column() int {
	for _, line := range l {
		if line.kind == step {
			return line.indent
		}
	}
	return -1
}

var bullet = regexp.MustCompile(`^[ -]*?([•·‣◦●▪–—*+]|\d{1,3}[.)])([ \t]+)\S`)

// A walker goes through lines and tells at which of them a step begins.
type walker struct {
	in     bool // under steps:
	column int  // of the steps' dashes, less 1; -1 where it is not known yet
}

var stepsLine = regexp.MustCompile(`^["']?steps["']?[ \t]*:[ \t]*(?:#.*)?$`)

// begins takes in the next line, and reports whether a step begins there.
func (w *walker) begins(text []byte) bool {
	text = bytes.TrimRight(text, " \t\r\n")
	indent := len(text) - len(bytes.TrimLeft(text, " "))
	rest := text[indent:]
	if len(rest) == 0 || rest[0] == '#' {
		return false
	}
	dash := rest[0] == '-' && (len(rest) == 1 || rest[1] == ' ' || rest[1] == '\t') || bullet.Match(text)
	if indent == 0 && !dash {
		*w = walker{in: stepsLine.Match(text), column: -1}
		return false
	}
	if !w.in || !dash {
		return false
	}
	if w.column < 0 || indent < w.column {
		w.column = indent
	}
	return indent == w.column
}

// mostLine bounds the bytes of a line that is looked at.
const mostLine = 4096
