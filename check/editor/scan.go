package editor

import (
	"slices"
	"strings"

	"raftsheet/trace"
)

// This file finds out where a caret is in text that is being typed, and so may not
// be YAML yet. It knows of YAML what a trace has: mappings and lists, by indents and
// in brackets, plain and quoted words, comments.

// A frame is a mapping or list that is open.
type frame struct {
	start  int  // the offset of its first key or item, or of its bracket
	indent int  // the column of its keys or items, from 0; of brackets none
	flow   byte // '{' or '[' in brackets; 0 by indents
	list   bool
	key    string   // the last key of a mapping
	value  bool     // whether its colon has come
	keys   []string // all of them
	within *frame   // nil at the top
	sender string   // of a message: who its leaderId or candidateId is
}

// says takes in the value of the last key.
func (f *frame) says(value string) {
	if f.key == "leaderId" || f.key == "candidateId" {
		f.sender = strings.Trim(strings.TrimSpace(value), `"'`)
	}
}

// A scanner reads up to an offset.
type scanner struct {
	text    string
	end     int
	at      int
	stack   []*frame
	lone    int      // where the word begins that is being read, or may begin
	column  int      // of what the line begins with, behind its dashes
	dashed  bool     // the line has a dash
	inKey   bool     // the line has no colon yet
	blocked bool     // a block of text has not ended
	closed  bool     // nothing can be typed here: a comment, a quoted word, a block of text
	frames  []*frame // all there have been
	lineEnd int      // where the line ends that is being read; before at where that is not known
}

// scan reads text up to an offset, and gives what is open there.
func scan(text string, end int) *scanner {
	s := &scanner{text: text, end: end, inKey: true, lineEnd: -1}
	for s.at < s.end {
		if s.flow() {
			s.inBrackets()
		} else {
			s.line()
		}
	}
	if end > 0 && text[end-1] == '\n' && !s.flow() && !s.blocked {
		s.begin()
	}
	return s
}

// begin begins a line of its own at the end.
func (s *scanner) begin() {
	s.closed, s.dashed, s.inKey, s.column, s.lone = false, false, true, 0, s.end
	s.leave(0)
}

func (s *scanner) top() *frame {
	if len(s.stack) == 0 {
		return nil
	}
	return s.stack[len(s.stack)-1]
}

func (s *scanner) flow() bool { return s.top() != nil && s.top().flow != 0 }

func (s *scanner) push(f *frame) {
	f.within = s.top()
	s.stack = append(s.stack, f)
	s.frames = append(s.frames, f)
}

func (s *scanner) pop() { s.stack = s.stack[:len(s.stack)-1] }

// line reads a line that is not in brackets, up to its end or to a bracket.
func (s *scanner) line() {
	begins := s.at
	s.closed, s.dashed, s.inKey, s.blocked = false, false, true, false
	s.spaces()
	s.lone, s.column = s.at, s.at-begins
	switch rest := s.rest(); {
	case s.at == s.end:
		s.leave(s.column)
		return
	case rest == "" || rest[0] == '#':
		s.closed = rest != ""
		s.nextLine()
		return
	case s.column == 0 && (strings.HasPrefix(rest, "---") || strings.HasPrefix(rest, "...")):
		s.stack = s.stack[:0]
		s.nextLine()
		return
	}
	for s.isDash() {
		s.dash(s.column)
		s.column = s.at - begins
	}
	s.leave(s.column)
	s.lone = s.at
	switch {
	case s.rest() != "":
		s.pair()
	case s.at < s.end: // a dash alone
		s.nextLine()
	}
}

// pair reads a key and its value, or a value alone.
func (s *scanner) pair() {
	if key, after := s.keyHere(); after >= 0 {
		f := s.top()
		if f == nil || f.list || f.indent != s.column {
			f = &frame{start: s.at, indent: s.column}
			s.push(f)
		}
		f.key, f.keys = key, append(f.keys, key)
		s.inKey = false
		s.at = after
		s.spaces()
		s.lone = s.at
	}
	s.value(s.column)
}

// leave closes what a line that begins at a column is no longer in.
func (s *scanner) leave(column int) {
	for f := s.top(); f != nil && (f.indent > column || f.list && f.indent == column && !s.dashed); f = s.top() {
		s.pop()
	}
}

func (s *scanner) isDash() bool {
	rest := s.rest()
	return rest == "-" || strings.HasPrefix(rest, "- ")
}

func (s *scanner) dash(column int) {
	s.dashed = true
	s.leave(column)
	if f := s.top(); f == nil || !f.list || f.indent != column {
		s.push(&frame{start: s.at, indent: column, list: true})
	}
	s.at++
	s.spaces()
	s.lone = s.at
}

// keyHere reads a key and its colon; after is behind them, -1 where there is no key.
func (s *scanner) keyHere() (key string, after int) {
	rest := s.rest()
	if rest[0] == '"' || rest[0] == '\'' {
		n := quoted(rest)
		if n < len(rest) && rest[n] == ':' {
			return strings.Trim(rest[:n], `"'`), s.at + n + 1
		}
		return "", -1
	}
	if strings.ContainsRune("{[#&*|>", rune(rest[0])) {
		return "", -1
	}
	for i := range len(rest) {
		if rest[i] == '#' && i > 0 && rest[i-1] == ' ' {
			break
		}
		if rest[i] == ':' && (i+1 == len(rest) || rest[i+1] == ' ') {
			return strings.TrimSpace(rest[:i]), s.at + i + 1
		}
	}
	return "", -1
}

// value reads what a line has behind its key or dash, or goes into its bracket. The
// column is that of the key.
func (s *scanner) value(column int) {
	rest := s.rest()
	switch {
	case rest == "":
		s.nextLine()
	case rest[0] == '{' || rest[0] == '[':
		s.push(&frame{start: s.at, flow: rest[0], list: rest[0] == '['})
		s.at++
		s.lone = s.at
	case rest[0] == '|' || rest[0] == '>':
		s.block(column)
	default:
		s.plain(rest)
	}
}

// plain reads a word up to the end of its line.
func (s *scanner) plain(rest string) {
	n := len(rest)
	switch hash := strings.Index(rest, " #"); {
	case rest[0] == '#':
		s.closed = true
	case rest[0] == '"' || rest[0] == '\'':
		s.closed = true
	case hash >= 0:
		s.closed = s.at+hash < s.end
	}
	if f := s.top(); f != nil && !s.inKey {
		value, _, _ := strings.Cut(rest, " #")
		f.says(value)
	}
	s.at += n
	s.nextLine()
}

// block reads past a block of text: the lines that are further in than its key.
func (s *scanner) block(column int) {
	s.closed, s.blocked = true, true
	for s.nextLine(); s.at < s.end; s.nextLine() {
		line := s.rest()
		if in := len(line) - len(strings.TrimLeft(line, " ")); in < len(line) && in <= column {
			return
		}
	}
}

// inBrackets reads one sign, or one word, in brackets.
func (s *scanner) inBrackets() {
	f := s.top()
	s.closed = false
	switch c := s.text[s.at]; c {
	case '{', '[':
		s.push(&frame{start: s.at, flow: c, list: c == '['})
	case '}', ']':
		f.says(s.text[s.lone:s.at])
		if s.pop(); !s.flow() {
			s.at++
			s.closed = true // behind a value
			if s.rest() != "" {
				s.at += len(s.rest())
			}
			s.nextLine()
			return
		}
	case ',':
		f.says(s.text[s.lone:s.at])
		f.key, f.value = "", false
	case ' ', '\n', '\t', '\r':
		s.at++
		if s.lone == s.at-1 {
			s.lone = s.at
		}
		return
	case '#':
		s.closed = true
		s.nextLine()
		s.lone = s.at
		return
	case ':':
		if !f.list && !f.value {
			f.key, f.value = strings.Trim(strings.TrimSpace(s.text[s.lone:s.at]), `"'`), true
			f.keys = append(f.keys, f.key)
		}
	case '"', '\'':
		n := quoted(s.text[s.at:s.end])
		s.closed = s.at+n >= s.end
		s.at += n
		return
	default:
		s.word()
		return
	}
	s.at++
	s.lone = s.at
}

// word reads a plain word in brackets.
func (s *scanner) word() {
	for ; s.at < s.end; s.at++ {
		switch c := s.text[s.at]; {
		case strings.IndexByte("{}[],\n", c) >= 0:
			return
		case c == ':' && (s.at+1 == len(s.text) || strings.IndexByte(" ,]}\n", s.text[s.at+1]) >= 0):
			return
		case c == '#' && s.at > 0 && s.text[s.at-1] == ' ':
			return
		}
	}
}

// quoted is the length of a quoted word, all of the text where it does not end.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[0] == '"' && text[i] == '\\':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(text)
}

// rest is what is left of the line.
func (s *scanner) rest() string {
	if s.lineEnd < s.at { // found once a line: a line may be all of a long text
		s.lineEnd = s.end
		if n := strings.IndexByte(s.text[s.at:s.end], '\n'); n >= 0 {
			s.lineEnd = s.at + n
		}
	}
	return s.text[s.at:s.lineEnd]
}

func (s *scanner) spaces() {
	for s.at < s.end && s.text[s.at] == ' ' {
		s.at++
	}
}

// nextLine goes to the beginning of the next line, or to the end.
func (s *scanner) nextLine() {
	if s.at = min(s.at+len(s.rest())+1, s.end); s.text[max(s.at-1, 0):s.at] == "\n" {
		s.lone = s.at
	}
}

// path gives the keys that lead to what is being typed, as [trace.OffersAt] takes them,
// whether that is a key, and the mapping that the key joins, nil for a new one.
func (s *scanner) path() (path []string, isKey bool, in *frame) {
	for _, f := range s.stack {
		if f.list {
			path = append(path, trace.ListItem)
		} else {
			path = append(path, f.key)
		}
	}
	switch f := s.top(); {
	case f == nil:
		return nil, true, nil
	case f.flow == '{' && !f.value, f.flow == 0 && s.inKey && !f.list && f.indent == s.column:
		return path[:len(path)-1], true, f
	default:
		return path, f.flow == 0 && s.inKey, nil
	}
}

// siblings gives the keys of the mapping that a frame is, before the end and behind it.
func siblings(all []*frame, f *frame) []string {
	if f == nil {
		return nil
	}
	for _, other := range all {
		if other.start == f.start && other.flow == f.flow && other.list == f.list {
			return slices.Clone(other.keys)
		}
	}
	return slices.Clone(f.keys)
}

// sender is who has sent the request of the step whose response is being typed; empty
// where the text does not say so.
func (s *scanner) sender(all []*frame) string {
	for _, step := range s.stack {
		if step.key != "response" {
			continue
		}
		for _, f := range all {
			if f.sender != "" && f.within != nil && f.within.start == step.start {
				return f.sender
			}
		}
	}
	return ""
}
