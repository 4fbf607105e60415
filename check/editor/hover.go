package editor

import (
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/trace"
)

// A Hover is what there is to say of a place.
type Hover struct {
	Range trace.Range // of what it is about
	Head  string      // what is there, in a line
	Says  string      // why, or what it is for; empty where the line says it
	Wrong bool        // whether it is about a divergence, or what cannot be read
}

// HoverAt says what is at a place of a checked file: what is wrong there and why; else
// what the rules give in the cell that is there, and why; else what the key is for. ok
// is false where there is nothing to say.
func HoverAt(f *check.File, at trace.Pos) (h Hover, ok bool) {
	for _, e := range f.Errors {
		if r := f.Source.Range(e.Pos); holds(r, at) {
			return Hover{r, e.Msg, "", true}, true
		}
	}
	if h, ok = foundAt(f, at); ok {
		return h, true
	}
	text := string(f.Source.Bytes())
	word, key := wordAt(text, at)
	if h, ok = cellAt(f, at); ok {
		return h, true
	}
	if h, ok = keyAt(text, word, key); ok {
		return h, true
	}
	if key > 0 { // a node, before its answer
		return cellAt(f, posAt(text, key))
	}
	return h, false
}

// holds reports whether a range has a place in it, or ends there.
func holds(r trace.Range, at trace.Pos) bool {
	after := func(a, b trace.Pos) bool { return a.Line > b.Line || a.Line == b.Line && a.Column > b.Column }
	return !after(r.Start, at) && !after(at, r.End)
}

// foundAt says what was found at a place, what is wrong before what is worth knowing.
func foundAt(f *check.File, at trace.Pos) (h Hover, ok bool) {
	for _, rep := range f.Reports {
		for i := range rep.Findings {
			fd := &rep.Findings[i]
			if fd.Pos.Line > at.Line {
				break
			}
			wrong := rep.Mode.Severity(fd) == finding.Error
			if fd.Kind == finding.Unfilled || ok && !wrong {
				continue
			}
			if r := f.Source.Range(fd.Pos); holds(r, at) {
				h, ok = Hover{r, reason.Headline(fd, rep.Run.Rules), reason.Cited(fd), wrong}, true
				if wrong {
					return h, true
				}
			}
		}
	}
	return h, ok
}

// cellAt says how the cell at a place stands, and why.
func cellAt(f *check.File, at trace.Pos) (h Hover, ok bool) {
	for _, rep := range f.Reports {
		steps := rep.Run.Trace.Steps
		n, _ := slices.BinarySearchFunc(steps, at, func(s trace.Step, at trace.Pos) int {
			if s.Pos.Line < at.Line || s.Pos.Line == at.Line && s.Pos.Column <= at.Column {
				return -1
			}
			return 1
		})
		if n == 0 {
			continue
		}
		items := item.OfStep(rep.Run.Trace, &steps[n-1])
		for i := range items {
			it := &items[i]
			if it.Whole == item.OfTables || it.Whole == item.NotThere || rep.Run.Trace.Unknown.Has(it.Node) {
				continue
			}
			r := f.Source.Range(it.Pos)
			if !holds(r, at) || ok && r.Start == h.Range.Start {
				continue
			}
			h = Hover{r, "step " + steps[n-1].ID + ": " + reason.Standing(rep.Run, it), reason.Because(rep.Run, it), item.Differs(rep.Run, it)}
			ok = true
		}
	}
	return h, ok
}

// keyAt says what the key of the format at a place is for, or the word of a value that
// has something to say. The word is what is there, and after the offset behind its colon,
// 0 where it is no key.
func keyAt(text string, word [2]int, after int) (h Hover, ok bool) {
	if word[0] == word[1] {
		return h, false
	}
	s := scan(text, word[0])
	name := text[word[0]:word[1]]
	path, isKey, _ := s.path()
	if s.closed {
		return h, false
	}
	h.Range = trace.Range{Start: posAt(text, word[0]), End: posAt(text, word[1])}
	h.Head = name
	if isKey && after > 0 {
		h.Says = trace.OffersAt(append(path, name), nil).Describe
		return h, h.Says != "" && !trace.OffersAt(path, nil).ByNode
	}
	for _, w := range trace.OffersAt(path, nil).Values {
		if w.Text == name && w.About != "" {
			h.Says = w.About
			return h, true
		}
	}
	return h, false
}

// wordAt gives the offsets of the word at a place, and where the value begins of which
// it is the key, 0 for none.
func wordAt(text string, at trace.Pos) (word [2]int, value int) {
	in := func(i int) bool {
		return i >= 0 && i < len(text) && strings.IndexByte(" \t\r\n,:{}[]\"'#", text[i]) < 0
	}
	lo := offset(text, at)
	hi := lo
	for in(lo - 1) {
		lo--
	}
	for in(hi) {
		hi++
	}
	next := hi
	if next < len(text) && (text[next] == '"' || text[next] == '\'') {
		next++
	}
	if next+1 < len(text) && text[next] == ':' && (text[next+1] == ' ' || text[next+1] == '\n') {
		value = next + 1 + len(text[next+1:]) - len(strings.TrimLeft(text[next+1:], " "))
	}
	return [2]int{lo, hi}, value
}

// posAt is the place of an offset.
func posAt(text string, at int) trace.Pos {
	line := strings.LastIndexByte(text[:at], '\n') + 1
	return trace.Pos{Line: int32(strings.Count(text[:at], "\n") + 1), Column: int32(len([]rune(text[line:at])) + 1)}
}
