package trace

import (
	"fmt"
	"sync"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/source"
)

// This file reads lists of differences that are known.

// A Known is a difference that is expected, and why: where a trace and the rules
// come apart on purpose. What is left out of it stands for any.
type Known struct {
	File   string // of the list
	Pos    Pos    // of this one
	Trace  string // the trace's file, as much of its path from the end as it takes
	Step   string // the step's id, or its number
	Node   string
	Field  string // as findings name it; log stands for log[3] too
	Reason string
}

var knownKeys = mapping[Known]{
	name: "a known difference", example: "trace:, step: and reason:",
	keys: sync.OnceValue(func() []key[Known] {
		return []key[Known]{
			row("trace", text, func(k *Known) *string { return &k.Trace }, "The file of the trace.").needed(),
			row("step", text, func(k *Known) *string { return &k.Step }, "The step's id, or its number.").needed(),
			row("node", text, func(k *Known) *string { return &k.Node }, "The node that differs.").ifLeftOut("any"),
			row("field", text, func(k *Known) *string { return &k.Field }, "The field that differs: success, voteGranted, term, log, ...").ifLeftOut("any"),
			row("reason", prose, func(k *Known) *string { return &k.Reason }, "Why it differs.").needed(),
		}
	}),
	after: (*parser).checkKnown,
}

// checkKnown asks for what may not be left blank either.
func (p *parser) checkKnown(n *yaml.Node, k *Known) {
	for _, of := range []struct{ name, is string }{{"trace", k.Trace}, {"step", k.Step}, {"reason", k.Reason}} {
		if v := source.Child(n, of.name); v != nil && of.is == "" {
			p.errorf(posOf(v), "%s is blank; a known difference needs it", of.name)
		}
	}
}

// ParseKnown reads a list of known differences, in YAML or JSON. The error is
// [Errors]: what is wrong with it, each with its place.
func ParseKnown(name string, data []byte, lim Limits) ([]Known, error) {
	src := source.New(data)
	if bad := src.Check(); bad != nil {
		return nil, Errors{{File: name, Pos: Pos(bad.Pos), Msg: bad.Msg}}
	}
	if at, _, over := src.Crowded(lim.Nodes); over {
		return nil, Errors{{File: name, Pos: Pos(at), Msg: fmt.Sprintf(tooManyNodes, lim.Nodes)}}
	}
	var all []Known
	p := parser{lim: lim, t: &Trace{File: name}}
	for doc, bad := range src.Documents(lim.Depth) {
		if bad != nil {
			p.errorf(Pos(bad.Pos), "%s", bad.Msg)
			break
		}
		root := doc.Content[0]
		if source.IsNull(root) || !p.vet(root) {
			continue
		}
		items, _ := p.list(root, "a file of known differences", "a list, one difference per item: - {trace: away.yaml, step: 3, reason: ...}")
		for _, item := range items {
			k := Known{File: name, Pos: posOf(item)}
			knownKeys.read(&p, item, &k)
			all = append(all, k)
		}
	}
	if len(p.errs) == 0 {
		return all, nil
	}
	for _, e := range p.errs {
		e.File = name
	}
	return nil, p.errs.first()
}
