package grade

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"raftsheet/check/grade/intake"
	"raftsheet/trace"
)

// This file takes in sheets that were typed in from paper: one file for a class, in
// which each document is the sheet of the student whom it names.

// An Entered is such a file.
type Entered struct {
	Name string
	Data []byte
}

// mostEntered bounds the sheets of one file.
const mostEntered = 5000

// Enter adds sheets that were typed in to what was handed in. Each is an input of its
// own, so that what is damaged in one costs no other. What its student says is looked
// up in the roster, which may be nil, and among those who have handed something in.
//
// It is an error if two sheets are one student's, since nobody can say which of them
// counts: its place is that of the later one. What an instructor has to look at in any
// case, such as a photo of the very paper, is not a sheet.
func Enter(in *intake.Intake, files []Entered, roster *intake.Roster) trace.Errors {
	e := &enterer{in: in, roster: roster, sheets: make(map[Student]string)}
	for i := range in.Inputs {
		f := &in.Inputs[i]
		if f.Refused != "" {
			continue
		}
		for _, who := range append([]Student{f.Student}, f.With...) {
			e.sheets[who.Identity()] = f.Name
		}
	}
	e.handedIn = len(in.Inputs)
	for _, f := range files {
		e.file(f)
	}
	in.Missing = slices.DeleteFunc(in.Missing, func(s Student) bool { return slices.Contains(in.Begun, s) })
	slices.SortStableFunc(in.Inputs, func(a, b Input) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(in.Remarks, func(a, b intake.Remark) int { return strings.Compare(a.Name, b.Name) })
	return e.errs
}

// An enterer adds the sheets of several files.
type enterer struct {
	in       *intake.Intake
	handedIn int // so many of its inputs
	roster   *intake.Roster
	sheets   map[Student]string // where each student's is
	errs     trace.Errors
}

func (e *enterer) file(f Entered) {
	data := bytes.TrimPrefix(f.Data, []byte("\ufeff"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		e.errs = append(e.errs, &trace.Error{File: f.Name, Msg: "this is not text in UTF-8; save it as UTF-8"})
		return
	}
	e.begun(f.Name, data)
	sheets := documents(data)
	if len(sheets) == 0 || len(sheets) > mostEntered {
		e.errs = append(e.errs, &trace.Error{File: f.Name, Msg: fmt.Sprintf("this file has %d sheets; a file of sheets that were typed in has 1 to %d, with a line --- before each but the first", len(sheets), mostEntered)})
		return
	}
	for i := range sheets {
		e.sheet(f.Name, i+1, &sheets[i])
	}
}

// A sheet that was only begun is in a comment, below a line that says so.
const (
	begunMark   = "# begun, and not finished:"
	begunIndent = "#   "
)

// begun notes the students whose sheets were begun to be typed in and not finished.
func (e *enterer) begun(file string, data []byte) {
	inside := false
	for line := range bytes.Lines(data) {
		text, is := bytes.CutPrefix(line, []byte(begunIndent))
		switch {
		case bytes.Equal(bytes.TrimSpace(line), []byte(begunMark)):
			inside = true
		case !is:
			inside = false
		case inside && leadingKey(text) == "student" && e.roster != nil:
			d := document{1, text}
			name, _ := d.student(file)
			who, ok := e.roster.Find(strings.TrimSpace(name))
			missing := func(s Student) bool { return s.Row == who.Row }
			if ok && slices.ContainsFunc(e.in.Missing, missing) && !slices.ContainsFunc(e.in.Begun, missing) {
				e.in.Begun = append(e.in.Begun, who)
			}
		}
	}
}

// sheet adds one sheet, the nth of its file.
func (e *enterer) sheet(file string, nth int, d *document) {
	text, at := d.student(file)
	name := signature(text)
	where := fmt.Sprintf("%s:%d", file, at.Line)
	var who Student
	switch {
	case name == "":
		name = fmt.Sprintf("document %d", nth)
		who = Student{Name: name}
		e.remark(where, "this sheet does not say whose it is; write the student's number or name after the word student")
	default:
		who = e.find(strings.TrimSpace(text), name, where)
		if other, twice := e.sheets[who.Identity()]; twice {
			e.errs = append(e.errs, &trace.Error{File: file, Pos: at, Msg: fmt.Sprintf("%s has a sheet here and another one in %s; leave one of them out", who.Called(), other)})
			return
		}
		e.sheets[who.Identity()] = where
	}
	e.in.Inputs = append(e.in.Inputs, intake.Typed(file+"/"+name, file, d.line, who, d.text))
	e.there(who)
}

// there says that a student has handed something in.
func (e *enterer) there(who Student) {
	is := func(s Student) bool { return s.Row > 0 && s.Row == who.Row }
	e.in.Missing = slices.DeleteFunc(e.in.Missing, is)
	e.in.Begun = slices.DeleteFunc(e.in.Begun, is)
}

func (e *enterer) remark(where, what string) {
	e.in.Remarks = append(e.in.Remarks, intake.Remark{Name: where, What: what})
}

// find gives the student of a sheet.
func (e *enterer) find(text, name, where string) Student {
	if e.roster != nil {
		if s, ok := e.roster.Find(text); ok {
			if s.Name == "" {
				s.Name = s.Called()
			}
			return s
		}
		e.remark(where, "the roster has no "+name+", or several; the sheet is listed under this name")
	}
	for i := range e.in.Inputs[:e.handedIn] {
		s := e.in.Inputs[i].Student
		for _, own := range []string{s.ID, s.SIS, s.Login, s.Email, s.Name} {
			if own != "" && strings.EqualFold(own, text) {
				return s
			}
		}
	}
	return Student{Name: name}
}

// A document is one sheet of a file: its bytes, and the line on which they begin.
type document struct {
	line int
	text []byte
}

// isMark reports whether a line is the one that YAML has between documents.
func isMark(line []byte) bool {
	rest, is := bytes.CutPrefix(line, []byte("---"))
	return is && (len(rest) == 0 || bytes.ContainsAny(rest[:1], " \t\r\n"))
}

// saysNothing reports whether a line has a comment alone, or a mark, or nothing.
func saysNothing(line []byte) bool {
	switch text := bytes.TrimSpace(line); string(text) {
	case "", "---", "...":
		return true
	default:
		return text[0] == '#'
	}
}

// leadingKey gives the key that begins a line; empty for none.
func leadingKey(line []byte) string {
	key, _, ok := bytes.Cut(line, []byte(":"))
	if !ok || bytes.ContainsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return ""
	}
	return string(key)
}

// documents cuts a file into its sheets: at the lines that YAML has between documents,
// and, where such a line is damaged, at the key with which a sheet has begun, which
// comes again. What has comments alone is not a sheet.
func documents(data []byte) []document {
	var all []document
	n, first, empty := 0, "", true
	from, line := 0, 1
	cut := func(to int) {
		if !empty {
			all = append(all, document{line, data[from:to]})
		}
		from, line, first, empty = to, n, "", true
	}
	at := 0
	for text := range bytes.Lines(data) {
		n++
		key := leadingKey(text)
		if isMark(text) || key != "" && key == first {
			cut(at)
		}
		if first == "" {
			first = key
		}
		empty = empty && saysNothing(text)
		at += len(text)
	}
	cut(at)
	return all
}

// student gives what a document says of whose it is, and the place, whatever else is
// damaged in it.
func (d *document) student(file string) (string, trace.Pos) {
	at, line := trace.Pos{Line: int32(d.line), Column: 1}, int32(d.line)
	for text := range bytes.Lines(d.text) {
		if leadingKey(text) == "student" {
			at.Line = line
			alone := append([]byte("nodes: 1\nsteps: []\n"), text...)
			if f, _ := trace.Parse(file, alone, trace.DefaultLimits()); len(f.Traces) > 0 && f.Traces[0].Student != "" {
				return f.Traces[0].Student, at
			}
			break
		}
		line++
	}
	if r, _ := read(file, d.text, trace.DefaultLimits()); r != nil {
		return r.trace.Student, at
	}
	return "", at
}

// source gives the name of the file in which a submission is written, and its bytes
// on the lines on which they are there.
func (s *Submission) source(data []byte) (string, []byte) {
	if s.In == "" {
		return s.Name, data
	}
	return s.In, slices.Concat(bytes.Repeat([]byte("\n"), s.Line-1), data)
}
