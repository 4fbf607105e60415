package plain

import "gopkg.in/yaml.v3"

// flow reads a collection in brackets. Lines may end anywhere in it, and columns
// count for nothing.
func (r *Reader) flow() *yaml.Node {
	kind, tag, last := yaml.SequenceNode, "!!seq", byte(']')
	if r.peek(0) == '{' {
		kind, tag, last = yaml.MappingNode, "!!map", '}'
	}
	n, ok := r.begin(kind, tag)
	if !ok {
		return nil
	}
	n.Style = yaml.FlowStyle
	first := len(r.open)
	r.at++
	for more := true; ; {
		if !r.skip() {
			return nil
		}
		if r.peek(0) == last {
			r.at++
			return r.finish(n, first)
		}
		// An item comes first or behind a comma. A pair without braces and text of
		// several lines end the reading here, because no comma comes where one has to.
		if !more || !r.entry(kind, last) {
			return nil
		}
		if more = r.peek(0) == ','; more {
			r.at++
		}
	}
}

// entry reads an item or a pair, and goes on to what comes behind it.
func (r *Reader) entry(kind yaml.Kind, last byte) bool {
	from, line := r.at, r.line
	n := r.item()
	if n == nil || !r.skip() {
		return false
	}
	r.open = append(r.open, n)
	if kind == yaml.SequenceNode {
		return true
	}
	if n.Kind != yaml.ScalarNode {
		return false // a collection as a key
	}
	if r.peek(0) != ':' {
		return r.null(last)
	}
	if r.line != line || r.at-from > longestKey {
		return false // for yaml.v3 this colon has no key
	}
	if r.at++; !r.skip() {
		return false
	}
	if b := r.peek(0); b == ',' || b == last {
		return r.null(last)
	}
	value := r.item()
	r.open = append(r.open, value)
	return value != nil && r.skip()
}

// null adds the value of a key that has none. Its place is that of the comma or the
// bracket that comes next, and one of them has to.
func (r *Reader) null(last byte) bool {
	r.open = append(r.open, r.node(yaml.ScalarNode, "!!null"))
	return r.peek(0) == ',' || r.peek(0) == last
}

func (r *Reader) item() *yaml.Node {
	if b := r.peek(0); b == '[' || b == '{' {
		return r.flow()
	}
	return r.scalar(true)
}
