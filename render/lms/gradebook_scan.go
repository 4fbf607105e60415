package lms

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A csvCell is a cell and its place in the file: data[start:end), its
// quotes included.
type csvCell struct {
	start, end int
	quoted     bool
	text       string
}

// A csvSheet is a CSV file, read so that a cell can be replaced and every other
// byte kept. Empty lines are not rows.
type csvSheet struct {
	data  []byte
	comma byte
	rows  [][]csvCell
}

const byteOrderMark = "\ufeff"

// scanCSV reads a file as encoding/csv does, quotes in their right places only.
func scanCSV(data []byte, comma byte) (*csvSheet, error) {
	s := &csvSheet{data: data, comma: comma}
	at := 0
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		at = len(byteOrderMark)
	}
	for at < len(data) {
		if n := s.lineEnd(at); n > 0 {
			at += n
			continue
		}
		row, next, err := s.row(at)
		if err != nil {
			return nil, err
		}
		s.rows, at = append(s.rows, row), next
	}
	return s, nil
}

// lineEnd gives the bytes of the line end at a place, 0 if there is none.
func (s *csvSheet) lineEnd(at int) int {
	rest := s.data[at:]
	switch {
	case bytes.HasPrefix(rest, []byte("\n")):
		return 1
	case bytes.HasPrefix(rest, []byte("\r\n")):
		return 2
	case len(rest) == 1 && rest[0] == '\r':
		return 1
	}
	return 0
}

// row reads the row at a place, and gives the place of the next line.
func (s *csvSheet) row(at int) (row []csvCell, next int, err error) {
	for {
		c, err := s.cell(at)
		if err != nil {
			return nil, 0, err
		}
		row, at = append(row, c), c.end
		if at == len(s.data) {
			return row, at, nil
		}
		if n := s.lineEnd(at); n > 0 {
			return row, at + n, nil
		}
		at++ // the comma
	}
}

func (s *csvSheet) cell(at int) (csvCell, error) {
	if at < len(s.data) && s.data[at] == '"' {
		return s.quotedCell(at)
	}
	c := csvCell{start: at, end: at}
	for c.end < len(s.data) && s.data[c.end] != s.comma && s.lineEnd(c.end) == 0 {
		if s.data[c.end] == '"' {
			return c, s.errorf(c.end, "there is a quote inside of a cell that does not begin with one")
		}
		c.end++
	}
	c.text = string(s.data[c.start:c.end])
	return c, nil
}

func (s *csvSheet) quotedCell(at int) (csvCell, error) {
	c := csvCell{start: at, end: at + 1, quoted: true}
	for {
		quote := bytes.IndexByte(s.data[c.end:], '"')
		if quote < 0 {
			return c, s.errorf(at, "the quote that begins this cell is never closed")
		}
		c.end += quote + 1
		if c.end == len(s.data) || s.data[c.end] != '"' {
			break
		}
		c.end++
	}
	if c.end < len(s.data) && s.data[c.end] != s.comma && s.lineEnd(c.end) == 0 {
		return c, s.errorf(c.end, "something follows the quote that ends a cell")
	}
	inside := string(s.data[c.start+1 : c.end-1])
	c.text = strings.NewReplacer(`""`, `"`, "\r\n", "\n").Replace(inside)
	return c, nil
}

func (s *csvSheet) errorf(at int, format string, args ...any) error {
	return fmt.Errorf("line %d: %s", s.line(at), fmt.Sprintf(format, args...))
}

func (s *csvSheet) line(at int) int { return 1 + bytes.Count(s.data[:at], []byte("\n")) }

// text gives a cell's text without the spaces around it, empty for a cell that
// is not there.
func (s *csvSheet) text(row, col int) string {
	if col < 0 || col >= len(s.rows[row]) {
		return ""
	}
	return strings.TrimSpace(s.rows[row][col].text)
}

// header gives the texts of the first row.
func (s *csvSheet) header() []string {
	var names []string
	if len(s.rows) > 0 {
		for col := range s.rows[0] {
			names = append(names, s.text(0, col))
		}
	}
	return names
}

// A csvEdit puts a text into a cell.
type csvEdit struct {
	row, col int
	text     string
}

// with gives the file with cells replaced. A cell keeps its quotes, and is given
// some where its text asks for them. What comes out is read again, and held
// against what went in; if anything but these cells has changed, it is an error.
func (s *csvSheet) with(edits []csvEdit) ([]byte, error) {
	slices.SortFunc(edits, func(a, b csvEdit) int {
		return s.rows[a.row][a.col].start - s.rows[b.row][b.col].start
	})
	var out []byte
	at := 0
	for _, e := range edits {
		c := s.rows[e.row][e.col]
		out = append(out, s.data[at:c.start]...)
		out = append(out, s.written(e.text, c.quoted)...)
		at = c.end
	}
	out = append(out, s.data[at:]...)
	if err := s.verify(out, edits); err != nil {
		return nil, fmt.Errorf("not written: the file would not read back as it should: %w", err)
	}
	return out, nil
}

func (s *csvSheet) written(text string, quoted bool) string {
	if quoted || strings.ContainsAny(text, string(s.comma)+"\"\r\n") {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

// verify holds a filled-in file against the edits, with another reader than the
// one that they were made by.
func (s *csvSheet) verify(out []byte, edits []csvEdit) error {
	before, err := s.read(s.data)
	if err != nil {
		return err
	}
	after, err := s.read(out)
	if err != nil {
		return err
	}
	if len(before) != len(s.rows) {
		return fmt.Errorf("it has %d rows, or %d", len(before), len(s.rows))
	}
	for i := range before {
		if len(before[i]) != len(s.rows[i]) {
			return fmt.Errorf("row %d has %d cells, or %d", i+1, len(before[i]), len(s.rows[i]))
		}
	}
	for _, e := range edits {
		before[e.row][e.col] = e.text
	}
	if !slices.EqualFunc(before, after, slices.Equal[[]string]) {
		return errors.New("other cells would change")
	}
	return nil
}

func (s *csvSheet) read(data []byte) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte(byteOrderMark))))
	r.Comma, r.FieldsPerRecord = rune(s.comma), -1
	return r.ReadAll()
}

// isText reports whether a file is text in UTF-8.
func isText(data []byte) bool { return utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 }
