package trace

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// A Grading is how a key has the answers marked. Points are decimals as typed,
// not negative; what is left out has the default that is said at its field.
type Grading struct {
	Pos      Pos         // of the mapping; not valid where the trace has none
	Points   Opt[string] // points for each cell: 1
	Answer   Opt[string] // points for each success or voteGranted: Points
	Term     Opt[string] // points for each term that an answer is asked for: Points
	State    Opt[string] // points for each field of a table: Points
	Follow   Opt[string] // full, none, or the part of a cell's points, 0 to 1, for what follows from an earlier mistake: full
	Late     Opt[string] // what a late submission loses: points, or percent of its mark with a % after them: 0
	Whole    []string    // ids of the steps that score as a whole or not at all
	AllWhole bool        // every step does
}

var gradingKeys = []string{"points", "answer", "term", "state", "followThrough", "late", "allOrNothing"}

// grading reads the marking scheme.
func (p *parser) grading(n *yaml.Node) {
	if !p.isMapping(n, "grading", "points: 1") {
		return
	}
	g := &p.t.Grading
	g.Pos = posOf(n)
	for key, value := range pairs(n) {
		switch key.Value {
		case "points":
			g.Points = p.points(value, "points")
		case "answer":
			g.Answer = p.points(value, "answer")
		case "term":
			g.Term = p.points(value, "term")
		case "state":
			g.State = p.points(value, "state")
		case "followThrough":
			g.Follow = p.followThrough(value)
		case "late":
			g.Late = p.late(value)
		case "allOrNothing":
			p.allOrNothing(value)
		default:
			p.unknownKey(key, value, "grading", gradingKeys)
		}
	}
}

// followThrough reads full, none, or a part of 1.
func (p *parser) followThrough(n *yaml.Node) Opt[string] {
	o := Opt[string]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	s, ok := p.scalar(n, "followThrough")
	if !ok {
		return o
	}
	if s != "full" && s != "none" && !(isDecimal(s) && isFraction(s)) {
		p.errorf(posOf(n), "followThrough: %s is neither full, nor none, nor a part between 0 and 1 such as 0.5", quote(s))
		return o
	}
	o.Value, o.Presence = s, Given
	return o
}

// isFraction reports whether a decimal is 1 at most.
func isFraction(s string) bool {
	whole, part, _ := strings.Cut(s, ".")
	switch whole = strings.TrimLeft(whole, "0"); whole {
	case "":
		return true
	case "1":
		return strings.Trim(part, "0") == ""
	}
	return false
}

// late reads what a late submission loses.
func (p *parser) late(n *yaml.Node) Opt[string] {
	o := Opt[string]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	s, ok := p.scalar(n, "late")
	if !ok {
		return o
	}
	number, _ := strings.CutSuffix(s, "%")
	if !isDecimal(strings.TrimSpace(number)) {
		p.errorf(posOf(n), "late: %s is no number of points, such as 2, and no part of the mark, such as 10%%", quote(s))
		return o
	}
	o.Value, o.Presence = s, Given
	return o
}

// allOrNothing reads true, or the steps that score as a whole. Whether there
// are such steps is asked once all are read.
func (p *parser) allOrNothing(n *yaml.Node) {
	d := deref(n)
	switch {
	case isNull(n):
	case d.Kind == yaml.ScalarNode && d.Value == "true":
		p.t.Grading.AllWhole = true
	case d.Kind == yaml.ScalarNode && d.Value == "false":
	default:
		for _, item := range sequence(n) {
			if id, ok := p.scalar(item, "allOrNothing"); ok {
				p.wholeSteps = append(p.wholeSteps, item)
				p.t.Grading.Whole = append(p.t.Grading.Whole, id)
			}
		}
	}
}

// checkWhole finds what allOrNothing names that is no step.
func (p *parser) checkWhole() {
	for i, id := range p.t.Grading.Whole {
		if p.t.StepByID(id) != nil {
			continue
		}
		ids := make([]string, len(p.t.Steps))
		for i := range p.t.Steps {
			ids[i] = p.t.Steps[i].ID
		}
		meant := ""
		if best := Nearest(id, ids); best != "" {
			meant = "; did you mean " + best + "?"
		}
		p.errorf(posOf(p.wholeSteps[i]), "allOrNothing: there is no step %s; it takes true, or ids of steps%s", quote(id), meant)
	}
}
