package intake

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Roster is the students of a class, as a CSV file lists them, and finds them by
// the names that folders have.
type Roster struct {
	Students []Student // by row

	variants map[int]string // of the worksheet that a student has, by Student.Row

	ids   index // by what stands in a column, in lower case
	names index // by the letters and digits of a name or column, run together
	bare  index // the same of a name, without accents
	parts index // by a word of a name, without accents
	words index // by what may be looked for as words in a longer name
}

// An index finds students by a text: their places in Students.
type index map[string][]int

func (x index) put(key string, at int) {
	if key != "" && !slices.Contains(x[key], at) {
		x[key] = append(x[key], at)
	}
}

// A column is what a column of a roster says of a student.
type column uint8

const (
	idColumn column = iota
	sisColumn
	loginColumn
	emailColumn
	nameColumn
	lastColumn
	firstColumn
	variantColumn
	columns
)

// columnNames are the names that columns have, their letters and digits run together,
// in lower case: the better ones first. They are those of the exports of Canvas
// (gradebook), Moodle (grading worksheet, participants), Gradescope (roster), GitHub
// Classroom (roster) and nbgrader, and what people write.
var columnNames = [columns][]string{
	idColumn:      {"canvasuserid", "canvasid", "lmsuserid", "id", "identifier", "userid"},
	sisColumn:     {"sisuserid", "sisid", "studentid", "sid", "idnumber", "studentnumber", "matriculationnumber"},
	loginColumn:   {"sisloginid", "login", "loginid", "username", "netid", "user", "githubusername"},
	emailColumn:   {"email", "emailaddress", "mail"},
	nameColumn:    {"student", "name", "fullname", "studentname"},
	lastColumn:    {"lastname", "surname", "familyname"},
	firstColumn:   {"firstname", "givenname"},
	variantColumn: {"variant"},
}

// A table is the columns of a roster: which says what, by its place.
type table struct {
	at   [columns]int // -1 for none
	more []int        // further columns by which a student may be found
}

// ReadRoster reads a roster: CSV with commas, semicolons or tabs, in UTF-8 or
// UTF-16, whose first line names its columns, in any order. At least one of them
// must tell students apart. Rows that are no student's, such as Canvas's Points
// Possible, are passed over. The error is one sentence, without the file's name.
func ReadRoster(data []byte) (*Roster, error) {
	text, ok := fromUTF16(data)
	if !ok {
		text = strings.TrimPrefix(string(data), byteOrderMark)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, errors.New("this is not text in UTF-8; save it as CSV in UTF-8")
	}
	comma, rest := delimiter(text)
	above := strings.Count(text[:len(text)-len(rest)], "\n")
	in := csv.NewReader(strings.NewReader(rest))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = comma, -1, comma != '\t'
	head, err := in.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	t, err := tableOf(head)
	if err != nil {
		return nil, err
	}
	r := &rosterReader{table: t, seen: make(map[Student]bool),
		Roster: &Roster{variants: make(map[int]string), ids: make(index), names: make(index), bare: make(index), parts: make(index), words: make(index)}}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		line, _ := in.FieldPos(0)
		r.add(row, above+line)
	}
	if len(r.Students) == 0 {
		return nil, errors.New("this roster lists no students")
	}
	return r.Roster, nil
}

// delimiter gives what separates a roster's columns: what its first line has most
// of, or what the line sep=; says, with which Excel may begin.
func delimiter(text string) (comma rune, rest string) {
	head, after, _ := strings.Cut(text, "\n")
	if sep, ok := strings.CutPrefix(strings.TrimRight(head, "\r"), "sep="); ok && len(sep) == 1 && strings.Contains(",;\t", sep) {
		return rune(sep[0]), after
	}
	comma = ','
	for _, other := range ";\t" {
		if strings.Count(head, string(other)) > strings.Count(head, string(comma)) {
			comma = other
		}
	}
	return comma, text
}

func tableOf(head []string) (*table, error) {
	t := &table{}
	for is := range columns {
		t.at[is] = -1
		for _, name := range columnNames[is] {
			i := slices.IndexFunc(head, func(h string) bool { return runTogether(h) == name })
			if i >= 0 && t.at[is] < 0 {
				t.at[is] = i
			} else if i >= 0 {
				t.more = append(t.more, i)
			}
		}
	}
	if t.at[idColumn]&t.at[sisColumn]&t.at[loginColumn]&t.at[emailColumn]&t.at[nameColumn]&t.at[lastColumn] == -1 {
		return nil, fmt.Errorf("the first line of a roster names its columns: id, SIS User ID, login, email or name; this one has %s", strings.Join(head, ", "))
	}
	return t, nil
}

var participant = lazily(`^\D*\pL\D*?([0-9]+)$`)

type rosterReader struct {
	*Roster
	*table
	seen map[Student]bool
}

// add adds a row.
func (r *rosterReader) add(row []string, line int) {
	cell := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	s := Student{ID: cell(r.at[idColumn]), SIS: cell(r.at[sisColumn]), Login: cell(r.at[loginColumn]),
		Email: cell(r.at[emailColumn]), Name: cell(r.at[nameColumn])}
	if last, first := cell(r.at[lastColumn]), cell(r.at[firstColumn]); s.Name == "" && last != "" {
		s.Name = strings.Trim(last+", "+first, ", ")
	}
	var more []string
	if m := participant().FindStringSubmatch(s.ID); m != nil && r.at[idColumn] >= 0 && strings.Contains(s.ID, " ") {
		s.ID = m[1] // Moodle's Participant 12345
	} else if strings.Contains(s.ID, "@") { // what an instructor has GitHub Classroom call a student
		more, s.ID = append(more, s.ID), ""
	}
	if s == (Student{}) || s.Name == "Points Possible" || s.Name == "Student, Test" || r.seen[s] { // twice: in two sections
		return
	}
	r.seen[s] = true
	for _, i := range r.more {
		more = append(more, cell(i))
	}
	s.Row = line
	r.variants[line] = cell(r.at[variantColumn])
	r.index(s, more)
}

// index adds a student, and by what a folder's name finds it.
func (r *Roster) index(s Student, more []string) {
	at := len(r.Students)
	r.Students = append(r.Students, s)
	all := append(more, s.ID, s.SIS, s.Login, s.Email)
	for _, id := range all {
		local, _, mail := strings.Cut(id, "@")
		if r.ids.put(strings.ToLower(id), at); mail {
			r.ids.put(strings.ToLower(local), at)
		}
		r.names.put(runTogether(local), at)
		if enough(local) {
			r.words.put(runTogether(local), at)
		}
	}
	for _, word := range nameWords(s.Name) {
		r.parts.put(word, at)
	}
	for _, form := range bothOrders(s.Name) {
		r.names.put(form, at)
		r.bare.put(withoutAccents(form), at)
		if enough(form) {
			r.words.put(form, at)
		}
	}
}

// Variant is which of several worksheets a student has, empty where the roster does not
// say. There may be no roster.
func (r *Roster) Variant(s Student) string {
	if r == nil || s.Row == 0 {
		return ""
	}
	return r.variants[s.Row]
}

// enough reports whether a text is long enough to be looked for inside of another:
// a number of few digits may be a year, or the number of an assignment.
func enough(text string) bool {
	if strings.Trim(text, "0123456789") == "" {
		return len(text) >= 5
	}
	return utf8.RuneCountInString(text) >= 3
}

// bothOrders is NameForms, and of a name without a comma also that with its last
// word first: Canvas has doejane where a roster has Jane Doe.
func bothOrders(name string) []string {
	forms := NameForms(name)
	if i := strings.LastIndexByte(name, ' '); i >= 0 && !strings.Contains(name, ",") {
		forms = append(forms, NameForms(name[i:]+","+name[:i])...)
	}
	return forms
}

// A match is how well a name fits a student.
type match uint8

const (
	noMatch  match = iota
	asWord         // the name has a word that fits, such as homework1-jdoe
	asWhole        // all of it fits
	asNumber       // the LMS says it
)

// find gives the students that a name fits: those that all of it fits, or else
// those that its longest part of whole words does.
func (r *Roster) find(name string) ([]int, match) {
	name = strings.TrimSpace(name)
	if found := r.exact(name); len(found) > 0 {
		return found, asWhole
	}
	var found []int
	longest := 0
	words := wordsOf(name)
	for i := range words {
		for n := 1; n <= 8 && i+n <= len(words); n++ { // words in a row
			part := strings.Join(words[i:i+n], "")
			rows := r.words[part]
			if len(rows) == 0 || len(part) < longest {
				continue
			}
			if len(part) > longest {
				found, longest = nil, len(part)
			}
			found = append(found, rows...)
		}
	}
	if found == nil {
		return nil, noMatch
	}
	slices.Sort(found)
	return slices.Compact(found), asWord
}

// exact gives the students that all of a name fits.
func (r *Roster) exact(name string) []int {
	if found := r.ids[strings.ToLower(name)]; len(found) > 0 {
		return found
	}
	for _, by := range []struct {
		names index
		form  func(string) string
	}{{r.names, func(s string) string { return s }}, {r.bare, withoutAccents}} {
		var found []int
		for _, form := range NameForms(name) {
			found = append(found, by.names[by.form(form)]...)
		}
		if len(found) > 0 {
			slices.Sort(found)
			return slices.Compact(found)
		}
	}
	return nil
}
