package plain

import "gopkg.in/yaml.v3"

// node gives a node that is placed here.
func (r *reader) node(kind yaml.Kind, tag string) *yaml.Node {
	n := &r.nodes.take(1)[0]
	n.Kind, n.Tag, n.Line, n.Column = kind, tag, r.line, r.column()+1
	return n
}

// begin gives a collection that is placed here, unless too many are open.
func (r *reader) begin(kind yaml.Kind, tag string) (n *yaml.Node, ok bool) {
	r.depth++
	return r.node(kind, tag), r.depth <= deepest
}

// finish ends a collection: its content is what is open from a place on.
func (r *reader) finish(n *yaml.Node, first int) *yaml.Node {
	r.depth--
	if content := r.open[first:]; len(content) > 0 { // yaml.v3 leaves an empty one nil
		n.Content = r.lists.take(len(content))
		copy(n.Content, content)
		r.open = r.open[:first]
	}
	return n
}

// A slab gives out values from arrays, where one by one they would be as many
// objects for the collector. Each array is kept as long as one value of it is.
type slab[T any] struct {
	left []T
	next int // values of the next array
}

const (
	smallest, largest = 16, 215 // values of an array
	bytesEach         = 8       // of a text, for a node: about as many as worksheets have
)

// expect prepares for a text of so many bytes.
func (s *slab[T]) expect(bytes int) {
	s.next = min(max(smallest, bytes/bytesEach), largest)
}

// take gives so many values. Appending to them does not touch the next.
func (s *slab[T]) take(n int) []T {
	if n > len(s.left) {
		s.next = max(s.next, smallest)
		s.left = make([]T, max(n, s.next))
		s.next = min(2*s.next, largest)
	}
	out := s.left[:n:n]
	s.left = s.left[n:]
	return out
}
