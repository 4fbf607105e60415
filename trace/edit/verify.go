package edit

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// This file holds an edited text against the one that it came from.

// checkShared refuses a change that is seen through an alias by who did not ask
// for it. Without an alias, nobody sees what another step says.
func (e *Editor) checkShared() error {
	if bytes.IndexByte(e.src.Bytes(), '*') < 0 {
		return nil
	}
	for _, c := range e.changes {
		c.begin()
	}
	for _, added := range e.added {
		for _, a := range added {
			a.begin()
		}
	}
	for i, doc := range e.docs {
		t := e.traces[i+1]
		if t == nil {
			continue
		}
		for key, value := range source.Pairs(doc.Content[0]) {
			parts := []*yaml.Node{value}
			if key.Value == "steps" {
				parts = source.Deref(value).Content
			}
			for j, part := range parts {
				step := 0
				if key.Value == "steps" {
					step = j + 1
				}
				if err := e.reach(request{t: t, step: step}, part); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// begin prepares for counting who comes upon the change.
func (c *change) begin() {
	c.seen, c.times = 0, 0
	slices.SortStableFunc(c.by, func(a, b request) int { return cmp.Compare(a.step, b.step) })
}

// reach goes through all that a step says (0: what is outside of the
// steps), aliases followed.
func (e *Editor) reach(r request, n *yaml.Node) error {
	if c := e.changes[n]; c != nil {
		return c.reached(r, n)
	}
	for _, a := range e.added[n] {
		if err := a.reached(r, n); err != nil {
			return err
		}
	}
	if n.Kind == yaml.AliasNode {
		return e.reach(r, n.Alias)
	}
	for _, child := range n.Content {
		if err := e.reach(r, child); err != nil {
			return err
		}
	}
	return nil
}

// reached counts how often a step comes upon the change: no more often than it
// asked for it. The cell of the step's own sender may change, it says nothing.
func (c *change) reached(r request, n *yaml.Node) error {
	if c.seen != r.step {
		c.seen, c.times = r.step, 0
	}
	if c.times++; c.times <= c.asks(r.step) {
		return nil
	}
	other := "a part outside of the steps"
	if r.step > 0 {
		other = fmt.Sprintf("step %d", r.step)
		if r.step == c.by[0].step {
			other = "another place in the step"
		}
		if sender, ok := r.t.Steps[r.step-1].Sender(); ok && sender == c.by[0].node {
			return nil
		}
	}
	return c.by[0].errorf(n, "step %d wants %s here, but an alias shares this text with %s; write it out for each", c.by[0].step, source.Quote(c.text), other)
}

// asks counts the requests of a step for the change.
func (c *change) asks(step int) int {
	n, _ := slices.BinarySearchFunc(c.by, step, func(r request, step int) int { return cmp.Compare(r.step, step) })
	count := 0
	for ; n < len(c.by) && c.by[n].step == step; n++ {
		count++
	}
	return count
}

// verify reads the new text: it must hold the old nodes and comments, with the
// changes asked for and no others, and its documents must be traces.
func (e *Editor) verify(out []byte, splices []splice) error {
	lim := trace.DefaultLimits()
	lim.Bytes = int64(len(out)) // a larger file was asked for
	file, err := trace.ReadToEdit(e.name, bytes.NewReader(out), lim)
	src := file.Source()
	if e.json && !src.IsJSON() {
		return &trace.Error{File: e.name, Pos: trace.Pos{Line: 1, Column: 1}, Msg: "with the blanks filled in, the file would not be JSON; nothing is filled in"}
	}
	docs, bad := documents(src)
	if bad != nil {
		return e.refuse(src, splices, &trace.Error{Document: len(docs) + 1, Pos: trace.Pos(bad.Pos), Msg: bad.Msg})
	}
	if err := e.checkNodes(docs); err != nil {
		return err
	}
	if err := e.checkComments(src, docs); err != nil {
		return err
	}
	errs, _ := err.(trace.Errors)
	for _, now := range errs {
		at := trace.Pos(e.src.Pos(min(origin(splices, src.Offset(source.Pos(now.Pos))), len(e.src.Bytes()))))
		if !slices.Contains(e.wrong, at) {
			return e.refuse(src, splices, now)
		}
	}
	return nil
}

// checkNodes holds the documents of the new text against the old ones.
func (e *Editor) checkNodes(docs []*yaml.Node) error {
	otherwise := func(old *yaml.Node, document int) error {
		return &trace.Error{File: e.name, Document: document, Pos: posOf(old),
			Msg: "with the blanks filled in, this would be read as something else; write it on lines of its own, in plain style"}
	}
	e.proof++
	for i, doc := range e.docs {
		if i >= len(docs) || len(docs) > len(e.docs) {
			return &trace.Error{File: e.name, Pos: trace.Pos{Line: 1, Column: 1}, Msg: "with the blanks filled in, the file would have other documents; nothing is filled in"}
		}
		if old := e.differs(doc.Content[0], docs[i].Content[0]); old != nil {
			return otherwise(old, i+1)
		}
	}
	if old, c := e.unmade(); old != nil {
		return otherwise(old, c.by[0].t.Document)
	}
	return nil
}

// refuse says what would be wrong with the new text, at the place in the old
// one.
func (e *Editor) refuse(src *source.Source, splices []splice, err *trace.Error) error {
	at := origin(splices, src.Offset(source.Pos(err.Pos)))
	return &trace.Error{File: e.name, Document: err.Document, Pos: trace.Pos(e.src.Pos(min(at, len(e.src.Bytes())))),
		Msg: "with the blanks filled in, this would be wrong: " + err.Msg}
}

// origin gives the offset in the old text from which one in the new text comes.
func origin(splices []splice, at int) int {
	grown := 0
	for _, s := range splices {
		if at < s.Lo+grown {
			break
		}
		if at < s.Lo+grown+len(s.text) {
			return s.Lo
		}
		grown += len(s.text) - (s.Hi - s.Lo)
	}
	return max(0, at-grown)
}

// differs gives the first old node that is not in the new tree as it was, or as
// it was asked to become; nil if there is none. A change that it comes upon is made.
func (e *Editor) differs(old, now *yaml.Node) *yaml.Node {
	bad := e.differsAsItWas(old, now)
	if bad == nil {
		return nil
	}
	c := e.changes[old]
	switch {
	case c == nil:
		return bad
	case !same(c.becomes(old), now):
		return old
	}
	c.made = e.proof
	return nil
}

// becomes gives what a node becomes. Its anchor stays.
func (c *change) becomes(old *yaml.Node) *yaml.Node {
	want := *c.want
	want.Anchor = old.Anchor
	return &want
}

// unmade gives the first old node that is in the new tree as it was, and was asked to
// become something else; nil if there is none.
func (e *Editor) unmade() (first *yaml.Node, of *change) {
	for n, c := range e.changes {
		if c.made == e.proof || same(c.becomes(n), n) {
			continue
		}
		if first == nil || n.Line < first.Line || n.Line == first.Line && n.Column < first.Column {
			first, of = n, c
		}
	}
	return first, of
}

// differsAsItWas is differs for a node that is not asked to change itself.
func (e *Editor) differsAsItWas(old, now *yaml.Node) *yaml.Node {
	children, ok := e.withoutAdded(old, now.Content)
	if !ok || !alike(old, now) || len(old.Content) != len(children) {
		return old
	}
	for i, child := range old.Content {
		if bad := e.differs(child, children[i]); bad != nil {
			return bad
		}
	}
	return nil
}

// withoutAdded takes the pairs that were added to a mapping out of what it holds
// now; ok is false if they are not there.
func (e *Editor) withoutAdded(old *yaml.Node, now []*yaml.Node) (rest []*yaml.Node, ok bool) {
	if len(e.added[old]) == 0 {
		return now, true
	}
	added := slices.Clone(e.added[old])
	slices.SortStableFunc(added, func(a, b addition) int { return cmp.Compare(a.after, b.after) })
	rest = slices.Clone(now)
	for _, a := range added {
		at := 2 * (a.after + 1)
		if at+1 >= len(rest) || rest[at].Value != a.key || !same(a.want, rest[at+1]) {
			return nil, false
		}
		rest = slices.Delete(rest, at, at+2)
	}
	return rest, true
}

// alike compares two nodes, what is below them left out.
func alike(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Tag == b.Tag && a.Value == b.Value && a.Style == b.Style && a.Anchor == b.Anchor
}

// same compares two nodes and what is below them.
func same(a, b *yaml.Node) bool {
	return alike(a, b) && slices.EqualFunc(a.Content, b.Content, same)
}

// checkComments holds the comments of the new text against the old ones: each is
// there, in order, with what was added to it, and as many new ones as were asked
// for.
func (e *Editor) checkComments(src *source.Source, docs []*yaml.Node) error {
	now := source.NewLayout(src)
	old, added := e.remarks()
	for _, c := range now.Comments(docs) {
		switch {
		case len(old) > 0 && string(src.Bytes()[c.Lo:c.Hi]) == old[0].text:
			old = old[1:]
		default:
			added--
		}
	}
	at := source.Pos{Line: 1, Column: 1}
	if len(old) > 0 {
		at = e.src.Pos(old[0].lo)
	}
	if len(old) > 0 || added != 0 {
		return &trace.Error{File: e.name, Pos: trace.Pos(at), Msg: "with the blanks filled in, the comments would change; nothing is filled in"}
	}
	return nil
}

// A remark is a comment of the old text, as it is to be in the new one.
type remark struct {
	lo   int // in the old text
	text string
}

// remarks gives what becomes of the old text's comments, and how many there are to
// be besides.
func (e *Editor) remarks() (old []remark, added int) {
	for _, t := range e.oldComments() {
		text := string(e.src.Bytes()[t.Lo:t.Hi])
		if n := e.notes[e.src.LineEnd(t.Hi)]; n != nil && n.more {
			text += n.text()
		}
		old = append(old, remark{t.Lo, text})
	}
	for _, n := range e.notes {
		if !n.more {
			added++
		}
	}
	for _, l := range e.lines {
		if l.said != "" {
			added++
		}
	}
	return old, added
}
