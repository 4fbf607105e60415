package grade

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"raftsheet/check/item"
	"raftsheet/trace"
	"raftsheet/trace/review"
)

// This file takes in what an instructor has decided, and holds it against the key.

// Decisions are what has been decided, in one file or several, as MarkAll applies
// it. They are used for one call of it.
type Decisions struct {
	cells    map[*Key]map[[3]string]int // by the names of step, node and field
	rulings  []*ruling
	byFile   map[string][]claim
	byDigest map[string][]claim // those of files that have another name now

	mu    sync.Mutex
	notes []unused
	found map[*review.Sheet]bool
}

// A given is what an instructor may give.
type given uint8

const (
	giveWrong given = iota
	giveRight
	givePoints
	readAs
	markAs
)

// A ruling is one decision, held against the key.
type ruling struct {
	*review.Decision
	list   int // the place of its file among those given
	file   string
	give   given
	points Points // of givePoints
	worth  Points
	key    *Key  // that asks for the cells
	as     *Key  // of markAs
	cells  []int // by Key.Cells; nil for whole sheets
}

// A claim is a ruling on one sheet.
type claim struct {
	*ruling
	sheet *review.Sheet
}

// An unused is why a decision is not used.
type unused struct {
	list int
	at   trace.Pos
	text string
}

func (by *ruling) at(p trace.Pos) string { return fmt.Sprintf("%s:%s", by.file, p) }

// NewDecisions holds filled-in lists against the keys. The errors, each with its place,
// are of points that cannot be given. What does not fit the key any more is not an
// error: MarkAll tells it, and the cell still waits.
func NewDecisions(keys *Keys, lists []*review.List) (*Decisions, trace.Errors) {
	ds := &Decisions{cells: make(map[*Key]map[[3]string]int),
		byFile: make(map[string][]claim), byDigest: make(map[string][]claim), found: make(map[*review.Sheet]bool)}
	for _, k := range keys.all {
		ds.cells[k] = make(map[[3]string]int, len(k.Cells))
		for i := range k.Cells {
			c := &k.Cells[i]
			ds.cells[k][[3]string{k.Trace.Steps[c.Step-1].ID, k.Trace.Name(c.Node), listField(c)}] = i
		}
	}
	var errs trace.Errors
	twice := make(decided)
	for n, l := range lists {
		if l.Key != "" && l.Key != keys.any.Digest {
			ds.notes = append(ds.notes, unused{n, trace.Pos{}, l.File + ": the key has changed since this was decided; what still fits it is used"})
		}
		for i := range l.Decisions {
			by := &ruling{Decision: &l.Decisions[i], list: n, file: l.File}
			if !by.Decided() {
				continue
			}
			if by.key = keys.decided(by.Decision); by.key == nil {
				ds.unused(by, by.Pos, "its key is not among these any more")
				continue
			}
			if err := by.parse(by.key, keys); err != nil {
				errs = append(errs, err)
				continue
			}
			if !ds.fit(by) {
				continue
			}
			if err := twice.add(by); err != nil {
				errs = append(errs, err)
				continue
			}
			ds.rulings = append(ds.rulings, by)
		}
	}
	return ds, errs
}

// decided are the rulings by what they are about.
type decided map[subject]*ruling

// A subject is a cell, by Key.Cells, or -1 for all of a sheet.
type subject struct {
	file, digest string
	cell         int
}

// add is an error if something is decided twice, and otherwise the second time.
func (d decided) add(by *ruling) *trace.Error {
	cells := by.cells
	if cells == nil {
		cells = []int{-1}
	}
	for _, s := range by.Sheets {
		for _, i := range cells {
			of := subject{s.File, s.Digest, i}
			if was := d[of]; was != nil && !was.says(by) {
				return &trace.Error{File: by.file, Document: 1, Pos: by.Pos,
					Msg: fmt.Sprintf("for %s this is decided otherwise at %s; keep one of the two", s.File, was.at(was.Pos))}
			}
			d[of] = by
		}
	}
	return nil
}

// says reports whether two rulings say the same of a cell.
func (by *ruling) says(other *ruling) bool {
	return by.give == other.give && by.as == other.as && by.points.Cmp(other.points) == 0 && by.Read.Text == other.Read.Text &&
		(by.give != givePoints || slices.Equal(by.cells, other.cells))
}

// parse reads what was given.
func (by *ruling) parse(k *Key, keys *Keys) *trace.Error {
	bad := func(at trace.Pos, format string, args ...any) *trace.Error {
		return &trace.Error{File: by.file, Document: 1, Pos: at, Msg: fmt.Sprintf(format, args...)}
	}
	var err error
	if by.worth = k.Max; by.Worth != "" {
		if by.worth, err = ParsePoints(by.Worth); err != nil {
			return bad(by.Pos, "worth: %v", err)
		}
	}
	text := by.Give.Text
	switch {
	case by.Read.Text != "":
		by.give = readAs
		return nil
	case by.Variant.Text != "":
		if by.give, by.as = markAs, keys.Of(by.Variant.Text); by.as == nil {
			return bad(by.Variant.Pos, "variant: there is no key of variant %s; there are keys of %s", quoted(by.Variant.Text), keys.list())
		}
		return nil
	case len(by.Cells) > 0 && strings.EqualFold(text, "right"):
		by.give = giveRight
		return nil
	case len(by.Cells) > 0 && strings.EqualFold(text, "wrong"):
		return nil
	}
	by.give = givePoints
	switch by.points, err = ParsePoints(text); {
	case err != nil && len(by.Cells) == 0:
		return bad(by.Give.Pos, "give: %s is not a number of points; a whole sheet is given points, from 0 to %v", quoted(text), by.worth)
	case err != nil:
		return bad(by.Give.Pos, "give: %s is not a mark; write right, wrong or a number of points from 0 to %v", quoted(text), by.worth)
	case len(by.Cells) > 0 && by.Worth == "":
		return bad(by.Give.Pos, "give: to give points, say after worth what all of it is worth; or write right or wrong")
	case by.points.Sign() < 0 || by.points.Cmp(by.worth) > 0:
		return bad(by.Give.Pos, "give: %v is not between 0 and %v, which is what this is worth", by.points, by.worth)
	}
	return nil
}

// fit finds the ruling's cells in the key; it is false for one that cannot be used.
// Points are of all cells together, and need all of them.
func (ds *Decisions) fit(by *ruling) bool {
	if by.give == markAs {
		return true
	}
	if len(by.Cells) == 0 {
		same := by.worth.Cmp(by.key.Max) == 0
		if !same {
			ds.unused(by, by.Give.Pos, "the key is worth %v now, and was worth %v when %v was given", by.key.Max, by.worth, by.points)
		}
		return same
	}
	for _, c := range by.Cells {
		i, ok := ds.cells[by.key][[3]string{c.Step, c.Node, c.Field}]
		name := fmt.Sprintf("step %s, node %s, %s", c.Step, c.Node, c.Field)
		switch {
		case !ok:
			ds.unused(by, by.Pos, "the key does not ask for %s", name)
		case c.Right != item.Word(by.key.Cells[i].Right):
			ds.unused(by, by.Pos, "for %s the key's answer is %s now; it was %s", name, quoted(item.Word(by.key.Cells[i].Right)), quoted(c.Right))
		case slices.Contains(by.cells, i):
		default:
			by.cells = append(by.cells, i)
			continue
		}
		if by.give == givePoints {
			return false
		}
	}
	return len(by.cells) > 0
}

// bind finds the files that the rulings are about: by name, or else, where there is
// no file of that name, by what is in it.
func (ds *Decisions) bind(files []string) {
	if ds == nil {
		return
	}
	here := make(map[string]bool, len(files))
	for _, name := range files {
		here[fileName(name)] = true
	}
	for _, by := range ds.rulings {
		for i := range by.Sheets {
			c := claim{by, &by.Sheets[i]}
			name := fileName(c.sheet.File)
			switch {
			case here[name]:
				ds.byFile[name] = append(ds.byFile[name], c)
				ds.find(c)
			case c.sheet.Digest != "":
				ds.byDigest[c.sheet.Digest] = append(ds.byDigest[c.sheet.Digest], c)
			}
		}
	}
}

// listField is what a cell asks, as a list has it: the term and the matchIndex of an
// answer are others than those of a table.
func listField(c *Cell) string {
	if c.IsAnswer() && c.Field != item.Outcome {
		return "answer's " + c.Name
	}
	return c.Name
}

// fileName is a file's name as a list can have it.
func fileName(name string) string { return strings.ToValidUTF8(name, "\ufffd") }

func (ds *Decisions) find(c claim) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.found[c.sheet] = true
}

// unused says why a decision is not used.
func (ds *Decisions) unused(by *ruling, at trace.Pos, format string, args ...any) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.notes = append(ds.notes, unused{by.list, at, by.at(at) + ": not used: " + fmt.Sprintf(format, args...)})
}

// told gives why decisions were not used, by file and place, each reason once.
func (ds *Decisions) told() []string {
	if ds == nil {
		return nil
	}
	for _, by := range ds.rulings {
		for i := range by.Sheets {
			if s := &by.Sheets[i]; !ds.found[s] {
				ds.unused(by, s.Pos, "%s is not among the files that were handed in", s.File)
			}
		}
	}
	slices.SortStableFunc(ds.notes, func(a, b unused) int {
		return cmp.Or(a.list-b.list, before(a.at, b.at), strings.Compare(a.text, b.text))
	})
	var out []string
	for _, n := range slices.Compact(ds.notes) {
		out = append(out, n.text)
	}
	return out
}
