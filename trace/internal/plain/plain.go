// Package plain reads the plain part of YAML, in which almost all traces are
// written, several times as fast as gopkg.in/yaml.v3, and hands over all else.
//
// Its grammar, where indentation counts as in YAML:
//
//	file     = document { "---" line-end document }
//	document = sequence | mapping | flow
//	sequence = { "- " ( block | nothing ) }          dashes in one column
//	mapping  = { scalar ":" ( inline | block | nothing ) }  keys in one column
//	block    = sequence | mapping | inline            deeper than what it is in
//	inline   = flow | scalar line-end
//	flow     = "[" [ item { "," item } [ "," ] ] "]"
//	         | "{" [ pair { "," pair } [ "," ] ] "}"
//	item     = flow | scalar
//	pair     = scalar [ ":" [ item ] ]
//	scalar   = plain text, 'text' or "text" on one line, without escapes
//
// A sequence that is the value of a key may have its dashes in the key's column.
// Comments and empty lines may come between any two of these.
//
// Reading stops at the first thing that is not in the grammar: an anchor, an alias,
// a tag, a key behind a question mark, text of several lines, an escape, a tab, a
// directive, a document that is empty or a scalar, an error of any kind. The package
// has no errors of its own: its caller then decodes the whole file with yaml.v3,
// which knows what the rest of YAML means and says what is wrong. So a rule here may
// be narrower than YAML's, but never wider.
//
// The nodes are those of yaml.v3, to the column and the tag, except that they have
// no comments, which nobody reads. Where yaml.v3 departs from the YAML
// specification, this package follows yaml.v3. It knows nothing of traces.
package plain

import (
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	// longestKey is how far behind the start of a key its colon may be. YAML's
	// limit is in characters and this one in bytes, which come sooner.
	longestKey = 1024

	// deepest is how many collections may be inside each other. No trace comes
	// near it; it bounds the stack.
	deepest = 256

	// manyBytes is the most that a file of several documents may have. They are all
	// held at once, where yaml.v3 gives one after the other.
	manyBytes = 1 << 20
)

// A Reader goes through a text once, and then through another. The nodes of the
// first are good until then: the second has their memory. Their fields must not be
// changed. The zero Reader is ready.
//
// Each of its methods starts at the first byte of what it reads; those that read a
// whole line or more stop at the next thing that is written. One that gives a node
// gives nil for what is not plain: then the reading is over.
type Reader struct {
	text  string
	at    int
	line  int // from 1
	start int // offset of the line's first byte
	wide  int // bytes from there to at that begin no character

	depth int          // of collections that are open
	open  []*yaml.Node // what the open collections have so far
	nodes slab[yaml.Node]
	lists slab[*yaml.Node]
}

// Read gives the documents of a file, nil where it is not plain: then nothing is
// known of it. The text is UTF-8 without a byte order mark, without control
// characters other than tabs and line feeds, and without a carriage return that has
// no line feed behind it; U+0085, U+2028, U+2029, U+FEFF, U+FFFE and U+FFFF are not
// in it either. Values are parts of the text, and keep all of it in memory.
func (r *Reader) Read(text string) []*yaml.Node {
	*r = Reader{text: text, line: 1, open: r.open[:0], nodes: r.nodes.again(), lists: r.lists.again()}
	r.nodes.expect(len(text))
	var docs []*yaml.Node
	for ok := r.skip(); ; ok = r.skip() {
		if !ok || len(docs) > 0 && len(text) > manyBytes {
			return nil
		}
		doc := r.document()
		if doc == nil {
			return nil
		}
		if docs = append(docs, doc); r.at == len(text) {
			return docs
		}
	}
}

// document reads the dashes that begin a document, if there are any, and what the
// document has. Nothing, or dots, is not the beginning of a collection.
func (r *Reader) document() *yaml.Node {
	doc := r.node(yaml.DocumentNode, "")
	if r.marked("---") {
		line := r.line
		r.at += len("---")
		if !r.skip() || r.line == line {
			return nil
		}
	}
	root := r.block()
	if root == nil || root.Kind == yaml.ScalarNode || !r.end() {
		return nil
	}
	doc.Content = r.lists.take(1)
	doc.Content[0] = root
	return doc
}

// skip goes on to the next thing that is written, past spaces, line ends and
// comments. It reports false at a # that touches what is before it, which yaml.v3
// takes for a comment behind a bracket and for text behind text.
func (r *Reader) skip() bool {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\r': // a line feed comes behind every \r
			r.at++
		case '\n':
			r.at++
			r.line, r.start, r.wide = r.line+1, r.at, 0
		case '#':
			if r.at > r.start && r.text[r.at-1] != ' ' {
				return false
			}
			end := strings.IndexByte(r.text[r.at:], '\n')
			if end < 0 {
				end = len(r.text) - r.at
			}
			r.at += end
		default:
			return true
		}
	}
	return true
}

// skipLine goes on to the next thing that is written, and reports whether that is
// on another line.
func (r *Reader) skipLine() bool {
	line := r.line
	return r.skip() && (r.line > line || r.at == len(r.text))
}

// peek gives the byte so many behind the next, 0 past the end.
func (r *Reader) peek(n int) byte {
	if r.at+n < len(r.text) {
		return r.text[r.at+n]
	}
	return 0
}

// end reports whether a document ends here.
func (r *Reader) end() bool { return r.at == len(r.text) || r.marked("---") }

// marked reports whether a line begins here with three dashes or dots that mark
// the bounds of documents.
func (r *Reader) marked(mark string) bool {
	return r.at == r.start && strings.HasPrefix(r.text[r.at:], mark) && isBlank(r.peek(len(mark)))
}

// column gives the place in the line, in characters from 0.
func (r *Reader) column() int { return r.at - r.start - r.wide }

// isBlank reports whether a byte is one that ends a token: a space, a line's end,
// the file's. A tab is not among them: it is in no plain file.
func isBlank(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == 0 }
