package trace

import "regexp"

// A slip is a thing that people do to YAML: what the library says of it, how it
// looks, and what they meant to do. The first group of looks is the place.
type slip struct {
	says, looks *regexp.Regexp
	advice      string
}

const (
	loneDash  = `YAML takes a lone - for the start of a list; write none, or "-" in quotes`
	loneQuery = `YAML takes a lone ? for a key; leave the cell blank, or write "?" in quotes`
	noTab     = "a tab stands here; YAML indents with spaces alone"
)

// slips is in the order in which they are looked for.
var slips = []slip{
	newSlip(`^block sequence entries are not allowed`, `[:,\[{][ \t]+(-)(?:[ \t]|$)`, loneDash),
	newSlip(`^did not find expected`, `[:,\[{][ \t]*(\?)[ \t]*(?:[,}\]]|$)`, loneQuery),
	newSlip(`^did not find expected node content`, `[:,\[{][ \t]*(-)[ \t]+(?:[,}\]]|$)`, loneDash),
	newSlip(`^mapping keys are not allowed`, `[:,\[{][ \t]+(\?)(?:[ \t]|$)`, loneQuery),
	newSlip(`^did not find expected node content`, `[\[,{][ \t]*(,)`,
		"something must stand before this comma; write ~ for a blank"),
	newSlip(`^did not find expected node content`, `(?:[\[,]|^)[ \t]*(-)[ \t]`,
		"in square brackets no item begins with -; part the items with commas"),
	newSlip(`^mapping values are not allowed`, `:[ \t].*?(:)(?:[ \t]|$)`,
		"a second colon on this line: put text that holds a colon and a space in quotes, and begin each key on a line of its own"),
	newSlip(`^found character that cannot start any token`, `^[ -]*(\t)`, noTab),
	newSlip(`^found a tab character`, `(\t)`, noTab),
	newSlip(`^found character that cannot start any token`, "(?:^|[ \t,\\[{])([@`%|>])",
		"no value can start with this character; put the value in quotes"),
	newSlip(`^found incompatible YAML document`, `^(%YAML)`,
		"this YAML version is not known; leave the %YAML line out"),
	newSlip(`^found unknown escape character`, `"(?:[^"\\]|\\[0abt`+"\t"+`nvfre "/\\N_LPxuU])*(\\)`,
		`in double quotes a backslash begins an escape; write \\, or use single quotes`),
	newSlip(`^did not find expected hexdecimal`, `(\\[xuU])`,
		`in double quotes \x takes two hexadecimal digits, \u four and \U eight; a backslash of its own is \\`),
	newSlip(`^did not find expected alphabetic`, `(?:^|[ \t,\[{])([&*])`,
		"& and * name a value and stand for one; put text that begins with them in quotes"),
	newSlip(`^found undefined tag|^did not find (?:expected (?:whitespace|'!'|tag)|the expected '>'|URI)`, `(?:^|[ \t,\[{])(!)`,
		"text that begins with ! is a tag to YAML; put it in quotes"),
	newSlip(`^did not find expected comment`, `[ \t]([|>])`,
		"| and > announce text on the next lines; put text that begins with them in quotes"),
	newSlip(`directive`, `^(%)`, "a line that begins with % speaks to the YAML reader; a trace has no use for it"),
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
	return slip{regexp.MustCompile(says), regexp.MustCompile(`(?m)` + looks), advice}
}

// find looks for a slip: on its line where the library tells the line, and
// otherwise backwards from the line that it had come to, as far as the eye
// sees.
func (f *File) find(s slip, c complaint) (offset int, ok bool) {
	const far = 20
	last, first := c.line, c.line
	if !c.exact {
		last = f.pos(c.reached).Line
		first = max(1, min(c.line, last), last-far)
	}
	for line := last; line >= first; line-- {
		start, end := f.lineSpan(line)
		most := -1
		if c.exact {
			most = 1
		}
		for _, m := range s.looks.FindAllSubmatchIndex(f.data[start:end], most) {
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
