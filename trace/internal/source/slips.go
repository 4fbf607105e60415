package source

import (
	"regexp"

	"raftsheet/trace/internal/pattern"
)

// A slip is a thing that people do to YAML: what the library says of it, how it
// looks, and what they meant to do. The first group of looks is the place.
type slip struct {
	says, looks func() *regexp.Regexp
	advice      string
}

const (
	loneDash  = `YAML reads a lone - as the start of a list; write none, or "-" in quotes`
	loneQuery = `YAML reads a lone ? as a key; leave the cell blank, or write "?" in quotes`
	noTab     = "this is a tab; indent with spaces only"
)

// slips is in the order in which they are looked for.
var slips = []slip{
	newSlip(`^block sequence entries are not allowed`, `[:,\[{][ \t]+(-)(?:[ \t]|$)`, loneDash),
	newSlip(`^did not find expected`, `[:,\[{][ \t]*(\?)[ \t]*(?:[,}\]]|$)`, loneQuery),
	newSlip(`^did not find expected node content`, `[:,\[{][ \t]*(-)[ \t]+(?:[,}\]]|$)`, loneDash),
	newSlip(`^mapping keys are not allowed`, `[:,\[{][ \t]+(\?)(?:[ \t]|$)`, loneQuery),
	newSlip(`^did not find expected node content`, `[\[,{][ \t]*(,)`,
		"a value is missing before this comma; write ~ for a blank"),
	newSlip(`^did not find expected node content`, `(?:[\[,]|^)[ \t]*(-)[ \t]`,
		"items in square brackets do not begin with -; separate them with commas"),
	newSlip(`^mapping values are not allowed`, `:[ \t].*?(:)(?:[ \t]|$)`,
		"a second colon on this line: put text that contains a colon and a space in quotes, and begin each key on its own line"),
	newSlip(`^found character that cannot start any token`, `^[ -]*(\t)`, noTab),
	newSlip(`^found a tab character`, `(\t)`, noTab),
	newSlip(`^found character that cannot start any token`, "^[ \t]*(```)", "this is the fence of a Markdown code block; remove the line"),
	newSlip(`^found character that cannot start any token`, "(?:^|[ \t,\\[{])([@`%|>])",
		"no value can start with this character; put the value in quotes"),
	newSlip(`^found incompatible YAML document`, `^(%YAML)`,
		"this YAML version is not supported; remove the %YAML line"),
	newSlip(`^found unknown escape character`, `"(?:[^"\\]|\\[0abt`+"\t"+`nvfre "/\\N_LPxuU])*(\\)`,
		`in double quotes a backslash begins an escape; write \\, or use single quotes`),
	newSlip(`^did not find expected hexdecimal`, `(\\[xuU])`,
		`in double quotes \x takes two hexadecimal digits, \u four and \U eight; a plain backslash is \\`),
	newSlip(`^did not find expected alphabetic`, `(?:^|[ \t,\[{])([&*])`,
		"& and * mark a value and repeat it; put text that begins with them in quotes"),
	newSlip(`^found undefined tag|^did not find (?:expected (?:whitespace|'!'|tag)|the expected '>'|URI)`, `(?:^|[ \t,\[{])(!)`,
		"text that begins with ! is a tag to YAML; put it in quotes"),
	newSlip(`^did not find expected comment`, `[ \t]([|>])`,
		"| and > begin a block of text on the next lines; put text that begins with them in quotes"),
	newSlip(`directive`, `^(%)`, "a line that begins with % is a directive to the YAML reader; remove it"),
	newSlip(`^found unexpected (?:end of stream|document indicator)`, `(?:^|[ \t,\[{:])("[^"]*|'[^']*)$`,
		"this quote is never closed"),
	newSlip(`^did not find expected (?:key|',' or)`, `[:,\[{][ \t]+(?:"(?:[^"\\]|\\.)*"|'[^']*')[ \t]*([^#\s,}\]:"'])`,
		"this follows a closing quote; put the whole value in quotes, with '' for each ' between single quotes"),
	newSlip(`^did not find expected (?:key|',' or)`, `(?:^|[ \t,\[{])\*[\w-]+[ \t]+([^#\s,}\]:])`,
		"this follows an alias, which is a value of its own; put text that begins with * in quotes"),
	newSlip(`^did not find expected key`, `^[^\[\]{}]*(?:[\[{][^\[\]{}]*[\]}][^\[\]{}]*)*([\]}])`,
		"this bracket closes nothing"),
}

func newSlip(says, looks, advice string) slip {
	return slip{pattern.Lazy(says), pattern.Lazy(`(?m)` + looks), advice}
}

// find looks for a slip: on its line where the library tells the line, and
// otherwise backwards from the line that it had come to, as far as the eye
// sees.
func (s *Source) find(slip slip, c complaint) (offset int, ok bool) {
	const far = 20
	last, first := c.line, c.line
	if !c.exact {
		last = s.Pos(c.reached).Line
		first = max(1, min(c.line, last), last-far)
	}
	for line := last; line >= first; line-- {
		start, end := s.LineSpan(line)
		most := -1
		if c.exact {
			most = 1
		}
		for _, m := range slip.looks().FindAllSubmatchIndex(s.data[start:end], most) {
			if at := start + m[2]; at < c.reached {
				offset, ok = at, true
			}
		}
		if ok {
			return offset, true
		}
	}
	return 0, false
}
