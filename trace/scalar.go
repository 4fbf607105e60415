package trace

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads scalars: text and numbers.

// scalar gives the text of a scalar as typed.
func (p *parser) scalar(n *yaml.Node, what string) (string, bool) {
	d := source.Deref(n)
	if d.Kind != yaml.ScalarNode {
		p.errorf(posOf(n), "%s is %s here; it takes a single value", what, source.Describe(d))
		return "", false
	}
	return d.Value, true
}

// number reads a plain decimal integer from 0 to 2^63-1.
func (p *parser) number(n *yaml.Node, what string) (uint64, bool) {
	s, ok := p.scalar(n, what)
	if !ok {
		return 0, false
	}
	s = strings.TrimSpace(s)
	v, problem := parseNumber(s)
	switch {
	case source.IsNull(n):
		p.errorf(posOf(n), "%s is left blank; write a whole number", what)
	case s == "-1" && strings.Contains(strings.ToLower(what), "index"):
		p.errorf(posOf(n), "%s: -1 is not an index; indexes count from 1, and 0 is the place before the first: write 0", what)
	case s == "-1":
		p.errorf(posOf(n), "%s: -1 is not a whole number; write 0 for none", what)
	case problem != "":
		p.errorf(posOf(n), "%s: %s %s%s", what, source.Quote(s), problem, odd(s))
	default:
		return v, true
	}
	return 0, false
}

// parseNumber gives the number that s is, or what is wrong with it.
func parseNumber(s string) (v uint64, problem string) {
	if !isDigits(s) {
		return 0, "is not a whole number; write digits only, such as 12"
	}
	if s[0] == '0' && len(s) > 1 {
		return 0, "starts with a zero; write " + source.Clip(strings.TrimLeft(s[:len(s)-1], "0")+s[len(s)-1:])
	}
	v, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, "is above the largest number, 9223372036854775807"
	}
	return v, ""
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// numeric is a term or an index.
type numeric interface{ raft.Term | raft.Index }

func (p *parser) shortValue(n *yaml.Node, s string) bool {
	if len(s) > p.lim.Value {
		p.errorf(posOf(n), "this value has %d bytes; the limit is %d", len(s), p.lim.Value)
		return false
	}
	return true
}
