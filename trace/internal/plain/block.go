package plain

import "gopkg.in/yaml.v3"

// block reads what follows a dash, or has lines of its own.
func (r *Reader) block() *yaml.Node {
	switch {
	case r.dash():
		return r.sequence()
	case r.peek(0) == '[' || r.peek(0) == '{':
		return r.inline()
	}
	column, from := r.column(), r.at
	n := r.scalar(false)
	if n == nil {
		return nil
	}
	if r.colon(from) {
		return r.mapping(n, column)
	}
	if !r.skipLine() {
		return nil
	}
	return n
}

// inline reads what may be behind a key on its line: no dashes, and no key.
func (r *Reader) inline() *yaml.Node {
	var n *yaml.Node
	if b := r.peek(0); b == '[' || b == '{' {
		n = r.flow()
	} else {
		n = r.scalar(false)
	}
	// YAML lets text go on in the next line, where that is indented deeper than the
	// collection around it. That need not be looked for here: a line so deep fits no
	// collection, so the document does not end there and is not plain.
	if n == nil || !r.skipLine() {
		return nil
	}
	return n
}

// sequence reads items that begin in one column.
func (r *Reader) sequence() *yaml.Node {
	n, ok := r.begin(yaml.SequenceNode, "!!seq")
	if !ok {
		return nil
	}
	column, first := r.column(), len(r.open)
	for !r.end() && r.column() == column && r.dash() {
		r.at++
		item := r.value(column, true)
		if item == nil {
			return nil
		}
		r.open = append(r.open, item)
	}
	return r.finish(n, first)
}

// mapping reads pairs whose keys begin in one column. The first key has been read,
// and the reader is at its colon.
func (r *Reader) mapping(key *yaml.Node, column int) *yaml.Node {
	n, ok := r.begin(yaml.MappingNode, "!!map")
	if !ok {
		return nil
	}
	n.Line, n.Column = key.Line, key.Column
	first := len(r.open)
	for {
		r.at++
		value := r.value(column, false)
		if value == nil {
			return nil
		}
		r.open = append(r.open, key, value)
		if r.end() || r.column() != column {
			// A column that is deeper, or one in which nothing has begun, fits no
			// collection around this one either: see inline.
			return r.finish(n, first)
		}
		if key = r.key(); key == nil {
			return nil
		}
	}
}

// key reads a key that is not the first of its mapping.
func (r *Reader) key() *yaml.Node {
	from := r.at
	key := r.scalar(false)
	if key == nil || !r.colon(from) {
		return nil
	}
	return key
}

// value reads what is behind the dash of an item, or the colon of a pair, of a
// collection in a column. It is null where the next thing belongs to the collection
// itself or to one around it; the null is right behind the dash or colon.
func (r *Reader) value(column int, item bool) *yaml.Node {
	line, behind := r.line, r.column()
	if !r.skip() {
		return nil
	}
	same := r.line == line && r.at < len(r.text)
	switch {
	case same && item:
		return r.block()
	case same:
		return r.inline()
	case r.end() || r.column() < column:
	case r.column() > column:
		return r.block()
	case !item && r.dash():
		return r.sequence()
	}
	null := r.node(yaml.ScalarNode, "!!null")
	null.Line, null.Column = line, behind+1
	return null
}

// dash reports whether an item begins here.
func (r *Reader) dash() bool { return r.peek(0) == '-' && isBlank(r.peek(1)) }

// colon goes on to the colon of a key that began at an offset, on the same line. It
// reports whether there is one.
func (r *Reader) colon(from int) bool {
	at := r.at
	for at < len(r.text) && r.text[at] == ' ' {
		at++
	}
	n := at - r.at
	if r.peek(n) != ':' || !isBlank(r.peek(n+1)) || at-from > longestKey {
		return false
	}
	r.at = at
	return true
}
