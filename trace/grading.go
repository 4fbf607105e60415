package trace

import (
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/source"
)

// points is a number of points: a decimal, not negative.
var points = opt(kind[string]{
	read: func(p *parser, n *yaml.Node, what string) (string, bool) {
		s, ok := p.scalar(n, what)
		if ok && !isDecimal(s) {
			p.errorf(posOf(n), "%s: %s is not a number of points; write a decimal such as 1 or 0.5", what, source.Quote(s))
			return "", false
		}
		return s, ok
	},
	write: writePoints,
}, "points", fixed(`"type": ["number", "null"], "minimum": 0`))

func writePoints(_ *writer, s string) (value, bool) {
	if number, _ := strings.CutSuffix(s, "%"); isPlain(number) {
		return word(s), true
	}
	return word(FlowScalar(s)), true
}

// isDecimal reports whether s is digits, with a point and more digits after
// them or not, in 16 characters at most.
func isDecimal(s string) bool {
	whole, part, point := strings.Cut(s, ".")
	return isDigits(whole) && (!point || isDigits(part)) && len(s) <= 16
}

// followThrough is full, none, or a part of 1.
var followThrough = opt(kind[string]{
	read: func(p *parser, n *yaml.Node, what string) (string, bool) {
		s, ok := p.scalar(n, what)
		if ok && s != "full" && s != "none" && !(isDecimal(s) && isFraction(s)) {
			p.errorf(posOf(n), "%s: %s is not a share of the points; write full, none, or a number from 0 to 1 such as 0.5", what, source.Quote(s))
			return "", false
		}
		return s, ok
	},
	write: func(_ *writer, s string) (value, bool) { return word(s), true },
}, "", fixed(`"anyOf": [{"enum": ["full", "none", null]}, {"type": "number", "minimum": 0, "maximum": 1}]`))

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

// late is what a late submission loses.
var late = opt(kind[string]{
	read: func(p *parser, n *yaml.Node, what string) (string, bool) {
		s, ok := p.scalar(n, what)
		number, _ := strings.CutSuffix(s, "%")
		if ok && !isDecimal(strings.TrimSpace(number)) {
			p.errorf(posOf(n), "%s: %s is neither points, such as 2, nor a percentage of the mark, such as 10%%", what, source.Quote(s))
			return "", false
		}
		return s, ok
	},
	write: writePoints,
}, "", fixed(`"anyOf": [{"$ref": "#/definitions/points"}, {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *%$"}]`))

// allOrNothingKey makes the row of true, or of the steps that score as a whole.
// Whether there are such steps is asked once all are read.
func allOrNothingKey(doc string) key[Grading] {
	return key[Grading]{
		name: "allOrNothing", doc: doc,
		schema: fixed(`"anyOf": [
			{"type": ["boolean", "null"]},
			{"$ref": "#/definitions/text"},
			{"type": "array", "items": {"type": ["string", "number"]}}
		]`),
		read: func(p *parser, _, n *yaml.Node, g *Grading) {
			switch d := source.Deref(n); {
			case source.IsNull(n) || d.Kind == yaml.ScalarNode && d.Value == "false":
			case d.Kind == yaml.ScalarNode && d.Value == "true":
				g.AllWhole = true
			default:
				for _, item := range source.Items(n) {
					if id, ok := p.scalar(item, "allOrNothing"); ok {
						p.wholeSteps = append(p.wholeSteps, item)
						g.Whole = append(g.Whole, id)
					}
				}
			}
		},
		write: func(_ *writer, g *Grading) (value, bool) {
			if g.AllWhole {
				return word("true"), true
			}
			v := value{open: '['}
			for _, id := range g.Whole {
				v.items = append(v.items, word(FlowScalar(id)))
			}
			return v, len(g.Whole) > 0
		},
	}
}

// checkWhole finds ids in allOrNothing that no step has.
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
		p.errorf(posOf(p.wholeSteps[i]), "allOrNothing: no step has the id %s; write true, or a list of ids%s", source.Quote(id), meant)
	}
}
