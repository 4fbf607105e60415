package plain

import "gopkg.in/yaml.v3"

// node gives a node that is placed here. One that is used again still has what it had
// in the last text, so every field that this package ever sets is set here. To clear
// the others too would cost as much as all the reading while the collector is at work.
func (r *Reader) node(kind yaml.Kind, tag string) *yaml.Node {
	n := &r.nodes.take(1)[0]
	n.Kind, n.Style, n.Tag, n.Line, n.Column = kind, 0, tag, r.line, r.column()+1
	if n.Value != "" {
		n.Value = ""
	}
	if n.Content != nil {
		n.Content = nil
	}
	return n
}

// begin gives a collection that is placed here, unless too many are open.
func (r *Reader) begin(kind yaml.Kind, tag string) (n *yaml.Node, ok bool) {
	r.depth++
	return r.node(kind, tag), r.depth <= deepest
}

// finish ends a collection: its content is what is open from a place on.
func (r *Reader) finish(n *yaml.Node, first int) *yaml.Node {
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
	left   []T
	size   int   // values of the next array
	arrays [][]T // to be used again
	used   int   // of arrays, how many are in use
}

const (
	smallest, largest = 16, 215 // values of an array
	bytesEach         = 8       // of a text, for a node: about as many as worksheets have
	mostKept          = 16      // arrays: more are for a file of which there are few
)

// expect prepares for a text of so many bytes.
func (s *slab[T]) expect(bytes int) {
	s.size = min(max(smallest, bytes/bytesEach), largest)
}

// again gives a slab that uses the same arrays from the start.
func (s *slab[T]) again() slab[T] { return slab[T]{arrays: s.arrays} }

// take gives so many values, which have in them whatever was there before. Appending
// to them does not touch the next.
func (s *slab[T]) take(n int) []T {
	for n > len(s.left) {
		s.more(n)
	}
	out := s.left[:n:n]
	s.left = s.left[n:]
	return out
}

// more goes on to the next array, one with room for so many values if it is new.
func (s *slab[T]) more(n int) {
	if s.used < len(s.arrays) {
		s.left = s.arrays[s.used]
		s.used++
		return
	}
	s.size = max(s.size, smallest)
	s.left = make([]T, max(n, s.size))
	s.size = min(2*s.size, largest)
	if len(s.arrays) < mostKept {
		s.arrays = append(s.arrays, s.left)
		s.used++
	}
}
