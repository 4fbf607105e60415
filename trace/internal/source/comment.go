package source

import (
	"bytes"

	"gopkg.in/yaml.v3"
)

// This file tells comments from texts with a # in them.

// Leaves visits the scalars and aliases of a file's documents that are written, in
// order, each as the i-th child of a node, until visit gives false.
func Leaves(docs []*yaml.Node, visit func(in *yaml.Node, i int) bool) {
	for _, doc := range docs {
		if !leaves(doc, visit) {
			return
		}
	}
}

func leaves(n *yaml.Node, visit func(in *yaml.Node, i int) bool) bool {
	for i, c := range n.Content {
		switch {
		case c.Kind == yaml.MappingNode || c.Kind == yaml.SequenceNode:
			if !leaves(c, visit) {
				return false
			}
		case !IsHollow(c) && !visit(n, i):
			return false
		}
	}
	return true
}

// Comments gives the comments of a file, in order, without the spaces behind them. A
// # begins one unless a text has it inside. The documents are all that the file has.
func (l *Layout) Comments(docs []*yaml.Node) []Span {
	c := commenter{Layout: l, line: 1, found: []Span{}}
	c.next(0)
	Leaves(docs, func(in *yaml.Node, i int) bool {
		for c.at < len(l.data) && !c.after(in.Content[i]) {
			c.settle()
		}
		c.in, c.i = in, i
		return c.at < len(l.data)
	})
	for c.at < len(l.data) {
		c.settle()
	}
	return c.found
}

// A commenter goes from one # to the next.
type commenter struct {
	*Layout
	at    int        // of the #; the file's end for none
	line  int        // of it
	in    *yaml.Node // the last text that begins before it is the i-th child of this one
	i     int
	found []Span
}

// next goes on to the first # from an offset on.
func (c *commenter) next(from int) {
	to := len(c.data)
	if n := bytes.IndexByte(c.data[from:], '#'); n >= 0 {
		to = from + n
	}
	c.line += bytes.Count(c.data[c.at:to], []byte("\n"))
	c.at = to
}

// after reports whether the # is behind the beginning of a node.
func (c *commenter) after(n *yaml.Node) bool {
	return n.Line < c.line || n.Line == c.line && c.Start(n) < c.at
}

// settle finds what the # is, and goes on to the next.
func (c *commenter) settle() {
	if c.in != nil {
		if text := c.Text(c.in, c.i); text.Lo <= c.at && c.at < text.Hi {
			c.next(text.Hi)
			return
		}
	}
	end := c.LineEnd(c.at)
	c.found = append(c.found, Span{c.at, len(bytes.TrimRight(c.data[:end], " \t"))})
	c.next(end)
}
