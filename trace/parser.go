package trace

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// A parser turns the nodes of one document into a Trace. It goes on after an
// error, so that all are found, and keeps what could be read.
type parser struct {
	lim  Limits
	t    *Trace
	errs Errors

	names map[string]raft.NodeID // nil: nodes is wrong, so whom a name means cannot be told
	sizes map[*yaml.Node]int     // vet: what an anchored node amounts to

	stepList   *yaml.Node   // vet: the value of steps
	step       int          // the step that is being read, from 1; 0 outside of steps
	wholeSteps []*yaml.Node // what grading says in allOrNothing, item by item

	aliased int  // what aliases may add, by Limits.Aliased
	added   int  // vet: YAML nodes that aliases have added
	hazard  bool // vet: the document is not to be read on
	listed  bool // the steps are a list

	docKeys []string // the keys of a document

	repeated int  // entries that runs have come to
	quiet    bool // what is read counts for nothing: no error is one
	wrong    int  // how many errors there were so far, those past the limit too
}

func (p *parser) errorf(at Pos, format string, args ...any) {
	if p.quiet {
		return
	}
	if p.wrong++; !p.full() {
		p.errs = append(p.errs, &Error{Pos: at, Step: p.step, Msg: fmt.Sprintf(format, args...)})
	}
}

// full reports whether the document has more errors than are reported.
func (p *parser) full() bool { return len(p.errs) > maxErrors }

func posOf(n *yaml.Node) Pos { return Pos(source.PosOf(n)) }

// blankAt gives a value that is left blank.
func blankAt[V any](n *yaml.Node) Opt[V] { return Opt[V]{Pos: posOf(n), Presence: Blank} }

// unreadAt gives a value that is written and cannot be read.
func unreadAt[V any](n *yaml.Node) Opt[V] { return Opt[V]{Pos: posOf(n), Presence: Unread} }

// givenAt gives a value that is written.
func givenAt[V any](n *yaml.Node, v V) Opt[V] { return Opt[V]{v, posOf(n), Given} }

// isMapping reports whether the node is a mapping, and says what belongs there
// if it is not.
func (p *parser) isMapping(n *yaml.Node, what, example string) bool {
	d := source.Deref(n)
	if d.Kind == yaml.MappingNode {
		return true
	}
	if k, v, found := strings.Cut(d.Value, ":"); found && k != "" && v != "" && !source.IsQuoted(d) {
		p.glued(n, k, v)
		return false
	}
	p.errorf(posOf(n), "%s is %s here; it takes keys, such as %s", what, source.Describe(d), example)
	return false
}

// glued says that a value has no space between its colon and what follows.
func (p *parser) glued(n *yaml.Node, k, v string) {
	if strings.TrimLeft(v, oddSpaces) != v {
		p.errorf(posOf(n), "%s has a no-break space after its colon, which YAML takes for a letter; type a plain space: %s", source.Quote(source.Deref(n).Value),
			source.Clip(k)+": "+source.Clip(strings.TrimLeft(v, oddSpaces)))
		return
	}
	p.errorf(posOf(n), "%s needs a space after its colon: %s", source.Quote(source.Deref(n).Value),
		strings.TrimSpace(source.Clip(k)+": "+source.Clip(v)))
}

// list gives the items of a value that has to be a list; ok is false if it is
// not one.
func (p *parser) list(n *yaml.Node, what, takes string) (items []*yaml.Node, ok bool) {
	d := source.Deref(n)
	if d.Kind != yaml.SequenceNode {
		p.errorf(posOf(n), "%s is %s here; it takes %s", what, source.Describe(d), takes)
		return nil, false
	}
	return d.Content, true
}
