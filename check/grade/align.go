package grade

import (
	"fmt"
	"slices"
	"strconv"

	"raftsheet/check/item"
	"raftsheet/trace"
)

// This file finds the sheet's step for each of the key's: by its id, or else by
// its message and its place among the others.

// An alignment is the sheet's steps by the key's.
type alignment struct {
	steps []*trace.Step // nil for one that the sheet does not have
	other []bool        // the sheet's says another message than the key's
}

// alongside aligns a sheet to the key that it is itself.
func alongside(t *trace.Trace) alignment {
	a := alignment{make([]*trace.Step, len(t.Steps)), make([]bool, len(t.Steps))}
	for i := range t.Steps {
		a.steps[i] = &t.Steps[i]
	}
	return a
}

// An aligner has two sequences of steps under way.
type aligner struct {
	*Sheet
	key, sheet []trace.Step
	of         []int // the place of the sheet's step by the key's, or -1
	used       []bool
	compared   int // messages that were compared, of those that are bounded
}

// align aligns the sheet's steps to the key's, and remarks on what the sheet has
// otherwise. Nodes are matched by their names.
func (s *Sheet) align(t *trace.Trace) alignment {
	k := s.Key.Trace
	if !slices.Equal(t.Names, k.Names) {
		s.remark(t.Pos, "its nodes are %s, and the key's %s", list(t.Names), list(k.Names))
		t = renamed(t, k)
	}
	a := &aligner{Sheet: s, key: k.Steps, sheet: t.Steps, of: slices.Repeat([]int{-1}, len(k.Steps)), used: make([]bool, len(t.Steps))}
	a.byID(func(i, j int) bool { return isNamed(&a.sheet[j]) && !a.misnamed(i, j) })
	a.byMessage()
	a.byOnlyMessage()
	a.byID(func(int, int) bool { return true })
	a.between()
	return a.told()
}

// isNamed reports whether a step has an id that is more than its number, which
// changes with every step that is left out before it.
func isNamed(s *trace.Step) bool { return s.ID != strconv.Itoa(s.Number) }

// misnamed reports whether a step of the sheet, which has the id of one of the key's,
// has the message of another: ids that are numbered anew, say, from a step on.
func (a *aligner) misnamed(i, j int) bool {
	if a.same(i, j) {
		return false
	}
	for other := range a.key {
		if a.compared++; a.compared > mostCompared {
			return false
		}
		if a.same(other, j) {
			return true
		}
	}
	return false
}

// byID takes the steps of one id for each other, where that counts.
func (a *aligner) byID(counts func(i, j int) bool) {
	byID := make(map[string]int, len(a.sheet))
	for j := range a.sheet {
		if !a.used[j] {
			byID[a.sheet[j].ID] = j
		}
	}
	for i := range a.key {
		if j, ok := byID[a.key[i].ID]; ok && a.of[i] < 0 && counts(i, j) {
			a.take(i, j)
		}
	}
}

func (a *aligner) take(i, j int) { a.of[i], a.used[j] = j, true }

// same reports whether a step of the sheet has the message of one of the key's.
func (a *aligner) same(i, j int) bool {
	own, theirs := &a.key[i], &a.sheet[j]
	return !theirs.Unread && theirs.EventName() == own.EventName() && otherwise(a.Key.Trace, own, theirs) == ""
}

// byMessage takes the longest run of equal messages that the rest of both have in
// common, in order. Of several it takes the steps that come first.
func (a *aligner) byMessage() {
	var is, js []int
	for i := range a.key {
		if a.of[i] < 0 {
			is = append(is, i)
		}
	}
	for j := range a.sheet {
		if !a.used[j] {
			js = append(js, j)
		}
	}
	for len(is) > 0 && len(js) > 0 && a.same(is[0], js[0]) { // mostly all there is
		a.take(is[0], js[0])
		is, js = is[1:], js[1:]
	}
	if len(is)*len(js) > mostCompared {
		return
	}
	// longest[x][y] is the length of the longest run of is[x:] and js[y:].
	width := len(js) + 1
	longest := make([]int32, (len(is)+1)*width)
	for x := len(is) - 1; x >= 0; x-- {
		for y := len(js) - 1; y >= 0; y-- {
			at := x*width + y
			longest[at] = max(longest[at+width], longest[at+1])
			if a.same(is[x], js[y]) {
				longest[at] = max(longest[at], longest[at+width+1]+1)
			}
		}
	}
	for x, y := 0, 0; x < len(is) && y < len(js); {
		at := x*width + y
		switch {
		case a.same(is[x], js[y]) && longest[at] == longest[at+width+1]+1:
			a.take(is[x], js[y])
			x, y = x+1, y+1
		case longest[at] == longest[at+width]:
			x++
		default:
			y++
		}
	}
}

// byOnlyMessage takes what is left in another order: a message that is left in each
// of both just once.
func (a *aligner) byOnlyMessage() {
	only := func(n int, fits func(int) bool) int {
		found := -1
		for x := range n {
			switch a.compared++; {
			case a.compared > mostCompared:
				return -1
			case !fits(x):
			case found >= 0:
				return -1
			default:
				found = x
			}
		}
		return found
	}
	for i := range a.key {
		if a.of[i] >= 0 {
			continue
		}
		j := only(len(a.sheet), func(j int) bool { return !a.used[j] && a.same(i, j) })
		if j >= 0 && only(len(a.key), func(other int) bool { return a.of[other] < 0 && a.same(other, j) }) == i {
			a.take(i, j)
		}
	}
}

// mostCompared bounds the pairs of messages that are compared for one sheet.
const mostCompared = 1 << 20

// between takes what lies between two steps that are matched for each other, where
// it is as many steps of the same kinds: their messages are miscopied.
func (a *aligner) between() {
	for i := 0; i < len(a.key); {
		if a.of[i] >= 0 {
			i++
			continue
		}
		end := i
		for end < len(a.key) && a.of[end] < 0 {
			end++
		}
		lo, hi := 0, len(a.sheet)
		if i > 0 {
			lo = a.of[i-1] + 1
		}
		if end < len(a.key) {
			hi = a.of[end]
		}
		if hi-lo == end-i && a.alike(i, lo, end-i) {
			for n := range end - i {
				a.take(i+n, lo+n)
			}
		}
		i = end
	}
}

// alike reports whether n steps from there on are unused and of the same kinds.
func (a *aligner) alike(i, j, n int) bool {
	for x := range n {
		if a.used[j+x] || isNamed(&a.sheet[j+x]) || a.sheet[j+x].EventName() != a.key[i+x].EventName() {
			return false
		}
	}
	return true
}

// told gives the alignment, with remarks on what it comes to.
func (a *aligner) told() alignment {
	k := a.Key.Trace
	out := alignment{make([]*trace.Step, len(a.key)), make([]bool, len(a.key))}
	var moved []string
	for i := range a.key {
		asks := a.Key.Steps[i].Asks()
		if asks {
			a.Asked++
		}
		own := &a.key[i]
		if a.of[i] < 0 {
			if asks {
				a.remark(trace.Pos{}, "step %s is missing", own.ID)
			}
			continue
		}
		theirs := &a.sheet[a.of[i]]
		out.steps[i] = theirs
		other := otherwise(k, own, theirs)
		if own.Event != nil && theirs.Event != nil && !theirs.Unread {
			a.Messages++
		}
		if other != "" {
			a.Others++
			out.other[i] = true
			a.remark(theirs.Pos, "step %s is not the key's: %s", own.ID, other)
		}
		if asks && (other == "" || theirs.ID == own.ID && isNamed(theirs)) {
			a.Matched++
		}
		if theirs.ID != own.ID {
			moved = append(moved, fmt.Sprintf("%s as %s", theirs.ID, own.ID))
		}
	}
	if len(moved) > 0 {
		a.remark(trace.Pos{}, "matched to the key's steps by message and order, not by id: %s", list(moved))
	}
	for j := range a.sheet {
		if st := &a.sheet[j]; !a.used[j] {
			a.remark(st.Pos, "the key has no step %s; it is not marked", st.ID)
		}
	}
	return out
}

// asked gives, by the key's steps, what a sheet that is aligned to the key says of what
// the key asks for: nothing else changes a mark.
func (k *Key) asked(a alignment) []*trace.Step {
	steps := make([]*trace.Step, len(k.Steps))
	for i := range steps {
		steps[i] = item.OnlyAsked(k.Steps[i].items, a.steps[i])
	}
	return steps
}
