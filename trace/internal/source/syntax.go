package source

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/pattern"
)

// A complaint is what the YAML library has to say of a file. It tells a line
// at best, and of a collection that does not end where it should, the line on
// which the collection begins.
type complaint struct {
	says    string
	line    int32 // from 1
	exact   bool  // line is that of the trouble itself
	reached int   // offset up to which the library had read: the trouble is at or before it
	here    int32 // the line of the trouble, as well as can be told
}

// TooDeep is the message for nesting past a number of levels.
const TooDeep = "this is nested more than %d levels deep"

// syntaxError turns the YAML library's error into one with a place and a way
// out.
func (s *Source) syntaxError(err error, depth int) *Error {
	c := s.complaint(err)
	at, msg := s.explain(c)
	if strings.HasPrefix(c.says, "exceeded max depth") {
		at, msg = s.deeper(c, depth), fmt.Sprintf(TooDeep, depth)
	}
	return &Error{Pos: at, Msg: msg}
}

var atLine = pattern.Lazy(`(?s)^yaml: (?:line (\d+): )?(.*)`)

// complaint takes the library's error apart. Its lines count from 1 for what
// its scanner finds, from 0 for what its parser finds, and the first line is
// left out.
func (s *Source) complaint(err error) complaint {
	c := complaint{says: err.Error(), line: 1}
	if m := atLine().FindStringSubmatch(c.says); m != nil {
		line, _ := strconv.Atoi(m[1])
		c.line, c.says = int32(line), m[2]
	}
	parser := fromParser().MatchString(c.says)
	c.exact = !parser && !strings.HasPrefix(c.says, "found a tab") || strings.HasSuffix(c.says, "node content")
	if c.line == 0 || parser {
		c.line++
	}
	c.reached, _ = readTo(s.data)
	c.here = s.here(c.reached, err)
	return c
}

// lookahead is how far the library reads past a character that it rejects.
const lookahead = 4

// here gives the line of the trouble: the one that the library had come to, or
// one that it had passed by a little, if it finds the same trouble in a file
// that ends there.
func (s *Source) here(reached int, trouble error) int32 {
	const passed = 3
	end := max(0, reached-lookahead)
	if reached == len(s.data) {
		end = len(bytes.TrimRight(s.data, " \r\n"))
	}
	line := s.Pos(end).Line
	if !ofBlocks().MatchString(trouble.Error()) {
		return line // where brackets are open, a file that ends sooner is in trouble too
	}
	for n := 0; n < passed && line > 1; n++ {
		end, _ := s.lineStart(line)
		if _, err := readTo(s.data[:end]); err == nil || err.Error() != trouble.Error() {
			break
		}
		line--
	}
	return line
}

var ofBlocks = pattern.Lazy(`did not find expected ('-'|key|<)`)

var fromParser = pattern.Lazy(`^did not find expected ([',]|key$|node content$|<)|^found (incompatible|duplicate|undefined tag)`)

// readTo reads byte by byte up to an error, and gives it, with the offset at
// which the library stopped asking for more.
func readTo(data []byte) (reached int, trouble error) {
	r := &byteReader{data: data}
	dec := yaml.NewDecoder(r)
	for {
		var doc yaml.Node
		switch err := Decode(dec, &doc); {
		case err == io.EOF:
			return r.read, nil
		case err != nil:
			return r.read, err
		}
	}
}

// A byteReader hands out its data a byte at a time.
type byteReader struct {
	data []byte
	read int
}

func (r *byteReader) Read(p []byte) (int, error) {
	if r.read == len(r.data) {
		return 0, io.EOF
	}
	n := copy(p[:1], r.data[r.read:])
	r.read += n
	return n, nil
}

// explain finds where the trouble is, and words it for a person.
func (s *Source) explain(c complaint) (Pos, string) {
	for _, slip := range slips {
		if !slip.says().MatchString(c.says) {
			continue
		}
		if at, ok := s.find(slip, c); ok {
			return s.Pos(at), slip.advice
		}
	}
	if strings.HasPrefix(c.says, "found unexpected") && c.line > 1 {
		c.line = 1 // the library told where the file ends, since the quote is on the first line
		return s.explain(c)
	}
	if m := unknownAnchor().FindStringSubmatch(c.says); m != nil {
		name := Clip(m[1])
		return s.alias("*"+m[1], c.reached), "no anchor &" + name + " comes before this alias; mark the value that it stands for with &" + name
	}
	return s.reword(c)
}

// reword puts what the library says into words of the file.
func (s *Source) reword(c complaint) (Pos, string) {
	at := s.firstOnLine(c.here)
	if c.exact {
		at = s.firstOnLine(c.line)
	}
	switch says := c.says; {
	case strings.HasSuffix(says, "',' or ']'"):
		if at, ok := s.open(c, '['); ok {
			return s.Pos(at), missing("a comma, or the ] that closes this [,", c.here)
		}
	case strings.HasSuffix(says, "',' or '}'"):
		if at, ok := s.open(c, '{'); ok {
			return s.Pos(at), missing("a comma, or the } that closes this {,", c.here)
		}
	case strings.HasSuffix(says, "node content"):
		return at, missing("a value, or a closing bracket,", at.Line)
	case strings.HasPrefix(says, "mapping values"):
		return s.strayColon(c)
	case strings.HasPrefix(says, "could not find expected ':'"):
		return s.noColon(c.line)
	case ofBlocks().MatchString(says) && endsInComma().MatchString(s.Line(c.here)):
		return at, "this line ends in a comma, but no bracket is open; remove the comma"
	case strings.HasSuffix(says, "'-' indicator"):
		return at, "this is not an item of the list " + c.begin() + "; its items begin with - in the same column"
	case strings.HasSuffix(says, "expected key"):
		return at, "this is not a key of the mapping " + c.begin() + "; its keys begin in the same column"
	case strings.HasSuffix(says, "start>"):
		return at, "the document ended before this; begin another with ---"
	}
	return at, "this is not YAML: " + c.says
}

var unknownAnchor = pattern.Lazy(`^unknown anchor '([^']*)'`)

// alias gives the place of an alias, of which the library has read no further
// than a few characters past.
func (s *Source) alias(name string, reached int) Pos {
	at := max(0, bytes.LastIndex(s.data[:reached], []byte(name)))
	if before := bytes.LastIndex(s.data[:at], []byte(name)); before >= 0 && at-before <= lookahead {
		at = before
	}
	return s.Pos(at)
}

// begin says which collection goes wrong. Where it begins on the first line, the
// library tells the line of the trouble in its place.
func (c complaint) begin() string {
	if c.line >= c.here {
		return "above"
	}
	return fmt.Sprintf("that begins on line %d", c.line)
}

// open gives the offset of the innermost bracket of a kind that is not closed
// on the line on which the trouble begins.
func (s *Source) open(c complaint, bracket byte) (offset int, ok bool) {
	read := []int{c.reached - lookahead, c.reached}
	if c.reached == len(s.data) {
		slices.Reverse(read)
	}
	for _, line := range []int32{c.line, 1} {
		for _, end := range read {
			start, eol := s.LineSpan(line)
			for _, at := range slices.Backward(s.opened(start, min(end, eol))) {
				if s.data[at] == bracket {
					return at, true
				}
			}
		}
	}
	return 0, false
}

// opened gives the offsets of the brackets in [start, end) that are not closed
// there.
func (s *Source) opened(start, end int) []int {
	var open []int
	for i := start; i < end; i++ {
		switch b := s.data[i]; {
		case b == '[' || b == '{':
			open = append(open, i)
		case (b == ']' || b == '}') && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	return open
}

// deeper gives the place of the first bracket past a level of nesting; where
// there is none, dashes are what is nested.
func (s *Source) deeper(c complaint, level int) Pos {
	depth := 0
	for i, b := range s.data[:c.reached] {
		switch b {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth > level {
			return s.Pos(i)
		}
	}
	start, end := s.LineSpan(c.line)
	for i, b := range s.data[start:end] {
		if b == '-' || b == '?' {
			depth++
		}
		if depth > level {
			return s.Pos(start + i)
		}
	}
	return s.firstOnLine(c.line)
}

func missing(what string, line int32) string {
	return fmt.Sprintf("%s is missing on line %d or before", what, line)
}

var (
	gluedLine = pattern.Lazy(`^ *(?:- +)*([\w.-]+:)[^\s:]`)
	emptyLine = pattern.Lazy(`^\s*(?:#.*)?$`)

	endsInComma = pattern.Lazy(`[\]}"'],[ \t]*(?:#.*)?$`)
)

// strayColon explains a colon where the library expects none: as a rule the
// line above has gone wrong, and this one has been read as going on from it.
func (s *Source) strayColon(c complaint) (Pos, string) {
	above := c.line - 1
	for above > 1 && emptyLine().MatchString(s.Line(above)) {
		above--
	}
	line := s.Line(above)
	switch {
	case len(s.Line(c.line)) > longestKey:
		return s.noColon(c.line)
	case above > 0 && (gluedLine().MatchString(line) || !strings.Contains(line, ":")):
		return s.noColon(above)
	case above > 0:
		return s.firstOnLine(c.line), "the line above is complete, but this key is indented deeper; keys of one mapping begin in the same column"
	}
	return s.firstOnLine(c.line), "this is not YAML: " + c.says
}

const longestKey = 1024 // the library's limit, in characters

// noColon explains a line that should have a key, and has none.
func (s *Source) noColon(line int32) (Pos, string) {
	at, text := s.firstOnLine(line), s.Line(line)
	if key := gluedLine().FindStringSubmatchIndex(text); key != nil {
		start, _ := s.LineSpan(line)
		return s.Pos(start + key[2]), Quote(text[key[2]:key[3]]) + " needs a space after its colon"
	}
	if len(text) > longestKey {
		return at, fmt.Sprintf("this line is too long to begin with a key; a key has at most %d characters", longestKey)
	}
	return at, "this line has no colon; write a colon and a space after the key"
}

// firstOnLine gives the place of a line's first character that is not a space, on
// the last line at most.
func (s *Source) firstOnLine(line int32) Pos {
	s.lineStart(1)
	line = min(line, int32(len(s.lines)))
	text := s.Line(line)
	return Pos{line, int32(len(text)-len(strings.TrimLeft(text, " "))) + 1}
}
