package logs

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"raftsheet/trace"
)

// formats are the formats of logs, in the order in which they are listed.
var formats = []struct {
	name string
	open func(*cluster) source
}{
	{"events", func(c *cluster) source { return &events{cluster: c} }},
	{"etcd", func(c *cluster) source { return newEtcdTrace(c) }},
	{"etcd-text", func(c *cluster) source { return newEtcdText(c) }},
}

// Formats gives the names of the formats that [Read] takes.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// A source reads one format.
type source interface {
	// line takes in a line, without its end.
	line(text []byte) error
	// end is told that there are no more.
	end() error
}

// mostLine bounds a line, in bytes.
const mostLine = 16 << 20

// mostSkips is of how many lines that were skipped it is kept why.
const mostSkips = 10

// mostSteps is how many steps a trace can have.
var mostSteps = trace.DefaultLimits().Steps

// Read reads a log of one of the formats, line by line. A line that cannot be
// understood is an [*Error]; where skip is set, such lines are passed over and
// counted.
func Read(file string, in io.Reader, format string, skip bool) (*Log, error) {
	at := slices.Index(Formats(), format)
	if at < 0 {
		return nil, fmt.Errorf("there is no format %q of logs; the formats are %s", format, strings.Join(Formats(), ", "))
	}
	c := &cluster{Recorder: NewRecorder(nil), log: Log{LeftOut: make(map[string]int)}}
	src, base := formats[at].open(c), filepath.Base(file)
	lines, n := bufio.NewReaderSize(in, 1<<16), 0
	for {
		text, err := nextLine(lines)
		if err == io.EOF {
			break
		}
		n++
		c.From(base + ":" + strconv.Itoa(n))
		if err == nil {
			err = src.line(bytes.TrimRight(text, "\r\n"))
		}
		switch {
		case err == nil, err == errBlank:
		case skip && err != errLineTooLong:
			if c.log.Skipped++; c.log.Skipped <= mostSkips {
				c.log.Skips = append(c.log.Skips, &Error{file, n, err.Error()})
			}
		default:
			return nil, &Error{file, n, err.Error()}
		}
		if len(c.t.Steps) > mostSteps {
			return nil, &Error{file, n, fmt.Sprintf("up to here the log makes more than %d steps, and a trace has no more", mostSteps)}
		}
	}
	if err := src.end(); err != nil {
		return nil, &Error{file, 0, err.Error()}
	}
	c.log.Trace = c.Trace()
	if err := begins(c.log.Trace); err != nil {
		return nil, &Error{file, 0, err.Error()}
	}
	c.log.Trace.Comment = fmt.Sprintf("Imported from %s: %s.\n%s", base, c.log.Summary(), c.note)
	return &c.log, nil
}

// begins reports what is wrong with the states in which a cluster begins, by the
// reader of traces: no line alone says that.
func begins(t *trace.Trace) error {
	head := *t
	head.Steps = nil
	var b bytes.Buffer
	if err := trace.Write(&b, &head); err != nil {
		return err
	}
	_, err := trace.Read("", &b, trace.DefaultLimits())
	if errs, is := err.(trace.Errors); is {
		return fmt.Errorf("no cluster can begin so: %s", errs[0].Msg)
	}
	return err
}

var errLineTooLong = fmt.Errorf("the line is longer than %d MiB", mostLine>>20)

// nextLine gives the next line. What it gives is good until the next one.
func nextLine(in *bufio.Reader) ([]byte, error) {
	text, err := in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		long := slices.Clone(text)
		for err == bufio.ErrBufferFull && len(long) <= mostLine {
			text, err = in.ReadSlice('\n')
			long = append(long, text...)
		}
		if text = long; len(long) > mostLine {
			return nil, errLineTooLong
		}
	}
	if err == io.EOF && len(text) > 0 {
		err = nil
	}
	return text, err
}
