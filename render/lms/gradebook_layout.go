package lms

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"raftsheet/check/grade"
	"raftsheet/check/reason"
)

// An exportLayout says what is where in an export. A missing column is -1.
type exportLayout struct {
	*csvSheet
	system   string
	first    int    // the row of the first student
	id       int    // the column of the LMS's numbers
	name     int    // of the names
	given    int    // of the first names, where name has the last names alone
	aliases  []int  // the columns of logins, e-mail addresses and the school's numbers
	score    int    // the column to be filled in
	feedback int    // of comments, which are HTML
	title    string // of the score's column
	maxRow   int    // the row that has the maximum in the score's column; 0 for none
	maxCol   int    // the column that has each row's maximum
	open     int    // that says whether each row's grade can be changed
	numbers  int    // the first column that may hold scores
}

const noColumn = -1

// readExport finds out of which LMS an export is, and what is where.
func readExport(export []byte, column string) (*exportLayout, error) {
	if !isText(export) {
		return nil, errors.New("this is not text in UTF-8; export it again, or save it as CSV in UTF-8")
	}
	commas := []byte{',', ';'}
	if head, _, _ := bytes.Cut(export, []byte("\n")); bytes.Count(head, commas[1:]) > bytes.Count(head, commas[:1]) {
		slices.Reverse(commas)
	}
	var first error
	for _, comma := range commas {
		l, err := readWith(export, comma, column)
		var known *exportError
		switch {
		case err == nil:
			return l, nil
		case errors.As(err, &known):
			return nil, err
		case first == nil:
			first = err
		}
	}
	return nil, first
}

// An exportError is what is wrong with an export whose LMS is known.
type exportError struct{ msg string }

func (e *exportError) Error() string { return e.msg }

func exportErrorf(format string, args ...any) error {
	return &exportError{fmt.Sprintf(format, args...)}
}

func readWith(export []byte, comma byte, column string) (*exportLayout, error) {
	s, err := scanCSV(export, comma)
	if err != nil {
		return nil, err
	}
	l := &exportLayout{csvSheet: s, id: noColumn, name: noColumn, given: noColumn, score: noColumn, feedback: noColumn, maxCol: noColumn, open: noColumn}
	head := s.header()
	switch {
	case len(head) > 2 && head[0] == "Student" && head[1] == "ID":
		l.name, l.id = 0, 1
		err = l.canvas(head, column)
	case len(head) > 3 && head[0] == "LastName" && head[1] == "FirstName" && head[2] == "ID":
		l.name, l.given, l.id = 0, 1, 2
		err = l.canvas(head, column)
	default:
		err = l.moodle(head, column)
	}
	if err == nil && l.first >= len(l.rows) {
		err = exportErrorf("this %s export has no rows of students", l.system)
	}
	return l, err
}

// Canvas. Its headers are in English whatever the course's language is.

var (
	canvasTitle = lazily(`^(.*\S)\s*\(([0-9]+)\)$`)
	canvasTotal = lazily(`(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)`)
)

func (l *exportLayout) canvas(head []string, column string) error {
	l.system = "Canvas"
	l.first = 1
	for l.first < len(l.rows) && l.first < 3 && l.isCanvasNote(l.first) {
		if strings.Contains(l.text(l.first, 0), "Points Possible") {
			l.maxRow = l.first
		}
		l.first++
	}
	l.alsoNamed(head, "SIS User ID", "SIS Login ID", "Integration ID")
	l.numbers = slices.Index(head, "Section") + 1
	if l.numbers == 0 {
		return exportErrorf("this Canvas export has no column Section")
	}
	var found []int
	for col := l.numbers; col < len(head); col++ {
		possible := l.text(l.maxRow, col)
		if (l.maxRow == 0 || isScore(possible)) && canvasTitle().MatchString(head[col]) && !canvasTotal().MatchString(head[col]) {
			found = append(found, col)
		}
	}
	col, err := chooseColumn(head, found, column)
	if err != nil {
		return err
	}
	l.score, l.title = col, head[col]
	return nil
}

// alsoNamed notes the columns of these headers.
func (l *exportLayout) alsoNamed(head []string, names ...string) {
	for col, h := range head {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, h) }) {
			l.aliases = append(l.aliases, col)
		}
	}
}

// isCanvasNote reports whether a row belongs to no student: that of Points
// Possible, and one without a name, which says what is posted by hand.
func (l *exportLayout) isCanvasNote(row int) bool {
	return strings.Contains(l.text(row, 0), "Points Possible") ||
		l.text(row, l.name)+l.text(row, l.given)+l.text(row, l.id) == ""
}

// chooseColumn gives the assignment that is asked for, by its header, its number
// or its title; or the only one.
func chooseColumn(head []string, found []int, column string) (int, error) {
	column = strings.TrimSpace(column)
	if column == "" && len(found) == 1 {
		return found[0], nil
	}
	var titles []string
	for _, col := range found {
		titles = append(titles, short(head[col]))
	}
	there := "it has no column named Title (number)"
	if len(titles) > 0 {
		there = "it has " + reason.And(titles)
	}
	if column == "" {
		return 0, exportErrorf("name the assignment of this Canvas export to fill in; %s", there)
	}
	for _, is := range []func(header, title, id string) bool{
		func(header, _, id string) bool { return header == column || id == column },
		func(_, title, _ string) bool { return title == column },
		func(_, title, _ string) bool { return strings.EqualFold(title, column) },
	} {
		var named []int
		for _, col := range found {
			if m := canvasTitle().FindStringSubmatch(head[col]); is(head[col], m[1], m[2]) {
				named = append(named, col)
			}
		}
		switch {
		case len(named) == 1:
			return named[0], nil
		case len(named) > 1:
			return 0, exportErrorf("this Canvas export has %d assignments %s; name one by its number: %s", len(named), short(column), there)
		}
	}
	return 0, exportErrorf("this Canvas export has no assignment %s; %s", short(column), there)
}

// Moodle. Its headers are in the language of the site, and matched exactly when
// the file comes back; so they are found by name in English, and otherwise by
// the cells under them.

var participant = lazily(`^(\D*\pL\D*?)([0-9]+)$`)

func (l *exportLayout) moodle(head []string, column string) error {
	l.system = "Moodle"
	l.first = min(1, len(l.rows))
	find := func(name string) int {
		return slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(h, name) })
	}
	l.id, l.name, l.score = find("Identifier"), find("Full name"), find("Grade")
	l.maxCol, l.feedback = find("Maximum Grade"), find("Feedback comments")
	l.open = find("Grade can be changed")
	l.alsoNamed(head, "Email address", "ID number", "Username")
	english := l.id >= 0 && l.score >= 0
	if english && l.maxCol < 0 && find("Scale") >= 0 {
		return exportErrorf("this Moodle assignment is graded by a scale, not in points")
	}
	if l.id < 0 {
		l.id = l.participants()
		l.name = l.id + 1
	}
	switch {
	case column != "":
		l.score = slices.IndexFunc(head, func(h string) bool { return h == strings.TrimSpace(column) })
		if !l.holds(l.score, isScore) {
			l.score = noColumn
		}
	case l.score < 0:
		l.score = l.onlyColumn(func(col int) bool { return l.holds(col, isScore) && l.isMax(col+1) })
	}
	if l.id < 0 || l.score <= l.id {
		return l.unknown(head, column)
	}
	if l.maxCol < 0 && l.isMax(l.score+1) {
		l.maxCol = l.score + 1
	}
	if l.feedback < 0 && !english {
		l.feedback = l.commentsLast(head)
	}
	l.title, l.numbers = head[l.score], l.score
	return nil
}

// unknown says that the layout is not known.
func (l *exportLayout) unknown(head []string, column string) error {
	for i := range head {
		head[i] = short(head[i])
	}
	if column != "" && l.id >= 0 {
		return exportErrorf("this Moodle export has no grades in a column %s; its columns are %s", short(column), reason.And(head))
	}
	return fmt.Errorf("cannot tell what this export is: Canvas's gradebook has the columns Student, ID, ..., Section, Title (number), and Moodle's grading worksheet has Identifier, ..., Grade, Maximum Grade; this one has %s", reason.And(head))
}

// participants finds the column that holds Participant 1, Participant 2, in
// whatever language, if there is just one.
func (l *exportLayout) participants() int {
	return l.onlyColumn(func(col int) bool {
		word, seen := "", make(map[string]bool)
		for row := l.first; row < len(l.rows); row++ {
			m := participant().FindStringSubmatch(l.text(row, col))
			if m == nil || word != "" && m[1] != word || seen[m[2]] {
				return false
			}
			word, seen[m[2]] = m[1], true
		}
		return true
	})
}

// isScore reports whether a cell may hold a grade, or wait for one.
func isScore(text string) bool { return text == "" || isNumber(text) }

// holds reports whether every student's cell of a column is so.
func (l *exportLayout) holds(col int, is func(text string) bool) bool {
	for row := l.first; row < len(l.rows); row++ {
		if !is(l.text(row, col)) {
			return false
		}
	}
	return col >= 0
}

// isMax reports whether a column has one number for all students.
func (l *exportLayout) isMax(col int) bool {
	return l.holds(col, func(text string) bool { return isNumber(text) && text == l.text(l.first, col) })
}

// commentsLast finds the comments: the last column, where nothing is written in
// it. Between the maximum and it there are others: whether the grade can be changed,
// and when it was.
func (l *exportLayout) commentsLast(head []string) int {
	last := len(head) - 1
	if l.maxCol < 0 || last < l.maxCol+3 {
		return noColumn
	}
	if !l.holds(last, func(text string) bool { return text == "" }) {
		return noColumn
	}
	return last
}

// onlyColumn gives the one column that is so, in a file that has students.
func (l *exportLayout) onlyColumn(is func(col int) bool) int {
	found := noColumn
	if l.first == len(l.rows) {
		return found
	}
	for col := range l.rows[0] {
		if !is(col) {
			continue
		}
		if found >= 0 {
			return noColumn
		}
		found = col
	}
	return found
}

var (
	exportNumber = lazily(`^-?[0-9]+([.,][0-9]+)?$`)
	withFraction = lazily(`^-?[0-9]+[.,][0-9]+$`)
)

func isNumber(s string) bool { return exportNumber().MatchString(s) }

// sameScore reports whether two cells have the same score: 3,00 is 3.
func sameScore(a, b string) bool {
	p, isNumber := parseScore(a)
	if q, ok := parseScore(b); ok && isNumber {
		return p.Cmp(q) == 0
	}
	return a == b
}

// parseScore reads a number of an export.
func parseScore(s string) (grade.Points, bool) {
	if !isNumber(s) {
		return grade.Points{}, false
	}
	p, err := grade.ParsePoints(strings.Replace(s, ",", ".", 1))
	return p, err == nil
}

// decimalComma reports whether the export writes 7,5: as the numbers of the
// score's column do, or those of the others, or else as goes with its delimiter.
func (l *exportLayout) decimalComma() bool {
	if comma, point := l.fractions(func(col int) bool { return col == l.score || col == l.maxCol }); comma != point {
		return comma
	}
	if comma, point := l.fractions(func(col int) bool { return col >= l.numbers }); comma != point {
		return comma
	}
	return l.comma == ';'
}

// fractions reports which signs the numbers of some columns are written with.
func (l *exportLayout) fractions(of func(col int) bool) (comma, point bool) {
	for row := 1; row < len(l.rows); row++ {
		for col := range l.rows[row] {
			if text := l.text(row, col); of(col) && withFraction().MatchString(text) {
				comma = comma || strings.Contains(text, ",")
				point = point || strings.Contains(text, ".")
			}
		}
	}
	return comma, point
}

// lazily gives a regular expression that is compiled when it is first used: most runs
// of a command use none of them.
func lazily(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
