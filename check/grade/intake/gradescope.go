package intake

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file reads the submission_metadata.yml of Gradescope's bulk export: who
// handed in which folder, and when. Gradescope writes it, so it is not YAML at
// large that is read, but the lines at their indents that say this:
//
//	submission_12345:
//	  :submitters:
//	  - :name: Jane Doe
//	    :sid: '301'
//	    :email: jane@example.edu
//	  :created_at: 2026-11-20 10:15:00.000000000 -08:00
//
// The rest, such as what an autograder printed, is indented further, and students
// write in it: it is read past.

const (
	metadataName = "submission_metadata.yml"
	maxMetadata  = 64 << 20 // bytes of it that are read
	maxLine      = 64 << 10 // of a line; of a longer one the rest is read past
	maxGroup     = 100      // students of one submission
)

// A record is what Gradescope says of a submission.
type record struct {
	by        []Student
	submitted time.Time
	attempt   int // the submission's number, which grows with time; 0 for none
}

// readMetadata gives the records by the names of their folders or files. The error
// says what keeps some of them from being read.
func readMetadata(r io.Reader) (map[string]record, error) {
	m := &metadataReader{records: make(map[string]record)}
	err := m.read(r)
	return m.records, err
}

type metadataReader struct {
	records map[string]record
	line    int
	key     string // of the submission under way; empty for none that counts
	record
	listing bool  // the submitters
	broken  error // the first thing that is wrong, and its line
}

var (
	metadataKey  = lazily(`^([^\s:#'"-][^:]*):\s*$`)
	metadataPair = lazily(`^(  - |    ):(name|sid|email):(?: (.*))?$`)
	createdAt    = lazily(`^  :created_at: '?"?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?`)
	inZone       = lazily(`^    utc: (?:&\S+ )?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)`) // of a Ruby object
	numbered     = lazily(`^submission_(\d{1,18})$`)
)

func (m *metadataReader) read(r io.Reader) error {
	in := bufio.NewReaderSize(io.LimitReader(r, maxMetadata+1), maxLine)
	total := 0
	for {
		text, more, err := in.ReadLine()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("it cannot be read to its end: %w", cause(err))
		}
		m.line++
		if total += len(text) + 1; total > maxMetadata {
			return fmt.Errorf("it is larger than %d bytes", maxMetadata)
		}
		m.take(string(text))
		for more && err == nil {
			text, more, err = in.ReadLine()
			total += len(text)
		}
	}
	m.end()
	if m.broken == nil && len(m.records) == 0 {
		return errors.New("it names no submission")
	}
	return m.broken
}

func (m *metadataReader) wrong(format string, args ...any) {
	if m.broken == nil {
		m.broken = fmt.Errorf("line %d: "+format, append([]any{m.line}, args...)...)
	}
}

// take reads a line.
func (m *metadataReader) take(text string) {
	text = strings.TrimRight(strings.TrimPrefix(text, byteOrderMark), " \r")
	switch {
	case text == "" || text == "---" || text == "...":
	case text[0] != ' ':
		m.end()
		if key := metadataKey().FindStringSubmatch(text); key == nil {
			m.wrong("it is not the name of a submission and a colon")
		} else {
			m.begin(key[1])
		}
	case m.key == "":
	case text == "  :submitters:":
		m.listing = true
	case m.listing:
		m.submitter(text)
	default:
		m.time(text)
	}
}

func (m *metadataReader) begin(key string) {
	if _, twice := m.records[key]; twice {
		m.wrong("it names %s twice; the first one counts", key)
		return
	}
	if len(m.records) == maxFiles {
		m.wrong("it names more than %d submissions", maxFiles)
		return
	}
	m.key, m.record = key, record{}
	if n := numbered().FindStringSubmatch(key); n != nil {
		m.attempt, _ = strconv.Atoi(n[1])
	}
}

// end keeps the record under way, if it names anybody.
func (m *metadataReader) end() {
	m.by = slices.DeleteFunc(m.by, func(s Student) bool { return s == Student{} })
	for i := range m.by {
		m.by[i].Name = m.by[i].Called()
	}
	if m.key != "" && len(m.by) > 0 {
		m.records[m.key] = m.record
	}
	m.key, m.listing = "", false
}

// submitter reads a line of the list of submitters, or the first one after it.
func (m *metadataReader) submitter(text string) {
	pair := metadataPair().FindStringSubmatch(text)
	switch {
	case strings.HasPrefix(text, "      "):
		m.wrong("a name does not end on its line")
		m.key = "" // whose the submission is must not be known by half
		return
	case pair == nil:
		if m.listing = strings.HasPrefix(text, "    ") || strings.HasPrefix(text, "  - "); !m.listing {
			m.time(text)
		}
		return
	case pair[1] == "  - " && len(m.by) == maxGroup:
		m.wrong("it names more than %d students for one submission", maxGroup)
		m.key = ""
		return
	case pair[1] == "  - ":
		m.by = append(m.by, Student{})
	case len(m.by) == 0:
		return
	}
	value, ok := scalar(pair[3])
	if !ok {
		m.wrong("the %s does not end on its line", pair[2])
		m.key = ""
		return
	}
	s := &m.by[len(m.by)-1]
	*map[string]*string{"name": &s.Name, "sid": &s.SIS, "email": &s.Email}[pair[2]] = strings.TrimSpace(value)
}

// time reads when a submission was handed in: a time, or an object that has one.
func (m *metadataReader) time(text string) {
	zone := "Z"
	at := inZone().FindStringSubmatch(text)
	if at == nil {
		if at = createdAt().FindStringSubmatch(text); at == nil {
			return
		}
		if at[2] != "" {
			zone = strings.Replace(at[2], ":", "", 1)
		}
	}
	if t, err := time.Parse("2006-01-02 15:04:05Z0700", at[1]+zone); err == nil && m.submitted.IsZero() {
		m.submitted = t
	}
}

// scalar reads a scalar of YAML on one line, as Ruby writes it; ok is false where
// it does not end on it.
func scalar(text string) (value string, ok bool) {
	switch {
	case text == "" || text == "~" || text == "null" || text == "''" || text == `""`:
		return "", true
	case text[0] == '\'':
		if len(text) < 2 || text[len(text)-1] != '\'' {
			return "", false
		}
		return strings.ReplaceAll(text[1:len(text)-1], "''", "'"), true
	case text[0] == '"':
		value, err := strconv.Unquote(escape().ReplaceAllStringFunc(text, escapeInGo))
		return value, err == nil
	case strings.ContainsAny(text[:1], "|>&*!{[%@`"):
		return "", false
	}
	return text, true
}

var escape = lazily(`\\(x[0-9A-Fa-f]{2}|.)`)

// escapeInGo writes an escape of YAML's in Go, where \xHH is a byte.
func escapeInGo(s string) string {
	switch s[1] {
	case 'x':
		return `\u00` + s[2:]
	case 'e':
		return `\u001b`
	case '0':
		return `\u0000`
	case '_':
		return `\u00a0`
	case ' ', '/':
		return s[1:]
	}
	return s
}
