package trace

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
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

// syntaxError turns the YAML library's error into one with a place and a way
// out.
func (f *File) syntaxError(document int, err error, lim Limits) *Error {
	c := f.complaint(err)
	at, msg := f.explain(c)
	if strings.HasPrefix(c.says, "exceeded max depth") {
		at, msg = f.deeper(c, lim.Depth), fmt.Sprintf(tooDeep, lim.Depth)
	}
	return &Error{File: f.Name, Document: document, Pos: at, Msg: msg}
}

var atLine = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)`)

// complaint takes the library's error apart. Its lines count from 1 for what
// its scanner finds, from 0 for what its parser finds, and the first line is
// left out.
func (f *File) complaint(err error) complaint {
	c := complaint{says: err.Error(), line: 1}
	if m := atLine.FindStringSubmatch(c.says); m != nil {
		line, _ := strconv.Atoi(m[1])
		c.line, c.says = int32(line), m[2]
	}
	parser := fromParser.MatchString(c.says)
	c.exact = !parser && !strings.HasPrefix(c.says, "found a tab")
	if c.line == 0 || parser {
		c.line++
	}
	_, c.reached = readTo(f.data)
	c.here = f.here(c.reached, err)
	return c
}

// here gives the line of the trouble: the one that the library had come to, or
// one that it had passed by a little, if it finds the same trouble in a file
// that ends there.
func (f *File) here(reached int, trouble error) int32 {
	const passed = 3
	if strings.Contains(trouble.Error(), "expected ',' or") {
		return f.pos(reached).Line // a file that ends sooner lacks the bracket too
	}
	if reached == len(f.data) {
		reached = len(bytes.TrimRight(f.data, " \r\n"))
	}
	line := f.pos(reached).Line
	for n := 0; n < passed && line > 1; n++ {
		end, _ := f.lineStart(line)
		if err, _ := readTo(f.data[:end]); err == nil || err.Error() != trouble.Error() {
			break
		}
		line--
	}
	return line
}

var fromParser = regexp.MustCompile(`^did not find expected ([',]|key$|node content$|<)|^found (incompatible|duplicate|undefined tag)`)

// readTo reads byte by byte up to an error, and gives it, with the offset at
// which the library stopped asking for more.
func readTo(data []byte) (trouble error, reached int) {
	r := &byteReader{data: data}
	dec := yaml.NewDecoder(r)
	for {
		var doc yaml.Node
		switch err := decode(dec, &doc); {
		case err == io.EOF:
			return nil, r.read
		case err != nil:
			return err, r.read
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
func (f *File) explain(c complaint) (Pos, string) {
	for _, s := range slips {
		if !s.says.MatchString(c.says) {
			continue
		}
		if at, ok := f.find(s, c); ok {
			return f.pos(at), s.advice
		}
	}
	if strings.HasPrefix(c.says, "found unexpected") && c.line > 1 {
		c.line = 1 // the library told where the file ends, since the quote is on the first line
		return f.explain(c)
	}
	at := f.firstOnLine(c.here)
	if c.exact {
		at = f.firstOnLine(c.line)
	}
	switch says := c.says; {
	case unknownAnchor.MatchString(says):
		name := unknownAnchor.FindStringSubmatch(says)[1]
		at := max(0, bytes.LastIndex(f.data[:c.reached], []byte("*"+name)))
		return f.pos(at), "nothing is named &" + clip(name) + " before this alias; name the text that it stands for with &" + clip(name)
	case strings.HasPrefix(says, "did not find expected ',' or "):
		if at, ok := f.open(c); ok {
			return f.pos(at), missingComma(f.data[at], c.here)
		}
	case strings.HasPrefix(says, "mapping values"):
		return f.strayColon(c)
	case strings.HasPrefix(says, "could not find expected ':'"):
		if len(f.Line(c.line)) > 1024 {
			return at, "this key is too long; a key has at most 1024 characters"
		}
		return at, noColon
	case strings.HasSuffix(says, "'-' indicator"):
		return at, "this is no item of the list that begins on line " + c.begin() + "; its items begin with - in one column"
	case strings.HasSuffix(says, "expected key"):
		return at, "this is no key of the mapping that begins on line " + c.begin() + "; its keys begin in one column"
	case strings.HasSuffix(says, "<document start>"):
		return at, "the document has ended before this; begin another one with ---"
	}
	return at, "this is no YAML: " + c.says
}

var unknownAnchor = regexp.MustCompile(`^unknown anchor '([^']*)'`)

// begin is the line on which a block collection begins. Where that is the first
// line, the library tells the line of the trouble in its place.
func (c complaint) begin() string {
	if c.line >= c.here {
		return "1"
	}
	return strconv.Itoa(int(c.line))
}

// open gives the offset of the innermost bracket that is not closed on the line
// on which the trouble begins.
func (f *File) open(c complaint) (offset int, ok bool) {
	for _, line := range []int32{c.line, 1} {
		start, end := f.lineSpan(line)
		end = min(end, max(start, c.reached-lookahead))
		var opened []int
		for i := start; i < end; i++ {
			switch c := f.data[i]; {
			case c == '[' || c == '{':
				opened = append(opened, i)
			case (c == ']' || c == '}') && len(opened) > 0:
				opened = opened[:len(opened)-1]
			}
		}
		if len(opened) > 0 {
			return opened[len(opened)-1], true
		}
	}
	return 0, false
}

// deeper gives the place of the first bracket past a level of nesting; where
// there is none, dashes are what is nested.
func (f *File) deeper(c complaint, level int) Pos {
	depth := 0
	for i, b := range f.data[:c.reached] {
		switch b {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth > level {
			return f.pos(i)
		}
	}
	start, end := f.lineSpan(c.line)
	for i, b := range f.data[start:end] {
		if b == '-' || b == '?' {
			depth++
		}
		if depth > level {
			return f.pos(start + i)
		}
	}
	return f.firstOnLine(c.line)
}

// lookahead is how far the library reads past a character that it rejects.
const lookahead = 4

func missingComma(bracket byte, line int32) string {
	closing := "]"
	if bracket == '{' {
		closing = "}"
	}
	return "a comma, or the " + closing + " that closes this " + string(bracket) + ", is missing on line " + strconv.Itoa(int(line)) + " or before"
}

const noColon = "this line has no colon; after a key stand a colon and a space"

var (
	gluedLine = regexp.MustCompile(`^ *(?:- +)*([\w.-]+:)[^\s:]`)
	emptyLine = regexp.MustCompile(`^\s*(?:#.*)?$`)
)

// strayColon explains a colon where the library expects none: as a rule the
// line above has gone wrong, and this one has been read as going on from it.
func (f *File) strayColon(c complaint) (Pos, string) {
	above := c.line - 1
	for above > 1 && emptyLine.MatchString(f.Line(above)) {
		above--
	}
	at := f.firstOnLine(c.line)
	if above < 1 {
		return at, "this is no YAML: " + c.says
	}
	line := f.Line(above)
	switch key := gluedLine.FindStringSubmatchIndex(line); {
	case key != nil:
		start, _ := f.lineSpan(above)
		return f.pos(start + key[2]), quote(line[key[2]:key[3]]) + " needs a space after its colon"
	case !strings.Contains(line, ":"):
		return f.firstOnLine(above), noColon
	}
	return at, "the line above is complete, and this key stands deeper; keys of one mapping begin in one column"
}

// firstOnLine gives the place of a line's first character that is no space, on
// the last line at most.
func (f *File) firstOnLine(line int32) Pos {
	f.lineStart(1)
	line = min(line, int32(len(f.lines)))
	text := f.Line(line)
	return Pos{line, int32(len(text)-len(strings.TrimLeft(text, " "))) + 1}
}
